"""An upload as its page shows it."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one
from vps.kernel.jobs import Standing, standing_of
from vps.kernel.money import Money


class Upload(NamedTuple):
    """An upload as its page shows it. Everything but its key and its batch was read from the text that the digest covers."""

    id: int
    batch: int
    digest: str
    authorised_at: datetime | None
    name: str
    outcome: list[int]
    """Statements and lines to be booked, lines that find where they belong, statements known before."""
    sums: list[tuple[str, Money]]
    """What finds its place: kind of claim and signed sum, currency by currency."""
    statements: list["Previewed"]
    job: Standing | None
    """How far the worker is that books it, if it is too large for a page."""


class Previewed(NamedTuple):
    """A statement in a preview."""

    number: str
    account: str
    first: date | None
    last: date | None
    opening: Money | None
    closing: Money | None
    lines: int
    warned: list[tuple[str, dict[str, Any]]]
    """What to look at before it is booked, and its facts: days, amounts and numbers."""


def upload_of(key: int) -> Upload | None:
    """An upload and what its preview says."""
    row = one(UPLOADED, key)
    if row is None:
        return None
    upload, batch, digest, authorised, name, shown = row
    facts = json.loads(shown)
    sums = [(kind, Money(minor, currency)) for kind, each in sorted(facts["sums"].items()) for currency, minor in sorted(each.items())]
    at = None if authorised is None else instant(authorised)
    statements = [_previewed(each) for each in facts["statements"]]
    return Upload(upload, batch, bytes(digest).hex(), at, name, facts["outcome"], sums, statements, standing_of(booking_key(upload)))


def booking_key(upload: int) -> str:
    """By which the job is known that books an upload."""
    return f"upload:{upload}"


def _previewed(kept: dict[str, Any]) -> Previewed:
    currency = kept["currency"]
    begins, ends = (None if minor is None else Money(minor, currency) for minor in (kept["opening"], kept["closing"]))
    warned = [(kind, {name: _fact(name, fact, currency) for name, fact in facts.items()}) for kind, facts in kept.get("warned", [])]
    return Previewed(kept["number"], kept["account"], _day(kept["first"]), _day(kept["last"]), begins, ends, kept["lines"], warned)


def _fact(name: str, fact: Any, currency: str) -> Any:
    if name in ("opening", "closing"):
        return Money(fact, currency)
    if name == "days":
        return [date.fromisoformat(day) for day in fact]
    return _day(fact) if name == "day" else fact


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


UPLOADED = (
    "SELECT u.id, b.id, b.digest, b.authorised_at, u.name, u.shown FROM statement_upload u JOIN batch b ON b.id = u.batch_id WHERE u.id = ?"
)
