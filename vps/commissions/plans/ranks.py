"""Ranks: who has reached what in a period. From the leaves up, so that everybody below is known when a partner is looked at."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from vps.commissions.plans.network import NOBODY, Column, Network
from vps.commissions.plans.plan import Legs, Needs, Plan


class Standing(NamedTuple):
    """By partner: his rank (NOBODY: none), whether he did what makes one active, and the volumes of his group."""

    ranks: Column
    active: bytearray
    group: Column
    group_points: Column


def qualify(plan: Plan, network: Network, own: Column, own_points: Column, bottom_up: Sequence[int]) -> Standing:
    """Everybody's rank: the one given for him, or the highest whose needs he meets; who has left qualifies for none.

    A leg counts with all that is below it; a group leaves out what broke away.
    """
    size = len(network.keys)
    standing = Standing(array("h", [NOBODY]) * size, bytearray(size), array("q", own), array("q", own_points))
    ranks, active, group, group_points = standing
    whole, best = array("q", own), array("h", [NOBODY]) * size
    given = {partner: plan.place(rank) for partner, rank in network.ranks.items()}
    counted: dict[Legs, Column] = {}
    ladder = [(place, _Rule(rank.needs, counted, size)) for place, rank in enumerate(plan.ranks) if rank.needs is not None][::-1]
    activity = _Rule(plan.active or Needs(), counted, size)
    legs = [
        (wanted.volume, plan.place(wanted.rank), ranks if wanted.within == "frontline" else best, met) for wanted, met in counted.items()
    ]
    breaking = len(plan.ranks) if plan.breakaway is None else plan.place(plan.breakaway)
    closed, sponsors = network.closed, network.sponsors
    for partner in bottom_up:
        volumes = own[partner], own_points[partner], group[partner], group_points[partner]
        active[partner] = activity.met(partner, volumes)
        if partner in given:
            rank = given[partner]
        elif partner in closed:
            rank = NOBODY
        else:
            rank = next((place for place, rule in ladder if rule.met(partner, volumes)), NOBODY)
        ranks[partner] = rank
        best[partner] = max(best[partner], rank)
        if (sponsor := sponsors[partner]) < 0:
            continue
        for volume, place, reached, met in legs:
            if whole[partner] >= volume and reached[partner] >= place:
                met[sponsor] += 1
        whole[sponsor] += whole[partner]
        best[sponsor] = max(best[sponsor], best[partner])
        if rank < breaking:
            group[sponsor] += volumes[2]
            group_points[sponsor] += volumes[3]
    return standing


class _Rule:
    """One set of needs, with the counts of the legs that it asks for (shared by all that ask for the same)."""

    def __init__(self, needs: Needs, counted: dict[Legs, Column], size: int) -> None:
        self.volumes = needs.own, needs.own_points, needs.group, needs.group_points
        self.legs = [(counted.setdefault(legs, array("i", [0]) * size), legs.many) for legs in needs.legs]

    def met(self, partner: int, volumes: tuple[int, int, int, int]) -> bool:
        own, own_points, group, group_points = self.volumes
        if volumes[2] < group or volumes[0] < own or volumes[1] < own_points or volumes[3] < group_points:
            return False
        return all(counts[partner] >= many for counts, many in self.legs)
