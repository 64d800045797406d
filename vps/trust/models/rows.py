"""Rows of trust: versions of the level set, who has which level, who has an exception, and what waits for a second person."""

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


class TrustProposal(Row):
    """What somebody of the office wants to change about limits, and what a colleague must see before it counts: a level set, somebody's
    level, or an exception. What became of it follows from its dates.
    """

    kind = TextField(constraints=[Check("kind IN ('set', 'level', 'exception')")])
    person = key_to(Person, null=True)
    person_id: int | None
    body = TextField()
    reason = TextField(constraints=[Check("length(reason) > 0")])
    base = BigIntegerField()
    """The newest level set, or the newest level of the person, on which it was asked for; 0: none."""
    asked_at = Instant()
    asked_by = BigIntegerField()
    approved_at = Instant(null=True)
    approved_by = BigIntegerField(null=True)
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)

    class Meta:
        table_name = "trust_proposal"
        immutable = ("id", "kind", "person_id", "body", "reason", "base", "asked_at", "asked_by")
        constraints = (
            Check("(kind = 'set') = (person_id IS NULL)"),
            Check("approved_by <> asked_by"),
            Check("(approved_at IS NULL) = (approved_by IS NULL)"),
            Check("(ended_at IS NULL) = (ended_by IS NULL)"),
            Check("approved_at IS NULL OR ended_at IS NULL"),
        )


TrustProposal.add_index(
    TrustProposal.person, TrustProposal.id, where=SQL("approved_at IS NULL AND ended_at IS NULL"), name="trust_proposal_waiting"
)
