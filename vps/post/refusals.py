"""A refusal in a message: its sentence and facts are kept with the message, and said in the recipient's language when it leaves."""

from datetime import date, datetime
from typing import Any

from vps.kernel.clock import instant, micros
from vps.kernel.money import Money
from vps.kernel.refusals import Refused


def kept(refusal: Refused) -> dict[str, Any]:
    """A refusal as the facts of a message can hold it."""
    return {"says": refusal.says, "facts": {name: _kept(fact) for name, fact in refusal.facts.items()}}


def retold(found: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Its sentence and its facts as they were."""
    return found["says"], {name: _told(*fact) for name, fact in found["facts"].items()}


def _kept(fact: object) -> list[Any]:
    if isinstance(fact, Money):
        return ["money", fact.minor, fact.currency]
    if isinstance(fact, datetime):
        return ["moment", micros(fact)]
    return ["day", fact.isoformat()] if isinstance(fact, date) else ["plain", fact]


def _told(kind: str, *values: Any) -> Any:
    if kind == "money":
        return Money(*values)
    if kind == "moment":
        return instant(values[0])
    return date.fromisoformat(values[0]) if kind == "day" else values[0]
