"""Whose names a partner may read on his lines: those of his own downline, as deep as the company lets him see."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from vps.kernel.database import rows
from vps.people.models.tree import sponsor_sql


class Named(NamedTuple):
    """A partner of whom something was bought."""

    number: str
    name: str


def names_of(people: Collection[int]) -> dict[int, Named]:
    """Numbers and names of partners, in one question."""
    found = rows(f"SELECT id, number, name FROM person WHERE id IN ({_marks(people)})", *people) if people else []
    return {key: Named(number, name) for key, number, name in found}


def below(person: int, people: Collection[int], depth: int, day: date) -> set[int]:
    """Who of these stands below somebody, at most so many levels down, by the sponsors of a day; in one question."""
    if not people or not depth:
        return set()
    return {key for (key,) in rows(BELOW.format(_marks(people)), day.isoformat(), *people, depth, person)}


def _marks(people: Collection[int]) -> str:
    return ", ".join("?" * len(people))


BELOW = (
    "WITH RECURSIVE today(day) AS (SELECT CAST(? AS text)), up(start, id, level) AS ("
    f"SELECT p.id, {sponsor_sql('p.id', 'today.day')}, 1 FROM person p CROSS JOIN today WHERE p.id IN ({{}})"
    f" UNION ALL SELECT up.start, {sponsor_sql('up.id', 'today.day')}, up.level + 1 FROM up CROSS JOIN today WHERE up.level < ?)"
    " SELECT DISTINCT start FROM up WHERE id = ?"
)
