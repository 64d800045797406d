"""Binary: two legs below everybody in the placement tree, and a bonus on what pairs up of both.

The bonus of a payee is rounded once and spread over the period's orders of both legs, in proportion to their volume. What was carried
over pairs up like new volume, but its orders are paid already in the run that carried it: the bonus belongs to this period's orders
alone, and without any of them nothing is paired, so that the volume waits for the next one. The base of a line is the part of the
paired volume that falls to its order.

The tree is walked level by level, so that all that stands below somebody on one level is one piece, and its orders are one piece, too:
a payee costs no more than his orders.
"""

from array import array
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import accumulate, count, pairwise
from math import ceil
from typing import NamedTuple

from vps.commissions.plans.cents import rounded, spread
from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, NOTHING, Column, Network, Part, Sales, Worst
from vps.commissions.plans.places import Places, place, walk
from vps.commissions.plans.plan import MILLION, Binary, Plan

LEFT, RIGHT = 0, 1
_EMPTY = (0, 0)
_MARK = 32
_ORDER = 1 << _MARK


class Pairing(NamedTuple):
    """What pairs up of two legs."""

    base: int
    """The volume that is paid on: what the weaker leg gives."""
    many: int
    """Whole pairs, with fixed amounts; else as many units as the ratio has."""
    left: int
    """What is left over of the left leg."""
    right: int


class Rest(Mapping[int, tuple[int, int]]):
    """What is left over of everybody's legs: two columns, because a network has a million partners."""

    def __init__(self, left: Column, right: Column) -> None:
        self.left, self.right = left, right

    def __getitem__(self, payee: int) -> tuple[int, int]:
        if not (0 <= payee < len(self.left) and (self.left[payee] or self.right[payee])):
            raise KeyError(payee)
        return self.left[payee], self.right[payee]

    def __iter__(self) -> Iterator[int]:
        return (payee for payee, legs in enumerate(zip(self.left, self.right, strict=True)) if any(legs))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Tree(NamedTuple):
    """The placement tree level by level; everything but `places` speaks of positions on this walk."""

    places: Places
    order: Column
    """Who stands at a position."""
    below: Column
    """Where those begin who stand directly below a position or one after it."""
    starts: Column
    """Where the orders of a position begin in `sold`."""
    sold: Column
    """The orders with a volume, in the order of their sellers' positions."""


def pair_up(bonus: Binary, left: int, right: int) -> Pairing:
    """Pair as much as the ratio allows; its smaller number is the weaker leg's."""
    small, big = min(bonus.ratio), max(bonus.ratio)
    unit = bonus.pair or 1
    weak, strong = (left, right) if left <= right else (right, left)
    many = min(weak // (small * unit), strong // (big * unit))
    weak, strong = weak - many * small * unit, strong - many * big * unit
    return Pairing(many * small * unit, many, *((weak, strong) if left <= right else (strong, weak)))


def lines(bonus: Binary, plan: Plan, network: Network, sales: Sales, facts: Facts) -> Iterator[Part]:
    """The bonus of everybody whose legs pair up; what his pairs leave over goes to `facts.left`."""
    volumes = facts.bases(bonus)
    tree = _tree(network, sales, volumes)
    brought = _brought(tree, volumes, bonus.depth)
    carried = facts.carried.get(bonus.code, NOTHING)
    rest = Rest(array("q", [0]) * len(tree.order), array("q", [0]) * len(tree.order))
    for position, payee in enumerate(tree.order):
        left, right = _children(tree, position)
        new, old = (brought[left], brought[right]), carried.get(payee, _EMPTY)
        if new == old == _EMPTY:
            continue
        # Without an order of this period there is nothing to pay on: what was carried waits.
        pairing = pair_up(bonus, new[LEFT] + old[LEFT], new[RIGHT] + old[RIGHT]) if new != _EMPTY else Pairing(0, 0, *old)
        if bonus.carry == "keep":
            rest.left[payee], rest.right[payee] = pairing.left, pairing.right
        if pairing.many and not facts.unpaid[payee]:
            yield from _spread(bonus, tree, position, volumes, pairing.base, _worth(bonus, plan, facts, pairing))
    if bonus.carry == "keep":
        facts.left[bonus.code] = rest


def worst(bonus: Binary, plan: Plan, before: dict[str, Worst]) -> Worst:
    """What all above a seller can get for one order: without a limit, unless the levels that count have one.

    With what was carried over, an order can be all that the weaker leg still needed; else it is at most its part of both legs.
    """
    small, both = min(bonus.ratio), sum(bonus.ratio)
    if bonus.depth is None or (bonus.fixed and bonus.of == "points" and (plan.point_value is None or bonus.currency != plan.currency)):
        return Worst(None)
    kept = bonus.carry == "keep"
    share = Fraction(bonus.percent) if kept else Fraction(bonus.percent * small, both)
    if bonus.fixed:
        volume = bonus.pair * (small if kept else both)
        share = Fraction(bonus.fixed * MILLION, volume) / (plan.point_value or 1 if bonus.of == "points" else 1)
    return Worst(ceil(share * bonus.depth), bonus.fixed * bonus.depth if kept else 0)


def _worth(bonus: Binary, plan: Plan, facts: Facts, pairing: Pairing) -> int:
    """The whole bonus of a payee, rounded once."""
    if bonus.fixed:
        worth = bonus.fixed * pairing.many
    else:
        value = facts.values[bonus.currency] if bonus.of == "points" else Fraction(1)
        worth = rounded(pairing.base * bonus.percent * value.numerator, MILLION * value.denominator, plan.rounding)
    return worth if bonus.cap is None else min(worth, bonus.cap)


def _spread(bonus: Binary, tree: _Tree, position: int, volumes: Column, base: int, worth: int) -> list[Part]:
    """Share the paired volume of who stands at `position`, and his bonus, out among the orders of both legs."""
    children = _children(tree, position)
    found: list[int] = []  # order, level and leg in one number, so that sorting is by order
    for leg, child in enumerate(children):
        for level, (first, last) in enumerate(_levels(tree, child, bonus.depth) if child >= 0 else (), 1):
            mark = 2 * level + leg
            found += [(number << _MARK) + mark for number in tree.sold[tree.starts[first] : tree.starts[last]]]
    found.sort()
    payee, heads, percent = tree.order[position], [tree.order[child] for child in children], bonus.percent
    weights = [volumes[each >> _MARK] for each in found]
    return [
        (payee, each >> _MARK, each % _ORDER >> 1, heads[each & 1], paired, percent, share)
        for each, paired, share in zip(found, spread(base, weights), spread(worth, weights), strict=True)
        if share
    ]


def _tree(network: Network, sales: Sales, volumes: Column) -> _Tree:
    """The tree, and the orders in its order."""
    places = place(network, 2)
    order = walk(places)
    seats = places.seats
    at = array("i", [0]) * len(order)
    for position, partner in enumerate(order):
        at[partner] = position
    below = accumulate(((seats[2 * v] >= 0) + (seats[2 * v + 1] >= 0) for v in order), initial=places.parents.count(NOBODY))
    sold = sorted((at[seller], number) for number, seller in enumerate(sales.sellers) if volumes[number])
    counts = array("i", [0]) * (len(order) + 1)
    for position, _ in sold:
        counts[position + 1] += 1
    return _Tree(places, order, array("i", below), array("i", accumulate(counts)), array("i", (number for _, number in sold)))


def _brought(tree: _Tree, volumes: Column, depth: int | None) -> Column:
    """What everybody brings to the one above him: his own volume and that of those below, as many levels as count there.

    The last entry is what nobody brings, so that a leg of NOBODY (-1) finds it.
    """
    sums = array("q", accumulate((volumes[number] for number in tree.sold), initial=0))
    below, starts = tree.below, tree.starts
    if depth is not None:
        pieces = (_levels(tree, position, depth) for position in range(len(tree.order)))
        brought = array("q", (sum(sums[starts[last]] - sums[starts[first]] for first, last in each) for each in pieces))
        brought.append(0)
        return brought
    brought = array("q", (sums[last] - sums[first] for first, last in pairwise(starts)))
    brought.append(0)
    for position in range(len(tree.order) - 1, -1, -1):
        if below[position] < below[position + 1]:
            brought[position] += sum(brought[below[position] : below[position + 1]])
    return brought


def _levels(tree: _Tree, position: int, depth: int | None) -> Iterator[tuple[int, int]]:
    """The pieces of the walk that hold a position and all below it, level by level, at the most so many levels."""
    first, last = position, position + 1
    levels = count() if depth is None else range(depth)
    for _ in levels:
        if first == last:
            return
        yield first, last
        first, last = tree.below[first], tree.below[last]


def _children(tree: _Tree, position: int) -> tuple[int, int]:
    """The positions of the left and the right leg's first; NOBODY where nobody stands."""
    seat, first = 2 * tree.order[position], tree.below[position]
    left, right = tree.places.seats[seat] >= 0, tree.places.seats[seat + 1] >= 0
    return first if left else NOBODY, first + left if right else NOBODY
