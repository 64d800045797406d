"""Unilevel: a share of every order for each of so many levels above the seller."""

from collections.abc import Iterator

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, ROUNDED, Column, Network, Part, Sales, Worst
from vps.commissions.plans.plan import Plan, Unilevel
from vps.commissions.plans.uplines import Uplines, is_plain, worst_levels


def lines(bonus: Unilevel, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order and level."""
    return along(network.sponsors, bonus, plan, sales, facts)


def along(tree: Column, bonus: Unilevel, plan: Plan, sales: Sales, facts: Facts) -> Iterator[Part]:
    """The same along any tree."""
    return (_plain if is_plain(bonus, facts) else _asking)(tree, bonus, plan, sales, facts)


def worst(bonus: Unilevel, plan: Plan, before: dict[str, Worst]) -> Worst:
    """All levels together."""
    return worst_levels(bonus)


def _plain(tree: Column, bonus: Unilevel, plan: Plan, sales: Sales, facts: Facts) -> Iterator[Part]:
    # The short way: a million and a half lines are worth it.
    steps = [(level, rate.millionths, rate.fixed or ROUNDED) for level, rate in enumerate(bonus.levels, 1)]
    above_seller = bonus.level_1 == "sponsor"
    for order, (payee, base) in enumerate(zip(sales.sellers, facts.bases(bonus), strict=True)):
        if not base:
            continue
        via = NOBODY
        if above_seller:
            via, payee = payee, tree[payee]
        for level, rate, amount in steps:
            if payee < 0:
                break
            if rate or amount > 0:
                yield payee, order, level, via, base, rate, amount
            via, payee = payee, tree[payee]


def _asking(tree: Column, bonus: Unilevel, plan: Plan, sales: Sales, facts: Facts) -> Iterator[Part]:
    above = Uplines(bonus, plan, tree, facts).above
    above_seller = bonus.level_1 == "sponsor"
    for order, (seller, base) in enumerate(zip(sales.sellers, facts.bases(bonus), strict=True)):
        if not base:
            continue
        steps = above(tree[seller], seller) if above_seller else above(seller)
        for payee, level, via, (rate, fixed) in steps:
            yield payee, order, level, via, base, rate, fixed or ROUNDED
