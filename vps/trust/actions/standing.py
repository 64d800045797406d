"""Who wants to know when somebody's steps change."""

from collections.abc import Callable
from datetime import datetime

Changed = Callable[[int, datetime], None]

_joined: list[Changed] = []


def on_steps_changed(act: Changed) -> Changed:
    """Have `act(person, at)` called, inside the transaction, whenever a step of somebody begins or ceases to count. Answers `act`."""
    _joined.append(act)
    return act


def steps_changed(person: int, at: datetime) -> None:
    """Tell who joined."""
    for act in _joined:
        act(person, at)
