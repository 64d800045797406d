"""The most that a plan can pay on one order: what is promised must be there."""

from decimal import Decimal

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


def worst_case(plan: Plan, given: int = 0) -> tuple[Worst, dict[str, Worst]]:
    """The most on one order, of the whole plan and by bonus. `given` is the highest percent that partners were given by hand.

    Percents of points count like those of money: no order has points that are worth more than it costs. The cap on sales bounds the
    whole, fixed amounts included.
    """
    each: dict[str, Worst] = {}
    for bonus in plan.bonuses:
        worst = KINDS[bonus.kind].worst(bonus, plan, each)
        if isinstance(bonus, Differential) and given and worst.millionths is not None:
            worst = Worst(None if bonus.mode == "sum" else max(worst.millionths, given))
        each[bonus.code] = worst
    shares = [worst.millionths for worst in each.values()]
    whole = None if None in shares else sum(share or 0 for share in shares)
    cap = plan.cap.millionths_of_sales
    if cap is not None and (whole is None or whole > cap):
        return Worst(cap), each
    return Worst(whole, sum(worst.fixed for worst in each.values())), each


def must_be_payable(plan: Plan, given: int = 0) -> None:
    """Raise PaysTooMuch or PaysWithoutLimit for a plan that can pay more than an order brings, unless that was agreed to."""
    whole, each = worst_case(plan, given)
    if plan.over_100:
        return
    if whole.millionths is None:
        raise PaysWithoutLimit(code=next(code for code, worst in each.items() if worst.millionths is None))
    if whole.millionths > MILLION:
        reasons = " + ".join(f"{code} {percent(worst.millionths or 0)} %" for code, worst in each.items() if worst.millionths)
        raise PaysTooMuch(percent=percent(whole.millionths), reasons=reasons)


def percent(millionths: int) -> str:
    """Millionths as people write percents: 75000 is '7.5'."""
    return f"{(Decimal(millionths) / 10_000).normalize():f}"
