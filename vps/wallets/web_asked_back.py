"""The two sides of a transfer that went to the wrong partner: one asks for it, the other gives it back by a code, or keeps it."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.kernel.refusals import NotFound
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import NotShown, TanForm
from vps.wallets.actions import ask_back, asked_in, give_back, keep_it, payee_of, plan_back, subject_back
from vps.wallets.actions.asked_back import KIND
from vps.wallets.actions.transfers import KIND as TRANSFER
from vps.wallets.models import Case, case_of
from vps.wallets.models.asked_back import OUTCOMES
from vps.wallets.standing_forms import AskForm
from vps.wallets.transfer_words import called, rate_line

blueprint = for_partners(Blueprint("asked", __name__, url_prefix="/wallet/transfers/<int:key>/asked-back"))


@blueprint.get("")
def show(key: int) -> Response:
    return _page(mine(key), AskForm(formdata=None))


@blueprint.post("")
def create(key: int) -> Response:
    """Asking moves nothing, so it takes no code."""
    form = AskForm()
    if form.attempt(lambda: ask_back(me().id, key, form.text.data or "", actor=my_actor(), at=clock())) is None:
        return _page(mine(key), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/refusal")
def refuse(key: int) -> Response:
    form = Choice()
    if not form.done(lambda: keep_it(me().id, key, actor=my_actor(), at=clock())):
        return _page(mine(key), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/return")
def preview(key: int) -> Response:
    """What would be given back, to be confirmed by a code."""
    form, case = Choice(), asked_of_me(key)
    about = form.attempt(lambda: _subject(case))
    return _page(case, form, status=form.status) if about is None else ask(about, TanForm(formdata=None))


@blueprint.post("/confirmation")
def confirm(key: int) -> Response:
    case = asked_of_me(key)
    made, again = answered(KIND, lambda shown: _told(shown, case), lambda by: give_back(authorisation=by, at=clock()))
    return again or changed(url_for("transfers.show", key=made))


def mine(key: int) -> Case:
    """A transfer's case as its two sides see it. Raises NotFound."""
    case: Case = found(case_of(key, me().id))
    return case


def asked_of_me(key: int) -> Case:
    """A case in which this person is asked. Raises NotFound."""
    case = mine(key)
    if case.id is None or case.recipient != me().id:
        raise NotFound
    return case


def _page(case: Case, form: Any, *, status: int = 200) -> Response:
    return page("wallets/asked_back.html", case=case, form=form, now=clock(), called=called, outcomes=OUTCOMES, status=status)


def _subject(case: Case) -> Subject:
    planned = plan_back(case, at=clock())
    facts: dict[str, Any] = {"planned": planned, "case": case, "to": called(case.sender_name, case.sender_number), "rate_line": rate_line}
    payee = payee_of(case.sender_name, case.sender_number)
    return Subject(KIND, TRANSFER, subject_back(case, planned), planned.amount, payee, "wallets/asked_back_confirm.html", facts)


def _told(shown: Snapshot, case: Case) -> Subject:
    if asked_in(shown.subject) != case.transfer:
        raise NotShown
    return _subject(case)
