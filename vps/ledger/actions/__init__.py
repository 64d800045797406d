"""What the ledger does: book and reverse, hold and release, seal, and write the trail."""

from vps.ledger.actions.booking import (
    AlreadyReversed,
    Booked,
    NoSuchCurrency,
    NotEnoughCredit,
    Unlike,
    book,
    company_account,
    open_account,
    reverse,
    set_up,
    voucher,
)
from vps.ledger.actions.holds import hold, release
from vps.ledger.actions.sealing import seal
from vps.ledger.actions.trail import Happened, Sought, history, looked_lately, record, search_trail

__all__ = [
    "AlreadyReversed",
    "Booked",
    "Happened",
    "NoSuchCurrency",
    "NotEnoughCredit",
    "Sought",
    "Unlike",
    "book",
    "company_account",
    "history",
    "hold",
    "looked_lately",
    "open_account",
    "record",
    "release",
    "reverse",
    "seal",
    "search_trail",
    "set_up",
    "voucher",
]
