"""Commissions that are credited but not free yet: until when, and what that makes a week."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.ledger.models import HIDDEN

WITHDRAWAL, HELD = "withdrawal", "commission hold"
"""Reasons of holds: customers can still withdraw from the purchase, or the office holds a partner's commissions back."""
WEEKS = 8
"""So many weeks are told one by one."""


class Coming(NamedTuple):
    """What becomes free on a day."""

    day: date
    amount: Money


class Week(NamedTuple):
    """What becomes free in a week, day by day; `monday` is None for everything that comes later than the weeks told one by one."""

    monday: date | None
    sums: list[Money]
    coming: list[Coming]


class Credited(NamedTuple):
    """A partner's commissions in one currency: all that were credited, less what was taken back, and what of it is not free yet."""

    total: Money
    locked: Money
    held: Money
    """The part of `locked` that the office holds back, without a date."""
    withheld: Money
    """The tax that was taken out of it for the tax office."""

    @property
    def free(self) -> Money:
        return Money(max(0, self.total.minor - self.withheld.minor - self.locked.minor), self.total.currency)


class Locked(NamedTuple):
    """A partner's commissions, by currency, and when they become free, in order."""

    credited: list[Credited]
    coming: list[Coming]


def locked_of(person: int, *, now: datetime, zone: str) -> Locked:
    """What a partner got, and what of it becomes free when, by the days of the company's `zone`."""
    held: dict[str, int] = defaultdict(int)
    dated: dict[tuple[date, str], int] = defaultdict(int)
    for currency, until, minor in rows(HOLDS, person, WITHDRAWAL, HELD, micros(now)):
        if until is None:
            held[currency] += minor
        else:
            dated[day_in(instant(until), zone), currency] += minor
    coming = [Coming(day, Money(minor, currency)) for (day, currency), minor in sorted(dated.items())]
    credited = []
    for currency, minor, withheld in rows(CREDITED, person):
        waits = sum(each.amount.minor for each in coming if each.amount.currency == currency)
        if minor or waits or held[currency]:
            credited.append(Credited(*(Money(each, currency) for each in (minor, waits + held[currency], held[currency], withheld))))
    return Locked(credited, coming)


def weeks(coming: Iterable[Coming], today: date) -> list[Week]:
    """The same by weeks that begin on Monday, this one first; what comes later than all of them is one entry."""
    first = today - timedelta(days=today.weekday())
    found: dict[int, list[Coming]] = defaultdict(list)
    for each in coming:
        found[min((each.day - first).days // 7, WEEKS)].append(each)
    return [Week(None if n == WEEKS else first + timedelta(weeks=n), _sums(each), each) for n, each in sorted(found.items())]


def _sums(coming: list[Coming]) -> list[Money]:
    sums: dict[str, int] = defaultdict(int)
    for each in coming:
        sums[each.amount.currency] += each.amount.minor
    return [Money(minor, currency) for currency, minor in sums.items()]


HOLDS = (
    'SELECT w.currency, h."until", CAST(sum(h.amount) AS bigint) FROM wallet w JOIN hold h ON h.account_id = w.account_id'
    ' AND h.released_at IS NULL WHERE w.person_id = ? AND h.reason IN (?, ?) AND (h."until" IS NULL OR h."until" > ?)'
    ' AND (h.bulk_id IS NULL OR h.bulk_id NOT IN (SELECT id FROM bulk WHERE closed_at IS NULL)) GROUP BY w.currency, h."until"'
)
_EVER = "coalesce((SELECT u.cum_minor FROM usage u WHERE u.account_id = w.account_id AND u.kind = '{}' ORDER BY u.seq DESC LIMIT 1), 0)"
# The running sums of the ledger, so that it costs the same however long somebody has been a partner.
CREDITED = (
    f"SELECT w.currency, CAST(sum({_EVER.format('in:commission')} - {_EVER.format('out:commission')}"
    f" - {HIDDEN.format('w.account_id', '')}) AS bigint), CAST(sum({_EVER.format('out:tax withheld')} - {_EVER.format('in:tax withheld')}) AS bigint)"
    " FROM wallet w WHERE w.person_id = ? GROUP BY w.currency ORDER BY w.currency"
)
