"""What somebody should look at before a statement is booked: gaps, days that are missing, what cannot be proven. It refuses nothing.

A statement that begins with what the one before it ended with leaves no gap, whatever days lie between them: banks send none for a day
without a movement. So days are named only where the balances do not close.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from vps.bank.days import is_bank_day
from vps.kernel.database import rows

NAMED = 5
"""Missing days that are named; of more it is said how many."""
Warned = tuple[str, dict[str, Any]]
"""Which warning, and its facts as plain data: days as text, amounts in minor units of the statement's currency."""


class Ends(NamedTuple):
    """When a statement ends, and with how much (None: it does not say)."""

    day: date
    closing: int | None


class Told(NamedTuple):
    """What of a statement that is about to be booked is compared with those before it. `known`: lines that another one brought."""

    account: str
    currency: str
    first: date | None
    last: date | None
    opening: int | None
    closing: int | None
    proven: bool
    known: int


def warnings_of(statements: Sequence[Told]) -> list[list[Warned]]:
    """For each statement, in the order given: what should be looked at, as if those before it in their accounts had been booked."""
    before: dict[tuple[str, str], list[Ends]] = {}
    for account in {(each.account, each.currency) for each in statements}:
        before[account] = [Ends(date.fromisoformat(day), closing) for day, closing in rows(BEFORE, *account)]
    found: dict[int, list[Warned]] = {}
    for place, each in sorted(enumerate(statements), key=lambda one: one[1].last or date.max):
        ends = before[each.account, each.currency]
        found[place] = list(_warnings(each, ends))
        if each.last:
            ends.append(Ends(each.last, each.closing))
    return [found[place] for place in range(len(statements))]


def _warnings(each: Told, ends: list[Ends]) -> Iterator[Warned]:
    if not each.proven:
        yield "unproven", {}
    if each.known:
        yield "known", {"n": each.known}
    if each.last is None or each.first is None or not ends:
        return
    earlier = [one for one in ends if one.day < each.last]
    if not earlier:
        if all(one.day > each.last for one in ends):
            yield "older", {"day": min(one.day for one in ends).isoformat()}
        return
    last = max(earlier, key=lambda one: one.day)
    # A part of the day that was booked before ends on the same day; what begins with its end closes, too.
    if each.opening is not None and each.opening in {one.closing for one in ends if one.day in (last.day, each.last)}:
        return
    if None not in (each.opening, last.closing):
        yield "gap", {"opening": each.opening, "closing": last.closing, "day": last.day.isoformat()}
    missing = _missing(last.day, each.first)
    if missing:
        yield "days", {"days": [day.isoformat() for day in missing[:NAMED]], "more": len(missing[NAMED:])}


def _missing(after: date, before: date) -> list[date]:
    between = (after + timedelta(days=n) for n in range(1, (before - after).days))
    return [day for day in between if is_bank_day(day)]


BEFORE = (
    "SELECT closing_day, closing FROM bank_statement WHERE account = ? AND currency = ? AND taken_back_at IS NULL"
    " AND closing_day IS NOT NULL ORDER BY closing_day, id"
)
