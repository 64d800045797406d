"""Who shares what with whom: address of mail, phone, browser, or the line of sponsors with somebody of the staff. For who manages alone."""

from datetime import date
from typing import NamedTuple

from vps.kernel.database import rows
from vps.people.models.tree import sponsor_sql

MOST = 10
"""Others of a kind that are looked at: a family is found, and a flood costs no more than that."""


class Alike(NamedTuple):
    """Somebody who shares `what` (email, phone, browser, sponsor) with the person asked about; `staff`: one of the two has rights."""

    what: str
    other: int
    staff: bool


def alike(person: int, day: date) -> list[Alike]:
    """Partners and staff who share something with this person; sponsors, as they are on that day, only where one of the two is of the staff.

    Two people are known to use one browser when one of them signed in with the other's newest cookie still in it; a browser that was
    emptied in between shows nothing. Numbers for codes by SMS are encrypted each for its owner and are not compared.
    """
    on = day.isoformat()
    asked = rows(ALIKE, *(person,) * 5, on, person, on, person)
    found = [Alike(what, other, bool(staff)) for what, other, staff, partner in asked if staff or partner]
    return [each for each in found if each.staff or each.what != "sponsor"]


# Each arm goes through an index and ends early.
ARMS = (
    "SELECT 'email' AS what, o.id AS other FROM person p JOIN person o ON o.email = p.email"
    " WHERE p.id = ? AND p.email <> '' AND o.id <> p.id",
    "SELECT 'phone', o.id FROM person p JOIN person o ON o.phone = p.phone AND o.phone <> '' WHERE p.id = ? AND o.id <> p.id",
    "SELECT 'browser', b.also FROM browser b WHERE b.person_id = ? AND b.also IS NOT NULL",
    "SELECT 'browser', b.person_id FROM browser b WHERE b.also = ?",
    f"SELECT 'sponsor', s.id FROM (SELECT {sponsor_sql('p.id', '?')} AS id FROM person p WHERE p.id = ?) AS s WHERE s.id IS NOT NULL",  # noqa: S608
    "SELECT 'sponsor', r.person_id FROM person_right r"  # noqa: S608 - expressions of our own
    f" WHERE r.granted = 'read' AND r.withdrawn_at IS NULL AND {sponsor_sql('r.person_id', '?')} = ?",
)
RIGHTS = "EXISTS (SELECT 1 FROM person_right r WHERE r.person_id = {} AND r.withdrawn_at IS NULL)"
ALIKE = (
    f"SELECT DISTINCT what, other, {RIGHTS.format('other')} OR {RIGHTS.format('?')}, person.number IS NOT NULL FROM ("  # noqa: S608
    + " UNION ALL ".join(f"SELECT * FROM ({arm} LIMIT {MOST}) AS arm{n}" for n, arm in enumerate(ARMS))  # noqa: S608
    + ") AS found JOIN person ON person.id = other ORDER BY what, other"
)
