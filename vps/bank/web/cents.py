"""A partner's own account is confirmed by a cent that is sent there, and by the code in its text."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.bank.actions import ask_cent, confirm_cent
from vps.bank.forms import CentForm
from vps.bank.models import Payout, cent_states, open_cent, payee_of
from vps.hypermedia.forms import Choice, Form
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me, my_actor

blueprint = for_partners(Blueprint("cents", __name__, url_prefix="/me/accounts/<int:key>/cent"))


@blueprint.get("")
def show(key: int) -> Response:
    return _page(key)


@blueprint.post("")
def create(key: int) -> Response:
    form = Choice()
    done = form.done(lambda: ask_cent(me().id, key, actor=my_actor(), at=clock()))
    return changed(url_for(".show", key=key)) if done else _page(key, form, status=form.status)


@blueprint.post("/code")
def create_proof(key: int) -> Response:
    form = CentForm()
    done = form.done(lambda: confirm_cent(me().id, key, form.code.data, actor=my_actor(), at=clock()))
    return changed(url_for("payees.index", _anchor=f"account-{key}")) if done else _page(key, form, status=form.status)


def _page(key: int, form: Form | None = None, *, status: int = 200) -> Response:
    now = clock()
    payee, cent = found(payee_of(me().id, key)), open_cent(me().id, key, now)
    wanted: type[Form] = CentForm if cent else Choice
    if not isinstance(form, wanted):  # what was refused may have ended what was asked
        fresh = wanted(formdata=None)
        fresh.refusal, form = form.refusal if form else None, fresh
    payout = Payout.get_by_id(cent.payout_id) if cent else None
    facts: dict[str, Any] = {"payee": payee, "cent": cent, "payout": payout, "state": cent_states(me().id, now)[key], "now": now}
    return page("bank/cent.html", form=form, status=status, **facts)
