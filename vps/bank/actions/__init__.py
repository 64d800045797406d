"""What happens to a bank's files: read, previewed, booked once, clarified line by line."""

from vps.bank.actions import recalls, topups  # joins the kinds of claims
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
from vps.bank.actions.payees import (
    AccountListed,
    NotOnesOwnAccount,
    TooManyAccounts,
    add_payee,
    add_payee_for,
    end_payee,
    must_be_addable,
    read_account,
)
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payout_rules import NotAPayDay, end_rule, follow_rules, must_be_pay_day, set_rule
from vps.bank.actions.payouts import (
    AccountRests,
    NoBankForIt,
    Planned,
    TooLateToWithdraw,
    TooLittle,
    ask_payout,
    fee_in,
    give_back,
    goes_out,
    least_in,
    locked_payout,
    paying_account,
    plan,
    reached,
    withdraw_payout,
)
from vps.bank.actions.planning import DoesNotAddUp, NotFinalYet, NotOurAccount, OtherCurrency, TooFine, TooLargeToBook
from vps.bank.actions.recalls import NotTheWhole, StaysBack
from vps.bank.actions.reporting import retold, tell_reconciliation
from vps.bank.actions.uploads import Uploaded, book_upload, forget_uploads, upload_file
from vps.bank.actions.windows import means_of, recallable_until
from vps.ledger.actions import NoSuchCurrency

__all__ = [
    "LINE",
    "AccountKnown",
    "AccountListed",
    "AccountRests",
    "Claimed",
    "DoesNotAddUp",
    "Found",
    "Kind",
    "NoBankForIt",
    "NoSuchCurrency",
    "NotAPayDay",
    "NotAnIban",
    "NotFinalYet",
    "NotOnesOwnAccount",
    "NotOurAccount",
    "NotTheWhole",
    "NotUnclear",
    "OtherCurrency",
    "Outcome",
    "Planned",
    "Seen",
    "StaysBack",
    "Taking",
    "TooFine",
    "TooLargeToBook",
    "TooLateToWithdraw",
    "TooLittle",
    "TooManyAccounts",
    "Undoing",
    "Uploaded",
    "add_payee",
    "add_payee_for",
    "among",
    "ask_payout",
    "book_upload",
    "change_bank_account",
    "claim",
    "close_bank_account",
    "end_payee",
    "end_rule",
    "fee_in",
    "follow_rules",
    "forget_uploads",
    "give_back",
    "goes_out",
    "import_file",
    "join",
    "least_in",
    "locked_payout",
    "means_of",
    "must_be_addable",
    "must_be_pay_day",
    "open_bank_account",
    "paying_account",
    "plan",
    "reached",
    "read_account",
    "recallable_until",
    "recalls",
    "retold",
    "set_rule",
    "tell_payout",
    "tell_reconciliation",
    "topups",
    "undo_claim",
    "upload_file",
    "verdicts",
    "withdraw_payout",
]
