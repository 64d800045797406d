"""The plans by which debts are repaid, as their partner and the office see them."""

from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money


class Plan(NamedTuple):
    """A plan by which a debt is repaid, and how far it has come. `wallet`: its id."""

    id: int
    wallet: int
    amount: Money
    paid: Money
    instalment: Money
    day: int
    text: str
    agreed_at: datetime
    next_due: date
    ended_at: datetime | None
    written_off: bool

    @property
    def left(self) -> Money:
        return self.amount - self.paid

    @property
    def next(self) -> Money:
        """The next instalment."""
        return min(self.instalment, self.left)


class Paid(NamedTuple):
    """What was paid of a plan, and for which day; nothing where the wallet had nothing."""

    amount: Money
    due: date | None
    at: datetime


def plans_of(person: int) -> list[Plan]:
    """A partner's plans, newest first."""
    return [_plan(row) for row in rows(PLANS.format("p.person_id = ?"), person)]


def plan_of(person: int, wallet: int) -> Plan | None:
    """The newest plan of one of his wallets."""
    row = one(PLANS.format("p.person_id = ? AND w.id = ?"), person, wallet)
    return _plan(row) if row else None


def owes(person: int) -> bool:
    """Whether a partner repays a debt by a plan."""
    return one("SELECT 1 FROM debt_plan WHERE person_id = ? AND ended_at IS NULL", person) is not None


def paid_of(plans: list[Plan]) -> dict[int, list[Paid]]:
    """What was paid of each of these plans, newest first, in one question."""
    found: dict[int, list[Paid]] = {plan.id: [] for plan in plans}
    for plan, minor, currency, due, at in rows(PAID.format(", ".join("?" * len(plans))), *found) if plans else ():
        found[plan].append(Paid(Money(minor, currency), date.fromisoformat(due) if due else None, instant(at)))
    return found


def _plan(row: tuple[Any, ...]) -> Plan:
    key, wallet, minor, currency, paid, instalment, day, text, agreed, due, ended, off = row
    amount, so_far, each = (Money(value, currency) for value in (minor, int(paid), instalment))
    when = instant(agreed), date.fromisoformat(due), None if ended is None else instant(ended)
    return Plan(key, wallet, amount, so_far, each, day, text, *when, off is not None)


PLANS = (
    "SELECT p.id, w.id, p.amount, p.currency, coalesce((SELECT sum(q.amount) FROM debt_payment q WHERE q.plan_id = p.id), 0), p.instalment, p.day,"
    " p.text, p.agreed_at, p.next_due, p.ended_at, p.written_off FROM debt_plan p JOIN wallet w ON w.account_id = p.account_id WHERE {}"
    " ORDER BY p.id DESC"
)
PAID = "SELECT q.plan_id, q.amount, p.currency, q.due, q.at FROM debt_payment q JOIN debt_plan p ON p.id = q.plan_id WHERE p.id IN ({}) ORDER BY q.id DESC"
