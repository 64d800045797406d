"""Wallets at the moment of moving money: what is in them, and what their kind and their state let them do."""

from typing import NamedTuple

from vps.kernel.database import is_postgres, one, rows
from vps.kernel.money import Money
from vps.ledger.models import HIDDEN
from vps.wallets.models.rows import MAIN


class Purse(NamedTuple):
    """A wallet at the moment of moving money.

    `tell_from`: bookings of so many minor units or more are told to its owner, None: none. What it may do is its kind's; a frozen
    one only receives.
    """

    account: int
    available: Money
    tell_from: int | None
    wallet: int
    person: int
    kind: str
    name: str
    booked: Money
    reserved: int
    """Minor units that are held."""
    shortfall: Money
    """What is missing up to its floor: its owner owes that much."""
    frozen: bool
    pays: bool
    paid_out: bool
    sends: bool
    receives: bool
    commission: bool

    @property
    def currency(self) -> str:
        return self.available.currency


def purse(person: int, currency: str, kind: str = MAIN) -> Purse | None:
    """What must be known of a wallet to book on it, in one question."""
    row = one(ONE, person, kind, currency)
    return _purse(row) if row else None


def purses(*people: int) -> list[Purse]:
    """All open wallets of these persons, main ones first."""
    return _purses(ALL, people)


def locked_purses(*people: int) -> list[Purse]:
    """The same, locked until the action ends, in the order in which all lock them: what one person moves is moved one after another."""
    if is_postgres():
        # A statement of its own: the one that waits for a lock goes on with balances as they were before it waited.
        rows(LOCK.format(", ".join("?" * len(people))), *people)
    return _purses(ALL, people)


def _purses(sql: str, people: tuple[int, ...]) -> list[Purse]:
    found = [_purse(row) for row in rows(sql.format(", ".join("?" * len(people))), *people)]
    return sorted(found, key=lambda each: (each.kind != MAIN, each.wallet))


def _purse(row: tuple[object, ...]) -> Purse:
    account, free, tell_from, wallet, person, kind, name, balance, reserved, floor, frozen, *may, currency = row
    assert isinstance(free, int) and isinstance(balance, int) and isinstance(floor, int)
    short = Money(max(0, floor - balance), str(currency))
    facts = account, Money(free, str(currency)), tell_from, wallet, person, kind, name, Money(balance, str(currency)), reserved, short
    return Purse(*facts, frozen is not None, *map(bool, may))  # type: ignore[arg-type]


_WHAT = (
    "SELECT a.id, a.balance - a.reserved - a.floor, p.notify_from, w.id, w.person_id, w.kind, w.name,"
    f" a.balance - {HIDDEN.format('a.id', '')}, a.reserved - {HIDDEN.format('a.id', '')}, a.floor, w.frozen_at, k.pays, k.paid_out, k.sends, k.receives, k.commission, w.currency FROM wallet w"
    " JOIN account a ON a.id = w.account_id JOIN person p ON p.id = w.person_id JOIN wallet_kind k ON k.code = w.kind"
)
ONE = f"{_WHAT} WHERE w.person_id = ? AND w.kind = ? AND w.currency = ? AND w.closed_at IS NULL"
ALL = f"{_WHAT} WHERE w.person_id IN ({{}}) AND w.closed_at IS NULL ORDER BY w.id"
LOCK = "SELECT id FROM wallet WHERE person_id IN ({}) AND closed_at IS NULL ORDER BY id FOR UPDATE"
