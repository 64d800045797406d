"""One booking's own story: what its money was made of, and where it went."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from vps.wallets.tracing.lots import Flow, Label, Lots, Move
from vps.wallets.tracing.walk import Walk

THIS: Label = ("this", "")
"""What the booking that is asked about is called as a source."""


class Story(NamedTuple):
    """By source what a booking moved, and by end where it went: sink and the wallet it left last."""

    came: dict[Label, int]
    went: dict[tuple[Label, int], int]


def story(
    method: str,
    moves: Callable[[], Iterable[Move]],
    opening: Mapping[int, int],
    *,
    own: Collection[int],
    undone: Collection[int],
    booking: int,
) -> Story:
    """Walk once, told apart from everything else what this booking brought. Money that only passed on keeps its own sources."""
    found: Lots = []

    def told(key: int, lots: Lots) -> None:
        if key == booking:
            found.extend(lots)

    walk = Walk(method, opening, own=own, undone=undone, told=told)
    walk.follow(move._replace(outside=THIS) if move.id == booking and move.debit not in opening else move for move in moves())
    came: dict[Label, int] = {}
    for tag, amount in found:
        came[tag.source] = came.get(tag.source, 0) + amount
    return Story(came, _ends(walk.finish()))


def _ends(flows: Mapping[Flow, int]) -> dict[tuple[Label, int], int]:
    went: dict[tuple[Label, int], int] = {}
    for flow, amount in flows.items():
        if flow.source == THIS:
            went[flow.sink, flow.place] = went.get((flow.sink, flow.place), 0) + amount
    return went
