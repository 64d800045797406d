"""The trail: who did what to what, from where, and what it was before."""

from datetime import datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import rows, run


class Happened(NamedTuple):
    """A line of the trail. `actor` is a person's id, or None for the house."""

    id: int
    verb: str
    actor: int | None
    before: str
    after: str
    address: str
    at: datetime


def record(actor: Actor, verb: str, subject: str, *, at: datetime, before: str = "", after: str = "") -> None:
    """Write one line of the trail, inside the transaction of what it tells about. Never a code, a password or a whole IBAN."""
    run(INSERT, actor.person, subject, verb, before, after, actor.address, micros(at))


def history(subject: str, *, before: int | None = None, most: int) -> list[Happened]:
    """The newest lines about a subject, or those older than the line `before`."""
    found = rows(HISTORY, subject, before or 2**62, most)
    return [Happened(key, verb, actor, was, now, address, instant(at)) for key, verb, actor, was, now, address, at in found]


INSERT = "INSERT INTO event (actor, subject, verb, before, after, address, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
HISTORY = "SELECT id, verb, actor, before, after, address, at FROM event WHERE subject = ? AND id < ? ORDER BY id DESC LIMIT ?"
