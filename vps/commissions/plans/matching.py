"""Matching: a share of what those below earn by other bonuses of the same plan."""

from collections.abc import Iterator

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import ROUNDED, Network, Part, Sales, Worst
from vps.commissions.plans.plan import MILLION, Matching, Plan
from vps.commissions.plans.uplines import Uplines, worst_levels


def lines(bonus: Matching, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order that somebody below earned by; via is who earned, the base what he earned by it."""
    above = Uplines(bonus, plan, network.sponsors, facts).above
    for earner, orders in facts.earned(bonus.of_bonuses):
        for payee, level, _, (rate, _) in above(network.sponsors[earner], earner):
            for order, earned in orders:
                yield payee, order, level, earner, earned, rate, ROUNDED


def worst(bonus: Matching, plan: Plan, before: dict[str, Worst]) -> Worst:
    """All levels together, of the most that the matched bonuses pay."""
    matched = [before[code] for code in bonus.of_bonuses]
    share = worst_levels(bonus).millionths or 0
    if any(each.millionths is None for each in matched):
        return Worst(None)
    return Worst(
        -(-sum(each.millionths or 0 for each in matched) * share // MILLION),
        -(-sum(each.fixed for each in matched) * share // MILLION),
    )
