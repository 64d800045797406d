"""The most that a plan can pay on one order: what is promised must be there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from vps.commissions.plans.kinds import KINDS
from vps.commissions.plans.network import Worst
from vps.commissions.plans.plan import MILLION, Differential, Plan
from vps.kernel.refusals import N_, Refused


class PaysTooMuch(Refused):
    """Facts: percent, reasons."""

    says = N_(
        "This plan can pay %(percent)s %% of an order (%(reasons)s), which is more than there is. Lower it, cap it with"
        " “percent_of_sales”, or agree to it with “over_100”."
    )


class PaysWithoutLimit(Refused):
    """Facts: code."""

    says = N_(
        "What the bonus “%(code)s” can pay on an order has no limit: it grows with the number of people above. Cap the plan with"
        " “percent_of_sales”, or agree to it with “over_100”."
    )


class Most(NamedTuple):
    """The most that a plan, or one bonus, can pay on one order."""

    millionths: int | None
    """Of the order, or of the worth of its points; None: without a limit."""
    fixed: Mapping[str, int]
    """Minor units on top, by currency."""


def worst_case(plan: Plan, given: int = 0) -> tuple[Most, dict[str, Most]]:
    """The most on one order, of the whole plan and by bonus. `given` is the highest percent that partners were given by hand.

    Percents of points count like those of money: no order has points that are worth more than it costs. The cap on sales bounds what is
    paid in the plan's currency, fixed amounts included.
    """
    each: dict[str, Worst] = {}
    for bonus in plan.bonuses:
        worst = KINDS[bonus.kind].worst(bonus, plan, each)
        if isinstance(bonus, Differential) and given and worst.millionths is not None:
            worst = Worst(None if bonus.mode == "sum" else max(worst.millionths, given))
        each[bonus.code] = worst
    most = {
        bonus.code: Most(worst.millionths, {bonus.currency: worst.fixed} if worst.fixed else {})
        for bonus, worst in zip(plan.bonuses, each.values(), strict=True)
    }
    own = _together(most[bonus.code] for bonus in plan.bonuses if bonus.currency == plan.currency)
    cap = plan.cap.millionths_of_sales
    if cap is not None and (own.millionths is None or own.millionths > cap):
        own = Most(cap, {})
    return _together([own, *(most[bonus.code] for bonus in plan.bonuses if bonus.currency != plan.currency)]), most


def must_be_payable(plan: Plan, given: int = 0) -> None:
    """Raise PaysTooMuch or PaysWithoutLimit for a plan that can pay more than an order brings, unless that was agreed to."""
    whole, each = worst_case(plan, given)
    if plan.over_100:
        return
    if whole.millionths is None:
        endless = [bonus for bonus in plan.bonuses if each[bonus.code].millionths is None]
        raise PaysWithoutLimit(code=min(endless, key=lambda bonus: bonus.currency == plan.currency).code)  # no cap holds another currency
    if whole.millionths > MILLION:
        reasons = " + ".join(f"{code} {percent(worst.millionths or 0)} %" for code, worst in each.items() if worst.millionths)
        raise PaysTooMuch(percent=percent(whole.millionths), reasons=reasons)


def _together(parts: Iterable[Most]) -> Most:
    shares, fixed = list[int | None](), Counter[str]()
    for part in parts:
        shares.append(part.millionths)
        fixed.update(part.fixed)
    return Most(None if None in shares else sum(share or 0 for share in shares), dict(fixed))


def percent(millionths: int) -> str:
    """Millionths as people write percents: 75000 is '7.5'."""
    return f"{(Decimal(millionths) / 10_000).normalize():f}"
