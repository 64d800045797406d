"""The kinds of bonuses, each with its module."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

from vps.commissions.plans import differential, generations, matching, matrix, pairs, tiers, unilevel
from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import Network, Part, Sales, Worst
from vps.commissions.plans.plan import Plan


class Kind(Protocol):
    """What a module of a kind has."""

    def lines(self, bonus: Any, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
        """What the bonus pays."""
        ...

    def worst(self, bonus: Any, plan: Plan, before: dict[str, Worst]) -> Worst:
        """The most it can pay on one order."""
        ...


KINDS: Mapping[str, Kind] = {
    "unilevel": cast(Kind, unilevel),
    "differential": cast(Kind, differential),
    "generation": cast(Kind, generations),
    "tier": cast(Kind, tiers),
    "matching": cast(Kind, matching),
    "binary": cast(Kind, pairs),
    "matrix": cast(Kind, matrix),
}
