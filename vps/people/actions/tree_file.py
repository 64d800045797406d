"""Moves in the tree of sponsors from a file: all of them, or none."""

from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import day, maybe, needed
from vps.kernel.csvfile import Cleaner, Line, Outcome, Table, Twice, all_or_nothing, read_table
from vps.kernel.numbers import is_partner_number
from vps.kernel.refusals import Refused
from vps.kernel.text import clean_text
from vps.people.actions.register import NoSuchPartner, NoSuchSponsor, NotANumber
from vps.people.actions.tree import (
    NotBackThen,
    SponsorBelow,
    called,
    must_fit,
    one_move_at_a_time,
    stands_so,
    today,
    write_move,
)
from vps.people.models import Person
from vps.people.models.tree import sponsor_of

BY_FILE = "vps import tree"
"""Why a move was made for which the file gives no reason."""


class Wanted(NamedTuple):
    """A line that moves somebody, and what it does, as far as is known before the others are done."""

    line: Line
    person: Person
    before: Person | None
    after: Person | None
    since: date
    reason: str


class Change(NamedTuple):
    """What a line did, or would do: who has which sponsor instead of which from when on; `–` is none."""

    line: int
    who: str
    before: str
    after: str
    since: date


def take_over_tree(content: bytes, *, at: datetime, dry: bool = False) -> tuple[Outcome, list[Change]]:
    """Give partners to other sponsors; who stands there already stays, so that repeating a file changes nothing. Raises WrongLines."""
    table = read_table(content, required=("partner", "sponsor"), optional=("since", "reason"))
    done: list[Change] = []

    def write() -> Outcome:
        done.clear()
        one_move_at_a_time()
        wanted = _wanted(table, at)
        table.must_be_right()
        done.extend(_moved(wanted, at))
        return Outcome(len(table.lines), 0, len(done), len(table.lines) - len(done))

    return all_or_nothing(table, write, dry=dry), sorted(done)


def _wanted(table: Table, at: datetime) -> list[Wanted]:
    """The lines that change something, those that begin first at the beginning. Notes mistakes."""
    known: dict[str, Person | None] = {"": None}
    seen: dict[str, int] = {}
    wanted: list[Wanted] = []
    for line in table.lines:
        values = line.read(CELLS)
        if values is None:
            continue
        person, after = (_known(known, values[key]) for key in ("partner", "sponsor"))
        before = seen.setdefault(values["partner"], line.number)
        if person is None:
            line.wrong("partner", NoSuchPartner(number=values["partner"]))
        elif values["sponsor"] and after is None:
            line.wrong("sponsor", NoSuchSponsor(number=values["sponsor"]))
        elif before != line.number:
            line.wrong("partner", Twice(line=before))
        else:
            wanted += _change(line, values, person, after, at)
    return sorted(wanted, key=lambda each: each.since)


def _change(line: Line, values: dict[str, Any], person: Person, after: Person | None, at: datetime) -> list[Wanted]:
    since = values["since"] or today(at)
    if stands_so(person.id, after, since):
        return []
    if since < today(at):
        line.wrong("since", NotBackThen())
    return [Wanted(line, person, sponsor_of(person.id, since), after, since, values["reason"] or BY_FILE)]


def _moved(waiting: list[Wanted], at: datetime) -> list[Change]:
    """Make the moves. One that would close a circle waits for those that may open it; what waits in the end is refused."""
    done: list[Change] = []
    while waiting:
        below: list[tuple[Wanted, SponsorBelow]] = []
        for each in waiting:
            try:
                must_fit(each.person, each.after, each.since)
            except SponsorBelow as refusal:
                below.append((each, refusal))
            except Refused as refusal:
                each.line.wrong("sponsor", refusal)
            else:
                write_move(each.person.id, each.before, each.after, since=each.since, reason=each.reason, actor=HOUSE, at=at)
                done.append(Change(each.line.number, called(each.person), called(each.before), called(each.after), each.since))
        if len(below) == len(waiting):
            for each, why in below:
                each.line.wrong("sponsor", why)
            break
        waiting = [each for each, _ in below]
    return done


def _known(known: dict[str, Person | None], number: str) -> Person | None:
    if number not in known:
        known[number] = Person.by_number(number)
    return known[number]


def _number(text: str) -> str:
    if not is_partner_number(text):
        raise NotANumber(number=text[:20])
    return text


def _reason(text: str) -> str:
    return clean_text(text, most=500)


CELLS: dict[str, Cleaner] = {
    "partner": needed(_number),
    "sponsor": lambda text: _number(text) if text else "",
    "since": maybe(day),
    "reason": maybe(_reason),
}
