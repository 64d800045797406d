"""The straight way of a plan whose only bonus pays by levels and asks nothing of anybody.

The tree alone says who is paid for an order, so nothing is kept of a line but its payee and the way to his next one: eight bytes,
however many orders there are. Everything else is worked out while the lines are read.
"""

from array import array
from collections.abc import Iterator
from fractions import Fraction

from vps.commissions.plans.cents import rounded
from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, Column, Line
from vps.commissions.plans.places import place
from vps.commissions.plans.plan import MILLION, Bonus, Cap, Matrix, Plan, Unilevel
from vps.commissions.plans.uplines import is_plain


def goes(plan: Plan, facts: Facts) -> bool:
    """Whether this plan can be calculated so."""
    return plan.cap == Cap() and len(plan.bonuses) == 1 and _asks_nothing(plan.bonuses[0], facts)


def lines(plan: Plan, facts: Facts, value: Fraction) -> Iterator[Line]:
    """All lines, by payee and order; `value`: minor units for one of the bonus's base."""
    bonus, below = plan.bonuses[0], facts.sales.sellers
    assert isinstance(bonus, Unilevel)
    bases, unpaid, depth = facts.bases(bonus), facts.unpaid, len(bonus.levels)
    tree = place(facts.network, bonus.width).parents if isinstance(bonus, Matrix) else facts.network.sponsors
    payees = _payees(tree, below, bonus)
    firsts, following = _chains(payees, len(unpaid))
    rates, fixed = [rate.millionths for rate in bonus.levels], [rate.fixed for rate in bonus.levels]
    divisor, commercial = value.denominator * MILLION, plan.rounding == "half up"
    times = [rate * value.numerator for rate in rates]
    twice, double = [2 * each for each in times], 2 * divisor
    seller = bonus.level_1 == "seller"
    for payee in range(len(unpaid)):
        at = NOBODY if unpaid[payee] else firsts[payee]
        while at >= 0:
            order, level = at // depth, at % depth
            base = bases[order]
            amount = (twice[level] * base + divisor) // double if commercial else rounded(times[level] * base, divisor, plan.rounding)
            if not amount and base:
                amount = fixed[level]
            if amount:
                via = payees[at - 1] if level else NOBODY if seller else below[order]
                yield payee, order, 0, 0, level + 1, via, base, rates[level], amount
            at = following[at]


def _asks_nothing(bonus: Bonus, facts: Facts) -> bool:
    return isinstance(bonus, Unilevel) and bonus.round == "line" and bonus.cap is None and is_plain(bonus, facts)


def _payees(tree: Column, sellers: Column, bonus: Unilevel) -> "array[int]":
    """Who is on which level of each order, level by level and order by order."""
    depth = len(bonus.levels)
    above = array("i", tree) + array("i", [NOBODY])  # above nobody is nobody
    found = array("i", bytes(4 * depth * len(sellers)))
    column = array("i", sellers)
    if bonus.level_1 == "sponsor":
        column = array("i", map(above.__getitem__, column))
    for level in range(depth):
        found[level::depth] = column
        column = array("i", map(above.__getitem__, column))
    return found


def _chains(payees: "array[int]", size: int) -> tuple["array[int]", "array[int]"]:
    """Everybody's first place among the payees, and the next one of the same payee behind each place."""
    firsts = array("i", [-1]) * (size + 1)  # the last one is nobody's
    following = array("i", bytes(4 * len(payees)))
    for at, payee in zip(range(len(payees) - 1, -1, -1), reversed(payees), strict=True):
        following[at] = firsts[payee]
        firsts[payee] = at
    return firsts, following
