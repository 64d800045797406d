"""The office gives somebody a level or an exception of his own. What lets him do more needs a second person; what lets him do less does not."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import day_in, micros, midnight
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.trust.actions.proposing import NotYourOwnLevel, ProposalGone, needs_second, propose, puts, reason_of
from vps.trust.actions.rising import level_changed, tell_level
from vps.trust.models import Rule, TrustException, TrustLevel, TrustProposal, all_rules, levels, trusted
from vps.trust.models.documents import MOST_TIMES
from vps.trust.models.levels import LIMITED, TIMED

LONGEST = timedelta(days=366)
"""For how long somebody can have an exception."""
AT_ONCE = 500
"""Persons in one question."""


class NoSuchLevel(Refused):
    """Facts: most."""

    says = N_("There is no such level. Write a number from 0 to %(most)s.")
    field = "level"


class SameLevel(Refused):
    says = N_("This partner has this level already.")
    field = "level"


class NotThisRule(Refused):
    says = N_("This cannot be limited in this way.")
    field = "window"


class NothingExcepted(Refused):
    says = N_("Please write an amount or how often.")
    field = "most"


class NotADayForIt(Refused):
    says = N_("Please choose a day after today, and at most a year ahead.")
    field = "until"


class ExceptionOver(Refused):
    says = N_("This exception has ended already.")


class Wish(NamedTuple):
    """An exception as it is asked for: `most` minor units of the company's currency, None: not limited; `until` is its last day."""

    kind: str
    window: str
    most: int | None
    times: int | None
    until: date


@action
def give_level(person: int, level: int, reason: str, *, actor: Actor, at: datetime) -> int | None:
    """Give somebody another level, at once when it is a lower one; answers the key of what waits for a colleague.

    Falling takes no money: what goes out is limited, and what lies over the highest balance is held.
    Raises NotYourOwnLevel, NoReasonForIt, NoSuchLevel, SameLevel.
    """
    why, had = reason_of(reason), _had(person, actor, at)
    if not 0 <= level < len(levels()):
        raise NoSuchLevel(most=len(levels()) - 1)
    if level == had:
        raise SameLevel
    if level > had and needs_second() and actor.person is not None:
        return propose("level", str(level), why, person=person, base=_newest(person), actor=actor, at=at)
    write_level(person, level, had, "office", why, actor=actor, at=at)
    return None


@action
def give_exception(person: int, wish: Wish, reason: str, *, actor: Actor, at: datetime) -> int | None:
    """Set one limit for one person, until a day; answers the key of what waits for a colleague.

    Raises NotYourOwnLevel, NoReasonForIt, NotThisRule, NothingExcepted, NotADayForIt.
    """
    why = reason_of(reason)
    _had(person, actor, at)
    _must_be_rule(wish, at)
    if needs_second() and actor.person is not None and _allows_more(person, wish, at):
        body = json.dumps([*wish[:4], wish.until.isoformat()])
        return propose("exception", body, why, person=person, base=_newest(person), actor=actor, at=at)
    _except(person, wish, why, actor=actor, at=at)
    return None


@action
def end_exception(key: int, person: int, *, actor: Actor, at: datetime) -> None:
    """What his level says counts again. Raises ExceptionOver, NotYourOwnLevel."""
    _had(person, actor, at)
    if not one(END, micros(at), actor.person, key, person, micros(at)):
        raise ExceptionOver
    note(actor, "trust exception ended", person, at=at, after=told(TrustException.get_by_id(key)))
    level_changed(person, at)


@action
def take_over_levels(given: Mapping[int, int], *, at: datetime) -> set[int]:
    """Levels from a file, by person; answers who has another one now. Read again, a file changes nothing."""
    known: dict[int, int] = {}
    wanted = sorted(given)
    for n in range(0, len(wanted), AT_ONCE):
        some = wanted[n : n + AT_ONCE]
        known |= dict(rows(NEWEST.format(", ".join("?" * len(some))), *some))
    differ = {person for person in wanted if known.get(person) != given[person]}
    for person in sorted(differ):
        write_level(person, given[person], known.get(person), "import", "", actor=HOUSE, at=at)
    return differ


def write_level(person: int, level: int, had: int | None, source: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Inside an action that locked the person: he has this level from now on; he is told by mail, and what he has too much is settled."""
    TrustLevel.create(person=person, level=level, since=at, source=source, reason=reason, by=actor.person)
    risen = had is None or level > had
    note(actor, "trust risen" if risen else "trust lowered", person, at=at, before="" if had is None else str(had), after=str(level))
    if company().trust_from:
        tell_level(person, levels()[level], risen=risen, given=True, at=at)
    level_changed(person, at)


def told(given: TrustException) -> str:
    """An exception in the words of the trail."""
    most = [] if given.most is None else [str(Money(given.most, company().currency))]
    times = [] if given.times is None else [f"{given.times}x"]
    return " ".join([*most, *times, given.kind, given.span])


@puts("level")
def _level_approved(proposal: TrustProposal, actor: Actor, at: datetime) -> None:
    person, level = _owner(proposal), int(proposal.body)
    had = _had(person, actor, at)
    if _newest(person) != proposal.base or level >= len(levels()) or level == had:
        raise ProposalGone
    write_level(person, level, had, "office", proposal.reason, actor=actor, at=at)


@puts("exception")
def _exception_approved(proposal: TrustProposal, actor: Actor, at: datetime) -> None:
    person = _owner(proposal)
    _had(person, actor, at)
    wish = wished(proposal.body)
    try:
        _must_be_rule(wish, at)
    except NotADayForIt as over:
        raise ProposalGone from over
    _except(person, wish, proposal.reason, actor=actor, at=at)


def wished(body: str) -> Wish:
    """The exception that a proposal is about."""
    kind, window, most, times, until = json.loads(body)
    return Wish(kind, window, most, times, date.fromisoformat(until))


def _owner(proposal: TrustProposal) -> int:
    assert proposal.person_id is not None
    return proposal.person_id


def _had(person: int, actor: Actor, at: datetime) -> int:
    if person == actor.person:
        raise NotYourOwnLevel
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    return trusted(person, at).level.rank


def _newest(person: int) -> int:
    return int(one("SELECT coalesce(max(id), 0) FROM trust_level WHERE person_id = ?", person)[0])


def _must_be_rule(wish: Wish, at: datetime) -> None:
    if wish.window not in LIMITED.get(wish.kind, ()) or (wish.times is not None and (wish.kind not in TIMED or wish.window == "each")):
        raise NotThisRule
    if wish.most is None and wish.times is None:
        raise NothingExcepted
    assert wish.times is None or 0 <= wish.times <= MOST_TIMES
    if not day_in(at, company().zone) < wish.until <= day_in(at + LONGEST, company().zone):
        raise NotADayForIt


def _allows_more(person: int, wish: Wish, at: datetime) -> bool:
    rules = all_rules(person, trusted(person, at), at)
    bound = next((rule for rule in rules if (rule.kind, rule.window) == (wish.kind, wish.window)), Rule(wish.kind, wish.window, None))
    return any(
        limit is not None and (asked is None or asked > limit) for asked, limit in ((wish.most, bound.most), (wish.times, bound.times))
    )


def _except(person: int, wish: Wish, reason: str, *, actor: Actor, at: datetime) -> None:
    run(REPLACED, micros(at), actor.person, person, wish.kind, wish.window)
    made = TrustException.create(
        person=person,
        kind=wish.kind,
        span=wish.window,
        most=wish.most,
        times=wish.times,
        reason=reason,
        since=at,
        until=midnight(wish.until + timedelta(days=1), company().zone),
        by=actor.person,
    )
    note(actor, "trust exception made", person, at=at, after=told(made))
    level_changed(person, at)


NEWEST = "SELECT person_id, level FROM trust_level WHERE id IN (SELECT max(id) FROM trust_level WHERE person_id IN ({}) GROUP BY person_id)"
END = (
    'UPDATE trust_exception SET ended_at = ?, ended_by = ? WHERE id = ? AND person_id = ? AND ended_at IS NULL AND "until" > ? RETURNING id'
)
REPLACED = "UPDATE trust_exception SET ended_at = ?, ended_by = ? WHERE person_id = ? AND kind = ? AND span = ? AND ended_at IS NULL"
