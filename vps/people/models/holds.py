"""Legal holds: whose data must not be forgotten for now, because a court or an authority has asked for that. He is not told."""

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.database import one
from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import Person


class LegalHold(Row):
    """Nothing of this person is forgotten from then on, under this file number, until it is ended with a reason. There may be several."""

    person = key_to(Person)
    person_id: int
    file_number = TextField(constraints=[Check("file_number <> ''")])
    reason = TextField(constraints=[Check("reason <> ''")])
    from_at = Instant()
    by = BigIntegerField()
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)
    ended_why = TextField(default="")

    class Meta:
        table_name = "legal_hold"
        immutable = ("id", "person_id", "file_number", "reason", "from_at", "by")
        constraints = (
            Check("(ended_at IS NULL) = (ended_by IS NULL)"),
            Check("(ended_at IS NULL) = (ended_why = '')"),
        )

    @classmethod
    def of(cls, person: int) -> list["LegalHold"]:
        """All of a person, the newest first."""
        return list(cls.select().where(cls.person == person).order_by(cls.id.desc()))


LegalHold.add_index(LegalHold.person, where=SQL("ended_at IS NULL"), name="legal_hold_person")


def is_held(person: int) -> bool:
    """Whether nothing of this person may be forgotten now."""
    return one("SELECT 1 FROM legal_hold WHERE person_id = ? AND ended_at IS NULL LIMIT 1", person) is not None


HELD = "SELECT person_id FROM legal_hold WHERE ended_at IS NULL"
"""Whose data are kept, for statements that forget many people's at once."""
