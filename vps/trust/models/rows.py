"""Rows of trust: versions of the level set, who has which level, and who has an exception."""

from peewee import SQL, BigIntegerField, Check, IntegerField, TextField

from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import Person

SOURCES = ("steps", "office", "import", "start")
"""Where a level comes from: steps of identification, somebody in the office, an import, or the day trust levels began."""


class LevelSet(Row):
    """All trust levels with their rules, as one document (JSON; see `levels`). The newest is in force; the older ones are its history."""

    body = TextField()
    since = Instant()
    by = BigIntegerField(null=True)

    class Meta:
        table_name = "level_set"
        immutable = True


class TrustLevel(Row):
    """The level a person has from a moment on. The newest is in force."""

    person = key_to(Person)
    level = IntegerField(constraints=[Check("level >= 0")])
    since = Instant()
    source = TextField(constraints=[Check(f"source IN ({', '.join(repr(word) for word in SOURCES)})")])
    reason = TextField(default="")
    by = BigIntegerField(null=True)

    class Meta:
        table_name = "trust_level"
        immutable = True


TrustLevel.add_index(TrustLevel.person, TrustLevel.id, name="trust_level_person")


class TrustException(Row):
    """One limit that is another one for one person, with a reason and an end. `most` in minor units; None: not limited."""

    person = key_to(Person)
    kind = TextField()
    span = TextField()
    most = BigIntegerField(null=True, constraints=[Check("most >= 0")])
    times = IntegerField(null=True, constraints=[Check("times >= 0")])
    reason = TextField(constraints=[Check("length(reason) > 0")])
    since = Instant()
    until = Instant()
    by = BigIntegerField(null=True)
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)

    class Meta:
        table_name = "trust_exception"
        immutable = ("id", "person_id", "kind", "span", "most", "times", "reason", "since", "until", "by")
        constraints = (Check('"until" > since'),)


TrustException.add_index(TrustException.person, where=SQL("ended_at IS NULL"), name="trust_exception_in_force")
