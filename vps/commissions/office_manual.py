"""Manual provisions in the office: typed or from a file, shown, confirmed by one code, approved by a colleague's, and taken back."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from vps.bank.forms import BatchForm
from vps.commissions.actions.manual import KnownProvisions, approve, confirm, needs_second, propose, refuse
from vps.commissions.actions.manual_back import approve_back, ask_back, refuse_back
from vps.commissions.actions.manual_lines import Given, read_provisions
from vps.commissions.manual_forms import BackForm, ProvisionFileForm, ProvisionForm
from vps.commissions.manual_words import state_of, state_of_back
from vps.commissions.models.manual import ProvisionBack
from vps.commissions.models.manual_lists import entries, got, proposals, taken_back
from vps.commissions.models.manual_shown import Shown, shown_of
from vps.hypermedia.languages import sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.kernel.csvfile import Mistake, WrongLines
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.wallets.desk_forms import DecisionForm
from vps.wallets.desk_words import kind_names

blueprint = for_staff(
    Blueprint("provisions_office", __name__, url_prefix="/office/commissions/manual"),
    sensitive=("create_reversal", "approve_reversal", "end_reversal"),
)
PAGE = 50
MOST_SHOWN = 25
"""Mistakes in a file that are told one by one."""
MOST = 34 * 2**20
"""Bytes of an upload; the reader itself refuses files over 32 MiB with a sentence."""


@blueprint.get("")
def index() -> Response:
    return _index(ProvisionForm(formdata=None))


@blueprint.post("")
def create() -> Response:
    form = ProvisionForm().offer()
    facts: dict[str, Any] = {"name": "", "actor": my_actor(), "at": clock()}
    made = form.attempt(lambda: propose([form.given(g.reader.language, my_actor())], key=f"{me().id}:{form.key.data}", **facts))
    return _index(form, status=form.status) if made is None else changed(url_for(".show", key=made))


@blueprint.post("/file")
def create_file() -> Response:
    """The file is read, checked and kept; it is shown before anything is booked."""
    form, mistakes, known = ProvisionFileForm(), list[Mistake](), list[int]()
    made = form.attempt(lambda: _keep(form, mistakes, known))
    if made is None:
        return _index(ProvisionForm(formdata=None), file_form=form, mistakes=mistakes, known=known, status=form.status)
    return changed(url_for(".show", key=made))


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    return _one(found(shown_of(key)), BatchForm(formdata=None), DecisionForm(formdata=None))


@blueprint.post("/<int:key>/confirmation")
def create_confirmation(key: int) -> Response:
    return _coded(key, confirm)


@blueprint.post("/<int:key>/approval")
def create_approval(key: int) -> Response:
    return _coded(key, approve)


@blueprint.post("/<int:key>/end")
def end(key: int) -> Response:
    form = DecisionForm()
    if not form.done(lambda: refuse(key, reason=form.reason.data or "", actor=my_actor(), at=clock())):
        return _one(found(shown_of(key)), BatchForm(formdata=None), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/<int:key>/partners/<number>")
def show_partner(key: int, number: str) -> Response:
    return _partner(key, _of(number), BackForm(formdata=None))


@blueprint.post("/<int:key>/partners/<number>/reversal")
def create_reversal(key: int, number: str) -> Response:
    form, person, staff = BackForm(), _of(number), ByStaff(my_actor())
    facts: dict[str, Any] = {"reason": form.reason.data or "", "as_debt": form.as_debt.data, "authorisation": staff, "at": clock()}
    if not form.done(lambda: ask_back(key, person.id, form.kind.data or "", form.currency.data or "", **facts)):
        return _partner(key, person, form, status=form.status)
    return changed(url_for(".show_partner", key=key, number=number))


@blueprint.post("/reversals/<int:key>/approval")
def approve_reversal(key: int) -> Response:
    return _reversal(key, lambda _: approve_back(key, authorisation=ByStaff(my_actor()), at=clock()))


@blueprint.post("/reversals/<int:key>/end")
def end_reversal(key: int) -> Response:
    return _reversal(key, lambda form: refuse_back(key, reason=form.reason.data or "", actor=my_actor(), at=clock()))


def _keep(form: ProvisionFileForm, mistakes: list[Mistake], known: list[int]) -> int:
    try:
        lines: list[Given] = read_provisions(form.file.data.read(), actor=my_actor())
        return propose(lines, name=(form.file.data.filename or "")[-80:], actor=my_actor(), at=clock())
    except WrongLines as refusal:
        mistakes += refusal.mistakes
        raise
    except KnownProvisions as refusal:
        known.append(int(str(refusal.facts["number"])))
        raise


def _coded(key: int, act: Any) -> Response:
    form = BatchForm()
    typed = {"shown": form.shown.data or "", "code": form.code.data or ""}
    if not form.done(lambda: act(key, **typed, actor=my_actor(), at=clock())):
        return _one(found(shown_of(key)), form, DecisionForm(formdata=None), status=form.status)
    return changed(url_for(".show", key=key))


def _reversal(key: int, act: Any) -> Response:
    form, asked = DecisionForm(), found(ProvisionBack.get_or_none(ProvisionBack.id == key))
    person: Person = Person.get_by_id(asked.person_id)
    if not form.done(lambda: act(form)):
        return _partner(asked.run_id, person, BackForm(formdata=None), decision=form, status=form.status)
    return changed(url_for(".show_partner", key=asked.run_id, number=person.number))


def _index(
    form: ProvisionForm,
    *,
    file_form: ProvisionFileForm | None = None,
    mistakes: list[Mistake] | None = None,
    known: list[int] | None = None,
    status: int = 200,
) -> Response:
    before = key_from(request.args.get("before"))
    facts: dict[str, Any] = {
        "waiting": [] if before else proposals(waiting=True, limit=PAGE),
        "asked": [] if before else taken_back(limit=PAGE),
        "decided": proposals(waiting=False, before=before[0] if before else None, limit=PAGE + 1),
        "file_form": file_form or ProvisionFileForm(formdata=None),
        "mistakes": [(each.line, each.column, sentence(each.refusal)) for each in (mistakes or [])[:MOST_SHOWN]],
        "further": max(0, len(mistakes or []) - MOST_SHOWN),
        "known": known[0] if known else None,
    }
    return page("commissions/manual.html", form=form.offer(), limit=PAGE, state_of=state_of, status=status, **facts)


def _one(this: Shown, form: BatchForm, decision: DecisionForm, *, status: int = 200) -> Response:
    after = key_from(request.args.get("after"))
    step = 0 if not this.waits else 2 if this.decided(1) else 1
    # What is on the page now is what the next press is about, with a code that is typed anew.
    form.shown.data, form.code.data = this.digest(step) if step else "", ""
    facts: dict[str, Any] = {
        "lines": entries(this.id, after=after[0] if after else 0, limit=PAGE + 1),
        "second": step == 1 and needs_second(this.sums, at=clock()),
        "mine": me().id in this.makers,
        "names": kind_names(),
    }
    answer = page(
        "commissions/manual_one.html",
        "commissions/_manual_state.html",
        this=this,
        step=step,
        form=form,
        decision=decision,
        limit=PAGE,
        state=state_of(this),
        status=status,
        **facts,
    )
    return _asked_again(answer, this)


def _partner(key: int, person: Person, form: BackForm, *, decision: DecisionForm | None = None, status: int = 200) -> Response:
    this, shares = found(shown_of(key)), got(key, person.id)
    found(shares or None)
    facts: dict[str, Any] = {
        "asked": taken_back(run=key, person=person.id),
        "decision": decision or DecisionForm(formdata=None),
        "names": kind_names(),
        "mine": me().id,
        "state": state_of(this),
    }
    answer = page(
        "commissions/manual_partner.html", this=this, person=person, got=shares, form=form, state_of=state_of_back, status=status, **facts
    )
    return looked_at(_asked_again(answer, this), person.id, "wallet")


def _asked_again(answer: Response, this: Shown) -> Response:
    if this.being_booked:
        answer.headers["Refresh"] = "2"  # the browser asks again by itself, without a script
    return answer


def _of(number: str) -> Person:
    person: Person = found(Person.get_or_none(Person.number == number))
    return person
