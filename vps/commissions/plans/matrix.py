"""Matrix: unilevel along a placement tree in which nobody has more than so many places below him."""

from collections.abc import Iterator

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import Network, Part, Sales, Worst
from vps.commissions.plans.places import place
from vps.commissions.plans.plan import Matrix, Plan
from vps.commissions.plans.unilevel import along
from vps.commissions.plans.uplines import worst_levels


def lines(bonus: Matrix, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """A part for each order and level."""
    return along(place(network, bonus.width).parents, bonus, plan, sales, facts)


def worst(bonus: Matrix, plan: Plan, before: dict[str, Worst]) -> Worst:
    """All levels together."""
    return worst_levels(bonus)
