"""The ledger's rows and the questions they answer."""

from vps.ledger.models.bulks import HIDDEN, UNSEEN, hidden_in, open_since
from vps.ledger.models.rows import Account, Booking, Bulk, Event, Hold, Seal, Total, Usage, Voucher
from vps.ledger.models.statement import ALL, START, Line, Looked, line, lines, on_lines, statement
from vps.ledger.models.sums import Month, balance, balances, months

__all__ = [
    "ALL",
    "HIDDEN",
    "START",
    "UNSEEN",
    "Account",
    "Booking",
    "Bulk",
    "Event",
    "Hold",
    "Line",
    "Looked",
    "Month",
    "Seal",
    "Total",
    "Usage",
    "Voucher",
    "balance",
    "balances",
    "hidden_in",
    "line",
    "lines",
    "months",
    "on_lines",
    "open_since",
    "statement",
]
