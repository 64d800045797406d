"""Somebody rises when what the next level asks for is there, and falls when it no longer is; both are told by mail.

A level that was given, by the office or by an import, is a floor: steps never take it, they only lead above it. Where the office took
a level away, steps do not bring it back. Source: SECURITY, trust levels; the issue's "falling in level never takes money".
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import action, locked, one, rows
from vps.people.actions import note
from vps.post.actions import post
from vps.trust.actions.standing import on_steps_changed
from vps.trust.models import Level, TrustLevel, accepted_steps, are_readable, begins, earned, levels, trusted
from vps.trust.models.identity import LASTS

Changed = Callable[[int, datetime], None]
LOOK_BACK = timedelta(days=60)
"""How long ago somebody may have been a member for long enough, and still rises by the worker's look."""
AT_ONCE = 500

_joined: list[Changed] = []


def on_level_changed(act: Changed) -> Changed:
    """Have `act(person, at)` called, inside the transaction, whenever somebody's level changes. Answers `act`."""
    _joined.append(act)
    return act


def level_changed(person: int, at: datetime) -> None:
    """Tell who joined."""
    for act in _joined:
        act(person, at)


@action
def settle_level(person: int, at: datetime) -> bool:
    """Give a person the level that his steps and days of membership have earned, and answer whether that is another one than he had."""
    if begins() is None or not are_readable():
        return False
    (joined,) = one(locked("SELECT joined_at FROM person WHERE id = ?"), person)
    ours, had = levels(), trusted(person, at).level.rank
    given = _given(person, at)
    wanted = min(given.level, len(ours) - 1)
    if not given.taken:
        steps = accepted_steps(person, day_in(at, company().zone))
        wanted = max(wanted, earned(ours, steps, at - instant(joined)))
    if wanted == had:
        return False
    TrustLevel.create(person=person, level=wanted, since=at, source="steps")
    note(HOUSE, "trust risen" if wanted > had else "trust fallen", person, at=at, before=str(had), after=str(wanted))
    tell_level(person, ours[wanted], risen=wanted > had, at=at)
    level_changed(person, at)
    return True


@on_steps_changed
def _settle(person: int, at: datetime) -> None:
    settle_level(person, at)


def settle_levels(*, at: datetime) -> int:
    """Settle the levels of those who have been members for long enough since the last looks, and answer how many rose.

    Steps that come, expire or are rejected settle a level at once; only the passing of days has nobody who would notice.
    """
    if begins() is None or not are_readable():
        return 0
    return sum(settle_level(person, at) for person in sorted(set(_due(levels(), at))))


def tell_level(person: int, level: Level, *, risen: bool, given: bool = False, at: datetime) -> None:
    """Inside an action: post the mail about another level, earned or `given` by the office; nothing to who has no address."""
    name, language, email = one("SELECT name, language, email FROM person WHERE id = ?", person)
    if email:
        facts = {"name": name, "risen": risen, "given": given, "rank": level.rank, "names": dict(level.names)}
        post("trust", key=f"trust:{person}:{level.rank}:{micros(at)}", address=email, language=language, facts=facts, at=at)


class Given(NamedTuple):
    """The level that was given to somebody last, and whether that took a higher one away."""

    level: int
    taken: bool


def _given(person: int, at: datetime) -> Given:
    row = one(GIVEN, person, micros(at))
    if row is None:
        return Given(company().trust_start, taken=False)
    level, before = row
    return Given(level, taken=level < (company().trust_start if before is None else before))


def _due(ours: tuple[Level, ...], at: datetime) -> Iterator[int]:
    asked: set[str] = set()
    days = 0
    for level in ours:
        asked |= set(level.requires)
        days = max(days, level.days)
        if level.days:
            until = at - timedelta(days=days)
            facts = micros(until - LOOK_BACK), micros(until), company().trust_start, level.rank
            due = DUE.format(marks=", ".join("?" * len(asked)) or "NULL", lasts=LASTS)
            today = day_in(at, company().zone).isoformat()
            yield from (person for (person,) in rows(due, *facts, *sorted(asked), today, len(asked), AT_ONCE))


GIVEN = (
    "SELECT g.level, (SELECT b.level FROM trust_level b WHERE b.person_id = g.person_id AND b.id < g.id ORDER BY b.id DESC LIMIT 1)"
    " FROM trust_level g WHERE g.person_id = ? AND g.since <= ? AND g.source <> 'steps' ORDER BY g.id DESC LIMIT 1"
)
DUE = (
    "SELECT p.id FROM person p WHERE p.number IS NOT NULL AND p.closed_at IS NULL AND p.joined_at > ? AND p.joined_at <= ?"
    " AND coalesce((SELECT t.level FROM trust_level t WHERE t.person_id = p.id ORDER BY t.id DESC LIMIT 1), ?) < ?"
    " AND (SELECT count(*) FROM identity_step s WHERE s.person_id = p.id AND s.step IN ({marks}) AND {lasts}"
    " AND (s.expires_on IS NULL OR s.expires_on >= ?)) >= ? ORDER BY p.id LIMIT ?"
)
