"""Giving a partner to another sponsor, from a day on. Who brought him stays as it was, and so do the commissions that were calculated."""

from datetime import date, datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, is_postgres, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.people.actions.notices import note
from vps.people.actions.register import NoSuchSponsor
from vps.people.models import Person
from vps.people.models.team import count_below
from vps.people.models.tree import circle, sponsor_of
from vps.post.actions import post

EVER = date(9999, 12, 31)
"""The day on which every move that was made is in force."""


class HisOwnSponsor(Refused):
    says = N_("Nobody can be his own sponsor.")
    field = "sponsor"


class SponsorBelow(Refused):
    """Facts: circle."""

    says = N_("The new sponsor stands below this partner, so going up would lead in a circle: %(circle)s")
    field = "sponsor"


class SponsorAlready(Refused):
    says = N_("This is the sponsor on that day already.")
    field = "sponsor"


class ClosedSponsor(Refused):
    """Facts: number."""

    says = N_("The account of the partner with the number %(number)s is closed, so nobody can be given to this sponsor.")
    field = "sponsor"


class NotBackThen(Refused):
    says = N_("Please choose today or a later day: commissions were calculated with the tree as it was.")
    field = "since"


class NoReasonForMove(Refused):
    says = N_("Please say why the sponsor changes.")
    field = "reason"


class Planned(NamedTuple):
    """What a move would do: from which sponsor to which (None: the top), and how many come along, and whether there are more."""

    before: Person | None
    after: Person | None
    along: int
    more: bool


def plan_move(person: Person, *, sponsor: str, since: date, reason: str, at: datetime) -> Planned:
    """What `move_partner` would do with the same; raises what it raises."""
    after = _checked(person, sponsor, since, reason, at)
    return Planned(sponsor_of(person.id, since), after, *count_below(person.id, since))


@action
def move_partner(person: Person, *, sponsor: str, since: date, reason: str, actor: Actor, at: datetime) -> int:
    """Give a partner, and all who stand below him, to the sponsor with this number from a day on; without a number, to nobody.

    Moves of his that were to begin later are off. Raises NoSuchSponsor, ClosedSponsor, HisOwnSponsor, SponsorBelow, SponsorAlready,
    NotBackThen, NoReasonForMove.
    """
    one_move_at_a_time()
    why = clean_text(reason, most=500)
    last = one(LAST, person.id)
    if last and last[1:] == (sponsor, since.isoformat(), why, actor.person):
        return int(last[0])  # sent twice, or tried again
    after = _checked(person, sponsor, since, reason, at)
    return write_move(person.id, sponsor_of(person.id, since), after, since=since, reason=why, actor=actor, at=at)


def write_move(person: int, before: Person | None, after: Person | None, *, since: date, reason: str, actor: Actor, at: datetime) -> int:
    """Write a checked move down, and tell the partner of it."""
    move = insert(MOVE, person, after and after.id, since.isoformat(), reason, micros(at), actor.person)
    note(actor, "sponsor moved", person, at=at, before=called(before), after=f"{called(after)} · {since.isoformat()}")
    name, language, mail = one("SELECT name, language, email FROM person WHERE id = ?", person)
    if mail and actor.person is not None:  # what a file brought is not mailed to thousands
        facts = {"name": name, "day": since.isoformat(), "sponsor": after.name if after else "", "number": after.number if after else ""}
        post("sponsor", key=f"sponsor:{move}", address=mail, language=language, facts=facts, at=at)
    return move


def one_move_at_a_time() -> None:
    """Let moves go one after another, so that what is checked here is still so when it is written; SQLite has one writer anyway."""
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10030)")


def must_fit(person: Person, after: Person | None, since: date) -> None:
    """Raise HisOwnSponsor, ClosedSponsor or SponsorBelow."""
    if after is None:
        return
    if after.id == person.id:
        raise HisOwnSponsor
    if after.closed_at:
        raise ClosedSponsor(number=after.number)
    around = circle(person.id, after.id, since)
    if around:
        raise SponsorBelow(circle=" → ".join([str(person.number), *around]))


def stands_so(person: int, after: Person | None, since: date) -> bool:
    """Whether this is his sponsor on that day already, and stays it."""
    wanted = after and after.id
    return all((found and found.id) == wanted for found in (sponsor_of(person, since), sponsor_of(person, EVER)))


def today(at: datetime) -> date:
    """The company's day: from it on partners stand in their places."""
    return day_in(at, company().zone)


def called(person: Person | None) -> str:
    """A sponsor as the trail keeps him."""
    return f"{person.number} {person.name}" if person else "–"


def _checked(person: Person, sponsor: str, since: date, reason: str, at: datetime) -> Person | None:
    after = Person.by_number(sponsor) if sponsor else None
    if sponsor and after is None:
        raise NoSuchSponsor(number=sponsor[:20])
    if since < today(at):
        raise NotBackThen
    must_fit(person, after, since)
    if stands_so(person.id, after, since):
        raise SponsorAlready
    if not clean_text(reason, most=500):
        raise NoReasonForMove
    return after


MOVE = "INSERT INTO sponsor_move (person_id, sponsor_id, since, reason, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?)"
LAST = (
    "SELECT m.id, coalesce(s.number, ''), m.since, m.reason, m.made_by FROM sponsor_move m LEFT JOIN person s ON s.id = m.sponsor_id"
    " WHERE m.person_id = ? ORDER BY m.id DESC LIMIT 1"
)
