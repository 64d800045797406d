"""The trail: who did what to what, from where, and what it was before."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import run


def record(actor: Actor, verb: str, subject: str, *, at: datetime, before: str = "", after: str = "") -> None:
    """Write one line of the trail, inside the transaction of what it tells about. Never a code, a password or a whole IBAN."""
    run(INSERT, actor.person, subject, verb, before, after, actor.address, micros(at))


INSERT = "INSERT INTO event (actor, subject, verb, before, after, address, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
