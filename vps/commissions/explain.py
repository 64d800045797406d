"""Why a line says what it says: sentences and a sum, as a person would say them. Pure: facts in, sentences of the catalogs out.

`you` is always the payee. Names stand in the nominative, and where another language would bend them, behind a colon.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from vps.commissions.plans.plan import MILLION, Binary, Bonus, Differential, Generation, Matching, Matrix, Tiered, Unilevel
from vps.kernel.money import Money
from vps.kernel.refusals import N_


class Percent(NamedTuple):
    """A share in millionths, as a fact of a sentence."""

    millionths: int


class Exact(NamedTuple):
    """Minor units of a currency before they were rounded, as a fact of a sentence."""

    minor: Fraction
    currency: str


class Sale(NamedTuple):
    """The order that a line is for, as its run saw it. `seller` is empty where it is the payee himself."""

    order: str
    seller: str
    total: Money
    refunded: Money
    counted: Money
    """In the currency of the plan, without what was refunded."""
    points: int


class Cause(NamedTuple):
    """A line of a run: what its sum was worked out from. `via` is a name; `value` minor units for a point."""

    level: int
    via: str
    base: int
    rate: int
    sum: Money
    value: Fraction | None


class Sentence(NamedTuple):
    """A sentence of the catalogs with its facts."""

    says: str
    facts: dict[str, Any]


class Sum(NamedTuple):
    """base × rate (× value of a point) = sum; `base` is money, or a number of points. `near`: it was rounded."""

    base: Money | int
    rate: Percent
    value: Exact | None
    sum: Money
    near: bool


class Story(NamedTuple):
    """Everything that is said of one line."""

    sentences: list[Sentence]
    reckoned: Sum | None


def explain(bonus: Bonus, sale: Sale, cause: Cause) -> Story:
    """The sentences for a line, in the order in which they are read, and its sum where it is one."""
    exact = exactly(bonus, cause)
    told = [*_sold(bonus, sale), *_rule(bonus, sale, cause), *_rounded(bonus, cause, exact)]
    if exact is None:
        return Story(told, None)
    points = bonus.of == "points"
    base: Money | int = cause.base if points else Money(cause.base, bonus.currency)
    value = Exact(cause.value, bonus.currency) if points and cause.value is not None else None
    return Story(told, Sum(base, Percent(cause.rate), value, cause.sum, near=exact != cause.sum.minor))


def exactly(bonus: Bonus, cause: Cause) -> Fraction | None:
    """What base and rate come to in minor units before rounding; None where the line is a part of one larger sum, or fixed."""
    if not cause.rate or isinstance(bonus, Binary):
        return None
    exact = Fraction(cause.base * cause.rate, MILLION)
    if bonus.of != "points":
        return exact
    return None if cause.value is None else exact * cause.value


def _sold(bonus: Bonus, sale: Sale) -> Iterator[Sentence]:
    sold = {"order": sale.order, "amount": sale.total}
    yield Sentence(SOLD, sold | {"seller": sale.seller}) if sale.seller else Sentence(SOLD_YOURSELF, sold)
    if sale.refunded.is_positive:
        yield Sentence(REFUNDED, {"refunded": sale.refunded, "left": sale.total - sale.refunded})
    if bonus.of == "points":
        yield Sentence(POINTS, {"points": sale.points})
    elif sale.counted.currency != sale.total.currency:
        yield Sentence(CONVERTED, {"amount": sale.counted})


def _rule(bonus: Bonus, sale: Sale, cause: Cause) -> Iterator[Sentence]:
    facts = {"level": cause.level, "rate": Percent(cause.rate), "sum": cause.sum, "via": cause.via or sale.seller}
    match bonus:
        case Matrix():
            yield Sentence(MATRIX if cause.rate else MATRIX_FIXED, facts)
        case Unilevel():
            yield Sentence(LEVELS[bool(sale.seller), bool(cause.rate)], facts)
        case Differential():
            yield Sentence(DIFFERENTIAL[bonus.mode] if sale.seller else OWN_PERCENT, facts)
        case Generation():
            yield Sentence(GENERATION if cause.rate else GENERATION_FIXED, facts)
        case Tiered():
            yield _tier(bonus, cause, facts)
        case Matching():
            yield Sentence(MATCHING, facts | {"base": Money(cause.base, bonus.currency)})
        case _:
            yield Sentence(PAIRS if cause.rate else PAIRS_FIXED, facts)
    if bonus.compress != "none" and cause.level > 1:
        yield Sentence(SKIPPED[bonus.compress], {})


def _tier(bonus: Tiered, cause: Cause, facts: dict[str, Any]) -> Sentence:
    if bonus.mode == "split" and bonus.of == "points":
        return Sentence(TIER_SPLIT_POINTS, facts | {"points": cause.base})
    if bonus.mode == "split":
        return Sentence(TIER_SPLIT, facts | {"base": Money(cause.base, bonus.currency)})
    return Sentence(TIERS[bonus.over, bool(cause.rate)], facts)


def _rounded(bonus: Bonus, cause: Cause, exact: Fraction | None) -> Iterator[Sentence]:
    if exact is None or exact == cause.sum.minor:
        return
    # More than a cent less than it comes to: a cap has cut it.
    off = exact - cause.sum.minor
    says = CAPPED if off >= 1 else SPREAD if bonus.round == "sum" else ROUNDED
    yield Sentence(says, {"exact": Exact(exact, bonus.currency), "sum": cause.sum})


SOLD = N_("%(seller)s sold order %(order)s for %(amount)s.")
SOLD_YOURSELF = N_("You sold order %(order)s for %(amount)s.")
REFUNDED = N_("The customer got %(refunded)s of it back, so %(left)s counts.")
CONVERTED = N_("At the rate of this run that is %(amount)s.")
POINTS = N_("Points that it brought: %(points)s.")
LEVELS = {
    (True, True): N_("That is on your level %(level)s, and level %(level)s pays %(rate)s: %(sum)s."),
    (True, False): N_("That is on your level %(level)s, and level %(level)s pays a fixed amount for each order: %(sum)s."),
    (False, True): N_("Your own sales are level %(level)s of this rule, and level %(level)s pays %(rate)s: %(sum)s."),
    (False, False): N_("Your own sales are level %(level)s of this rule, and level %(level)s pays a fixed amount for each order: %(sum)s."),
}
"""By whether somebody else sold it, and whether it is a share."""
MATRIX = N_("In the matrix that is on your level %(level)s, and level %(level)s pays %(rate)s: %(sum)s.")
MATRIX_FIXED = N_("In the matrix that is on your level %(level)s, and level %(level)s pays a fixed amount for each order: %(sum)s.")
OWN_PERCENT = N_("On your own sales you get your own percentage in full, %(rate)s: %(sum)s.")
DIFFERENTIAL = {
    "greater of": N_(
        "Your percentage is higher than the highest one between you and this sale. The difference is yours, %(rate)s: %(sum)s."
    ),
    "sum": N_(
        "Your percentage is higher than that of the partner directly below you on this branch. The difference is yours, %(rate)s: %(sum)s."
    ),
}
GENERATION = N_("It was sold in your generation %(level)s (leader: %(via)s), and generation %(level)s pays %(rate)s: %(sum)s.")
GENERATION_FIXED = N_(
    "It was sold in your generation %(level)s (leader: %(via)s), and generation %(level)s pays a fixed amount for each order: %(sum)s."
)
TIERS = {
    ("order", True): N_("An order of this size reaches tier %(level)s, which pays %(rate)s: %(sum)s."),
    ("order", False): N_("An order of this size reaches tier %(level)s, which pays a fixed amount: %(sum)s."),
    ("own", True): N_("Your own sales of the period reached tier %(level)s, which pays %(rate)s: %(sum)s."),
    ("own", False): N_("Your own sales of the period reached tier %(level)s, which pays a fixed amount. The part of this order: %(sum)s."),
    ("group", True): N_("The sales of your group in the period reached tier %(level)s, which pays %(rate)s: %(sum)s."),
    ("group", False): N_(
        "The sales of your group in the period reached tier %(level)s, which pays a fixed amount. The part of this order: %(sum)s."
    ),
}
"""By what is held against the tiers, and whether it is a share."""
TIER_SPLIT = N_("%(base)s of it lies in tier %(level)s, which pays %(rate)s: %(sum)s.")
TIER_SPLIT_POINTS = N_("Points of it in tier %(level)s: %(points)s. This tier pays %(rate)s: %(sum)s.")
MATCHING = N_("%(via)s earned %(base)s by it. Of what partners on your level %(level)s earn you get %(rate)s: %(sum)s.")
PAIRS = N_("Your two legs were paired, and this order counted. Pairs pay %(rate)s of the weaker leg. The part of this order: %(sum)s.")
PAIRS_FIXED = N_("Your two legs were paired, and this order counted. Each pair pays a fixed amount. The part of this order: %(sum)s.")
SKIPPED = {
    "inactive": N_("Partners in between who were not active are not counted by this rule."),
    "unqualified": N_("Partners in between who were not active, or whose rank is too low, are not counted by this rule."),
}
ROUNDED = N_("To the last fraction it is %(exact)s, which is rounded to %(sum)s.")
SPREAD = N_("To the last fraction it is %(exact)s; it is rounded only once for several orders together, and here %(sum)s of that is shown.")
CAPPED = N_("Without the cap of the plan it would be %(exact)s.")
