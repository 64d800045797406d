"""The statements of one account, laid end to end: what the bank says the account stood at, and where two of them do not join."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple


class Stated(NamedTuple):
    """A statement in force, with minor units. `day` is its closing day, or the last of its lines; `net` is what its lines come to."""

    id: int
    number: str
    day: date
    opening: int | None
    closing: int | None
    first: date | None
    """The day of its opening balance."""
    net: int = 0

    @property
    def begin(self) -> int | None:
        """What it begins with, said or worked out from its closing."""
        if self.opening is not None or self.closing is None:
            return self.opening
        return self.closing - self.net


class Gap(NamedTuple):
    """Two statements that do not join, and what the books are ahead by because of it."""

    before: Stated
    after: Stated
    ahead: int


class Chain(NamedTuple):
    """What all statements together say. `begin` is what stood there before the first of them, `closing` the last one that names its
    closing balance, `unproven` those after it."""

    begin: int | None
    begin_day: date | None
    closing: Stated | None
    gaps: list[Gap]
    unproven: list[Stated]


def laid_out(statements: Iterable[Stated]) -> Chain:
    """The chain of these statements, however they came in."""
    begin: int | None = None
    begin_day = last = closing = stands = None
    gaps: list[Gap] = []
    waiting: list[Gap] = []  # those the next closing balance will have counted
    unproven: list[Stated] = []
    for each in _in_order(statements):
        begin_day = begin_day or each.first or each.day
        if each.begin is not None:
            if begin is None:
                begin = each.begin - sum(earlier.net for earlier in unproven)
            elif stands != each.begin:
                assert last is not None and stands is not None
                waiting.append(Gap(last, each, stands - each.begin))
            stands = each.begin
        stands = None if stands is None else stands + each.net
        last = each
        if each.closing is None:
            unproven.append(each)
        else:
            gaps, waiting, unproven = gaps + waiting, [], []
            closing, stands = each, each.closing
    return Chain(begin, begin_day, closing, gaps, unproven)


def _in_order(statements: Iterable[Stated]) -> Iterator[Stated]:
    # By day; of one day's parts the one that goes on where the last one ended, or that goes on from no other.
    stands: int | None = None
    for _, same in groupby(sorted(statements, key=lambda each: (each.day, each.id)), key=lambda each: each.day):
        left = list(same)
        while left:
            goes_on = [each for each in left if each.begin == stands]
            begins = [each for each in left if not any(each.begin == other.closing for other in left if other is not each)]
            following = (goes_on or begins or left)[0]
            left.remove(following)
            yield following
            stands = following.closing
