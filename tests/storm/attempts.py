"""What clients tried, and what they were told: the other half of the proof is what stands in the books."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back: the transfer that was made, or why there is none."""

    status: int
    transfer: int | None = None
    reason: str = ""


@dataclass
class Attempt:
    """One transfer somebody wanted; its name stands in the message. `may_be` is False for one that must never be made.

    A form that was sent and never answered may be carried out at any later time, whatever was answered to the same form before.
    """

    name: str
    sender: int
    recipient: int
    amount: int
    currency: str
    may_be: bool = True
    unanswered: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def made(self) -> set[int]:
        """The transfers that we were told of; more than one is wrong."""
        return {answer.transfer for answer in self.answers if answer.transfer is not None}


@dataclass
class Log:
    """What one client saw."""

    attempts: list[Attempt] = field(default_factory=list)
    previewed: list[float] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """What should never have come back."""

    def add(self, other: "Log") -> None:
        """Put what another client saw beside it."""
        self.attempts += other.attempts
        self.previewed += other.previewed
        self.confirmed += other.confirmed
        self.wrong += other.wrong
        self.statuses.update(other.statuses)
        self.refused.update(other.refused)
        self.acts.update(other.acts)


class Made(NamedTuple):
    """A transfer as it stands in the database."""

    id: int
    message: str
    sender: int
    recipient: int
    amount: int
    fee: int
    currency: str


def differences(attempts: Sequence[Attempt], made: Sequence[Made]) -> list[str]:
    """Every way in which the books do not say what the clients were told."""
    by_name: dict[str, list[Made]] = {}
    for each in made:
        by_name.setdefault(each.message, []).append(each)
    found = []
    for attempt in attempts:
        found += [f"{attempt.name}: {problem}" for problem in _problems(attempt, by_name.pop(attempt.name, []))]
    return found + [f"{name}: nobody asked for it" for name in by_name]


def _problems(attempt: Attempt, rows: list[Made]) -> list[str]:
    found = []
    if len(rows) > 1:
        found.append(f"made {len(rows)} times")
    if len(attempt.made) > 1:
        found.append(f"told of {len(attempt.made)} transfers")
    if attempt.made and attempt.made != {row.id for row in rows}:
        found.append("acknowledged, and not in the books")
    if rows and not attempt.made and not attempt.unanswered:
        found.append("refused, and in the books")
    if rows and not attempt.may_be:
        found.append("made in spite of a wrong proof")
    for row in rows:
        # Where the fee is taken from what was typed, less leaves beside it.
        same = attempt.amount in (row.amount, row.amount + row.fee)
        if (row.sender, row.recipient, row.currency) != (attempt.sender, attempt.recipient, attempt.currency) or not same:
            found.append("not what was confirmed")
    return found
