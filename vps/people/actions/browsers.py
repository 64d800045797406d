"""The browsers somebody is known by. Each has a cookie that changes at every sign-in, and a family that does not.

Source: SECURITY, IP list and browser pinning; seed: "The system will refuse a transaction in case you use an Internet
Explorer normally but now a Firefox is in place."
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import action, insert, locked, one, rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.text import clean_text
from vps.people.actions.notices import note
from vps.people.models import Person, called
from vps.people.models.holds import HELD

MOST = 5
"""Browsers that a person is known by at once."""
KNOWN_FOR = timedelta(days=395)
"""Thirteen months: how long a browser stays known without signing in."""
OVERTAKEN = timedelta(minutes=2)
"""How late a sign-in may arrive that was sent before another one: a button pressed twice on a bad line is no theft."""
LONGEST_NAME = 40


class Came(NamedTuple):
    """The browser that signs in: its row, and whether it was known."""

    id: int
    known: bool
    first: bool
    """Whether this person never signed in with any browser before."""


class MyBrowser(NamedTuple):
    """A known browser as its person sees it, by his own name for it or its family's (empty: neither)."""

    id: int
    called: str
    name: str
    first_at: datetime
    seen_at: datetime


def recognised(person: int, cookie: bytes, *, at: datetime) -> int | None:
    """The browser of this person whose cookie it is: the newest one, or the one before while that still counts."""
    found = one(FIND, cookie, person, _oldest(at), *(cookie,) * 3)
    return found[0] if found and not found[2] else None


def admit(person: int, cookie: bytes | None, *, fresh: bytes, family: str, actor: Actor, at: datetime) -> Came:
    """Inside an action, after the right password: which browser signs in. Its cookie is `fresh` from now on.

    A cookie that was replaced long ago was copied: its browser ends, and who shows it is a stranger like everybody else.
    """
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # who signs in twice at once does so one after the other
    found = one(FIND, cookie, person, _oldest(at), *(cookie,) * 3) if cookie else None
    if found:
        key, own, spent, seen = found
        if spent and micros(at) - seen > OVERTAKEN // timedelta(microseconds=1):
            _end_and_note(rows(END_ONE, micros(at), key, person, 0), "browser copied", person, actor=actor, at=at)
        elif own in ("", family) and one(ROTATE, cookie, fresh, cookie, family, micros(at), key, cookie, cookie):
            return Came(key, known=True, first=False)
    first = one("SELECT 1 FROM browser WHERE person_id = ?", person) is None
    key = insert(NEW, person, fresh, micros(at), family, micros(at), cookie, person)
    _end_and_note(rows(END_SURPLUS, micros(at), person, MOST), "browser replaced", person, actor=actor, at=at)
    return Came(key, known=False, first=first)


@action
def arrived(session: int, device: bytes) -> None:
    """The first request of a session shows that the browser's new cookie came with it: the one before is spent.

    Of several sign-ins at once the browser keeps what arrived last; the others' cookies are forgotten, but never held against it.
    """
    run(ARRIVED, device, session, device, device, device)
    run("UPDATE session SET device = NULL WHERE id = ?", session)


def browsers_of(person: Person, *, at: datetime) -> list[MyBrowser]:
    """The browsers a person is known by, the one that signed in last first."""
    return [
        MyBrowser(key, name or called(family), name, instant(first), instant(seen))
        for key, name, family, first, seen in rows(MINE, person.id, _oldest(at))
    ]


@action
def rename_browser(person: int, key: int, name: str, *, actor: Actor, at: datetime) -> None:
    """Call a browser of one's own by another name, or (by none) by its family's again. Raises NotFound, TooLong and the like."""
    new = clean_text(name, LONGEST_NAME)
    found = one(ONE, key, person)
    if not found:
        raise NotFound
    if new != found[0]:
        run("UPDATE browser SET name = ? WHERE id = ?", new, key)
        note(actor, "browser renamed", person, at=at, before=found[0] or found[1], after=new or found[1])


@action
def end_browser(person: int, key: int, *, keep: int, actor: Actor, at: datetime) -> bool:
    """Forget a browser and end its sessions, but never the one that the session `keep` was opened with. Answers whether there was one."""
    return _end_and_note(rows(END_ONE, micros(at), key, person, keep), "browser ended", person, actor=actor, at=at)


@action
def forget_browsers(*, at: datetime, ended: datetime) -> None:
    """Forget browsers that ended before `ended` or were not used for thirteen months.

    A person's last one stays, although it is not known any more: without it the next would be taken for the first, and not told of.
    """
    run(FORGET, micros(ended), _oldest(at))


def _end_and_note(browsers: list[tuple[int, str, str]], verb: str, person: int, *, actor: Actor, at: datetime) -> bool:
    for key, name, family in browsers:
        run("UPDATE session SET ended_at = ? WHERE browser_id = ? AND ended_at IS NULL", micros(at), key)
        note(actor, verb, person, at=at, after=name or family)
    return bool(browsers)


def _oldest(at: datetime) -> int:
    return micros(at - KNOWN_FOR)


FIND = (
    "SELECT id, family, spent = ?, seen_at FROM browser"
    " WHERE person_id = ? AND ended_at IS NULL AND seen_at > ? AND (token = ? OR previous = ? OR spent = ?)"
)
# The one shown is the one that still counts. Was it the newest, then the one before it is spent: nobody has that any more.
ROTATE = (
    "UPDATE browser SET spent = CASE WHEN token = ? THEN coalesce(previous, spent) ELSE spent END, token = ?, previous = ?, family = ?, seen_at = ?"
    " WHERE id = ? AND ended_at IS NULL AND (token = ? OR previous = ?) RETURNING id"
)
NEW = (
    "INSERT INTO browser (person_id, token, first_at, name, family, seen_at, also)"
    " VALUES (?, ?, ?, '', ?, ?, (SELECT person_id FROM browser WHERE token = ? AND person_id <> ?))"
)
END_ONE = (
    "UPDATE browser SET ended_at = ? WHERE id = ? AND person_id = ? AND ended_at IS NULL"
    " AND id <> coalesce((SELECT browser_id FROM session WHERE id = ?), 0) RETURNING id, name, family"
)
END_SURPLUS = (
    "UPDATE browser SET ended_at = ? WHERE id IN (SELECT id FROM browser WHERE person_id = ? AND ended_at IS NULL"
    " ORDER BY seen_at DESC, id DESC LIMIT 100 OFFSET ?) RETURNING id, name, family"
)
# Not if it was shown again since: that says more than a request that comes late.
ARRIVED = (
    "UPDATE browser SET token = ?, spent = coalesce(previous, spent), previous = NULL"
    " WHERE id = (SELECT browser_id FROM session WHERE id = ? AND device = ?) AND ended_at IS NULL"
    " AND (previous IS NULL OR previous <> ?) AND (spent IS NULL OR spent <> ?)"
)
MINE = (
    "SELECT id, name, family, first_at, seen_at FROM browser"
    " WHERE person_id = ? AND ended_at IS NULL AND seen_at > ? ORDER BY seen_at DESC, id DESC"
)
ONE = "SELECT name, family FROM browser WHERE id = ? AND person_id = ? AND ended_at IS NULL"
FORGET = (
    f"DELETE FROM browser WHERE (ended_at < ? OR seen_at < ?) AND person_id NOT IN ({HELD}) AND NOT EXISTS (SELECT 1 FROM session s WHERE s.browser_id = browser.id)"  # noqa: S608
    " AND EXISTS (SELECT 1 FROM browser later WHERE later.person_id = browser.person_id"
    " AND (later.seen_at > browser.seen_at OR later.seen_at = browser.seen_at AND later.id > browser.id))"
)
