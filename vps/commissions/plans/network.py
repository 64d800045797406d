"""What goes into a calculation and what comes out: columns and indexes, because a network has a million partners.

Every kind of bonus is one module with

    lines(bonus, plan, network, sales, facts) -> Iterator[Part]
    worst(bonus, plan, before) -> Worst

joined to its kind in `kinds.KINDS`. `lines` yields parts in any order, the same ones every time; `calculate` leaves out what
belongs to stopped and closed payees, rounds, cuts to the caps, sorts and counts them. `worst` is the most that the bonus can pay on
one order; `before` has the worst cases of the bonuses that stand before it in the plan, by code (matching looks at them).
What every kind wants to know of a partner (active? rank? volumes?) is in `facts`, worked out once for the whole plan.
"""

from collections.abc import Container, Iterator, Mapping, MutableSequence, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

Column = MutableSequence[int]
"""A number for each partner or order: an `array` of 64 bits."""

NOBODY = -1
ROUNDED = -1
"""As the amount of a part: base × rate, rounded as the bonus says."""

NOTHING: Mapping[Any, Any] = MappingProxyType({})

Part = tuple[int, int, int, int, int, int, int]
"""What a kind of bonus yields: payee, order, level, via, base, rate, amount (ROUNDED, or minor units as they are)."""

Line = tuple[int, int, int, int, int, int, int, int, int]
"""payee, order, n, bonus, level, via, base, rate, amount.

Payee, order and via are indexes into the network and the sales, bonus is the place in the plan's list, n counts the lines of a payee
and order from 0. level: 1.. (0: none); via: whose branch or earning it comes from (NOBODY: none); base: minor units or points, as the
bonus says; rate: millionths (20 % is 200000; of a difference the difference; 0 with a fixed amount); amount: minor units, more than 0.
"""

Carried = Mapping[str, Mapping[int, tuple[int, int]]]
"""By the bonus's code and the partner's index: the volume of the left and the right leg that was not paired yet."""


class Network(NamedTuple):
    """The partners in the order of joining; everything else speaks of their indexes."""

    keys: Sequence[Any]
    sponsors: Column
    """The index of the sponsor, NOBODY at the top."""
    stopped: Container[int] = frozenset()
    """Nothing is calculated for them (commission stop): what would be theirs stays with the company."""
    closed: Container[int] = frozenset()
    """They have left: skipped like inactive ones where the plan compresses, and paid nothing."""
    ranks: Mapping[int, str] = NOTHING
    """Ranks given from outside; all others are qualified by the plan."""
    parents: Column | None = None
    """The placement tree of binary and matrix; None: placed by `places` in the order of joining."""
    legs: Column | None = None
    """The position under the parent, from 0; NOBODY: the next free one."""
    percents: Mapping[int, int] = NOTHING
    """Own percents given from outside, in millionths, instead of that of the rank or tier."""
    active: Mapping[int, bool] = NOTHING
    """Who is active or not, whatever the plan says."""


class Sales(NamedTuple):
    """The orders of a period, ascending by key; what was refunded is off already."""

    keys: Sequence[Any]
    sellers: Column
    amounts: Column
    """Minor units of the plan's currency."""
    points: Column


class Worst(NamedTuple):
    """The most that a bonus can pay on one order."""

    millionths: int | None
    """Of the order, or of the worth of its points; None: without a limit."""
    fixed: int = 0
    """Minor units on top."""


class Result(NamedTuple):
    """What was calculated."""

    lines: Iterator[Line]
    """Made while they are read, once, sorted by payee, order and n."""
    ranks: Sequence[str | None]
    """Everybody's rank."""
    percents: Mapping[str, Sequence[int]]
    """Everybody's own percent in millionths, by the code of each differential bonus."""
    carried: Carried
    """What is left over for the next period."""
    point_values: Mapping[str, Fraction]
    """What a point was worth, in minor units, by currency."""
