"""The office's runs: begun over a period or over what is green, looked at, approved, discarded, stopped and taken up again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.commissions.actions import (
    NeedsPeriod,
    approve_run,
    calculate_again,
    continue_run,
    discard_run,
    discarded_period,
    draft_green,
    draft_period,
    last_period,
    plan_on,
    stop_run,
    trouble_of,
)
from vps.commissions.actions.runs import GREEN
from vps.commissions.models import Plan, Run, bonuses_of, payees_of, runs_before
from vps.commissions.models.manual import MANUAL
from vps.commissions.run_forms import DiscardForm, PeriodForm
from vps.company.models import company
from vps.hypermedia.forms import Choice, Form
from vps.hypermedia.languages import say, sentence
from vps.hypermedia.pages import changed, found, in_its_place, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.refusals import N_
from vps.people.guards import for_staff
from vps.people.models import Person
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("runs_office", __name__, url_prefix="/office/commissions"),
    sensitive=("approve", "discard", "calculate", "stop", "go_on", "create", "create_green"),
)
PAGE = 50
STATES = {
    "drafted": N_("being calculated"),
    "calculated": N_("calculated"),
    "approved": N_("approved"),
    "booking": N_("being booked"),
    "booked": N_("booked"),
    "discarded": N_("discarded"),
}
COLOURS = {"booked": "blue", "approved": "green", "booking": "green", "calculated": "yellow", "drafted": "yellow", "discarded": "red"}


@blueprint.get("")
def index() -> Response:
    return _index(_proposed())


@blueprint.post("")
def create() -> Response:
    """Begin a run over a period; the worker calculates it."""
    form = PeriodForm()
    key = form.attempt(lambda: draft_period(form.since.data, form.until.data + timedelta(days=1), actor=my_actor(), at=clock()))
    return changed(url_for(".show", key=key)) if key else _index(form, status=form.status)


@blueprint.post("/green")
def create_green() -> Response:
    form = Choice()
    key = form.attempt(lambda: draft_green(actor=my_actor(), at=clock()))
    return changed(url_for(".show", key=key)) if key else _index(_proposed(), said=form.refusal, status=form.status)


@blueprint.get("/runs/<int:key>")
def show(key: int) -> Response:
    return _show(_run(key), DiscardForm(formdata=None))


@blueprint.post("/runs/<int:key>/approval")
def approve(key: int) -> Response:
    shown = request.form.get("shown", "")
    return _done(key, Choice(), lambda run, **facts: approve_run(run, shown=shown, **facts))


@blueprint.post("/runs/<int:key>/calculation")
def calculate(key: int) -> Response:
    return _done(key, Choice(), calculate_again)


@blueprint.post("/runs/<int:key>/stop")
def stop(key: int) -> Response:
    return _done(key, Choice(), stop_run)


@blueprint.post("/runs/<int:key>/continuation")
def go_on(key: int) -> Response:
    return _done(key, Choice(), continue_run)


@blueprint.post("/runs/<int:key>/discarding")
def discard(key: int) -> Response:
    form = DiscardForm()
    return _done(key, form, lambda run, **facts: discard_run(run, reason=form.reason.data, **facts))


def _done(key: int, form: Form, act: Callable[..., None]) -> Response:
    if not form.done(lambda: act(key, actor=my_actor(), at=clock())):
        shown = form if isinstance(form, DiscardForm) else DiscardForm(formdata=None)
        return _show(_run(key), shown, said=form.refusal, status=form.status)
    return changed(url_for(".show", key=key))


def _index(form: PeriodForm, *, said: str | None = None, status: int = 200) -> Response:
    before = key_from(request.args.get("before"))
    runs = runs_before(before[0] if before else None, limit=PAGE + 1)
    older = url_for(".index", before=runs[PAGE - 1].id) if len(runs) > PAGE else ""
    now = plan_on(day_in(clock(), company().zone))
    again = discarded_period(at=clock())
    stuck = company().commission_when == GREEN and now is not None and now.rules.needs_period
    return page(
        "commissions/runs.html",
        status=status,
        stuck=stuck and sentence(NeedsPeriod()),
        form=form,
        said=said,
        runs=runs[:PAGE],
        older=older,
        discarded=again and (again[0], again[1] - timedelta(days=1)),
        state=_state,
    )


def _show(this: Run, form: DiscardForm, *, said: str | None = None, status: int = 200) -> Response:
    trouble, after = trouble_of(this), key_from(request.args.get("after"))
    whole = this.partners + this.orders
    facts: dict[str, Any] = {
        "plan": this.plan_id and Plan.get_by_id(this.plan_id),
        "trouble": say(trouble[0], **trouble[1]) if trouble else "",
        "working": this.state in ("drafted", "approved", "booking") and not trouble and not this.stopped_at,
        "progress": (min(this.done, whole), whole) if this.state in ("approved", "booking") else None,
        "bonuses": bonuses_of(this) if this.calculated_at else [],
        "payees": payees_of(this.id, after or (0, 0), limit=PAGE + 1) if this.calculated_at else [],
        "people": {
            person.id: person.name for person in Person.select().where(Person.id << [this.drafted_by, this.approved_by, this.discarded_by])
        },
    }
    # While the worker is at it, only its progress is asked for again and again; then the run is shown with its sums and what can be done.
    piece, place = ("_progress", "#progress") if facts["working"] else ("_one_run", "#run")
    answer = page(
        "commissions/one_run.html",
        f"commissions/{piece}.html",
        status=status,
        this=this,
        form=form,
        said=said,
        state=_state,
        limit=PAGE,
        **facts,
    )
    return in_its_place(answer, place)


def _run(key: int) -> Run:
    this: Run = found(Run.get_or_none(Run.id == key, Run.kind != MANUAL))
    return this


def _state(this: Run) -> tuple[str, str]:
    return COLOURS[this.state], say(STATES[this.state])


def _proposed() -> PeriodForm:
    since, until = discarded_period(at=clock()) or last_period(day_in(clock(), company().zone), "month")
    return PeriodForm(formdata=None, since=since, until=until - timedelta(days=1))
