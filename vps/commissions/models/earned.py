"""What a partner got of which run, line by line. For him nothing of a run is there before all of it is booked.

The office looks at it earlier: `draft` is what is calculated and not booked yet.
"""

import json
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from vps.commissions.models.audit import KEY
from vps.commissions.models.rows import Plan
from vps.commissions.plans import document
from vps.commissions.plans.plan import Plan as Rules
from vps.kernel.clock import instant
from vps.kernel.database import on_configure, one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number

PAGE = 25
"""Runs, or lines, of a page."""


class Got(NamedTuple):
    """What somebody got of a run into one of his wallets. `held`: why it is listed and not booked, or nothing."""

    run: int
    kind: str
    since: date | None
    until: date | None
    booked_at: datetime | None
    wallet: str
    amount: Money
    lines: int
    held: str

    @property
    def last_day(self) -> date | None:
        return _before(self.until)


class Seen(NamedTuple):
    """A line of a run with the order it is for. Partners are ids here: who may read their names is another question."""

    order_id: int
    n: int
    bonus: int
    level: int
    via: int
    base: int
    rate: int
    minor: int
    seller: int
    counted: Money
    points: int
    total: Money
    refunded: Money

    @property
    def order(self) -> str:
        return order_number(self.order_id)

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.order_id}.{self.n}"


class Calculated(NamedTuple):
    """What the lines of a run were calculated with. A run by hand has no plan and no lines."""

    id: int
    kind: str
    since: date | None
    until: date | None
    booked_at: datetime | None
    version: int | None
    plan: Rules | None
    values: dict[str, Fraction]
    """Minor units for a point, by currency."""

    @property
    def last_day(self) -> date | None:
        return _before(self.until)


def runs_of(person: int, before: int | None = None) -> list[Got]:
    """What a partner got of booked runs, newest first: a page of runs, and one more if it is not the last page."""
    return [_got(row) for row in rows(RUNS, person, person, before or 2**62, PAGE + 1)]


def got_of(run: int, person: int, *, draft: bool = False) -> list[Got]:
    """What a partner got of one run, by wallet."""
    return [_got(row) for row in rows(OF_RUN.format(DONE[draft]), run, person)]


def lines_of(run: int, person: int, after: tuple[int, int] | None = None, *, draft: bool = False) -> list[Seen]:
    """A page of a partner's lines of a run, by order, and one more if it is not the last page."""
    return [_seen(row) for row in rows(LINES.format(DONE[draft]), run, person, *(after or (0, -1)), PAGE + 1)]


def line_of(run: int, person: int, order: int, n: int, *, draft: bool = False) -> Seen | None:
    """One of a partner's lines of a run."""
    row = one(LINE.format(DONE[draft]), run, person, order, n)
    return _seen(row) if row else None


def calculated_with(run: int, *, draft: bool = False) -> Calculated | None:
    """A run, as far as it can be seen."""
    row = one(RUN.format(DONE[draft]), run)
    if row is None:
        return None
    key, kind, since, until, booked_at, plan, version, facts = row
    return Calculated(key, kind, _day(since), _day(until), _at(booked_at), version, rules(plan) if plan else None, _values(facts))


@lru_cache(maxsize=64)
def rules(plan: int) -> Rules:
    """A version of the plan as the engine reads it; it never changes."""
    return document.kept(Plan.get_by_id(plan).document)


on_configure(rules.cache_clear)


def _got(row: tuple[Any, ...]) -> Got:
    run, kind, since, until, booked_at, wallet, currency, minor, lines, held = row
    return Got(run, kind, _day(since), _day(until), _at(booked_at), wallet, Money(minor, currency), lines, held)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _at(moment: int | None) -> datetime | None:
    return None if moment is None else instant(moment)


def _before(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() - 1)


def _seen(row: tuple[Any, ...]) -> Seen:
    order, n, bonus, level, via, base, rate, minor, seller, counted, currency, points, total, refunded, own = row
    sold = Money(counted, currency), points, Money(total, own), Money(refunded, own)
    return Seen(order, n, bonus, level, via, base, rate, minor, seller, *sold)


def _values(facts: str) -> dict[str, Fraction]:
    return {currency: Fraction(value) for currency, value in json.loads(facts).get("points", {}).items()}


DONE = {False: "r.booked_at IS NOT NULL", True: "r.calculated_at IS NOT NULL"}
# Where a kind of wallet ended before the run was booked, the main one was credited.
_GOT = (
    "SELECT s.run_id, r.kind, r.since, r.until, r.booked_at, coalesce((SELECT w.kind FROM booking b JOIN wallet w ON w.account_id = b.credit_id"
    f" WHERE b.key = {KEY}), s.kind), s.currency, s.amount, s.lines, s.held FROM commission_share s JOIN commission_run r ON r.id = s.run_id"
)
RUNS = (
    f"{_GOT} WHERE s.payee = ? AND s.run_id IN (SELECT DISTINCT m.run_id FROM commission_share m JOIN commission_run b ON b.id = m.run_id"
    " WHERE m.payee = ? AND b.booked_at IS NOT NULL AND m.run_id < ? ORDER BY m.run_id DESC LIMIT ?) ORDER BY s.run_id DESC, s.kind, s.currency"
)
OF_RUN = f"{_GOT} WHERE s.run_id = ? AND s.payee = ? AND {{}} ORDER BY s.kind, s.currency"
_LINE = (
    "SELECT l.order_id, l.n, l.bonus, l.level, l.via, l.base, l.rate, l.amount, o.seller, o.amount, r.currency, o.points, o.total,"
    " o.refunded, o.currency FROM commission_line l JOIN commission_run r ON r.id = l.run_id AND {}"
    " JOIN commission_run_order o ON o.run_id = l.run_id AND o.order_id = l.order_id WHERE l.run_id = ? AND l.payee = ?"
)
LINES = f"{_LINE} AND (l.order_id, l.n) > (?, ?) ORDER BY l.order_id, l.n LIMIT ?"
LINE = f"{_LINE} AND l.order_id = ? AND l.n = ?"
RUN = (
    "SELECT r.id, r.kind, r.since, r.until, r.booked_at, p.id, p.version, r.facts FROM commission_run r"
    " LEFT JOIN commission_plan p ON p.id = r.plan_id WHERE r.id = ? AND {}"
)
