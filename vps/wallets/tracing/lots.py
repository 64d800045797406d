"""What a walk over bookings speaks about."""

from typing import NamedTuple, Protocol

Label = tuple[str, str]
"""What lies outside the wallets that are followed: its kind, and who or what exactly."""


class Tag(NamedTuple):
    """Where an amount came from: what brought it, by which booking (0 where that is not told apart), and through which of the wallets
    that are asked about it passed first (0: none so far)."""

    source: Label
    booking: int
    entry: int


Lots = list[tuple[Tag, int]]
"""Amounts of one origin each, in minor units."""
BEFORE = "before"
"""The kind of source that stood in a wallet when the walk began; which wallet, its account says."""
DEBT: Label = ("debt", "")
"""As a source what was paid without being there, as a sink what paid that off."""
LEFT: Label = ("left", "")
"""As a sink what is still there at the end."""


class Move(NamedTuple):
    """One booking. `outside` names the side of it that is not followed; between two wallets that are, it says nothing."""

    id: int
    debit: int
    credit: int
    amount: int
    reverses: int | None
    outside: Label


class Flow(NamedTuple):
    """So much came from `source`, passed `entry` first, and ended in `sink`; `place` is the wallet it left last, or is still in."""

    source: Label
    entry: int
    sink: Label
    place: int


class Purse(Protocol):
    """How a method remembers what a wallet's money is made of."""

    short: int

    def put(self, lots: Lots, *, back: bool = False) -> None: ...

    def take(self, amount: int) -> Lots: ...

    def take_these(self, wanted: Lots) -> Lots: ...

    def held(self) -> Lots: ...
