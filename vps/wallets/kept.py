"""A refusal that is kept, so that it can be said later, in whatever language its reader has then."""

from datetime import date, datetime
from typing import Any

from vps.kernel.clock import instant, micros
from vps.kernel.money import Money
from vps.kernel.refusals import Phrase, Refused


def kept(refusal: Refused) -> dict[str, Any]:
    """The refusal as JSON: its sentence, and its facts, each with what it is."""
    return {"says": refusal.says, "facts": {name: _packed(fact) for name, fact in refusal.facts.items()}}


def facts_of(refusal: dict[str, Any]) -> dict[str, Any]:
    """The facts of a refusal that was kept."""
    return {name: _unpacked(*fact) for name, fact in refusal["facts"].items()}


def _packed(fact: object) -> list[object]:
    if isinstance(fact, Money):
        return ["money", fact.minor, fact.currency]
    if isinstance(fact, datetime):
        return ["moment", micros(fact)]
    if isinstance(fact, date):
        return ["day", fact.isoformat()]
    if isinstance(fact, Phrase):
        return ["phrase", str(fact)]
    assert isinstance(fact, int | str), "a refusal's facts can be spoken"
    return ["plain", fact]


def _unpacked(kind: str, *parts: Any) -> Any:
    made: Any = {"money": Money, "moment": instant, "day": date.fromisoformat, "phrase": Phrase}.get(kind)
    return made(*parts) if made else parts[0]
