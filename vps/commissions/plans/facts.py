"""What every kind of bonus wants to know of partners: volumes, who is active, ranks and own percents. Each is worked out once."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from vps.commissions.plans.network import NOBODY, NOTHING, Carried, Column, Network, Sales
from vps.commissions.plans.plan import Bonus, Differential, Plan
from vps.commissions.plans.ranks import Standing, qualify

Earned = Iterator[tuple[int, list[tuple[int, int]]]]
"""Who earned something, and by which orders how much."""


class Facts:
    """Indexed like the network."""

    def __init__(self, plan: Plan, network: Network, sales: Sales, carried: Carried = NOTHING) -> None:
        self.plan, self.network, self.sales = plan, network, sales
        self.carried = carried
        """What the period before left over, by the bonus's code."""
        self.left: dict[str, Mapping[int, tuple[int, int]]] = {}
        """What this period leaves over: binary writes it down here."""
        self.own_percents: dict[str, Sequence[int]] = {}
        """What `percents` has worked out."""
        self.values: Mapping[str, Fraction] = NOTHING
        """What a point is worth, in minor units, by currency."""
        self.earned: Callable[[Sequence[str]], Earned] = lambda codes: iter(())
        """What was earned by bonuses that stand before this one, payees ascending."""

    def bases(self, bonus: Bonus) -> Column:
        """What each order counts for this bonus: its amount or its points."""
        return self.sales.points if bonus.of == "points" else self.sales.amounts

    def volumes(self, of: str, over: str) -> Column:
        """Own or group volume of everybody, in minor units or points."""
        if over == "own":
            return self._own_points if of == "points" else self._own
        return self._standing.group_points if of == "points" else self._standing.group

    @property
    def ranks(self) -> Column:
        """Everybody's rank, as its place in the plan from 0; NOBODY: none."""
        return self._standing.ranks if self.plan.ranks else self._no_ranks

    @cached_property
    def idle(self) -> bytearray:
        """1 for who is not active or has left: he is paid nothing."""
        network, rule = self.network, self.plan.active
        if rule is None:
            idle = bytearray(len(network.keys))
        elif rule.group or rule.group_points or rule.legs:
            idle = bytearray(not active for active in self._standing.active)
        else:
            idle = bytearray(own < rule.own or points < rule.own_points for own, points in zip(self._own, self._own_points, strict=True))
        for partner, active in network.active.items():
            idle[partner] = not active
        for partner in _members(network.closed, len(idle)):
            idle[partner] = 1
        return idle

    @cached_property
    def any_idle(self) -> bool:
        """Whether anybody is."""
        return 1 in self.idle

    @cached_property
    def unpaid(self) -> bytearray:
        """1 for who gets nothing: idle ones, and those for whom nothing is calculated."""
        unpaid = bytearray(self.idle)
        for partner in _members(self.network.stopped, len(unpaid)):
            unpaid[partner] = 1
        return unpaid

    def percents(self, bonus: Differential) -> Sequence[int]:
        """Everybody's own percent in millionths: the one given for him, or that of his rank or volume."""
        if bonus.code not in self.own_percents:
            self.own_percents[bonus.code] = self._percents(bonus)
        return self.own_percents[bonus.code]

    def _percents(self, bonus: Differential) -> Sequence[int]:
        if bonus.rates == "rank":
            of_rank = [0, *[rank.percent for rank in self.plan.ranks]]
            percents = [of_rank[rank + 1] for rank in self.ranks]
        else:
            starts = [tier.start for tier in bonus.volume_tiers]
            of_tier = [0, *[tier.rate.millionths for tier in bonus.volume_tiers]]
            percents = [of_tier[bisect_right(starts, volume)] for volume in self.volumes(bonus.of, bonus.over)]
        for partner, percent in self.network.percents.items():
            percents[partner] = percent
        return percents

    def named_ranks(self) -> list[str | None]:
        """Everybody's rank by its code."""
        codes = [None, *[rank.code for rank in self.plan.ranks]]
        return [codes[rank + 1] for rank in self.ranks]

    def broken_away(self, partner: int) -> bool:
        """Whether his group does not count for those above him."""
        return self._breaking <= self.ranks[partner]

    def next_above(self, counts: Callable[[int], bool]) -> Column:
        """For everybody the nearest one above him who counts."""
        sponsors = self.network.sponsors
        following = array("q", [NOBODY]) * len(sponsors)
        for partner in reversed(self.bottom_up):
            if (sponsor := sponsors[partner]) >= 0:
                following[partner] = sponsor if counts(sponsor) else following[sponsor]
        return following

    @cached_property
    def bottom_up(self) -> Sequence[int]:
        """Everybody, after all of those below him."""
        found = bottom_up(self.network.sponsors)
        assert len(found) == len(self.network.sponsors), "a network has no circles"
        return found

    @cached_property
    def _standing(self) -> Standing:
        return qualify(self.plan, self.network, self._own, self._own_points, self.bottom_up)

    @cached_property
    def _no_ranks(self) -> Column:
        return array("h", [NOBODY]) * len(self.network.keys)

    @cached_property
    def _breaking(self) -> int:
        return len(self.plan.ranks) if self.plan.breakaway is None else self.plan.place(self.plan.breakaway)

    @cached_property
    def _own(self) -> Column:
        return self._summed(self.sales.amounts)

    @cached_property
    def _own_points(self) -> Column:
        return self._summed(self.sales.points)

    def _summed(self, column: Column) -> Column:
        sums = array("q", [0]) * len(self.network.keys)
        for seller, each in zip(self.sales.sellers, column, strict=True):
            sums[seller] += each
        return sums


def bottom_up(tree: Column) -> Sequence[int]:
    """Everybody of a tree, after all of those below him; the later ones first where everybody came after his sponsor.

    Those in a circle are left out.
    """
    if all(above < partner for partner, above in enumerate(tree)):
        return range(len(tree) - 1, -1, -1)
    waiting = array("q", [0]) * len(tree)
    for above in tree:
        if above >= 0:
            waiting[above] += 1
    found = array("q", (partner for partner, below in enumerate(waiting) if not below))
    for partner in found:  # it grows while it is read
        if (above := tree[partner]) >= 0:
            waiting[above] -= 1
            if not waiting[above]:
                found.append(above)
    return found


def _members(group: object, most: int) -> Iterator[int]:
    """The members of a set, or of whatever only answers who is in it."""
    if isinstance(group, (set, frozenset)):
        return iter(group)
    return (partner for partner in range(most) if partner in group)  # type: ignore[operator]
