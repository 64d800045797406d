"""Statements of one or several wallets: newest first, paged by key, with what is looked for.

Two index branches for each account, because `debit = ? OR credit = ?` reads the whole history. What is looked for is compared
inside the branches, so a page reads no more than these accounts' own lines.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.ledger.models.bulks import HIDDEN, UNSEEN

FAR = 2**62
"""An id that no booking reaches: the page before the first."""
START = (FAR, 0)
"""The place before the newest line."""


class Line(NamedTuple):
    """One line of a statement, signed as its owner sees it: what came in is positive."""

    id: int
    booked_at: datetime
    value_date: date
    motive: str
    amount: Money
    after: Money
    voucher_kind: str
    voucher_ref: str
    voucher_text: str
    other: str
    reverses: int | None
    reversed_by: int | None
    account: int

    @property
    def place(self) -> tuple[int, int]:
        """Where the next page begins. A booking between two accounts of one statement is two lines: first in, then out."""
        return (self.id, 1 if self.amount.minor > 0 else 0)


class Looked(NamedTuple):
    """Which lines are looked for; what is None does not matter. `since` counts, `until` does not any more.

    `least` and `most` are amounts without a sign, in minor units; they are compared in accounts of any currency.
    """

    motive: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: int | None = None
    most: int | None = None


ALL = Looked()
Teller = Callable[[list[Line]], list[Line]]
_tellers: list[Teller] = []


def on_lines(tell: Teller) -> Teller:
    """Register who knows more about lines than their vouchers say: one voucher may have booked many different things."""
    _tellers.append(tell)
    return tell


def lines(account: int, *, before: int | None = None, limit: int = 25) -> list[Line]:
    """Up to `limit` lines older than booking `before`, newest first. Flat at any size of the account or of the books."""
    return statement([(account, ALL)], before=START if before is None else (before, 0), limit=limit)


def line(account: int, booking: int) -> Line | None:
    """One line of this account's statement, or None when the booking is not on it."""
    found = lines(account, before=booking + 1, limit=1)
    return found[0] if found and found[0].id == booking else None


def statement(accounts: Sequence[tuple[int, Looked]], *, before: tuple[int, int] = START, limit: int) -> list[Line]:
    """Up to `limit` lines of several accounts together, each with what is looked for in it, older than the place `before`."""
    sql, values = question(accounts, before, limit)
    found = [_line(row) for row in rows(sql, *values)] if accounts else []
    for tell in _tellers:
        found = tell(found)
    return found


def question(accounts: Sequence[tuple[int, Looked]], before: tuple[int, int], limit: int) -> tuple[str, list[Any]]:
    """The one statement that reads a page, with its values."""
    branches, values = [], []
    booking, came_in = before
    for account, looked in accounts:
        wanted, compared = _conditions(looked)
        # After a line that came in, the same booking's line that went out is still to come.
        for side, top in (("debit", booking + came_in), ("credit", booking)):
            branches.append(BRANCH[side].format(wanted=wanted))
            values += [account, top, *compared, limit]
    return PAGE.format(" UNION ALL ".join(branches)), [*values, limit]


def _conditions(looked: Looked) -> tuple[str, list[Any]]:
    asked = (
        (" AND motive = ?", looked.motive),
        (" AND booked_at >= ?", looked.since and micros(looked.since)),
        (" AND booked_at < ?", looked.until and micros(looked.until)),
        (" AND amount >= ?", looked.least),
        (" AND amount <= ?", looked.most),
    )
    given = [(condition, value) for condition, value in asked if value is not None]
    return "".join(condition for condition, _ in given), [value for _, value in given]


def _line(row: tuple[Any, ...]) -> Line:
    key, booked_at, value_date, motive, signed, currency, after, kind, ref, text, other, reverses, reversed_by, account = row
    return Line(
        key,
        instant(booked_at),
        date.fromisoformat(value_date),
        motive,
        Money(signed, currency),
        Money(after, currency),
        kind,
        ref,
        text,
        other,
        reverses,
        reversed_by,
        account,
    )


def _branch(side: str, other: str, sign: str) -> str:
    return (
        f"SELECT * FROM (SELECT id, booked_at, value_date, motive, {sign}amount AS signed, currency, {side}_after AS after, voucher_id,"
        f" {other}_id AS other_id, reverses, {side}_id AS own_id FROM booking WHERE {side}_id = ? AND id < ? AND {UNSEEN}{{wanted}}"
        f" ORDER BY id DESC LIMIT ?) AS {side}s"
    )


BRANCH = {"debit": _branch("debit", "credit", "-"), "credit": _branch("credit", "debit", "")}
PAGE = (
    f"SELECT b.id, b.booked_at, b.value_date, b.motive, b.signed, b.currency, b.after - {HIDDEN.format('b.own_id', ' AND hidden.id < b.id')}, v.kind, v.ref, v.text, a.code, b.reverses, r.id,"
    " b.own_id FROM ({} ORDER BY 1 DESC, 5 DESC LIMIT ?) AS b"
    " JOIN voucher v ON v.id = b.voucher_id JOIN account a ON a.id = b.other_id"
    " LEFT JOIN booking r ON r.reverses = b.id ORDER BY b.id DESC, b.signed DESC"
)
