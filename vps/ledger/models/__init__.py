"""The ledger's rows and the questions they answer."""

from vps.ledger.models.rows import Account, Booking, Event, Hold, Seal, Total, Usage, Voucher
from vps.ledger.models.statement import Line, line, lines
from vps.ledger.models.sums import Month, balance, balances, months

__all__ = [
    "Account",
    "Booking",
    "Event",
    "Hold",
    "Line",
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
]
