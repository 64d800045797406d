"""Cases, for those of the office who manage: what was noticed about a partner, notes, and an end that two agree on. He is never told."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff, looked_at
from vps.people.session import me, my_actor
from vps.trust.actions.cases import agree_to_closing, note_export, open_case, propose_closing, send_closing_back, write_note
from vps.trust.casefile import as_csv
from vps.trust.forms import BackForm, CaseForm, ClosingForm, NoteForm
from vps.trust.models.cases import Case, case_of, cases_of, closed_cases, evidence, flags_of, notes_of, open_cases, people_in
from vps.trust.words import OUTCOMES, RULES, called, evidence_of

VIEWS = ("index", "create", "show", "create_note", "create_closing", "create_agreement", "end_closing", "table")
blueprint = for_staff(
    Blueprint("watch_office", __name__, url_prefix="/office/cases"), managed=VIEWS, sensitive=("create_agreement", "create_closing")
)
PAGE = 50
LOOKED = "partner"
"""What he reads in his history of a look at a case: that the office looked at his account, as of any look at his page."""


@blueprint.get("")
def index() -> Response:
    return _list(CaseForm(formdata=None))


@blueprint.post("")
def create() -> Response:
    form = CaseForm()
    key = form.attempt(lambda: open_case(form.number.data, actor=my_actor(), at=clock()))
    return _list(form, form.status) if key is None else changed(url_for(".show", key=key))


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    case = any_case(key)
    return looked_at(_case(case), case.person, LOOKED)


@blueprint.post("/<int:key>/notes")
def create_note(key: int) -> Response:
    case, form = any_case(key), NoteForm()
    if not form.done(lambda: write_note(key, form.text.data, actor=my_actor(), at=clock())):
        return _case(case, note=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/<int:key>/closing")
def create_closing(key: int) -> Response:
    """Proposed with outcome and reason."""
    case, form = any_case(key), ClosingForm()
    if not form.done(lambda: propose_closing(key, form.outcome.data, form.text.data, actor=my_actor(), at=clock())):
        return _case(case, closing=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/<int:key>/closing/agreement")
def create_agreement(key: int) -> Response:
    case, form = any_case(key), Choice()
    if not form.done(lambda: agree_to_closing(key, actor=my_actor(), at=clock())):
        return _case(case, words=form.refusal, status=form.status)
    return changed(url_for(".index"))


@blueprint.post("/<int:key>/closing/end")
def end_closing(key: int) -> Response:
    """Sent back by a colleague, or withdrawn by who proposed it."""
    case, form = any_case(key), BackForm()
    if not form.done(lambda: send_closing_back(key, form.text.data, actor=my_actor(), at=clock())):
        return _case(case, back=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/<int:key>/case.csv")
def table(key: int) -> Response:
    """All of it as a file, for a report to the authority; that it was taken is written down."""
    case = any_case(key)
    flags = flags_of(key)
    content = as_csv(case, flags, notes_of(key), evidence(flags), people_in(flags))
    note_export(key, actor=my_actor(), at=clock())
    headers = {"Content-Disposition": f'attachment; filename="case-{key}.csv"'}
    return looked_at(Response(content, content_type="text/csv; charset=utf-8", headers=headers), case.person, LOOKED)


def any_case(key: int) -> Case:
    """A case about anybody else: who it is about does not see it, of the office or not. Raises NotFound."""
    known = case_of(key)
    case: Case = found(known if known and known.person != me().id else None)
    return case


def _list(form: CaseForm, status: int = 200) -> Response:
    closed, at = "closed" in request.args, key_from(request.args.get("after"))
    cases = closed_cases(before=at, limit=PAGE + 1) if closed else open_cases(after=at, limit=PAGE + 1)
    last = cases[PAGE - 1] if len(cases) > PAGE else None
    more: dict[str, Any] = {"closed": 1} if closed else {}
    onward = url_for(".index", after=f"{last.sort}.{last.id}", **more) if last else ""
    shown = [case for case in cases[:PAGE] if case.number is None or case.number != me().number]
    facts: dict[str, Any] = {"cases": shown, "closed": closed, "onward": onward, "rules": RULES, "outcomes": OUTCOMES}
    return page("trust/cases.html", form=form, status=status, **facts)


def _case(
    case: Case,
    *,
    note: NoteForm | None = None,
    closing: ClosingForm | None = None,
    back: BackForm | None = None,
    words: str | None = None,
    status: int = 200,
) -> Response:
    flags = flags_of(case.id)
    facts: dict[str, Any] = {
        "case": case,
        "flags": flags,
        "moved": evidence(flags),
        "people": people_in(flags),
        "notes": notes_of(case.id),
        "others": [other for other in cases_of(case.person) if other.id != case.id],
        "mine": case.closing_by == me().id,
    }
    forms = {
        "note": note or NoteForm(formdata=None),
        "closing": closing or ClosingForm(formdata=None),
        "back": back or BackForm(formdata=None),
    }
    said = words or next((form.refusal for form in (note, closing, back) if form and form.refusal), None)
    tell: dict[str, Any] = {"rules": RULES, "outcomes": OUTCOMES, "evidence_of": evidence_of, "called": called}
    return page("trust/case.html", words=said, status=status, **facts, **forms, **tell)
