"""What was noticed about money and people, and what the office made of it. Nothing here is for the partner's eyes.

Source: SECURITY, AML flags M1 to M12; seed issue, watchfulness.
"""

from typing import Any

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import Person

RULES = tuple(f"M{n}" for n in range(1, 13))
"""What is watched for, by the names SECURITY gives."""
OUTCOMES = ("harmless", "reported", "ended")
"""How a case ends: there was nothing in it, the authority was told, or we parted from the partner."""


def _one_of(column: str, words: tuple[str, ...]) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


class WatchCase(Row):
    """What is looked into about one person. Closing it takes two: one proposes it with a reason, another one agrees."""

    person = key_to(Person)
    person_id: int
    opened_at = Instant()
    opened_by = BigIntegerField(null=True)
    """Who of the staff opened it; None: a flag did."""
    closing_by = BigIntegerField(null=True)
    closing_at = Instant(null=True)
    closing_why = TextField(null=True, constraints=[Check("length(closing_why) > 0")])
    closed_by = BigIntegerField(null=True)
    closed_at = Instant(null=True)
    outcome = TextField(null=True, constraints=[_one_of("outcome", OUTCOMES)])

    class Meta:
        table_name = "watch_case"
        immutable = ("id", "person_id", "opened_at", "opened_by")
        constraints = (
            Check("closing_by <> closed_by"),
            Check("(closing_by IS NULL) = (closing_at IS NULL)"),
            Check("(closing_by IS NULL) = (closing_why IS NULL)"),
            Check("(closing_by IS NULL) = (outcome IS NULL)"),
            Check("(closed_by IS NULL) = (closed_at IS NULL)"),
            Check("closed_by IS NULL OR closing_by IS NOT NULL"),
        )


WatchCase.add_index(WatchCase.person, unique=True, where=SQL("closed_at IS NULL"), name="watch_case_of_person")
WatchCase.add_index(WatchCase.person, WatchCase.id, name="watch_case_person")
WatchCase.add_index(WatchCase.opened_at, WatchCase.id, where=SQL("closed_at IS NULL"), name="watch_case_open")
WatchCase.add_index(WatchCase.closed_at, WatchCase.id, where=SQL("closed_at IS NOT NULL"), name="watch_case_closed")


class Flag(Row):
    """One fact that a rule noticed, with its evidence. The same fact is noticed once: its key says which it is."""

    person = key_to(Person)
    rule = TextField(constraints=[_one_of("rule", RULES)])
    key = TextField(unique=True)
    booking = BigIntegerField(null=True)
    facts = TextField()
    """JSON of numbers, ids and amounts (`[minor, currency]`); of M10 also the name that stands in the bank's line."""
    at = Instant()
    case = key_to(WatchCase, null=True)
    """None only until the case is found or opened, within the same transaction."""

    class Meta:
        immutable = ("id", "person_id", "rule", "key", "booking", "facts", "at")
        constraints = (SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),)


Flag.add_index(Flag.case, Flag.id, name="flag_case")


class CaseNote(Row):
    """What somebody of the office wrote down about a case."""

    case = key_to(WatchCase)
    by = BigIntegerField()
    at = Instant()
    text = TextField(constraints=[Check("length(text) > 0")])

    class Meta:
        table_name = "case_note"
        immutable = True


CaseNote.add_index(CaseNote.case, CaseNote.id, name="case_note_case")
