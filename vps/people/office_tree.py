"""The tree of sponsors in the office: everybody walks it, who manages gives partners to another sponsor."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.company.actions import change_settings
from vps.company.models import company
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.database import rows
from vps.people.actions import move_partner, plan_move
from vps.people.actions.tree import today
from vps.people.guards import for_staff, looked_at, must_have_stepped_up
from vps.people.models import Person
from vps.people.models.search import find
from vps.people.models.team import branch, moves_of, upline
from vps.people.session import my_actor
from vps.people.tree_forms import DepthForm, MoveForm

blueprint = for_staff(
    Blueprint("tree_office", __name__, url_prefix="/office/tree"),
    managed=("new_move", "create_move", "change_depth"),
    sensitive=("change_depth",),
)
MOST = 25
"""Partners that a search shows."""
ABOVE = 50
"""Levels that are shown above somebody."""


@blueprint.get("")
def index() -> Response:
    return _index(DepthForm(depth=company().tree_depth))


@blueprint.post("/settings/depth")
def change_depth() -> Response:
    form = DepthForm()
    if not form.done(lambda: change_settings({"tree_depth": form.depth.data}, actor=my_actor(), at=clock())):
        return _index(form, status=form.status)
    return changed(url_for(".index"))


@blueprint.get("/<number>")
def show(number: str) -> Response:
    """Somebody's place. A piece of it are those directly below him, for a page on which he stands."""
    person, day = _partner(number), today(clock())
    facts: dict[str, Any] = {"above": upline(person.id, day, ABOVE)[::-1], "moves": moves_of(person.id), "person": person}
    after = key_from(request.args.get("after")) or (0, 0)
    shown = page(
        "people/place.html", "people/_branch.html", **facts, branch=branch(person.id, day, after=after[0]), office=True, opens=True
    )
    return looked_at(shown, person.id, "tree")


@blueprint.get("/<number>/move")
def new_move(number: str) -> Response:
    person = _partner(number)
    return looked_at(_move(person, MoveForm(since=today(clock()))), person.id, "tree")


@blueprint.post("/<number>/move")
def create_move(number: str) -> Response:
    """First the preview, by the very rules of the move: who comes along. Then, with `confirmed`, the move."""
    form, person = MoveForm(), _partner(number)
    confirmed = bool(request.form.get("confirmed"))
    if confirmed:
        must_have_stepped_up()
        if form.done(lambda: move_partner(person, **form.typed(), actor=my_actor(), at=clock())):
            return changed(url_for(".show", number=number))
    else:
        planned = form.attempt(lambda: plan_move(person, **form.typed(), at=clock()))
        if planned:
            return page("people/move_preview.html", form=form, person=person, planned=planned)
    return _move(person, form, status=form.status)


def _index(form: DepthForm, *, status: int = 200) -> Response:
    asked = request.args.get("q", "").strip()[:200]
    return page(
        "people/tree.html", asked=asked, people=_found(asked) if asked else [], form=form, depth=company().tree_depth, status=status
    )


def _move(person: Person, form: MoveForm, *, status: int = 200) -> Response:
    above = upline(person.id, today(clock()), 1)
    return page("people/move.html", form=form, person=person, sponsor=above[0] if above else None, status=status)


def _partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person


def _found(asked: str) -> list[Any]:
    ids = [key for (key,) in rows("SELECT id FROM person WHERE number = ?", asked)] + find("person", asked, limit=MOST)
    marks = ", ".join("?" * len(ids))
    return rows(f"SELECT number, name FROM person WHERE number IS NOT NULL AND id IN ({marks}) ORDER BY number", *ids) if ids else []  # noqa: S608
