"""Transfers as they are shown: who sent what to whom, one or a page of them, and who is on the other side of a statement's lines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.ledger.models import Line
from vps.wallets.models.rows import KINDS

OWN, PARTNER, OFFICE = KINDS
SIDES = ("sent", "received")
VOUCHER = "transfer"
"""The kind of voucher that a transfer rests on; its reference is the transfer's key."""


class Moved(NamedTuple):
    """A transfer with the names of both sides; a side that is the company's has none."""

    id: int
    key: str
    kind: str
    sender: int | None
    sender_name: str
    sender_number: str
    recipient: int | None
    recipient_name: str
    recipient_number: str
    from_wallet: str
    from_kind: str
    to_wallet: str
    to_kind: str
    sent: Money
    fee: Money
    got: Money
    rate: str
    message: str
    made_at: datetime
    booking: int
    arrival: int
    """The booking that brought it: the same, unless it was exchanged."""
    reversed_at: datetime | None

    @property
    def takes(self) -> Money:
        """All that left the wallet."""
        return self.sent + self.fee


def moved(person: int, key: int) -> Moved | None:
    """A transfer of which this person is one side; any other is not there."""
    row = one(MINE, key, person, person)
    return _moved(row) if row else None


def moves(person: int, side: str = "", *, before: int | None = None, limit: int = 25) -> list[Moved]:
    """What a person sent, received or both, newest first, older than `before`. Flat at any number of transfers."""
    top = 2**62 if before is None else before
    sides = [side] if side in SIDES else list(SIDES)
    sql = PAGE.format(" UNION ".join(BRANCH[each] for each in sides))
    return [_moved(row) for row in rows(sql, *[value for _ in sides for value in (person, top, limit)], limit)]


def counterparties(lines: Iterable[Line]) -> dict[int, Moved]:
    """The transfer that each of a statement's lines belongs to, by the line's booking: one question for all, and none without any."""
    keys = {line.id: line.voucher_ref for line in lines if line.voucher_kind == VOUCHER}
    if not keys:
        return {}
    wanted = sorted(set(keys.values()))
    found = {each.key: each for each in map(_moved, rows(KEYED.format(", ".join("?" * len(wanted))), *wanted))}
    return {booking: found[key] for booking, key in keys.items() if key in found}


def _moved(row: Any) -> Moved:
    *who, sent, currency, fee, got, got_currency, rate, message, made, booking, arrival, undone = row
    money = Money(sent, currency), Money(fee, currency), Money(got, got_currency)
    dates = instant(made), booking, arrival or booking, None if undone is None else instant(undone)
    return Moved._make((*who, *money, rate, message, *dates))


_WHAT = (
    "SELECT t.id, t.key, t.kind, t.sender_id, coalesce(s.name, ''), coalesce(s.number, ''), t.recipient_id, coalesce(r.name, ''),"
    " coalesce(r.number, ''), coalesce(d.name, ''), coalesce(d.kind, ''), coalesce(c.name, ''), coalesce(c.kind, ''), t.amount, t.currency,"
    " t.fee, t.got, t.got_currency, t.rate, t.message, t.made_at, t.booking, t.arrival, t.reversed_at FROM transfer t"
    " LEFT JOIN person s ON s.id = t.sender_id LEFT JOIN person r ON r.id = t.recipient_id"
    " LEFT JOIN wallet d ON d.account_id = t.debit_id LEFT JOIN wallet c ON c.account_id = t.credit_id"
)
MINE = f"{_WHAT} WHERE t.id = ? AND (t.sender_id = ? OR t.recipient_id = ?)"
KEYED = f"{_WHAT} WHERE t.key IN ({{}})"
BRANCH = {
    "sent": "SELECT id FROM (SELECT id FROM transfer WHERE sender_id = ? AND id < ? ORDER BY id DESC LIMIT ?) AS sent",
    "received": "SELECT id FROM (SELECT id FROM transfer WHERE recipient_id = ? AND id < ? ORDER BY id DESC LIMIT ?) AS received",
}
PAGE = f"{_WHAT} WHERE t.id IN ({{}}) ORDER BY t.id DESC LIMIT ?"
