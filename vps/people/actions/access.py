"""Where a person is signed in, and ending that from afar.

Source: SECURITY, throttle and lock-out: sessions are listed and can be ended.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import action, rows
from vps.people.actions.notices import note
from vps.people.models import Person, called


class SignedInAt(NamedTuple):
    """A session that counts. `browser` is a family ("Firefox") or empty."""

    id: int
    browser: str
    address: str
    started_at: datetime
    seen_at: datetime


def where_signed_in(person: Person, *, at: datetime) -> list[SignedInAt]:
    """The person's sessions that have neither ended nor been idle or open for too long, the latest used first."""
    settings = company()
    idle = settings.staff_idle if person.rights() else settings.partner_idle
    since = micros(at - timedelta(minutes=idle)), micros(at - timedelta(hours=settings.session_hours))
    return [
        SignedInAt(key, called(browser), address, instant(started), instant(seen))
        for key, browser, address, started, seen in rows(OPEN, person.id, *since)
    ]


@action
def end_sessions(person: int, *, keep: int, only: int | None = None, actor: Actor, at: datetime) -> int:
    """Sign a person out everywhere but in the session to `keep`, or in one other session only. Answers how many ended."""
    ended = rows(END, micros(at), person, keep, only, only)
    for _, browser in ended:
        note(actor, "session ended", person, at=at, after=browser)
    return len(ended)


OPEN = (
    "SELECT id, browser, address, started_at, seen_at FROM session"
    " WHERE person_id = ? AND ended_at IS NULL AND confirmed_at IS NOT NULL AND seen_at > ? AND started_at > ? ORDER BY seen_at DESC, id DESC"
)
END = (
    "UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL AND id <> ?"
    " AND (CAST(? AS BIGINT) IS NULL OR id = ?) RETURNING id, browser"
)
