"""Dossiers: what was put together about a partner, when, by whom and why; and the file itself, in sealed parts."""

from datetime import datetime
from typing import NamedTuple

from peewee import BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.kernel.clock import instant
from vps.kernel.database import rows
from vps.kernel.rows import Day, Instant, Row, key_to
from vps.kernel.vault import SecretField
from vps.people.models import Person


class Dossier(Row):
    """Everything about one partner in a period (an empty day: from the beginning, or until it was made), as it was known when it was made.

    Bookings up to `upto` count, so that it says the same for ever. `flows` is where their money came from and went to, as JSON.
    """

    person = key_to(Person)
    person_id: int
    from_day = Day(null=True)
    to_day = Day(null=True)
    reason = TextField(constraints=[Check("reason <> ''")])
    upto = BigIntegerField()
    made_at = Instant()
    made_by = BigIntegerField()
    flows = TextField(default="")
    digest = BlobField(null=True, constraints=[Check("length(digest) = 32")])
    """SHA-256 of the file: whoever has it can show that it is the one that was made here."""
    size = BigIntegerField(null=True)
    done_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "from_day", "to_day", "reason", "upto", "made_at", "made_by")
        constraints = (Check("(done_at IS NULL) = (digest IS NULL)"), Check("(done_at IS NULL) = (size IS NULL)"))


Dossier.add_index(Dossier.person, Dossier.id, name="dossier_person")


class DossierPart(Row):
    """A piece of a dossier's file, encrypted for its place: whoever has only the database reads nothing in it."""

    dossier = key_to(Dossier)
    n = IntegerField(constraints=[Check("n >= 0")])
    content = SecretField()

    class Meta:
        table_name = "dossier_part"
        indexes = ((("dossier", "n"), True),)


class Made(NamedTuple):
    """A dossier as a list shows it."""

    id: int
    number: str
    name: str
    reason: str
    made_at: datetime
    made_by: str
    done: bool


def dossiers(*, person: int | None = None, limit: int = 25) -> list[Made]:
    """The newest dossiers, of one partner or of all."""
    found = rows(LIST.format("d.person_id = ?" if person else "1 = 1"), *([person] if person else []), limit)
    return [Made(key, number, called, reason, instant(at), by, bool(done)) for key, number, called, reason, at, by, done in found]


LIST = (
    "SELECT d.id, p.number, p.name, d.reason, d.made_at, m.name, d.done_at IS NOT NULL FROM dossier d JOIN person p ON p.id = d.person_id"
    " JOIN person m ON m.id = d.made_by WHERE {} ORDER BY d.id DESC LIMIT ?"
)
