"""A partner's standing transfers: found whom, how much and how often, confirmed once by a code, ended by a press."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader, sentence
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock, day_in
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.wallets.actions import (
    NoRecipient,
    PlannedStanding,
    ToYourself,
    agreed_standing,
    end_standing,
    find_recipient,
    needed_for_standing,
    payee_of,
    plan_standing,
    set_standing,
    wallet_among,
)
from vps.wallets.actions.standing import KIND
from vps.wallets.actions.transfers import KIND as TRANSFER
from vps.wallets.forms import FindForm
from vps.wallets.models import code_of, purses, room_for, runs_of, standing_transfer, standing_transfers
from vps.wallets.standing_forms import StandingForm
from vps.wallets.standing_words import became, how_often, state, whither
from vps.wallets.transfer_words import called, wallet_names
from vps.wallets.web_transfers import Target, chosen

blueprint = for_partners(Blueprint("standing", __name__, url_prefix="/wallet/standing"))


@blueprint.get("")
def index() -> Response:
    facts: dict[str, Any] = {"became": became, "how_often": how_often, "state": state, "whither": whither}
    return page("wallets/standing.html", orders=standing_transfers(me().id), names=wallet_names(purses(me().id)), **facts)


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    order = found(standing_transfer(key, me().id))
    facts: dict[str, Any] = {"became": became, "how_often": how_often, "state": state, "whither": whither, "form": Choice()}
    return page("wallets/standing_one.html", order=order, names=wallet_names(purses(me().id)), runs=runs_of(key), **facts)


@blueprint.get("/new")
def new() -> Response:
    """Who is to get something; then who that is, how much and how often."""
    if not {"to", "own"} & set(request.args):
        return _find(FindForm(formdata=None))
    try:
        target = chosen()
    except (NoRecipient, ToYourself) as refusal:
        form = FindForm(formdata=None)
        form.recipient.errors = [sentence(refusal)]
        return _find(form, status=refusal.status)
    return _form(_offered(target, formdata=None), target)


@blueprint.post("/new")
def find() -> Response:
    form = FindForm()
    person = form.attempt(lambda: find_recipient(form.recipient.data, actor=my_actor(), at=clock()))
    return _find(form, status=form.status) if person is None else changed(url_for(".new", to=code_of(str(person.number))))


@blueprint.post("/preview")
def preview() -> Response:
    """What would be made and when, to be confirmed by a code; nothing is kept yet."""
    target = chosen()
    form = _offered(target)
    planned = form.attempt(lambda: _typed(form, target))
    return _form(form, target, status=form.status) if planned is None else ask(_subject(planned), TanForm(formdata=None))


@blueprint.post("/confirmation")
def create() -> Response:
    made, again = answered(KIND, _told, lambda by: set_standing(authorisation=by, at=clock()), _needs)
    return again or changed(url_for(".show", key=made))


@blueprint.post("/<int:key>/end")
def end(key: int) -> Response:
    """It only keeps money where it is, so it takes no code."""
    end_standing(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".show", key=key))


def _find(form: FindForm, *, status: int = 200) -> Response:
    mine = purses(me().id)
    return page("wallets/standing_find.html", form=form, wallets=wallet_names(mine) if len(mine) > 1 else {}, status=status)


def _form(form: StandingForm, target: Target, *, status: int = 200) -> Response:
    names = wallet_names(target.mine)
    to = names[target.wallet.wallet] if target.wallet else called(target.person.name, str(target.person.number))
    room = None if target.wallet else room_for(me().id, TRANSFER, clock())
    return page("wallets/standing_form.html", form=form, target=target, to=to, room=room, status=status)


def _offered(target: Target, **options: Any) -> StandingForm:
    form = StandingForm(**options)
    form.offer(wallet_names(target.offered))
    return form.on(day_in(clock(), company().zone))


def _typed(form: StandingForm, target: Target) -> PlannedStanding:
    origin = wallet_among(target.mine, form.wallet.data)
    amount = form.typed(language=reader().language, currency=origin.currency).money
    to = target.wallet.wallet if target.wallet else None
    return plan_standing(me().id, origin.wallet, target.person.id, to, amount, form.rhythm(), form.message.data, at=clock())


def _subject(planned: PlannedStanding) -> Subject:
    names, receiver = wallet_names(purses(me().id)), planned.recipient
    to = names[planned.receiver.wallet] if planned.own else called(receiver.name, str(receiver.number))
    origin = names[planned.sender.wallet] if len(names) > 1 else None
    facts: dict[str, Any] = {"planned": planned, "to": to, "origin": origin, "how_often": how_often}
    subject, number = planned.subject, str(receiver.number)
    payee = payee_of(receiver.name, number)
    level = needed_for_standing(subject, me().id)
    return Subject(KIND, TRANSFER, subject, planned.amount, payee, "wallets/standing_confirm.html", facts, level)


def _told(shown: Snapshot) -> Subject:
    assert shown.amount is not None
    return _subject(agreed_standing(shown.subject, shown.amount, me().id, at=clock()))


def _needs(shown: Snapshot) -> int:
    return needed_for_standing(shown.subject, me().id)
