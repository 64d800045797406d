"""Small words that tests use to speak about the tree of sponsors."""

from datetime import date, timedelta

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import reading
from vps.people.actions import Details, move_partner, register_partner
from vps.people.models import Person
from vps.people.models.tree import tree_on

TODAY = NOON.date()
DAY = timedelta(days=1)


def brought(sponsor: Person | None, *names: str) -> list[Person]:
    """Partners whom somebody brought."""
    by = sponsor.number or "" if sponsor else ""
    return [register_partner(Details(name, "de", "Europe/Berlin", sponsor=by), actor=HOUSE, at=NOON) for name in names]


def line(*names: str) -> list[Person]:
    """Partners each of whom brought the next one."""
    made: list[Person] = []
    for name in names:
        made += brought(made[-1] if made else None, name)
    return made


def move(person: Person, sponsor: Person | None, since: date = TODAY, *, actor: Actor = HOUSE, why: str = "asked for") -> int:
    """The move of a partner on a day."""
    return move_partner(person, sponsor=sponsor.number or "" if sponsor else "", since=since, reason=why, actor=actor, at=NOON)


def sponsors(day: date) -> dict[int, int | None]:
    """Everybody's sponsor on a day, by id, as the whole tree has it."""
    with reading():
        ids, places = tree_on(day)
    return {key: ids[at] if at >= 0 else None for key, at in zip(ids, places, strict=True)}
