"""The commission plan in the office: its versions and what they changed, the editor, and what puts a version into force."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.commissions.actions.trials import KEPT
from vps.commissions.actions.versions import agree_to_plan, keep_plan, propose_plan, read_plan, withdraw_plan
from vps.commissions.models.rows import Plan
from vps.commissions.models.trials import trials_of
from vps.commissions.models.versions import (
    calculated_until,
    counting,
    forces,
    forces_of,
    newest_plan,
    version_of,
    versions,
)
from vps.commissions.plan_editor import BEGIN, Draft, place_at_fault
from vps.commissions.plan_forms import ForceForm, PlanForm, TrialForm
from vps.commissions.plan_words import KINDS, kind, place_of, value_of
from vps.commissions.plans.differences import differences
from vps.commissions.plans.worst import worst_case
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader, sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.refusals import Refused
from vps.people.guards import for_staff
from vps.people.session import me, my_actor
from vps.wallets.desk_words import kind_name
from vps.wallets.models import MAIN
from vps.wallets.models.desk_lists import kinds

_CHANGES = ("create_force", "create_agreement", "end_force")
blueprint = for_staff(
    Blueprint("plans_office", __name__, url_prefix="/office/commissions/plans"),
    managed=("new", "create", *_CHANGES),
    sensitive=("create_force", "create_agreement"),
)
PAGE = 20
KEEP, CHECK, DOCUMENT, FIELDS = "keep", "check", "document", "fields"
"""What the buttons of the editor that add and remove nothing send."""


@blueprint.get("")
def index() -> Response:
    return _index(Choice(formdata=None))


@blueprint.get("/new")
def new() -> Response:
    """The editor, with the version it begins from: the newest one, unless another is named."""
    asked = key_from(request.args.get("from"))
    base = found(version_of(asked[0])) if asked else newest_plan()
    draft = _draft(base.document) if base else _begun()
    return _editor(PlanForm(formdata=None), draft, DOCUMENT if request.args.get("view") == DOCUMENT else FIELDS)


@blueprint.post("/new")
def create() -> Response:
    """Any button of the editor. Only one of them writes anything."""
    form, view, press = PlanForm(), request.form.get("view"), request.form.get("press", CHECK)
    draft = form.attempt(lambda: _draft(form.document.data or ""))
    if draft is None:
        return _editor(form, None, DOCUMENT, status=form.status)
    if view != DOCUMENT:
        draft.take(request.form)
    draft.press(press, request.form.get("new_kind", ""))
    if press == KEEP:
        version = form.attempt(lambda: keep_plan(draft.text, form.note.data or "", actor=my_actor(), at=clock()))
        if version is not None:
            return changed(url_for(".show", version=version))
    return _editor(form, draft, press if press in (DOCUMENT, FIELDS) else view or FIELDS, checked=press == CHECK)


@blueprint.get("/<int:version>")
def show(version: int) -> Response:
    return shown(_any(version), ForceForm(formdata=None), Choice(formdata=None))


@blueprint.get("/<int:version>/document")
def document(version: int) -> Response:
    """The document as a file, for the command line and for safekeeping."""
    answer = Response(_draft(_any(version).document).text + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="plan-{version}.json"'
    return answer


@blueprint.post("/<int:version>/force")
def create_force(version: int) -> Response:
    form, plan = ForceForm(), _any(version)
    facts: dict[str, Any] = {"alone": bool(form.alone.data), "actor": my_actor(), "at": clock()}
    if not form.done(lambda: propose_plan(version, form.since.data, **facts)):
        return shown(plan, form, Choice(formdata=None), status=form.status)
    return changed(url_for(".index"))


@blueprint.post("/forces/<int:key>/agreement")
def create_agreement(key: int) -> Response:
    form = Choice()
    if not form.done(lambda: agree_to_plan(key, actor=my_actor(), at=clock())):
        return _index(form, status=form.status)
    return changed(url_for(".index"))


@blueprint.post("/forces/<int:key>/end")
def end_force(key: int) -> Response:
    form = Choice()
    if not form.done(lambda: withdraw_plan(key, actor=my_actor(), at=clock())):
        return _index(form, status=form.status)
    return changed(url_for(".index"))


def _any(version: int) -> Plan:
    plan: Plan = found(version_of(version))
    return plan


def _draft(text: str) -> Draft:
    return Draft.of(text, reader().language, _wallets(), company().kept_in)


def _begun() -> Draft:
    return Draft({**BEGIN, "currency": company().currency}, reader().language, _wallets(), company().kept_in)


def _wallets() -> dict[str, str]:
    """The kinds of wallets that receive commissions. The main one stands first: it counts when a bonus names none."""
    open_kinds = [each for each in kinds() if each.commission and each.ended_at is None]
    return {each.code: kind_name(each) for each in sorted(open_kinds, key=lambda each: each.code != MAIN)}


def _index(form: Choice, *, status: int = 200) -> Response:
    before = key_from(request.args.get("before"))
    facts: dict[str, Any] = {
        "forces": forces(PAGE),
        "counting": counting(day_in(clock(), company().zone)),
        "versions": versions(before[0] if before else None, PAGE + 1),
        "limit": PAGE,
        "mine": me().id,
    }
    return page("commissions/plans.html", form=form, status=status, **facts)


def _editor(form: PlanForm, draft: Draft | None, view: str, *, checked: bool = False, status: int = 200) -> Response:
    wrong: dict[str, str] = {}
    facts: dict[str, Any] = {"view": view, "wrong": wrong, "kinds": KINDS, "kind": kind, "worst": None, "lines": [], "checked": False}
    if draft is not None:
        form.document.data, facts["fields"], facts["over"] = draft.text, draft.fields, bool(draft.document.get("over_100"))
        try:
            facts |= {"worst": worst_case(read_plan(draft.text)), "checked": checked}
            base = newest_plan()
            facts["lines"] = _lines(base.document if base else "{}", draft.text)
        except Refused as refusal:
            # A form that is only being filled in is not scolded yet: what is missing is said when somebody checks or keeps it.
            if checked or form.refusal or any(form.errors.values()) or request.form.get("press") == KEEP:
                _place(refusal, form, draft, wrong, view)
                status = refusal.status
    if form.refusal or form.errors:
        status = form.status
    return page("commissions/plan_editor.html", form=form, status=status, **facts)


def _place(refusal: Refused, form: PlanForm, draft: Draft, wrong: dict[str, str], view: str) -> None:
    """Say what is wrong at the field it is about."""
    names = [field.name for field in draft.fields.every()]
    name = place_at_fault(str(refusal.facts.get("where", "")), str(refusal.facts.get("key", "")), names)
    said, form.refusal = sentence(refusal), None
    if view == DOCUMENT:
        form.document.errors = [said]
    elif name:
        wrong[name] = said
    else:
        form.refusal = said


def shown(plan: Plan, form: ForceForm, press: Choice, *, trial: TrialForm | None = None, status: int = 200) -> Response:
    today = day_in(clock(), company().zone)
    against = key_from(request.args.get("against"))
    other = version_of(against[0] if against else plan.version - 1)
    facts: dict[str, Any] = {
        "worst": worst_case(plan.rules),
        "lines": _lines("{}", plan.document),
        "changes": _lines(other.document, plan.document) if other else [],
        "other": other,
        "others": [each.version for each in versions(None, PAGE) if each.version != plan.version],
        "forces": forces_of(plan.id),
        "counting": counting(today),
        "trials": trials_of(plan.id, PAGE),
        "trial": trial or TrialForm.of_last_month(today),
        "first": calculated_until(),
        "alone": bool(company().plans_alone),
        "mine": me().id,
        "days": KEPT.days,
    }
    return page("commissions/plan.html", plan=plan, form=form, press=press, status=status, **facts)


def _lines(before: str, after: str) -> list[tuple[str, str, str]]:
    """What differs, in words: where, before, then."""
    return [
        (place_of(each.place), value_of(each.place, each.before), value_of(each.place, each.after)) for each in differences(before, after)
    ]
