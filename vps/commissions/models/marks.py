"""Commission stops and holds, as pages show them."""

from datetime import datetime
from typing import NamedTuple

from peewee import SQL

from vps.commissions.models.rows import Mark
from vps.kernel.clock import instant
from vps.kernel.database import one, rows

STOP, HOLD = "stop", "hold"
KINDS = (STOP, HOLD)
PAGE = 50
"""Marks of a page of those in force."""


class Marked(NamedTuple):
    """A mark with the names of who set and who ended it; `ended_at` is None while it is in force."""

    kind: str
    since: datetime
    by: str
    reason: str
    ended_at: datetime | None
    ended_by: str
    ended_why: str


class InForce(NamedTuple):
    """A mark in force, with the partner it is about."""

    id: int
    number: str
    name: str
    kind: str
    since: datetime
    reason: str


def is_marked(person: int, kind: str) -> bool:
    """Whether somebody has such a mark now."""
    return bool(one("SELECT 1 FROM commission_mark WHERE person_id = ? AND kind = ? AND ended_at IS NULL", person, kind))


def marks_of(person: int, limit: int = 50) -> list[Marked]:
    """A partner's marks, the newest first."""
    return [
        Marked(kind, instant(since), by, reason, None if ended is None else instant(ended), ended_by, why)
        for kind, since, by, reason, ended, ended_by, why in rows(OF, person, limit)
    ]


def marks_in_force(before: int | None = None) -> list[InForce]:
    """A page of all marks in force, the newest first, and one more if it is not the last page."""
    found = rows(LIVE, before or 2**62, PAGE + 1)
    return [InForce(key, number, name, kind, instant(since), reason) for key, number, name, kind, since, reason in found]


Mark.add_index(Mark.id, where=SQL("ended_at IS NULL"), name="commission_mark_live")
Mark.add_index(Mark.person, Mark.id, name="commission_mark_person")
OF = (
    "SELECT m.kind, m.since, coalesce(s.name, ''), m.reason, m.ended_at, coalesce(e.name, ''), m.ended_why FROM commission_mark m"
    ' LEFT JOIN person s ON s.id = m."by" LEFT JOIN person e ON e.id = m.ended_by WHERE m.person_id = ? ORDER BY m.id DESC LIMIT ?'
)
LIVE = (
    "SELECT m.id, p.number, p.name, m.kind, m.since, m.reason FROM commission_mark m JOIN person p ON p.id = m.person_id"
    " WHERE m.ended_at IS NULL AND m.id < ? ORDER BY m.id DESC LIMIT ?"
)
