"""What happens to a bank's files: read, previewed, booked once."""

from vps.bank.actions.booking import LINE, Outcome, import_file
from vps.bank.actions.planning import DoesNotAddUp, NotFinalYet, NotOurAccount, TooFine, TooLargeToBook
from vps.bank.actions.uploads import Uploaded, book_upload, forget_uploads, upload_file
from vps.ledger.actions import NoSuchCurrency

__all__ = [
    "LINE",
    "DoesNotAddUp",
    "NoSuchCurrency",
    "NotFinalYet",
    "NotOurAccount",
    "Outcome",
    "TooFine",
    "TooLargeToBook",
    "Uploaded",
    "book_upload",
    "forget_uploads",
    "import_file",
    "upload_file",
]
