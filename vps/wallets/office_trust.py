"""A partner's trust level in the office: whence it comes, what is left of his limits, another level, exceptions of his own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock, instant
from vps.kernel.database import reading, rows
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.trust.actions.giving import end_exception, give_exception, give_level, wished
from vps.trust.actions.proposing import needs_second
from vps.trust.models import levels
from vps.trust.titles import title
from vps.wallets.ladder import standing
from vps.wallets.trust_forms import ExceptionForm, GiveLevelForm
from vps.wallets.trust_words import WORDS

blueprint = for_staff(
    Blueprint("trust_office", __name__, url_prefix="/office/partners/<number>/trust"),
    managed=("create_level", "create_exception", "end"),
    sensitive=("create_level", "create_exception"),
)
MOST = 50
"""Levels and exceptions of a history."""


class Had(NamedTuple):
    """A level somebody had from a moment on."""

    level: int
    since: datetime
    source: str
    reason: str
    by: str


class Excepted(NamedTuple):
    """An exception, and until when it counted."""

    id: int
    kind: str
    window: str
    most: int | None
    times: int | None
    reason: str
    since: datetime
    until: datetime
    ended: datetime | None
    by: str


class Proposed(NamedTuple):
    """What waits for a colleague; `level` is None for an exception, and `wish` for a level."""

    key: int
    level: int | None
    wish: Any
    reason: str
    by: str
    mine: bool


@blueprint.get("")
def show(number: str) -> Response:
    return _show(number)


@blueprint.post("/level")
def create_level(number: str) -> Response:
    form, person = GiveLevelForm().offer(named()), found(Person.by_number(number))
    if not form.done(lambda: give_level(person.id, form.level.data, form.level_reason.data, actor=my_actor(), at=clock())):
        return _show(number, level_form=form, status=form.status)
    return changed(url_for(".show", number=number))


@blueprint.post("/exceptions")
def create_exception(number: str) -> Response:
    form, person = ExceptionForm(), found(Person.by_number(number))
    if not form.done(lambda: give_exception(person.id, form.typed(reader().language), form.reason.data, actor=my_actor(), at=clock())):
        return _show(number, exception_form=form, status=form.status)
    return changed(url_for(".show", number=number))


@blueprint.post("/exceptions/<int:key>/end")
def end(number: str, key: int) -> Response:
    form, person = Choice(), found(Person.by_number(number))
    if not form.done(lambda: end_exception(key, person.id, actor=my_actor(), at=clock())):
        return _show(number, said=form.refusal, status=form.status)
    return changed(url_for(".show", number=number))


def named() -> list[tuple[int, str]]:
    """The levels there are, by name."""
    return [(level.rank, f"{level.rank} · {title(level)}") for level in levels()]


def _show(
    number: str,
    *,
    level_form: GiveLevelForm | None = None,
    exception_form: ExceptionForm | None = None,
    said: str | None = None,
    status: int = 200,
) -> Response:
    person, now = found(Person.by_number(number)), clock()
    with reading():
        facts = standing(person, now)
    facts["had"] = [Had(row[0], instant(row[1]), *row[2:]) for row in rows(HISTORY, person.id, MOST)]
    facts["given"] = [
        Excepted._make((*rule, instant(since), instant(until), None if ended is None else instant(ended), by))
        for *rule, since, until, ended, by in rows(EXCEPTIONS, person.id, MOST)
    ]
    facts["waiting"] = list(_proposed(rows(PROPOSED, person.id)))
    facts["level_form"] = level_form or GiveLevelForm(formdata=None, level=facts["who"].level.rank).offer(named())
    facts["exception_form"] = exception_form or ExceptionForm(formdata=None, window="month")
    answer = page("trust/office.html", person=person, now=now, two=needs_second(), said=said, status=status, **facts, **WORDS)
    return looked_at(answer, person.id, "trust")


def _proposed(waiting: Iterable[Any]) -> Iterable[Proposed]:
    for key, kind, body, reason, by, name in waiting:
        is_level = kind == "level"
        yield Proposed(key, int(body) if is_level else None, None if is_level else wished(body), reason, name, by == me().id)


HISTORY = (
    "SELECT t.level, t.since, t.source, t.reason, coalesce(p.name, '') FROM trust_level t LEFT JOIN person p ON p.id = t.\"by\""
    " WHERE t.person_id = ? ORDER BY t.id DESC LIMIT ?"
)
EXCEPTIONS = (
    "SELECT e.id, e.kind, e.span, e.most, e.times, e.reason, e.since, e.\"until\", e.ended_at, coalesce(p.name, '') FROM trust_exception e"
    ' LEFT JOIN person p ON p.id = e."by" WHERE e.person_id = ? ORDER BY e.id DESC LIMIT ?'
)
PROPOSED = (
    "SELECT t.id, t.kind, t.body, t.reason, t.asked_by, p.name FROM trust_proposal t JOIN person p ON p.id = t.asked_by"
    " WHERE t.person_id = ? AND t.approved_at IS NULL AND t.ended_at IS NULL ORDER BY t.id"
)
