"""What a run keeps of its lines: their rows, and what each partner gets of them all."""

from array import array
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from vps.commissions.models.inputs import Inputs
from vps.commissions.plans.network import Line
from vps.commissions.plans.plan import Bonus
from vps.commissions.plans.plan import Plan as Rules
from vps.kernel.database import one
from vps.wallets.models import MAIN

PAYEE, ORDER = itemgetter(0), itemgetter(1)
"""Of a line."""
DAYS = 10**7
"""More than any day's ordinal: a place is a target and a day in one number."""


class Target(NamedTuple):
    """Where a bonus is credited: the kind of wallet and its currency."""

    kind: str
    currency: str


class Kept:
    """Lines as they are written, and what each partner gets, summed as his lines pass by: they come sorted by payee."""

    def __init__(self, key: int, plan: Rules, inputs: Inputs) -> None:
        self.key, self.people = key, array("q", inputs.network.keys) + array("q", [0])  # at NOBODY: 0
        self.orders, self.free, self.currency = inputs.sales.keys, inputs.free, plan.currency
        targets = [_target(bonus) for bonus in plan.bonuses]
        self.targets = list(dict.fromkeys(targets))
        self.starts = [self.targets.index(target) * DAYS for target in targets]
        self.payee, self.partners, self.total = -1, 0, 0
        self.sums: dict[int, int] = {}
        """By target and day."""
        self.counts = [0] * len(self.targets)
        self.bonuses = [[0, 0] for _ in plan.bonuses]
        """What each rule comes to, and in how many lines."""
        self.days = Days()
        self.ready: list[tuple[Any, ...]] = []
        self.line_orders, self.line_payees = array("i"), array("i")
        """Of each line, as indexes."""

    def rows_of(self, lines: list[Line]) -> list[tuple[Any, ...]]:
        """The rows of lines. The innermost loop of a run beside the engine's own."""
        key, people, orders, free, starts, bonuses = self.key, self.people, self.orders, self.free, self.starts, self.bonuses
        sums, counts, current = self.sums, self.counts, self.payee
        found: list[tuple[Any, ...]] = []
        for payee, order, n, bonus, level, via, base, rate, amount in lines:
            if payee != current:
                self._end(current)
                sums, current = self.sums, payee
            found.append((key, people[payee], orders[order], n, bonus, level, people[via], base, rate, amount))
            start, of_rule = starts[bonus], bonuses[bonus]
            place = start + free[order]
            sums[place] = sums.get(place, 0) + amount
            counts[start // DAYS] += 1
            of_rule[0] += amount
            of_rule[1] += 1
        self.payee = current
        self.line_orders.extend(map(ORDER, lines))
        self.line_payees.extend(map(PAYEE, lines))
        return found

    def shares(self, *, end: bool = False) -> list[tuple[Any, ...]]:
        """Rows of partners who are complete."""
        if end:
            self._end(self.payee)
        ready, self.ready = self.ready, []
        return ready

    def payees(self) -> Iterator[str]:
        """For every order whom it brought lines, once all have passed by: ids, ascending, with spaces between them."""
        orders, payees, people = self.line_orders, self.line_payees, self.people
        firsts, following = array("i", [-1]) * len(self.orders), array("i", bytes(4 * len(orders)))
        for at in range(len(orders) - 1, -1, -1):
            following[at] = firsts[orders[at]]
            firsts[orders[at]] = at
        for at in firsts:
            found = []
            while at >= 0:
                found.append(payees[at])
                at = following[at]
            yield " ".join([str(people[payee]) for payee in dict.fromkeys(found)])

    def _end(self, payee: int) -> None:
        if not self.sums:
            return
        self.partners += 1
        found, days, low = sorted(self.sums.items()), self.days, 0
        for place, target in enumerate(self.targets):
            if self.counts[place]:
                parts = found if len(self.targets) == 1 else [part for part in found if low <= part[0] < low + DAYS]
                minor = sum([part for _, part in parts])
                if target.currency == self.currency:
                    self.total += minor
                text = " ".join([f"{days[day - low]}:{part}" for day, part in parts])
                self.ready.append((self.key, self.people[payee], *target, minor, self.counts[place], text))
                self.counts[place] = 0
            low += DAYS
        self.sums = {}


class Days(dict[int, str]):
    """Days by their ordinals, each written once."""

    def __missing__(self, ordinal: int) -> str:
        self[ordinal] = day = date.fromordinal(ordinal).isoformat()
        return day


def _target(bonus: Bonus) -> Target:
    # A kind of wallet that has ended takes nothing more: the main one gets it.
    ended = one("SELECT 1 FROM wallet_kind WHERE code = ? AND ended_at IS NULL", bonus.wallet) is None
    return Target(MAIN if ended else bonus.wallet, bonus.currency)
