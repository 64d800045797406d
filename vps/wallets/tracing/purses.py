"""The two ways in which a wallet remembers what its money is made of."""

from collections import deque

from vps.wallets.tracing.lots import Lots, Tag


class Queue:
    """First in, first out: the oldest money is paid with first."""

    def __init__(self) -> None:
        self.lots: deque[tuple[Tag, int]] = deque()
        self.short = 0
        """What was paid without being there: a debt, which the next money that comes pays off."""

    def put(self, lots: Lots, *, back: bool = False) -> None:
        """Money comes in; what comes `back` from a reversal is as old as it was."""
        if back:
            self.lots.extendleft(reversed(lots))
            return
        held = self.lots
        for tag, amount in lots:
            if held and held[-1][0] == tag:
                held[-1] = (tag, held[-1][1] + amount)
            else:
                held.append((tag, amount))

    def take(self, amount: int) -> Lots:
        """Up to `amount` of what is there."""
        found, held = [], self.lots
        while amount and held:
            tag, there = held[0]
            if there > amount:
                held[0] = (tag, there - amount)
                there = amount
            else:
                held.popleft()
            found.append((tag, there))
            amount -= there
        return found

    def take_these(self, wanted: Lots) -> Lots:
        """Of what a booking once brought, as much as is still there."""
        asked, found, kept = _sums(wanted), [], deque[tuple[Tag, int]]()
        for tag, there in self.lots:
            part = min(there, asked.get(tag, 0))
            if part:
                asked[tag] -= part
                found.append((tag, part))
            if there > part:
                kept.append((tag, there - part))
        self.lots = kept
        return found

    def held(self) -> Lots:
        """What is there, the oldest first."""
        return list(self.lots)


class Shares:
    """In proportion: every payment takes the same share of each origin, in whole cents; the largest remainders get the last ones."""

    def __init__(self) -> None:
        self.parts: dict[Tag, int] = {}
        self.total = 0
        self.short = 0

    def put(self, lots: Lots, *, back: bool = False) -> None:
        """Money comes in and mixes, whenever it was here before."""
        for tag, amount in lots:
            self.parts[tag] = self.parts.get(tag, 0) + amount
            self.total += amount

    def take(self, amount: int) -> Lots:
        """Up to `amount` of what is there."""
        amount = min(amount, self.total)
        if not amount:
            return []
        total, found, rests = self.total, [], []
        for tag, there in self.parts.items():
            part, rest = divmod(there * amount, total)
            found.append((tag, part))
            rests.append(rest)
        missing = amount - sum(part for _, part in found)
        # A remainder that is not nought means that there is a cent more of this origin than its part; of equal ones the oldest.
        for place in sorted(range(len(rests)), key=lambda at: -rests[at])[:missing]:
            tag, part = found[place]
            found[place] = (tag, part + 1)
        return self._taken([lot for lot in found if lot[1]])

    def take_these(self, wanted: Lots) -> Lots:
        """Of what a booking once brought, as much as is still there."""
        asked = _sums(wanted)
        parts = [(tag, min(amount, self.parts.get(tag, 0))) for tag, amount in asked.items()]
        return self._taken([lot for lot in parts if lot[1]])

    def held(self) -> Lots:
        """What is there, in the order in which its origins first came."""
        return list(self.parts.items())

    def _taken(self, lots: Lots) -> Lots:
        for tag, amount in lots:
            left = self.parts[tag] - amount
            if left:
                self.parts[tag] = left
            else:
                del self.parts[tag]
            self.total -= amount
        return lots


def _sums(lots: Lots) -> dict[Tag, int]:
    found: dict[Tag, int] = {}
    for tag, amount in lots:
        found[tag] = found.get(tag, 0) + amount
    return found
