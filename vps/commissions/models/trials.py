"""Trials: what a plan would pay for the orders of some days, compared with the plan in force. Nothing of it is booked."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import BigIntegerField, Check, CompositeKey, TextField

from vps.commissions.models.inputs import Taken
from vps.commissions.models.rows import Plan
from vps.commissions.plans.cents import rounded
from vps.kernel.clock import instant
from vps.kernel.database import rows
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to

PIECE = 2_000


class Trial(Row):
    """A plan that was tried on the orders of some days. `against` is the plan that was in force on the last of them.

    `facts` is what came out, as JSON; what each partner would get stands in `TrialShare` for some weeks.
    """

    plan = key_to(Plan)
    plan_id: int
    against = key_to(Plan, null=True)
    against_id: int | None
    since = Day()
    until = Day()
    """The day after the last one."""
    asked_at = Instant()
    asked_by = BigIntegerField(null=True)
    facts = TextField(default="")
    done_at = Instant(null=True)

    class Meta:
        table_name = "commission_trial"
        immutable = ("id", "plan_id", "against_id", "since", "until", "asked_at", "asked_by")
        constraints = (Check("until > since"), Check("(done_at IS NULL) = (facts = '')"))

    @property
    def last_day(self) -> date:
        return date.fromordinal(self.until.toordinal() - 1)

    @property
    def found(self) -> dict[str, Any]:
        """What came out."""
        known: dict[str, Any] = json.loads(self.facts)
        return known


Trial.add_index(Trial.plan, Trial.id, name="commission_trial_plan")


class TrialShare(Row):
    """What one partner would get, and what he gets by the plan in force; minor units."""

    id = None
    trial = key_to(Trial)
    payee = BigIntegerField()
    currency = currency_field()
    amount = BigIntegerField(constraints=[Check("amount >= 0")])
    was = BigIntegerField(constraints=[Check("was >= 0")])

    class Meta:
        table_name = "commission_trial_share"
        primary_key = CompositeKey("trial", "payee", "currency")
        without_rowid = True


class Tried(NamedTuple):
    """A trial as a list shows it."""

    id: int
    since: date
    last: date
    asked_at: datetime
    by: str
    done: bool


def trials_of(plan: int, limit: int) -> list[Tried]:
    """The newest trials of a version."""
    return [
        Tried(key, date.fromisoformat(since), date.fromordinal(date.fromisoformat(until).toordinal() - 1), instant(at), by, bool(done))
        for key, since, until, at, by, done in rows(TRIALS, plan, limit)
    ]


def orders_between(since: int, until: int) -> Iterator[Taken]:
    """The orders that became final between two instants, whatever was credited for them since; amounts in each order's own currency."""
    for order, seller, total, refunded, points, currency, final_at in rows(ORDERS, since, until):
        amount = total - refunded
        yield Taken(order, seller, amount, rounded(points * amount, total, "half up"), total, refunded, currency, final_at)


def people_named(keys: list[int]) -> dict[int, tuple[str, str]]:
    """Number and name of some partners, in one question."""
    marks = ", ".join("?" * len(keys))
    return {key: (number, name) for key, number, name in rows(NAMES.format(marks), *keys)} if keys else {}


def shares_of(trial: int) -> Iterator[tuple[Any, ...]]:
    """What each partner would get and gets: number, name, currency, amount, before; some thousand at a time."""
    payee, currency = 0, ""
    while found := rows(SHARES, trial, payee, payee, currency, PIECE):
        payee, currency = found[-1][0], found[-1][3]
        yield from (tuple(row[1:]) for row in found)


TRIALS = (
    "SELECT t.id, t.since, t.until, t.asked_at, coalesce(p.name, ''), t.done_at IS NOT NULL FROM commission_trial t"
    " LEFT JOIN person p ON p.id = t.asked_by WHERE t.plan_id = ? ORDER BY t.id DESC LIMIT ?"
)
ORDERS = (
    "SELECT id, partner_id, total, refunded, points, currency, final_at FROM orders WHERE cancelled_at IS NULL AND final_at >= ?"
    " AND final_at < ? AND refunded < total ORDER BY id"
)
NAMES = "SELECT id, number, name FROM person WHERE id IN ({})"
SHARES = (
    "SELECT s.payee, p.number, p.name, s.currency, s.amount, s.was FROM commission_trial_share s JOIN person p ON p.id = s.payee"
    " WHERE s.trial_id = ? AND (s.payee > ? OR (s.payee = ? AND s.currency > ?)) ORDER BY s.payee, s.currency LIMIT ?"
)
