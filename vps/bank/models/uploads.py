"""An upload as its page shows it."""

import json
from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one
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


class Previewed(NamedTuple):
    """A statement in a preview."""

    number: str
    account: str
    first: date | None
    last: date | None
    opening: Money | None
    closing: Money | None
    lines: int


def upload_of(key: int) -> Upload | None:
    """An upload and what its preview says."""
    row = one(UPLOADED, key)
    if row is None:
        return None
    upload, batch, digest, authorised, name, shown = row
    facts = json.loads(shown)
    sums = [(kind, Money(minor, currency)) for kind, each in sorted(facts["sums"].items()) for currency, minor in sorted(each.items())]
    at = None if authorised is None else instant(authorised)
    return Upload(
        upload, batch, bytes(digest).hex(), at, name, facts["outcome"], sums, [_previewed(**each) for each in facts["statements"]]
    )


def _previewed(
    *, number: str, account: str, currency: str, first: str | None, last: str | None, opening: int | None, closing: int | None, lines: int
) -> Previewed:
    begins, ends = (None if minor is None else Money(minor, currency) for minor in (opening, closing))
    return Previewed(number, account, _day(first), _day(last), begins, ends, lines)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


UPLOADED = (
    "SELECT u.id, b.id, b.digest, b.authorised_at, u.name, u.shown FROM statement_upload u JOIN batch b ON b.id = u.batch_id WHERE u.id = ?"
)
