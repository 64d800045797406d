"""Who acts, and what authorises a movement of money."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from vps.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something: a person (by id) from an address, or the house itself (no person)."""

    person: int | None = None
    address: str = ""


HOUSE = Actor()
"""The house itself: a job, a command, an import."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What every action that moves money asks for. Only `vps.security` makes one that rests on a TAN."""

    kind: ClassVar[str]
    actor: Actor

    def use_up(self, *, subject: str, amount: Money | None, at: datetime) -> None:
        """Spend it for this subject and amount (None where no money moves), inside the movement's own transaction. Most kinds cannot be spent."""


@dataclass(frozen=True, slots=True)
class ByStaff(Authorisation):
    """A member of staff with the right to book."""

    kind: ClassVar[str] = "staff"


@dataclass(frozen=True, slots=True)
class ByBankLine(Authorisation):
    """A line of the company's bank statement."""

    kind: ClassVar[str] = "bank line"


@dataclass(frozen=True, slots=True)
class ByRule(Authorisation):
    """A rule the company set: an import, an opening balance, a scheduled act."""

    kind: ClassVar[str] = "rule"
