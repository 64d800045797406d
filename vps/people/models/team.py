"""Pieces of the tree of sponsors, as pages show them: who stands above somebody, whom he brought, and what was moved."""

from datetime import date, datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.clock import day_in, instant
from vps.kernel.database import rows
from vps.kernel.text import short_name
from vps.people.models.tree import UP

PAGE = 25
"""Partners of a page of somebody's direct ones."""
COUNTED = 100
"""So many direct ones are counted; whoever has more is shown with a plus."""
LEVELS = 12
"""So far down a whole team is counted."""


class Placed(NamedTuple):
    """A partner as the tree shows him; `direct`: how many he has directly below him, up to `COUNTED`."""

    id: int
    number: str
    name: str
    joined: date
    closed: bool
    direct: int

    @property
    def short_name(self) -> str:
        """'Anna B.': as much as another partner may read."""
        return short_name(self.name)


class Moved(NamedTuple):
    """A move as the office reads it: the sponsor's number and name, both empty at the top, and who made it."""

    since: date
    number: str
    name: str
    reason: str
    made_at: datetime
    by: str


class Branch(NamedTuple):
    """Somebody with a page of those directly below him, and the key after which the next page begins; his level from where one looks."""

    top: Placed
    below: list[Placed]
    onward: int | None
    level: int


def branch(person: int, day: date, *, level: int = 0, after: int = 0) -> Branch:
    """Somebody and a page of those directly below him on a day."""
    on, below = day.isoformat(), direct(person, day, after=after)
    (top,) = _placed(rows(f"{SHOWN} WHERE p.id = ?", on, on, on, COUNTED, person))
    return Branch(top, below[:PAGE], below[PAGE - 1].id if len(below) > PAGE else None, level)


def upline(person: int, day: date, limit: int) -> list[Placed]:
    """Whoever stands above somebody on a day, his own sponsor first, at most so many levels up."""
    return _placed([(*row, 0) for row in rows(UPLINE, day.isoformat(), person, limit)])


def direct(person: int, day: date, *, after: int = 0) -> list[Placed]:
    """A page of those directly below somebody on a day, in the order of joining, and one more if it is not the last page."""
    on, most = day.isoformat(), PAGE + 1
    asked = (person, on, after, most, person, on, on, after, most, most)
    return _placed(rows(DIRECT, on, on, on, COUNTED, *asked))


def count_below(person: int, day: date, most: int = 1000) -> tuple[int, bool]:
    """How many stand below somebody on a day, and whether there are more: neither beyond `most` nor below `LEVELS` is counted."""
    total, level, on = 0, [person], day.isoformat()
    for _ in range(LEVELS):
        marks = ", ".join("?" * len(level))
        level = [int(key) for (key,) in rows(BELOW.format(marks=marks), *level, on, *level, on, on, most + 1)]
        total += len(level)
        if not level or total > most:
            break
    return min(total, most), bool(level)


def moves_of(person: int, limit: int = 50) -> list[Moved]:
    """A partner's moves, the one made last first."""
    found = rows(MOVES_OF, person, limit)
    return [Moved(date.fromisoformat(since), number, name, why, instant(at), by) for since, number, name, why, at, by in found]


def _placed(found: list[tuple[int, str, str, int, bool, int]]) -> list[Placed]:
    zone = company().zone
    return [
        Placed(key, number, name, day_in(instant(joined), zone), bool(closed), count) for key, number, name, joined, closed, count in found
    ]


_BROUGHT = (
    "SELECT c.id FROM person c WHERE c.sponsor_id {of} AND c.number IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM sponsor_move n WHERE n.person_id = c.id AND n.since <= ?)"
)
_GIVEN = (
    "SELECT m.person_id AS id FROM sponsor_move m WHERE m.sponsor_id {of} AND m.since <= ?"
    " AND NOT EXISTS (SELECT 1 FROM sponsor_move n WHERE n.person_id = m.person_id AND n.since <= ? AND n.id > m.id)"
)
_COUNT = f"SELECT count(*) FROM ({_BROUGHT} UNION ALL {_GIVEN} LIMIT ?) AS below".replace("{of}", "= p.id")
_FACTS = "SELECT p.id, p.number, p.name, p.joined_at, p.closed_at IS NOT NULL"
SHOWN = f"{_FACTS}, ({_COUNT}) FROM person p"
# Each arm goes through an index and ends early.
DIRECT = (
    f"{SHOWN} WHERE p.id IN (SELECT id FROM ({_BROUGHT} AND c.id > ? ORDER BY c.id LIMIT ?) AS brought"
    f" UNION ALL SELECT id FROM ({_GIVEN} AND m.person_id > ? ORDER BY m.person_id LIMIT ?) AS given) ORDER BY p.id LIMIT ?"
).replace("{of}", "= ?")
BELOW = f"{_BROUGHT} UNION ALL {_GIVEN} LIMIT ?".replace("{of}", "IN ({marks})")
UPLINE = f"{UP} {_FACTS} FROM up JOIN person p ON p.id = up.id WHERE up.level > 0 ORDER BY up.level"
MOVES_OF = (
    "SELECT m.since, coalesce(s.number, ''), coalesce(s.name, ''), m.reason, m.made_at, coalesce(b.name, '') FROM sponsor_move m"
    " LEFT JOIN person s ON s.id = m.sponsor_id LEFT JOIN person b ON b.id = m.made_by WHERE m.person_id = ? ORDER BY m.id DESC LIMIT ?"
)
