"""Where everybody stands in a tree in which nobody has more than so many places below him (binary: two, matrix: any number).

Places may be given (columns parent and leg). Who has none is placed in the order of joining: on the free place nearest below his
sponsor, the leftmost one of a level first (spill-over). Leg 0 is the leftmost place.

Nobody is looked for level by level: everybody knows how many levels below him the nearest free place is. That number only ever grows,
and never beyond log(partners), so that placing a million is a million short descents.
"""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from vps.commissions.plans.network import NOBODY, Column, Network
from vps.kernel.refusals import N_, Refused


class PlaceTaken(Refused):
    """Facts: partner, parent, leg (as people count, from 1)."""

    says = N_("Partner %(partner)s cannot stand in leg %(leg)s below partner %(parent)s: somebody stands there already.")


class NoSuchLeg(Refused):
    """Facts: partner, parent, leg, width."""

    says = N_("Partner %(partner)s cannot stand in leg %(leg)s below partner %(parent)s. Legs of this tree: %(width)s.")


class NoLegFree(Refused):
    """Facts: partner, parent, width."""

    says = N_("Partner %(partner)s cannot stand below partner %(parent)s: all places there are taken. Legs of this tree: %(width)s.")


class ParentsInCircle(Refused):
    """Facts: partner."""

    says = N_("The column parent leads from partner %(partner)s back to himself.")


class Places(NamedTuple):
    """The tree: who stands above whom, and who stands on the places below him."""

    width: int
    parents: Column
    """NOBODY: at the top of a tree."""
    seats: Column
    """Of partner v from v * width on, leg 0 first; NOBODY: free."""


def place(network: Network, width: int) -> Places:
    """Everybody's place in a tree of `width` legs."""
    assert width > 1, "with one place below everybody the nearest free one is as far away as the tree is deep"
    known = len(network.keys)
    places = Places(width, array("i", [NOBODY]) * known, array("i", [NOBODY]) * (known * width))
    if network.parents is None:
        return _spill_over(places, network.sponsors, array("i"))
    _as_given(places, network)
    order = walk(places)
    if len(order) < known:
        raise ParentsInCircle(partner=network.keys[_in_a_circle(order, places.parents)])
    return _spill_over(places, network.sponsors, order)


def walk(places: Places) -> Column:
    """All partners level by level, so that everybody's own level below him is one piece; who stands in a circle is not among them."""
    width, parents, seats = places
    order = array("i", (v for v, parent in enumerate(parents) if parent < 0))
    for v in order:  # it grows while it is read
        for below in seats[v * width : (v + 1) * width]:
            if below >= 0:
                order.append(below)
    return order


def _as_given(places: Places, network: Network) -> None:
    """Those whose parent is known: first who names his leg, then the others, in the order of joining, in the leftmost free one."""
    width, parents, seats = places
    assert network.parents is not None
    legs = network.legs or array("q", [NOBODY]) * len(parents)
    for v, (parent, leg) in enumerate(zip(network.parents, legs, strict=True)):
        if parent < 0:
            continue
        parents[v] = parent
        if leg >= width:
            raise NoSuchLeg(**_named(network.keys, v, parent), leg=leg + 1, width=width)
        if leg >= 0:
            if seats[parent * width + leg] >= 0:
                raise PlaceTaken(**_named(network.keys, v, parent), leg=leg + 1)
            seats[parent * width + leg] = v
    for v, (parent, leg) in enumerate(zip(network.parents, legs, strict=True)):
        if parent >= 0 > leg:
            free = next((seat for seat in range(parent * width, (parent + 1) * width) if seats[seat] < 0), None)
            if free is None:
                raise NoLegFree(**_named(network.keys, v, parent), width=width)
            seats[free] = v


def _spill_over(places: Places, sponsors: Sequence[int], order: Sequence[int]) -> Places:
    """Place all who have a sponsor and no parent; `order` walks what stands already."""
    width, parents, seats = places
    levels = bytearray(len(parents))  # from here down to the nearest free place; 0: one of his own is free
    for v in reversed(order):
        if NOBODY not in (below := seats[v * width : (v + 1) * width]):
            levels[v] = 1 + min(levels[child] for child in below)
    tops = array("i", parents) if order else None
    for joined in range(len(parents)):
        if parents[joined] >= 0 or sponsors[joined] < 0:
            continue
        line = [joined]
        while parents[sponsor := sponsors[line[-1]]] < 0 <= sponsors[sponsor]:
            line.append(sponsor)  # a sponsor who is listed below is placed first
        for v in reversed(line):
            if tops is None or _top(tops, sponsors[v]) != v:  # else his sponsor stands below him, and he at the top of their tree
                _sit_down(places, levels, v, sponsors[v])
                if tops is not None:
                    tops[v] = sponsors[v]
    return places


def _sit_down(places: Places, levels: bytearray, v: int, sponsor: int) -> None:
    """Put `v` on the nearest free place below `sponsor`, and tell those above that it is taken."""
    width, parents, seats = places
    above = sponsor
    while levels[above]:
        wanted = levels[above] - 1
        first = above * width
        while levels[seats[first]] != wanted:
            first += 1
        above = seats[first]
    seats[seats.index(NOBODY, above * width)] = v
    parents[v] = above
    while above >= 0 and NOBODY not in (below := seats[above * width : (above + 1) * width]):
        level = 1 + min(map(levels.__getitem__, below))
        if level == levels[above]:
            return
        levels[above] = level
        above = parents[above]


def _top(tops: Column, v: int) -> int:
    """At whose tree's top one arrives from `v`; the way is shortened for those who come after."""
    while tops[v] >= 0:
        if tops[tops[v]] >= 0:
            tops[v] = tops[tops[v]]
        v = tops[v]
    return v


def _in_a_circle(order: Sequence[int], parents: Sequence[int]) -> int:
    """The first partner of a circle: of those who are not reached from a top, one who comes back to himself."""
    reached = set(order)
    v = next(v for v in range(len(parents)) if v not in reached)
    seen: set[int] = set()
    while v not in seen:
        seen.add(v)
        v = parents[v]
    return v


def _named(keys: Sequence[Any], v: int, parent: int) -> dict[str, Any]:
    return {"partner": keys[v], "parent": keys[parent]}
