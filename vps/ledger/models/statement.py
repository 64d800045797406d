"""A wallet's statement: newest first, paged by key. Two index branches, because `debit = ? OR credit = ?` reads the whole history."""

from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money

FAR = 2**62
"""An id that no booking reaches: the page before the first."""


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


def lines(account: int, *, before: int | None = None, limit: int = 25) -> list[Line]:
    """Up to `limit` lines older than booking `before`, newest first. Flat at any size of the account or of the books."""
    top = FAR if before is None else before
    return [_line(row) for row in rows(PAGE, account, top, limit, account, top, limit, limit)]


def line(account: int, booking: int) -> Line | None:
    """One line of this account's statement, or None when the booking is not on it."""
    row = one(PAGE, account, booking + 1, 1, account, booking + 1, 1, 1)
    return _line(row) if row and row[0] == booking else None


def _line(row: tuple[int, int, str, str, int, str, int, str, str, str, str, int | None, int | None]) -> Line:
    key, booked_at, value_date, motive, signed, currency, after, kind, ref, text, other, reverses, reversed_by = row
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
    )


def _branch(side: str, other: str, sign: str) -> str:
    return (
        f"SELECT * FROM (SELECT id, booked_at, value_date, motive, {sign}amount AS signed, currency, {side}_after AS after, voucher_id,"
        f" {other}_id AS other_id, reverses FROM booking WHERE {side}_id = ? AND id < ? ORDER BY id DESC LIMIT ?) AS {side}s"
    )


PAGE = (
    "SELECT b.id, b.booked_at, b.value_date, b.motive, b.signed, b.currency, b.after, v.kind, v.ref, v.text, a.code, b.reverses, r.id"
    f" FROM ({_branch('debit', 'credit', '-')} UNION ALL {_branch('credit', 'debit', '')} ORDER BY 1 DESC LIMIT ?) AS b"
    " JOIN voucher v ON v.id = b.voucher_id JOIN account a ON a.id = b.other_id"
    " LEFT JOIN booking r ON r.reverses = b.id ORDER BY b.id DESC"
)
