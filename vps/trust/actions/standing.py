"""Who wants to know when somebody's steps change, and who may want his pictures kept."""

from collections.abc import Callable
from datetime import datetime

Changed = Callable[[int, datetime], None]
Held = Callable[[int], bool]

_joined: list[Changed] = []
_holds: list[Held] = []


def on_steps_changed(act: Changed) -> Changed:
    """Have `act(person, at)` called, inside the transaction, whenever a step of somebody begins or ceases to count. Answers `act`."""
    _joined.append(act)
    return act


def steps_changed(person: int, at: datetime) -> None:
    """Tell who joined."""
    for act in _joined:
        act(person, at)


def on_forgetting(is_held: Held) -> Held:
    """Have `is_held(person)` asked before pictures of somebody's documents are deleted; where it says so, they are kept. Answers `is_held`."""
    _holds.append(is_held)
    return is_held


def must_be_kept(person: int) -> bool:
    """Whether pictures of this person's documents may not be deleted now."""
    return any(is_held(person) for is_held in _holds)
