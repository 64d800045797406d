"""The trail: who did what to what, from where, and what it was before."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows, run
from vps.ledger.models.rows import EVERYDAY

STRETCH = 10_000
"""Lines that one page looks through at most when no index answers all that is asked for."""
WAITED = timedelta(hours=2)
"""How far a line's instant may lie from those of its neighbours: an action is given its instant before it waits for its turn."""


class Happened(NamedTuple):
    """A line of the trail. `actor` is a person's id, or None for the house."""

    id: int
    verb: str
    actor: int | None
    before: str
    after: str
    address: str
    at: datetime
    subject: str


class Sought(NamedTuple):
    """Which lines are looked for; what is empty does not matter. `since` counts, `until` does not any more."""

    actor: int | None = None
    subject: str = ""
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None


def record(actor: Actor, verb: str, subject: str, *, at: datetime, before: str = "", after: str = "") -> None:
    """Write one line of the trail, inside the transaction of what it tells about. Never a code, a password or a whole IBAN."""
    run(INSERT, actor.person, subject, verb, before, after, actor.address, micros(at))


def history(subject: str, *, before: int | None = None, most: int) -> list[Happened]:
    """The newest lines about a subject, or those older than the line `before`."""
    return _read(rows(f"{COLUMNS} FROM event WHERE subject = ? AND id < ? {NEWEST}", subject, before or LAST, most))


def search_trail(sought: Sought, *, before: int | None = None, most: int) -> tuple[list[Happened], int | None]:
    """The newest lines that were looked for, older than the line `before`; and the line to go on before, None when there is no more.

    One index leads: the one of the subject, the actor or the verb, in this order. What else is asked for is compared within the
    next `STRETCH` lines of it, so a page costs the same at any size; it may hold few lines, or none, and still not be the last.
    """
    low, high = _ids(sought)
    leading, led, further, compared = _conditions(sought)
    values = (*led, min(before or LAST, high), low)
    lines = f"event WHERE {leading}id < ? AND id >= ? {NEWEST}"
    if not further:
        found = _read(rows(f"{COLUMNS} FROM {lines}", *values, most + 1))
        return found[:most], found[most - 1].id if len(found) > most else None
    stretch = f"SELECT * FROM {lines}"
    found = _read(
        rows(f"{COLUMNS} FROM ({stretch}) AS stretch WHERE {' AND '.join(further)} {NEWEST}", *values, STRETCH, *compared, most + 1)
    )
    if len(found) > most:
        return found[:most], found[most - 1].id
    count, oldest = one(f"SELECT count(*), min(id) FROM (SELECT id FROM {lines}) AS stretch", *values, STRETCH)
    return found, oldest if count == STRETCH else None


def looked_lately(actor: int, subject: str, verb: str, after: str, *, since: datetime) -> bool:
    """Whether one of the newest lines about a subject says this already."""
    return one(LATELY, subject, actor, verb, after, micros(since)) is not None


def _conditions(sought: Sought) -> tuple[str, list[object], list[str], list[object]]:
    """What one index answers, and what is compared line by line; each with its values."""
    asked: list[tuple[str, object]] = []
    if sought.subject:
        asked.append(("subject = ?", sought.subject))
    if sought.actor is not None:
        asked.append(("actor = ?", sought.actor))
    if sought.verb:
        asked.append(("verb = ?" if sought.verb == EVERYDAY else f"verb = ? AND {INDEXED}", sought.verb))
    # No index has the verb of every payment: its lines are so many that going back from the newest finds them.
    indexed = asked[:1] if asked and asked[0] != ("verb = ?", EVERYDAY) else []
    further = asked[len(indexed) :]
    if sought.since is not None:
        further.append(("at >= ?", micros(sought.since)))
    if sought.until is not None:
        further.append(("at < ?", micros(sought.until)))
    return (
        "".join(f"{condition} AND " for condition, _ in indexed),
        [value for _, value in indexed],
        [condition for condition, _ in further],
        [value for _, value in further],
    )


def _ids(sought: Sought) -> tuple[int, int]:
    # Ids run with time but for what waited, so the place of an instant is found by halving; `at` needs no index of its own.
    low = one(PLACE, micros(sought.since - WAITED))[0] if sought.since else 0
    high = one(PLACE, micros(sought.until + WAITED))[0] if sought.until else LAST
    return int(low), int(high)


def _read(found: list[tuple[int, str, int | None, str, str, str, int, str]]) -> list[Happened]:
    return [
        Happened(key, verb, actor, was, now, address, instant(at), subject) for key, verb, actor, was, now, address, at, subject in found
    ]


LAST = 2**62
INDEXED = f"verb <> '{EVERYDAY}'"
INSERT = "INSERT INTO event (actor, subject, verb, before, after, address, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
COLUMNS = "SELECT id, verb, actor, before, after, address, at, subject"
NEWEST = "ORDER BY id DESC LIMIT ?"
LATELY = (
    "SELECT 1 FROM (SELECT actor, verb, after, at FROM event WHERE subject = ? ORDER BY id DESC LIMIT 50) AS newest"
    " WHERE actor = ? AND verb = ? AND after = ? AND at > ? LIMIT 1"
)
# The smallest id from which on the lines are of this instant or later; one more than the last id when there is none.
PLACE = (
    "WITH RECURSIVE halves (instant, low, high) AS (SELECT CAST(? AS bigint), CAST(1 AS bigint), (SELECT coalesce(max(id), 0) + 1 FROM event)"
    " UNION ALL SELECT instant,"
    " CASE WHEN (SELECT at FROM event WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) < instant THEN (low + high) / 2 + 1 ELSE low END,"
    " CASE WHEN (SELECT at FROM event WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) < instant THEN high ELSE (low + high) / 2 END"
    " FROM halves WHERE low < high) SELECT low FROM halves WHERE low >= high"
)
