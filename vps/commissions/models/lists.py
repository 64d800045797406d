"""Lists of runs and of what they give whom: through keys, never counted."""

from typing import NamedTuple

from vps.commissions.models.rows import Run
from vps.kernel.database import rows
from vps.kernel.money import Money


class Payee(NamedTuple):
    """What one partner gets of a run into one kind of wallet. `held`: why it is not booked."""

    person: int
    number: str
    name: str
    kind: str
    amount: Money
    lines: int
    held: str


class BonusSum(NamedTuple):
    """What a rule of the plan came to in a run."""

    name: str
    amount: Money
    lines: int


def runs_before(before: int | None, *, limit: int) -> list[Run]:
    """Runs over orders, the newest first."""
    upto = before or 2**62
    return list(Run.select().where(Run.id < upto, Run.kind != "manual").order_by(Run.id.desc()).limit(limit))


def payees_of(key: int, after: tuple[int, int], *, limit: int) -> list[Payee]:
    """Whom a run credits, in the order of partners, behind one of them."""
    found = rows(BEHIND, key, after[0], limit)
    return [
        Payee(person, number, name, kind, Money(minor, currency), lines, held)
        for person, number, name, kind, currency, minor, lines, held in found
    ]


def bonuses_of(this: Run) -> list[BonusSum]:
    """What each rule came to, in the order of the plan: kept with the run when it was calculated."""
    plan = this.plan.rules if this.plan_id else None
    sums = this.known.get("bonuses", [])
    return (
        [BonusSum(bonus.name, Money(minor, bonus.currency), lines) for bonus, (minor, lines) in zip(plan.bonuses, sums, strict=False)]
        if plan
        else []
    )


_WHAT = (
    "SELECT s.payee, p.number, p.name, s.kind, s.currency, s.amount, s.lines, s.held FROM commission_share s JOIN person p ON p.id = s.payee"
    " WHERE s.run_id = ?"
)
BEHIND = f"{_WHAT} AND s.payee > ? ORDER BY s.payee, s.kind, s.currency LIMIT ?"
