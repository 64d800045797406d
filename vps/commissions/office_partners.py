"""The office looks at a partner's commissions, and stops them or holds them back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.commissions.actions import end_mark as end
from vps.commissions.actions import set_mark
from vps.commissions.forms import MarkForm
from vps.commissions.models import KINDS, locked_of, marks_in_force, marks_of, weeks
from vps.commissions.models.marks import PAGE
from vps.commissions.web import line_page, run_page, runs_page
from vps.commissions.words import seen_in_office
from vps.company.models import company
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.refusals import NotFound
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor

marks = for_staff(Blueprint("commission_marks", __name__, url_prefix="/office/commissions/marks"))
blueprint = for_staff(
    Blueprint("partner_commissions", __name__, url_prefix="/office"),
    managed=("create_mark", "end_mark"),
    sensitive=("create_mark", "end_mark"),
)
OF = "/partners/<number>/commissions"


@marks.get("")
def index() -> Response:
    before = key_from(request.args.get("before"))
    shown = marks_in_force(before[0] if before else None)
    older = url_for(".index", before=shown[PAGE - 1].id) if len(shown) > PAGE else ""
    return page("commissions/office_marks.html", marks=shown[:PAGE], older=older)


@blueprint.get(OF, endpoint="index")
def partner_index(number: str) -> Response:
    person = partner(number)
    return looked_at(_index(person, MarkForm(formdata=None)), person.id, "commissions")


@blueprint.get("/commissions/runs/<int:key>/partners/<number>")
def show(number: str, key: int) -> Response:
    person = partner(number)
    facts = run_page(person.id, key, endpoint="partner_commissions", names=seen_in_office, draft=True, number=number)
    return looked_at(page("commissions/office_run.html", person=person, **facts), person.id, "commissions")


@blueprint.get("/commissions/runs/<int:key>/partners/<number>/lines/<order>/<int:n>")
def line(number: str, key: int, order: str, n: int) -> Response:
    person = partner(number)
    facts = line_page(person.id, key, order, n, names=seen_in_office, draft=True)
    return looked_at(page("commissions/office_line.html", person=person, **facts), person.id, "commissions")


@blueprint.post(f"{OF}/<kind>")
def create_mark(number: str, kind: str) -> Response:
    return _done(number, kind, set_mark)


@blueprint.post(f"{OF}/<kind>/end")
def end_mark(number: str, kind: str) -> Response:
    return _done(number, kind, end)


def partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person


def _done(number: str, kind: str, act: Callable[..., None]) -> Response:
    form, person = MarkForm(), partner(number)
    if kind not in KINDS:
        raise NotFound
    if not form.done(lambda: act(person.id, kind, reason=form.reason.data, actor=my_actor(), at=clock())):
        return _index(person, form, typed=kind, status=form.status)
    return changed(url_for(".index", number=number))


def _index(person: Person, form: MarkForm, *, typed: str = "", status: int = 200) -> Response:
    now, zone, every = clock(), company().zone, marks_of(person.id)
    locked = locked_of(person.id, now=now, zone=zone)
    in_force = {each.kind for each in every if each.ended_at is None}
    facts: dict[str, Any] = {"marks": every, "in_force": in_force, "typed": typed, **runs_page(person.id, ".index", number=person.number)}
    coming = weeks(locked.coming, day_in(now, zone))
    return page("commissions/office_partner.html", person=person, form=form, locked=locked, weeks=coming, status=status, **facts)
