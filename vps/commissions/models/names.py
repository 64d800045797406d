"""Whose names a partner may read on his lines: those of his own downline, as deep as the company lets him see."""

from collections.abc import Collection
from typing import NamedTuple

from vps.kernel.database import rows


class Named(NamedTuple):
    """A partner of whom something was bought."""

    number: str
    name: str


def names_of(people: Collection[int]) -> dict[int, Named]:
    """Numbers and names of partners, in one question."""
    found = rows(f"SELECT id, number, name FROM person WHERE id IN ({_marks(people)})", *people) if people else []
    return {key: Named(number, name) for key, number, name in found}


def below(person: int, people: Collection[int], depth: int) -> set[int]:
    """Who of these stands below somebody, at most so many levels down, by today's sponsors; in one question."""
    if not people or not depth:
        return set()
    return {key for (key,) in rows(BELOW.format(_marks(people)), *people, depth, person)}


def _marks(people: Collection[int]) -> str:
    return ", ".join("?" * len(people))


BELOW = (
    "WITH RECURSIVE up(start, id, level) AS (SELECT p.id, p.sponsor_id, 1 FROM person p WHERE p.id IN ({})"
    " UNION ALL SELECT up.start, p.sponsor_id, up.level + 1 FROM up JOIN person p ON p.id = up.id WHERE up.level < ?)"
    " SELECT DISTINCT start FROM up WHERE id = ?"
)
