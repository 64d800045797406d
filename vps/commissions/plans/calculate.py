"""Calculating a period: every kind of bonus yields its parts, here they become lines, rounded, capped, sorted and counted.

The same inputs give the same lines, byte for byte. Lines are kept as columns of numbers and made while they are read: a million
partners and their one and a half million lines fit into a small machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from vps.commissions.plans import straight
from vps.commissions.plans.cents import spread
from vps.commissions.plans.facts import Earned, Facts
from vps.commissions.plans.kinds import KINDS
from vps.commissions.plans.network import NOTHING, Carried, Line, Network, Result, Sales
from vps.commissions.plans.plan import MILLION, Bonus, Cap, Plan
from vps.commissions.plans.sheet import Entry, Sheet
from vps.kernel.refusals import N_, Refused


class NoPointValue(Refused):
    """Facts: code, currency."""

    says = N_("The bonus “%(code)s” pays for points, but what a point is worth in %(currency)s is not known.")


def calculate(
    plan: Plan, network: Network, sales: Sales, *, point_values: Mapping[str, Fraction] = NOTHING, carried: Carried = NOTHING
) -> Result:
    """Calculate a period. `point_values` are minor units a point, by currency; `carried` is what the period before left over.

    Raises NoPointValue.
    """
    values = _values(plan, point_values)
    facts = Facts(plan, network, sales, carried)
    if straight.goes(plan, facts):
        bonus = plan.bonuses[0]
        lines = straight.lines(plan, facts, values[bonus.currency] if bonus.of == "points" else Fraction(1))
        return Result(lines, facts.named_ranks(), facts.own_percents, facts.left, values)
    book = _Book(plan, network, sales, values)
    facts.earned, facts.values = book.earned, values
    for bonus in plan.bonuses:
        book.enter(bonus, facts)
    return Result(book.quick_lines() if book.is_plain else book.lines(), facts.named_ranks(), facts.own_percents, facts.left, values)


def _values(plan: Plan, given: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What a point is worth in each currency it is paid in: the given values go before the plan's own."""
    values = dict(given)
    if plan.point_value is not None:
        values.setdefault(plan.currency, plan.point_value)
    for bonus in plan.bonuses:
        if bonus.of == "points" and bonus.currency not in values:
            raise NoPointValue(code=bonus.code, currency=bonus.currency)
    return values


class _Book:
    """The sheets of all bonuses."""

    def __init__(self, plan: Plan, network: Network, sales: Sales, values: Mapping[str, Fraction]) -> None:
        self.plan, self.size, self.values = plan, len(network.keys), values
        self.sales = sales
        self.sheets: list[Sheet] = []

    def enter(self, bonus: Bonus, facts: Facts) -> None:
        """Work out what a bonus pays."""
        value = self.values[bonus.currency] if bonus.of == "points" else Fraction(1)
        sheet = Sheet(len(self.sheets), bonus, self.plan.rounding, value / MILLION)
        sheet.enter(KINDS[bonus.kind].lines(bonus, self.plan, facts.network, facts.sales, facts), facts.unpaid)
        self.sheets.append(sheet)

    def earned(self, codes: Sequence[str]) -> Earned:
        """What everybody earned by some of the bonuses, order by order."""
        sheets = [sheet for sheet in self.sheets if sheet.bonus.code in codes]
        for payee in range(self.size):
            by_order: dict[int, int] = {}
            for sheet in sheets:
                for order, *_, amount in sheet.of(payee):
                    by_order[order] = by_order.get(order, 0) + amount
            if by_order:
                yield payee, sorted(by_order.items())

    @property
    def is_plain(self) -> bool:
        """Whether the lines stand in the only sheet as they are."""
        return len(self.sheets) == 1 and self.sheets[0].is_plain and self.plan.cap == Cap()

    def quick_lines(self) -> Iterator[Line]:
        """The lines of a plain book: the same as `lines`, in a third of the time."""
        sheet = self.sheets[0]
        orders, levels, vias, bases, rates, amounts = sheet.orders, sheet.levels, sheet.vias, sheet.bases, sheet.rates, sheet.amounts
        following = sheet.following
        for payee, place in enumerate(sheet.firsts):
            while place >= 0:
                yield payee, orders[place], 0, 0, levels[place], vias[place], bases[place], rates[place], amounts[place]
                place = following[place]

    def lines(self) -> Iterator[Line]:
        """All lines, by payee, order and n."""
        shares = self._shares()
        for payee, entries in self._entries():
            if shares is not None:
                entries = self._cut(entries, shares[payee])
            before, n = -1, 0
            for order, bonus, level, via, base, rate, amount in entries:
                n = n + 1 if order == before else 0
                before = order
                yield payee, order, n, bonus, level, via, base, rate, amount

    def _entries(self) -> Iterator[tuple[int, list[Entry]]]:
        """What everybody is paid, cut to the most that one may have."""
        heads = [sheet.firsts for sheet in self.sheets]
        most = self.plan.cap.payee
        for payee, found in enumerate(zip(*heads, strict=True)):
            entries: list[Entry] = []
            for head, sheet in zip(found, self.sheets, strict=True):
                if head >= 0:
                    entries += sheet.of(payee)
            if not entries:
                continue
            if len(self.sheets) > 1:
                entries.sort()
            yield payee, entries if most is None else self._cut(entries, most)

    def _shares(self) -> list[int] | None:
        """What is left for everybody when all together is cut to a share of the sales; None when it is within it."""
        if self.plan.cap.millionths_of_sales is None:
            return None
        most = sum(self.sales.amounts) * self.plan.cap.millionths_of_sales // MILLION
        totals = [0] * self.size
        for payee, entries in self._entries():
            totals[payee] = sum(entry[-1] for entry in entries if self._counts(entry))
        return spread(most, totals) if sum(totals) > most else None

    def _cut(self, entries: list[Entry], most: int) -> list[Entry]:
        """The entries in the plan's currency, cut in proportion to `most` together; what becomes nothing is left out."""
        amounts = [entry[-1] if self._counts(entry) else 0 for entry in entries]
        if sum(amounts) <= most:
            return entries
        cut = [
            (*entry[:-1], share if self._counts(entry) else entry[-1]) for entry, share in zip(entries, spread(most, amounts), strict=True)
        ]
        return [entry for entry in cut if entry[-1]]

    def _counts(self, entry: Entry) -> bool:
        return self.sheets[entry[1]].bonus.currency == self.plan.currency
