"""Refunds as people see them: of an order, of a partner, all of them, and what is still to be seen to."""

from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.orders.models.lists import CAP


class Refunded(NamedTuple):
    """One refund. What became of a transfer, its pay-out says; what became of cash, the customer's receipt or the office's reason."""

    id: int
    order: str
    n: int
    way: str
    amount: Money
    goods: str
    reason: str
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_on: date | None
    signed: str
    receipt: str
    closed_why: str
    customer: str
    partner_id: int
    partner_number: str
    partner: str
    payout: int | None
    holder: str
    account: str
    sent: bool
    executed_at: datetime | None
    came_back: bool

    @property
    def number(self) -> str:
        return f"{self.order}-R{self.n}"

    @property
    def to_return(self) -> bool:
        return self.way == "cash" and self.done_at is None


class Wished(NamedTuple):
    """A refund that somebody wants. A partner's says no way; `waits` until it is decided."""

    id: int
    order: str
    way: str
    amount: Money
    goods: str
    reason: str
    holder: str
    account: str
    asked_at: datetime
    asked_by: int
    asker: str
    decided_at: datetime | None
    decider: str
    refused_why: str
    refund: int | None
    customer: str
    partner_id: int
    partner_number: str
    partner: str

    @property
    def waits(self) -> bool:
        return self.decided_at is None


class Open(NamedTuple):
    """How much is to be seen to: wishes, cash to be returned, transfers that came back; none counted beyond the cap."""

    wishes: int
    cash: int
    came_back: int

    @property
    def all(self) -> int:
        return sum(self)


def refunds_of(order: int) -> list[Refunded]:
    """An order's refunds, in their order."""
    return [_refunded(row) for row in rows(f"{SELECT} WHERE r.order_id = ? ORDER BY r.n", order)]


def refund_numbered(key: int, *, partner: int | None = None) -> Refunded | None:
    """One refund; another partner's is not there for a partner."""
    row = one(f"{SELECT} WHERE r.id = ?" + (" AND r.partner_id = ?" if partner else ""), key, *([partner] if partner else []))
    return _refunded(row) if row else None


def newest_refunds(*, partner: int | None = None, before: int | None = None, limit: int = 25) -> list[Refunded]:
    """Of one partner or of all, the newest first."""
    owner = "r.partner_id = ? AND " if partner else ""
    values = (partner, before or 2**62, limit) if partner else (before or 2**62, limit)
    return [_refunded(row) for row in rows(f"{SELECT} WHERE {owner}r.id < ? ORDER BY r.id DESC LIMIT ?", *values)]


def cash_to_return(*, partner: int | None = None, after: int = 0, limit: int = 50) -> list[Refunded]:
    """Cash that partners still have to return to their customers, the oldest first."""
    owner = " AND r.partner_id = ?" if partner else ""
    values = (partner, after, limit) if partner else (after, limit)
    return [_refunded(row) for row in rows(f"{SELECT} WHERE {OWED}{owner} AND r.id > ? ORDER BY r.id LIMIT ?", *values)]


def refunds_that_came_back(limit: int = 50) -> list[Refunded]:
    """Transfers to customers that the bank sent back, or that were refused: they need another account."""
    return [_refunded(row) for row in rows(f"{SELECT} WHERE {CAME_BACK} ORDER BY r.id LIMIT ?", limit)]


def open_refunds() -> Open:
    """What the office has to see to."""
    return Open(*(int(one(COUNT.format(what, CAP))[0]) for what in COUNTED))


def cash_count(partner: int) -> int:
    """How many returns of cash a partner still has to make."""
    return int(one(COUNT.format(f"order_refund r WHERE {OWED} AND r.partner_id = ?", CAP), partner)[0])


def open_wishes(*, after: int = 0, limit: int = 50) -> list[Wished]:
    """What waits to be decided, the oldest first."""
    return [_wished(row) for row in rows(f"{WISHED} WHERE w.decided_at IS NULL AND w.id > ? ORDER BY w.id LIMIT ?", after, limit)]


def wish_numbered(key: int) -> Wished | None:
    """One wish, decided or not."""
    row = one(f"{WISHED} WHERE w.id = ?", key)
    return _wished(row) if row else None


def newest_wish(order: int) -> Wished | None:
    """The last one that the partner had about an order."""
    row = one(f"{WISHED} WHERE w.order_id = ? AND w.way = '' ORDER BY w.id DESC LIMIT 1", order)
    return _wished(row) if row else None


def _refunded(row: tuple) -> Refunded:  # type: ignore[type-arg]
    key, order, n, way, minor, currency, goods, reason, made, by, done, done_on, *said, payout, holder, account, file, executed, ended = row
    what = Money(minor, currency), goods, reason, instant(made), by or "", _at(done), date.fromisoformat(done_on) if done_on else None
    went = payout, holder or "", account or "", file is not None, _at(executed), ended is not None
    return Refunded(key, order_number(order), n, way, *what, *said, *went)  # type: ignore[call-arg]


def _wished(row: tuple) -> Wished:  # type: ignore[type-arg]
    key, order, way, minor, currency, goods, reason, holder, account, asked, by, asker, decided, decider, *rest = row
    what = Money(minor, currency), goods, reason, holder, account, instant(asked), by, asker
    return Wished(key, order_number(order), way, *what, _at(decided), decider or "", *rest)


def _at(moment: int | None) -> datetime | None:
    return None if moment is None else instant(moment)


OWED = "r.way = 'cash' AND r.done_at IS NULL"
CAME_BACK = "p.cause IS NOT NULL AND p.ended_booking IS NOT NULL"
SELECT = (
    "SELECT r.id, r.order_id, r.n, r.way, r.amount, r.currency, r.goods, r.reason, r.made_at, s.name, r.done_at, r.done_on, r.signed,"
    " r.receipt, r.closed_why, c.name, w.id, w.number, w.name, p.id, p.holder, p.number, p.file_id, p.executed_at, p.ended_booking"
    " FROM order_refund r JOIN orders o ON o.id = r.order_id JOIN customer c ON c.id = o.customer_id JOIN person w ON w.id = r.partner_id"
    " LEFT JOIN payout p ON p.id = r.payout_id LEFT JOIN person s ON s.id = r.made_by"
)
WISHED = (
    "SELECT w.id, w.order_id, w.way, w.amount, w.currency, w.goods, w.reason, w.holder, w.account, w.asked_at, w.asked_by, a.name,"
    " w.decided_at, d.name, w.refused_why, w.refund_id, c.name, p.id, p.number, p.name FROM refund_wish w JOIN orders o ON o.id = w.order_id"
    " JOIN customer c ON c.id = o.customer_id JOIN person p ON p.id = o.partner_id JOIN person a ON a.id = w.asked_by"
    " LEFT JOIN person d ON d.id = w.decided_by"
)
COUNT = "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS capped"
COUNTED = (
    "refund_wish WHERE decided_at IS NULL",
    f"order_refund r WHERE {OWED}",
    f"order_refund r JOIN payout p ON p.id = r.payout_id WHERE {CAME_BACK}",
)
