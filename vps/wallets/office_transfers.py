"""Transfers by the office: asked for, looked at by a colleague, approved or refused; and any transfer with its reversal."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.kernel.refusals import Refused
from vps.people.guards import for_staff, looked_at, must_have_stepped_up
from vps.people.session import me, my_actor
from vps.wallets.actions import (
    approve_office_transfer,
    ask_office_transfer,
    ask_reversal,
    plan_office,
    plan_reversal,
    refuse_office_transfer,
)
from vps.wallets.actions.office_planning import OfficePlan
from vps.wallets.desk_forms import DecisionForm, OfficeTransferForm, UndoForm
from vps.wallets.desk_words import end_name, kind_names, state_of
from vps.wallets.models.desk_lists import Asked, Made, asked, asked_list, ends_at, made

blueprint = for_staff(
    Blueprint("office_transfers", __name__, url_prefix="/office/transfers"), sensitive=("approve", "refuse", "create_reversal")
)
PAGE = 50


@blueprint.get("")
def index() -> Response:
    before = key_from(request.args.get("before"))
    decided = asked_list(waiting=False, before=before[0] if before else None, limit=PAGE + 1)
    waiting = asked_list(waiting=True, limit=PAGE) if not before else []
    return page("wallets/office_transfers.html", waiting=waiting, decided=decided, limit=PAGE, **_words())


@blueprint.get("/new")
def new() -> Response:
    form = OfficeTransferForm(formdata=None, debit_number=request.args.get("from", "")[:20]).offer()
    return page("wallets/office_transfer_form.html", form=form)


@blueprint.post("/new")
def create() -> Response:
    """First the preview, by the very code that books. Then, with `confirmed`, it is asked for; what is small is booked at once."""
    form = OfficeTransferForm().offer()
    confirmed = bool(request.form.get("confirmed"))
    if confirmed:
        must_have_stepped_up()
    done = form.attempt(lambda: _ask(form) if confirmed else _planned(form))
    if done is None:
        return page("wallets/office_transfer_form.html", form=form, status=form.status)
    if isinstance(done, int):
        return changed(url_for(".show", key=done))
    return page(
        "wallets/office_transfer_preview.html", form=form, plan=done, ends=ends_at(done.debit.account, done.credit.account), **_words()
    )


@blueprint.get("/asked/<int:key>")
def show(key: int) -> Response:
    row: Asked = found(asked(key))
    return _seen(_asked(row, DecisionForm(formdata=None)), row.people)


@blueprint.post("/asked/<int:key>/approval")
def approve(key: int) -> Response:
    form, staff = DecisionForm(), ByStaff(my_actor())
    if not form.done(lambda: approve_office_transfer(key, expected=form.expected.data or "", authorisation=staff, at=clock())):
        return _asked(found(asked(key)), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/asked/<int:key>/end")
def refuse(key: int) -> Response:
    form = DecisionForm()
    if not form.done(lambda: refuse_office_transfer(key, reason=form.reason.data or "", actor=my_actor(), at=clock())):
        return _asked(found(asked(key)), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/<int:key>")
def show_transfer(key: int) -> Response:
    transfer: Made = found(made(key))
    return _seen(_transfer(transfer, UndoForm(formdata=None)), transfer.people)


@blueprint.post("/<int:key>/reversal")
def create_reversal(key: int) -> Response:
    form, transfer, staff = UndoForm(), found(made(key)), ByStaff(my_actor())
    facts: dict[str, Any] = {"reason": form.reason.data or "", "as_debt": form.as_debt.data, "authorisation": staff, "at": clock()}
    done = form.attempt(lambda: ask_reversal(f"{me().id}:{form.key.data}", key, **facts))
    if done is None:
        return _transfer(transfer, form, status=form.status)
    return changed(url_for(".show", key=done))


def _planned(form: OfficeTransferForm) -> OfficePlan:
    debit, credit = form.ends()
    plan = plan_office(debit, credit, _amount(form), actor=my_actor(), at=clock())
    form.expected.data = str(plan.arrives)
    return plan


def _ask(form: OfficeTransferForm) -> int:
    debit, credit = form.ends()
    facts: dict[str, Any] = {"reason": form.reason.data, "expected": form.expected.data or "", "authorisation": ByStaff(my_actor())}
    return ask_office_transfer(f"{me().id}:{form.key.data}", debit, credit, _amount(form), at=clock(), **facts)


def _amount(form: OfficeTransferForm) -> Money:
    return form.typed(language=g.reader.language, currency=form.currency.data).money


def _asked(row: Asked, form: DecisionForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"row": row, "mine": row.asked_by == me().id, "plan": None, "undo": None, "stopped": None}
    if row.waits:
        try:
            facts |= _preview(row)
        except Refused as stands_in_the_way:
            facts["stopped"] = stands_in_the_way
    if facts["plan"]:
        form.expected.data = str(facts["plan"].arrives)
    return page("wallets/office_transfer.html", form=form, status=status, **_words(), **facts)


def _preview(row: Asked) -> dict[str, Any]:
    """What it would be now, by the code that books it."""
    if row.reverses:
        return {"undo": plan_reversal(row.reverses, actor=my_actor(), at=clock())}
    return {"plan": plan_office(*row.accounts, row.amount, actor=my_actor(), at=clock())}


def _transfer(transfer: Made, form: UndoForm, *, status: int = 200) -> Response:
    undo, stopped = None, None
    if not transfer.reversed_at:
        try:
            undo = plan_reversal(transfer.id, actor=my_actor(), at=clock())
        except Refused as stands_in_the_way:
            stopped = stands_in_the_way
    return page("wallets/transfer_in_office.html", transfer=transfer, form=form, undo=undo, stopped=stopped, status=status, **_words())


def _seen(answer: Response, people: tuple[int, ...]) -> Response:
    """Looked at by the office: both partners read that."""
    for person in people:
        looked_at(answer, person, "wallet")
    return answer


def _words() -> dict[str, Any]:
    names = kind_names()
    return {"end_name": lambda end: end_name(end, names), "state_of": state_of, "names": names}
