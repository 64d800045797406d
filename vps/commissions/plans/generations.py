"""Generation: a leader is paid on the groups of the leaders below him; a group ends where the next leader's begins."""

from collections.abc import Iterator

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import ROUNDED, Network, Part, Sales, Worst
from vps.commissions.plans.plan import Generation, Plan


def lines(bonus: Generation, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order and leader above the one whose group it was sold in; via is that one."""
    least = plan.place(bonus.leader)
    ranks, idle, skips = facts.ranks, facts.idle, bonus.compress != "none"
    next_leader = facts.next_above(lambda partner: ranks[partner] >= least)
    for order, (seller, base) in enumerate(zip(sales.sellers, facts.bases(bonus), strict=True)):
        if not base:
            continue
        group = seller if ranks[seller] >= least else next_leader[seller]
        leader = next_leader[group] if group >= 0 else group
        generation = 0
        while leader >= 0 and generation < len(bonus.levels):
            if not (skips and idle[leader]):
                rate, fixed = bonus.levels[generation]
                generation += 1
                if rate or fixed:
                    yield leader, order, generation, group, base, rate, fixed or ROUNDED
            leader = next_leader[leader]


def worst(bonus: Generation, plan: Plan, before: dict[str, Worst]) -> Worst:
    """All generations together."""
    return Worst(sum(rate.millionths for rate in bonus.levels), sum(rate.fixed for rate in bonus.levels))
