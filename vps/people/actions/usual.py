"""Whether the browser of a session is one its person normally uses. For the rule about payments, which asks it for who is pinned.

Source: seed: "The system will refuse a transaction in case you use an Internet Explorer normally but now a Firefox is in place."
"""

from datetime import datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import action, one, rows
from vps.kernel.refusals import N_, Phrase, Refused
from vps.people.actions.notices import note
from vps.people.models import YOUNG, called


class KnownBrowser(NamedTuple):
    """The browser of a session. A session older than the rows of browsers has none (0), and counts as one that began with it."""

    id: int
    family: str
    first_at: datetime
    ended: bool
    accepted: bool = False
    """The office said that it is his."""


class StrangeBrowser(Refused):
    """Facts: usual, now (what people call the browsers)."""

    says = N_("You normally use %(usual)s, but this is %(now)s. For your safety payments are not accepted from it yet.")
    status = 403


class NewBrowser(Refused):
    """Facts: until."""

    says = N_("This browser is new. Payments from it are possible from %(until)s on, or at once with a way that shows amount and payee.")
    status = 403


def browser_of(session: int) -> KnownBrowser | None:
    """The browser that a session was opened with, or None when there is no such session."""
    row = one(OF, session)
    return KnownBrowser(row[0], row[1], instant(row[2]), row[3] is not None, row[4] is not None) if row else None


def usual_families(person: int, at: datetime, *, but: int = 0) -> set[str]:
    """The families of the browsers that a person normally uses: those that are no longer new, without the one `but`.

    One that ended less than a day ago is among them. Otherwise a stranger would remove them all, or push them out by signing in
    five times, and be the only browser there is.
    """
    return {family for (family,) in rows(USUAL, person, *_day_before(at), but)}


def must_be_usual_browser(session: int, *, pinned: bool, at: datetime) -> None:
    """Raise StrangeBrowser or NewBrowser when a pinned person's browser is less than a day old and he normally uses others.

    The first when none of the others is of its family. Who never had another one may pay at once.
    """
    here = browser_of(session) if pinned else None
    if here is None or here.accepted or here.first_at <= at - YOUNG:
        return
    usual = [family for (family,) in rows(USUAL, _owner(session), *_day_before(at), here.id)]
    if here.family in usual:
        raise NewBrowser(until=here.first_at + YOUNG)
    if usual:
        raise StrangeBrowser(usual=_said(usual[0]), now=_said(here.family))


@action
def accept_browsers(person: int, *, actor: Actor, at: datetime) -> None:
    """The office knows who is on the line: his new browsers may pay like the ones he is known by."""
    for _, family in rows(ACCEPT, micros(at), person, micros(at - YOUNG)):
        note(actor, "browser accepted", person, at=at, after=family)


def _said(family: str) -> str:
    return called(family) or Phrase(N_("another browser"))


def _owner(session: int) -> int:
    return int(one("SELECT person_id FROM session WHERE id = ?", session)[0])


def _day_before(at: datetime) -> tuple[int, int]:
    return (micros(at - YOUNG),) * 2


OF = (
    "SELECT coalesce(b.id, 0), coalesce(b.family, s.browser), coalesce(b.first_at, s.started_at), b.ended_at, b.accepted_at"
    " FROM session s LEFT JOIN browser b ON b.id = s.browser_id WHERE s.id = ?"
)
ACCEPT = "UPDATE browser SET accepted_at = ? WHERE person_id = ? AND accepted_at IS NULL AND ended_at IS NULL AND first_at > ? RETURNING id, family"
# The one used last is the one to name.
USUAL = (
    "SELECT family FROM browser WHERE person_id = ? AND first_at <= ? AND (ended_at IS NULL OR ended_at > ?) AND id <> ?"
    " ORDER BY seen_at DESC, id DESC"
)
