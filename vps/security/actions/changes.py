"""Changes of one's own security. A weaker one is authorised by a bound way or the office, rests, and is announced.

Source: SECURITY, rules R1 to R3.
"""

from datetime import datetime, timedelta

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.security.actions.confirm import ByTan
from vps.security.actions.permits import permit
from vps.security.models import HIGH, LEVELS, choices, coming_level, level_of, ways_of


class NoSuchLevel(Refused):
    says = N_("Please choose one of the security levels.")
    field = "level"


class CannotReach(Refused):
    """Facts: level."""

    says = N_("For level %(level)s you need a passkey or codes by SMS. Set one up first, or you could not pay any more.")
    field = "level"


class LowerNeedsMore(Refused):
    says = N_("A lower level must be confirmed with a passkey or a code by SMS, or set by the office.")
    field = "level"


@action
def permit_by_way(authorisation: ByTan, *, at: datetime) -> None:
    """The same, confirmed by the person himself with a bound way."""
    person = authorisation.changing("way")
    authorisation.use_up(subject="way", amount=None, at=at)
    permit(person, "way", actor=authorisation.actor, at=at)


@action
def raise_level(person: int, level: int, *, actor: Actor, at: datetime) -> None:
    """Choose a higher level: it counts at once, and needs nothing but that it can be met. Raises CannotReach, LowerNeedsMore."""
    _must_be_level(level)
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    if level < level_of(person, at):
        raise LowerNeedsMore
    if level >= HIGH and not choices(level, ways_of(person, at)):
        raise CannotReach(level=level)
    _choose(person, level, actor=actor, at=at, since=at)


@action
def lower_level(person: int, level: int, *, actor: Actor, at: datetime) -> None:
    """A lower level counts after a rest; the caller has proved a bound way or is the office."""
    _must_be_level(level)
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    rest = timedelta(hours=company().rest_hours) if level < level_of(person, at) else timedelta(0)
    _choose(person, level, actor=actor, at=at, since=at + rest)


@action
def lower_level_by_way(level: int, *, authorisation: ByTan, at: datetime) -> None:
    """The same, confirmed by the person himself with what his present level asks for."""
    person = authorisation.changing("level")
    authorisation.use_up(subject=str(level), amount=None, at=at)
    lower_level(person, level, actor=authorisation.actor, at=at)


@action
def practise(authorisation: ByTan, *, at: datetime) -> None:
    """A code that authorises nothing, so that the first real payment is not the first try."""
    person = authorisation.changing("practice")
    authorisation.use_up(subject="practice", amount=None, at=at)
    note(authorisation.actor, "practised", person, at=at, after=authorisation.snapshot.way)


def has_practised(person: int) -> bool:
    """Whether a practice code was ever given."""
    return one("SELECT 1 FROM event WHERE subject = ? AND verb = 'practised' LIMIT 1", f"person:{person}") is not None


def _must_be_level(level: int) -> None:
    if level not in LEVELS:
        raise NoSuchLevel


def _choose(person: int, level: int, *, actor: Actor, at: datetime, since: datetime) -> None:
    before, coming = level_of(person, at), coming_level(person, at)
    if level == before and not coming:
        return
    run(CHOOSE, person, level, micros(since), micros(at), actor.person)
    note(actor, "level raised" if level >= before else "level lowered", person, at=at, before=str(before), after=str(level))


CHOOSE = "INSERT INTO security_level (person_id, level, since, chosen_at, by) VALUES (?, ?, ?, ?, ?)"
