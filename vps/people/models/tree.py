"""The tree of sponsors: who brought whom, and who was given to another sponsor, from which day on and why.

Who brought somebody never changes. The sponsor on a day is what the move made last says of those in force on that day; without one,
whoever brought him.
"""

from array import array
from bisect import bisect_left
from datetime import date

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.database import one, rows
from vps.kernel.rows import Day, Instant, Row, columns, key_to, made_of
from vps.people.models import Person

AT_ONCE = 50_000
"""Rows of the whole tree that are read at once."""


def sponsor_sql(person: str, day: str) -> str:
    """The id of somebody's sponsor on a day, as an expression; both are columns."""
    return (
        "(SELECT said.sponsor_id FROM"
        f" (SELECT made.id, made.sponsor_id FROM sponsor_move made WHERE made.person_id = {person} AND made.since <= {day}"
        f" UNION ALL SELECT 0, who.sponsor_id FROM person who WHERE who.id = {person}) AS said ORDER BY said.id DESC LIMIT 1)"
    )


def _circle(sponsor: str, since: str) -> str:
    """Everybody above a sponsor, on that day and on each later one on which something in the tree changes."""
    return (
        f"WITH RECURSIVE up(day, person) AS (SELECT days.day, {sponsor} FROM"
        f" (SELECT {since} AS day UNION SELECT since FROM sponsor_move WHERE since > {since}) AS days"
        f" UNION SELECT up.day, {sponsor_sql('up.person', 'up.day')} FROM up WHERE up.person IS NOT NULL)"
    )


_CLOSES_ONE = f"EXISTS ({_circle('NEW.sponsor_id', 'NEW.since')} SELECT 1 FROM up WHERE up.person = NEW.person_id)"
SQLITE = (
    f"CREATE TRIGGER sponsor_move_circle BEFORE INSERT ON sponsor_move WHEN {_CLOSES_ONE}"
    " BEGIN SELECT RAISE(ABORT, 'sponsor_move: going up leads in a circle'); END",
)
# One move at a time, or of two at once each would close the circle of which the other does not see its half.
POSTGRES = (
    "CREATE OR REPLACE FUNCTION vps_sponsor_circle() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN PERFORM pg_advisory_xact_lock(10030); IF {_CLOSES_ONE} THEN"
    " RAISE EXCEPTION USING MESSAGE = 'sponsor_move: going up leads in a circle', ERRCODE = 'integrity_constraint_violation';"
    " END IF; RETURN NEW; END $$",
    "CREATE TRIGGER sponsor_move_circle BEFORE INSERT ON sponsor_move FOR EACH ROW EXECUTE FUNCTION vps_sponsor_circle()",
)


class SponsorMove(Row):
    """From this day on somebody has this sponsor, or none: he stands at the top. What is written later counts before what is there."""

    person = key_to(Person)
    person_id: int
    sponsor = key_to(Person, null=True)
    sponsor_id: int | None
    since = Day(constraints=[Check("length(since) = 10")])
    reason = TextField(constraints=[Check("reason <> ''")])
    made_at = Instant()
    made_by = BigIntegerField(null=True)

    class Meta:
        table_name = "sponsor_move"
        immutable = True
        constraints = (Check("sponsor_id <> person_id"),)
        triggers = (SQLITE, POSTGRES)


SponsorMove.add_index(SponsorMove.person, SponsorMove.id, name="sponsor_move_person")
SponsorMove.add_index(SponsorMove.sponsor, SponsorMove.person, where=SQL("sponsor_id IS NOT NULL"), name="sponsor_move_sponsor")
SponsorMove.add_index(SponsorMove.since, name="sponsor_move_since")


def tree_on(day: date) -> tuple["array[int]", "array[int]"]:
    """All partners' ids in ascending order, and for each the place of his sponsor on that day in the same list (-1: none).

    Read in pieces: to be called within an action or `reading()`, so that all of them are of one moment.
    """
    ids, sponsors = array("q"), array("q")
    while found := rows(PARTNERS, ids[-1] if ids else 0, AT_ONCE):
        keys, above = zip(*found, strict=True)
        ids.extend(keys)
        sponsors.extend(above)
    for person, sponsor in rows(MOVES, day.isoformat()):
        at = bisect_left(ids, person)
        if at < len(ids) and ids[at] == person:
            sponsors[at] = sponsor
    return ids, _places(ids, sponsors)


def given_until(day: date) -> dict[int, tuple[str, date]]:
    """Whom somebody gave to another sponsor up to a day: by his id the number of the sponsor he has now (empty: none), and since when."""
    return {person: (sponsor, date.fromisoformat(since)) for person, sponsor, since in rows(GIVEN, day.isoformat())}


def sponsor_of(person: int, day: date) -> Person | None:
    """Somebody's sponsor on a day."""
    found = one(ABOVE, day.isoformat(), person, 1)
    return made_of(Person, found) if found else None


def level_between(above: int, below: int, day: date, most: int) -> int | None:
    """How many levels below `above` somebody stands on a day: 0 is himself; None: not there, or deeper than `most`."""
    found = one(f"{UP} SELECT level FROM up WHERE id = ?", day.isoformat(), below, most, above)
    return int(found[0]) if found else None


def is_in_downline(of: int, person: int, depth: int, day: date) -> bool:
    """Whether `person` stands below `of` on a day, at most `depth` levels down."""
    return bool(level_between(of, person, day, depth))


def circle(person: int, sponsor: int, since: date) -> list[str]:
    """The numbers from a sponsor up to the person himself, if giving him to that sponsor would close a circle; else nothing."""
    on = since.isoformat()
    found = one(CLOSES, sponsor, on, on, person)
    return [str(number) for (number,) in rows(CHAIN, found[0], sponsor, person)] if found else []


def _places(ids: "array[int]", sponsors: "array[int]") -> "array[int]":
    if not ids or ids[-1] > 8 * len(ids) + 1_000_000:  # ids far apart: a list of all of them would be empty for the most part
        found = (bisect_left(ids, sponsor) for sponsor in sponsors)
        return array("q", (at if at < len(ids) and ids[at] == sponsor else -1 for at, sponsor in zip(found, sponsors, strict=True)))
    place = array("q", [-1]) * (ids[-1] + 1)
    for at, key in enumerate(ids):
        place[key] = at
    return array("q", map(place.__getitem__, sponsors))


PARTNERS = "SELECT id, coalesce(sponsor_id, 0) FROM person WHERE number IS NOT NULL AND id > ? ORDER BY id LIMIT ?"
MOVES = "SELECT person_id, coalesce(sponsor_id, 0) FROM sponsor_move WHERE since <= ? ORDER BY id"
GIVEN = (
    "SELECT m.person_id, coalesce(s.number, ''), m.since FROM sponsor_move m LEFT JOIN person s ON s.id = m.sponsor_id"
    " WHERE m.since <= ? ORDER BY m.id"
)
UP = (
    "WITH RECURSIVE up(level, id, day) AS (SELECT 0, p.id, CAST(? AS text) FROM person p WHERE p.id = ?"
    f" UNION ALL SELECT up.level + 1, {sponsor_sql('up.id', 'up.day')}, up.day FROM up WHERE up.id IS NOT NULL AND up.level < ?)"
)
"""Somebody and those above him on a day, as many levels as asked for."""
ABOVE = f"{UP} SELECT {columns(Person, 'p')} FROM up JOIN person p ON p.id = up.id WHERE up.level = 1"
CLOSES = f"{_circle('CAST(? AS bigint)', 'CAST(? AS text)')} SELECT min(up.day) FROM up WHERE up.person = ? HAVING min(up.day) IS NOT NULL"
CHAIN = (
    "WITH RECURSIVE up(level, id, day) AS (SELECT 0, p.id, CAST(? AS text) FROM person p WHERE p.id = ?"
    f" UNION ALL SELECT up.level + 1, {sponsor_sql('up.id', 'up.day')}, up.day FROM up WHERE up.id IS NOT NULL AND up.id <> ?)"
    " SELECT p.number FROM up JOIN person p ON p.id = up.id ORDER BY up.level"
)
