"""The ledger's rows and the questions they answer."""

from vps.ledger.models.rows import Account, Booking, Event, Hold, Seal, Total, Usage, Voucher
from vps.ledger.models.statement import ALL, START, Line, Looked, line, lines, statement
from vps.ledger.models.sums import Month, balance, balances, months

__all__ = [
    "ALL",
    "START",
    "Account",
    "Booking",
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
    "line",
    "lines",
    "months",
    "statement",
]
