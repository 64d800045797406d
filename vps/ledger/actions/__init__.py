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
from vps.ledger.actions.bulks import (
    BeingBooked,
    Credit,
    Held,
    OpenBulk,
    close_bulk,
    credit_bulk,
    must_not_be_booked,
    open_bulk,
)
from vps.ledger.actions.holds import free_due, hold, release, release_part
from vps.ledger.actions.sealing import seal
from vps.ledger.actions.trail import Happened, Sought, history, looked_lately, record, search_trail

__all__ = [
    "AlreadyReversed",
    "BeingBooked",
    "Booked",
    "Credit",
    "Happened",
    "Held",
    "NoSuchCurrency",
    "NotEnoughCredit",
    "OpenBulk",
    "Sought",
    "Unlike",
    "book",
    "close_bulk",
    "company_account",
    "credit_bulk",
    "free_due",
    "history",
    "hold",
    "looked_lately",
    "must_not_be_booked",
    "open_account",
    "open_bulk",
    "record",
    "release",
    "release_part",
    "reverse",
    "seal",
    "search_trail",
    "set_up",
    "voucher",
]
