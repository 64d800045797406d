"""A commission plan as the engine reads it: frozen, whole numbers, made by `document.parse`."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, NamedTuple

MILLION = 1_000_000


class Rate(NamedTuple):
    """A share in millionths, or a fixed amount in minor units for every order; one of them is 0."""

    millionths: int
    fixed: int = 0


class Tier(NamedTuple):
    """From this volume on (minor units or points, as the bonus says) this rate."""

    start: int
    rate: Rate


class Legs(NamedTuple):
    """So many frontline partners, each with such a leg below him."""

    many: int
    rank: str | None = None
    volume: int = 0
    within: str = "leg"
    """Who must have the rank: 'leg' anybody in it, 'frontline' the one at its top."""


class Needs(NamedTuple):
    """What a partner must have reached in the period."""

    own: int = 0
    own_points: int = 0
    group: int = 0
    group_points: int = 0
    legs: tuple[Legs, ...] = ()


class Rank(NamedTuple):
    """A rank; those of a plan stand from the lowest to the highest."""

    code: str
    percent: int
    """Millionths."""
    needs: Needs | None
    """None: nobody qualifies, it is given from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """What all kinds have."""

    kind: ClassVar[str]
    in_order: ClassVar[bool] = True
    """Whether its parts come with ascending orders, and each order reaches a payee once: then nothing needs sorting."""
    code: str
    name: str
    """What people call it; the code when the plan has no name for it."""
    of: str
    """'amount' or 'points'."""
    wallet: str
    """The kind of wallet it is credited to."""
    currency: str
    cap: int | None
    """The most for one payee and period, minor units of its currency."""
    compress: str
    """Who is skipped without using up a level: 'none', 'inactive', or 'unqualified' ones, too."""
    round: str
    """'line': each line by itself; 'sum': once for a payee, level, via and rate, spread over the orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unilevel(Bonus):
    """A share for each of so many levels above the seller."""

    kind = "unilevel"
    level_1: str
    """'seller' or 'sponsor'."""
    levels: tuple[Rate, ...]
    by_rank: Mapping[str, tuple[Rate, ...]] | None
    """The levels by the payee's rank, instead of `levels`."""
    needs: tuple[str | None, ...]
    """The rank that each level needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differential(Bonus):
    """Everybody's own percent less what is paid below him."""

    kind = "differential"
    rates: str
    """'rank' or 'volume'."""
    over: str
    """Which volume: 'own' or 'group'."""
    volume_tiers: tuple[Tier, ...]
    mode: str
    """'greater of' (less the highest percent below) or 'sum' (less that of the next one below)."""
    first: int
    """How far above the seller payment begins: 0 with himself, 1 with his sponsor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(Bonus):
    """Leaders are paid on the groups of the leaders below them."""

    kind = "generation"
    leader: str
    levels: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiered(Bonus):
    """A share by how much was sold."""

    kind = "tier"
    in_order = False
    over: str
    """What is held against the tiers: 'order', 'own' or 'group' volume."""
    on: str
    """What is paid on: 'own' or 'group' volume."""
    tiers: tuple[Tier, ...]
    mode: str
    """'flat': the tier reached, for everything; 'split': each tier for what lies in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Bonus):
    """A share of what those below earn by other bonuses."""

    kind = "matching"
    in_order = False
    of_bonuses: tuple[str, ...]
    levels: tuple[Rate, ...]
    by_rank: Mapping[str, tuple[Rate, ...]] | None
    needs: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Bonus):
    """A share of the weaker of two legs of the placement tree, or a fixed amount for each pair."""

    kind = "binary"
    percent: int
    """Millionths of the paired volume of the weaker leg; 0 with fixed amounts."""
    pair: int
    """The volume that one pair needs on the side of the smaller ratio, with fixed amounts; else 0."""
    fixed: int
    """Minor units for each whole pair; else 0."""
    carry: str
    """'keep' (what was not paired is carried over) or 'flush'."""
    ratio: tuple[int, int]
    """Left to right, 1:1, 1:2 or 2:1; with 1:2 also the other way round, as the stronger leg falls."""
    depth: int | None
    """How many levels below a partner count; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Unilevel):
    """Like unilevel, along a placement tree in which everybody has at most `width` below him."""

    kind = "matrix"
    width: int


class Cap(NamedTuple):
    """The most that the whole plan pays in a period, in the plan's currency."""

    payee: int | None = None
    millionths_of_sales: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan. `document.canonical` writes it down again."""

    name: str
    currency: str
    rounding: str
    """'half up', 'half even' or 'down'."""
    active: Needs | None
    """What makes a partner active; None: everybody is."""
    ranks: tuple[Rank, ...]
    breakaway: str | None
    """From this rank on a partner's group does not count for those above him."""
    bonuses: tuple[Bonus, ...]
    cap: Cap
    over_100: bool
    """Whether it was agreed to that it can pay more than there is."""
    point_value: Fraction | None
    """What one point is worth, in minor units of the plan's currency."""

    def place(self, rank: str | None) -> int:
        """A rank's place from the lowest (0) to the highest; below all of them when it is None."""
        return next((place for place, each in enumerate(self.ranks) if each.code == rank), -1)

    @property
    def needs_period(self) -> bool:
        """Whether it looks at more than one order: at volumes, ranks that are qualified, pairs, or the most that somebody gets."""
        if self.active or self.cap != Cap() or any(rank.needs and rank.needs != Needs() for rank in self.ranks):
            return True
        return any(
            bonus.cap is not None
            or isinstance(bonus, Generation | Binary)
            or (isinstance(bonus, Differential) and bonus.rates == "volume")
            or (isinstance(bonus, Tiered) and bonus.over != "order")
            for bonus in self.bonuses
        )
