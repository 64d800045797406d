"""What happens to a bank's files: read, previewed, booked once, clarified line by line."""

from vps.bank.actions import topups  # joins the kinds of claims
from vps.bank.actions.accounts import (
    AccountKnown,
    NotAnIban,
    change_bank_account,
    close_bank_account,
    open_bank_account,
)
from vps.bank.actions.booking import LINE, Outcome, import_file
from vps.bank.actions.claiming import Claimed, NotUnclear, claim, undo_claim
from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, among, join, verdicts
from vps.bank.actions.planning import DoesNotAddUp, NotFinalYet, NotOurAccount, OtherCurrency, TooFine, TooLargeToBook
from vps.bank.actions.reporting import retold, tell_reconciliation
from vps.bank.actions.uploads import Uploaded, book_upload, forget_uploads, upload_file
from vps.ledger.actions import NoSuchCurrency

__all__ = [
    "LINE",
    "AccountKnown",
    "Claimed",
    "DoesNotAddUp",
    "Found",
    "Kind",
    "NoSuchCurrency",
    "NotAnIban",
    "NotFinalYet",
    "NotOurAccount",
    "NotUnclear",
    "OtherCurrency",
    "Outcome",
    "Seen",
    "Taking",
    "TooFine",
    "TooLargeToBook",
    "Undoing",
    "Uploaded",
    "among",
    "book_upload",
    "change_bank_account",
    "claim",
    "close_bank_account",
    "forget_uploads",
    "import_file",
    "join",
    "open_bank_account",
    "retold",
    "tell_reconciliation",
    "topups",
    "undo_claim",
    "upload_file",
    "verdicts",
]
