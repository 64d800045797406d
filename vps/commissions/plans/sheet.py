"""What one bonus pays, in columns of numbers; rounded, and cut to the most that one may have of it."""

from array import array
from collections.abc import Iterator
from fractions import Fraction

from vps.commissions.plans.cents import rounded, spread
from vps.commissions.plans.network import Part
from vps.commissions.plans.plan import Bonus

Entry = tuple[int, int, int, int, int, int, int]
"""order, bonus, level, via, base, rate, amount."""


class Sheet:
    """The parts of one bonus in the order they came, found by payee through chains of places."""

    def __init__(self, index: int, bonus: Bonus, rounding: str, unit: Fraction) -> None:
        """`unit`: minor units for one of the base at a rate of one millionth."""
        self.index, self.bonus, self.rounding, self.unit = index, bonus, rounding, unit
        self.payees, self.orders, self.levels, self.vias, self.rates = (array("i") for _ in range(5))
        self.bases, self.amounts = array("q"), array("q")
        self.following = array("i")
        self.firsts = array("i")

    @property
    def is_plain(self) -> bool:
        """Whether its parts are lines as they stand."""
        return self.bonus.in_order and self.bonus.round == "line" and self.bonus.cap is None

    def enter(self, parts: Iterator[Part], unpaid: bytearray) -> None:
        """Write down what is paid to those who are paid at all."""
        payees, orders, levels, vias = self.payees.append, self.orders.append, self.levels.append, self.vias.append
        rates, bases, amounts = self.rates.append, self.bases.append, self.amounts.append
        times, divisor = self.unit.numerator, self.unit.denominator
        commercial, summed = self.rounding == "half up", self.bonus.round == "sum"
        twice, double = 2 * times, 2 * divisor
        for payee, order, level, via, base, rate, amount in parts:
            if unpaid[payee]:
                continue
            if amount < 0 and not summed:
                up = (twice * base * rate + divisor) // double
                amount = up if commercial else rounded(times * base * rate, divisor, self.rounding)
            if amount:
                payees(payee)
                orders(order)
                levels(level)
                vias(via)
                bases(base)
                rates(rate)
                amounts(amount)
        self._chain(len(unpaid))

    def of(self, payee: int) -> list[Entry]:
        """What the payee gets, orders ascending."""
        orders, levels, vias, bases, rates, amounts = self.orders, self.levels, self.vias, self.bases, self.rates, self.amounts
        following, index = self.following, self.index
        entries: list[Entry] = []
        place = self.firsts[payee]
        while place >= 0:
            entries.append((orders[place], index, levels[place], vias[place], bases[place], rates[place], amounts[place]))
            place = following[place]
        if not self.bonus.in_order:
            entries.sort()
        if self.bonus.round == "sum":
            entries = self._rounded(entries)
        return entries if self.bonus.cap is None else _cut(entries, self.bonus.cap)

    def _chain(self, size: int) -> None:
        self.firsts = array("i", [-1]) * size
        self.following = array("i", [-1]) * len(self.payees)
        firsts, following, payees = self.firsts, self.following, self.payees
        for place in range(len(payees) - 1, -1, -1):
            payee = payees[place]
            following[place] = firsts[payee]
            firsts[payee] = place

    def _rounded(self, entries: list[Entry]) -> list[Entry]:
        """The sum of each level, via and rate rounded once, and spread over the orders it comes from."""
        together: dict[tuple[int, int, int], list[int]] = {}
        for place, (_, _, level, via, _, rate, amount) in enumerate(entries):
            if amount < 0:
                together.setdefault((level, via, rate), []).append(place)
        amounts = [entry[-1] for entry in entries]
        for (_, _, rate), places in together.items():
            bases = [entries[place][4] for place in places]
            total = rounded(sum(bases) * rate * self.unit.numerator, self.unit.denominator, self.rounding)
            for place, share in zip(places, spread(total, bases), strict=True):
                amounts[place] = share
        return [(*entry[:-1], amount) for entry, amount in zip(entries, amounts, strict=True) if amount]


def _cut(entries: list[Entry], most: int) -> list[Entry]:
    if sum(entry[-1] for entry in entries) <= most:
        return entries
    shares = spread(most, [entry[-1] for entry in entries])
    return [(*entry[:-1], share) for entry, share in zip(entries, shares, strict=True) if share]
