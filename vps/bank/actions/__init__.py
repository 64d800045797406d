"""What happens to a bank's files: read, planned, booked once."""

from vps.bank.actions.booking import LINE, Outcome, import_file
from vps.bank.actions.planning import DoesNotAddUp, NotFinalYet, NotOurAccount, TooFine, TooLargeToBook
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
    "import_file",
]
