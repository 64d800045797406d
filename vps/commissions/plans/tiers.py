"""Tiers: a share by how much was sold, in one order, by oneself or by a group; flat, or each tier for what lies in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from vps.commissions.plans.cents import spread
from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, ROUNDED, Column, Network, Part, Sales, Worst
from vps.commissions.plans.plan import Plan, Tiered


def lines(bonus: Tiered, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order and payee, or one for each tier that the order lies in; the level is the tier, from 1."""
    if bonus.mode == "split":
        return _split(bonus, network, sales, facts)
    return _flat(bonus, network, sales, facts)


def worst(bonus: Tiered, plan: Plan, before: dict[str, Worst]) -> Worst:
    """The highest tier; without a limit where it is paid on group volume, for there is no end of those above."""
    if bonus.on == "group":
        return Worst(None)
    return Worst(max(tier.rate.millionths for tier in bonus.tiers), max(tier.rate.fixed for tier in bonus.tiers))


def _flat(bonus: Tiered, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    starts = [tier.start for tier in bonus.tiers]
    volumes = _volumes(bonus, facts)
    once: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for payee, order, base in _paid_on(bonus, network, sales, facts):
        level = bisect_right(starts, base if volumes is None else volumes[payee])
        if not level:
            continue
        rate, fixed = bonus.tiers[level - 1].rate
        if rate:
            yield payee, order, level, NOBODY, base, rate, ROUNDED
        elif fixed and volumes is None:
            yield payee, order, level, NOBODY, base, 0, fixed
        elif fixed:
            once[payee, level].append((order, base))
    # A fixed amount for a period's volume is paid once, and comes from all the orders that made it.
    for (payee, level), orders in once.items():
        fixed = bonus.tiers[level - 1].rate.fixed
        for (order, base), share in zip(orders, spread(fixed, [base for _, base in orders]), strict=True):
            yield payee, order, level, NOBODY, base, 0, share


def _split(bonus: Tiered, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """Orders fill the tiers one after the other; the one that reaches over an edge is in two."""
    volumes = _volumes(bonus, facts)
    edges = [*[tier.start for tier in bonus.tiers], None]
    filled: dict[int, int] = defaultdict(int)
    for payee, order, base in _paid_on(bonus, network, sales, facts):
        start = filled[payee]
        if volumes is not None:
            filled[payee] += base
        for level, tier in enumerate(bonus.tiers, 1):
            edge = edges[level]
            inside = (start + base if edge is None else min(start + base, edge)) - max(start, tier.start)
            if inside > 0 and tier.rate.millionths:
                yield payee, order, level, NOBODY, inside, tier.rate.millionths, ROUNDED


def _volumes(bonus: Tiered, facts: Facts) -> Column | None:
    """What is held against the tiers, by partner; None: each order by itself."""
    return None if bonus.over == "order" else facts.volumes(bonus.of, bonus.over)


def _paid_on(bonus: Tiered, network: Network, sales: Sales, facts: Facts) -> Iterator[tuple[int, int, int]]:
    """Payee, order and base, orders ascending."""
    for order, (seller, base) in enumerate(zip(sales.sellers, facts.bases(bonus), strict=True)):
        if not base:
            continue
        yield seller, order, base
        if bonus.on == "group":
            below, payee = seller, network.sponsors[seller]
            while payee >= 0 and not facts.broken_away(below):
                yield payee, order, base
                below, payee = payee, network.sponsors[payee]
