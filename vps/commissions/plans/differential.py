"""Differential: everybody above a sale is paid his own percent less what is paid below him."""

from collections.abc import Iterator

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, ROUNDED, Network, Part, Sales, Worst
from vps.commissions.plans.plan import Differential, Plan


def lines(bonus: Differential, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order and difference on the way up; level 0 is the seller himself."""
    percents, sponsors, idle = facts.percents(bonus), network.sponsors, facts.idle
    skips_idle, skips_unqualified = bonus.compress != "none", bonus.compress == "unqualified"
    highest_counts = bonus.mode == "greater of"
    for order, (seller, base) in enumerate(zip(sales.sellers, facts.bases(bonus), strict=True)):
        payee, via, level, below = (seller if base else NOBODY), NOBODY, 0, 0
        while payee >= 0:
            own = percents[payee]
            if not ((skips_idle and idle[payee]) or (skips_unqualified and not own)):
                if own > below and level >= bonus.first:
                    yield payee, order, level, via, base, own - below, ROUNDED
                below = max(own, below) if highest_counts else own
                level += 1
            via, payee = payee, sponsors[payee]


def worst(bonus: Differential, plan: Plan, before: dict[str, Worst]) -> Worst:
    """The highest percent; without a limit where the differences of ranks are summed, for they can go up and down all the way."""
    if bonus.rates == "volume":
        percents = [tier.rate.millionths for tier in bonus.volume_tiers]
        rising = bonus.over == "group" and plan.breakaway is None and percents == sorted(percents)
    else:
        percents, rising = [rank.percent for rank in plan.ranks], False
    return Worst(max(percents, default=0) if bonus.mode == "greater of" or rising or not any(percents) else None)
