"""The walk itself: booking by booking in the order of their numbers, every amount with its origin."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from vps.wallets.tracing.lots import BEFORE, DEBT, LEFT, Flow, Label, Lots, Move, Purse, Tag
from vps.wallets.tracing.purses import Queue, Shares

FIFO, SHARE = "first in first out", "in proportion"
METHODS: dict[str, Callable[[], Purse]] = {FIFO: Queue, SHARE: Shares}
"""How what a wallet is made of is remembered, by the method's name."""
Told = Callable[[int, Lots], None]
"""Hears of each booking that took money out of a wallet, if it had passed one that is asked about, and what that was."""


class Walk:
    """Follows money through `opening`: the wallets that are followed, with what stood in each at the beginning.

    `own` are those that are asked about, `undone` the bookings that a later one reverses: what they moved is remembered, and a reversal
    takes back the same. In proportion single bookings of one source are not told apart, or what a wallet is made of would grow with
    every top-up.
    """

    def __init__(
        self,
        method: str,
        opening: Mapping[int, int],
        *,
        own: Collection[int],
        undone: Collection[int] = (),
        told: Told | None = None,
    ) -> None:
        self.flows: dict[Flow, int] = defaultdict(int)
        self.purses: dict[int, Purse] = {account: METHODS[method]() for account in opening}
        self.every = method == FIFO
        self.own, self.undone, self.told = frozenset(own), frozenset(undone), told
        self._moved: dict[int, tuple[Lots, Label, int]] = {}
        self._waiting: dict[int, dict[Label, int]] = defaultdict(dict)
        self._waits = method == SHARE and told is None
        for account, minor in opening.items():
            self._put(account, [(Tag((BEFORE, str(account)), 0, 0), minor)] if minor > 0 else [])
            self.purses[account].short = max(0, -minor)

    def follow(self, moves: Iterable[Move]) -> None:
        """Walk on over these bookings, which come in the order of their numbers."""
        purses, undone = self.purses, self.undone
        for move in moves:
            key, debit, credit, amount, reverses, outside = move
            if self._waits and credit not in purses and reverses is None and key not in undone:
                # Payments change no shares, so those between two credits are shared out together: a third of the work, less rounding.
                waiting = self._waiting[debit]
                waiting[outside] = waiting.get(outside, 0) + amount
                continue
            lots = self._leave(move) if debit in purses else self._arrive(move)
            if credit in purses:
                lots = self._put(credit, lots, back=reverses is not None)
            else:
                self._end(lots, outside, debit)
            if key in undone:
                self._moved[key] = lots, outside, debit
            if self.told is not None and debit in purses and (debit in self.own or any(tag.entry for tag, _ in lots)):
                self.told(key, lots)

    def finish(self) -> dict[Flow, int]:
        """What came from where and ended where, of all that passed a wallet that is asked about; what is left counts as an end."""
        for account, purse in self.purses.items():
            self._settle(account)
            self._end(purse.held(), LEFT, account)
        return {flow: minor for flow, minor in self.flows.items() if minor and flow.entry}

    def balance(self, account: int) -> int:
        """What stands in a wallet now."""
        self._settle(account)
        purse = self.purses[account]
        return sum(amount for _, amount in purse.held()) - purse.short

    def _leave(self, move: Move) -> Lots:
        self._settle(move.debit)
        before = self._moved.get(move.reverses or 0)
        lots = self.purses[move.debit].take_these(before[0]) if before else []
        return lots + self._take(move.debit, move.amount - sum(part for _, part in lots))

    def _take(self, account: int, amount: int) -> Lots:
        purse = self.purses[account]
        lots = purse.take(amount)
        missing = amount - sum(part for _, part in lots)
        if missing:
            purse.short += missing
            lots = [*lots, (Tag(DEBT, 0, account if account in self.own else 0), missing)]
        return lots

    def _settle(self, account: int) -> None:
        for outside, amount in self._waiting.pop(account, {}).items():
            self._end(self._take(account, amount), outside, account)

    def _arrive(self, move: Move) -> Lots:
        before = self._moved.pop(move.reverses, None) if move.reverses else None
        if before is None:
            return [(Tag(move.outside, move.id if self.every else 0, 0), move.amount)]
        lots, sink, place = before
        for tag, amount in lots:  # it did not end there after all
            self.flows[Flow(tag.source, tag.entry, sink, place)] -= amount
        return lots

    def _put(self, account: int, lots: Lots, *, back: bool = False) -> Lots:
        self._settle(account)
        purse = self.purses[account]
        if account in self.own and any(not tag.entry for tag, _ in lots):
            lots = [(tag if tag.entry else tag._replace(entry=account), amount) for tag, amount in lots]
        purse.put(self._repay(purse, account, lots) if purse.short else lots, back=back)
        return lots

    def _repay(self, purse: Purse, account: int, lots: Lots) -> Lots:
        # What was paid without being there is paid off by what comes; a debt that is reversed is simply gone.
        kept = []
        for tag, amount in lots:
            part = min(amount, purse.short)
            purse.short -= part
            if part and tag.source != DEBT:
                self._end([(tag, part)], DEBT, account)
            if amount > part:
                kept.append((tag, amount - part))
        return kept

    def _end(self, lots: Lots, sink: Label, place: int) -> None:
        flows = self.flows
        for tag, amount in lots:
            flows[Flow(tag.source, tag.entry, sink, place)] += amount


def trace(method: str, moves: Iterable[Move], opening: Mapping[int, int], *, own: Collection[int]) -> dict[Flow, int]:
    """A whole walk over bookings that are all at hand."""
    known = list(moves)
    walk = Walk(method, opening, own=own, undone={move.reverses for move in known if move.reverses})
    walk.follow(known)
    return walk.finish()
