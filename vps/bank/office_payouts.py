"""The office's Friday: what waits to be paid out, and what it decides about each pay-out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.bank.actions import (
    approve_payout,
    approve_payouts,
    desks,
    hold_payout,
    paid_by_hand,
    refuse_payout,
    release_payout,
    rules,
    take_out,
    undo_by_hand,
)
from vps.bank.forms import HandForm, ReasonForm
from vps.bank.models import Payout
from vps.bank.models.cents import is_cent
from vps.bank.models.paydesk import paid_by_hand_as, paid_from, waiting, waits
from vps.bank.words import happened, held_by, reason_of, state
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor
from vps.wallets.forms import NotThatDay

blueprint = for_staff(
    Blueprint("payouts_office", __name__, url_prefix="/office/payouts"),
    sensitive=("approve_all", "approve", "release", "refuse", "take_back", "by_hand", "end_by_hand"),
)
PAGE = 50


@blueprint.get("")
def index() -> Response:
    """Each account with what waits for it; what waits for one of them, or is searched for, line by line."""
    now, asked, account = clock(), request.args.get("q", "")[:80], key_from(request.args.get("account"))
    places, nowhere = desks(now)
    place = next((desk for desk in places if not account or desk.ours.id == account[0]), None)
    after = request.args.get("day", "")[:10], (key_from(request.args.get("after")) or (0, 0))[0]
    lines = waiting(rules(now), place.ours.currency, place.kinds, search=asked, after=after, limit=PAGE + 1) if place else []
    facts: dict[str, Any] = {"desks": places, "nowhere": nowhere, "place": place, "lines": lines, "asked": asked, "limit": PAGE}
    return page("bank/paydesk.html", held_by=held_by, form=Choice(), **facts)


@blueprint.post("/accounts/<int:account>/approval")
def approve_all(account: int) -> Response:
    approve_payouts(account, actor=my_actor(), at=clock())
    return changed(url_for(".index", account=account))


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    return _one(key, ReasonForm(formdata=None))


@blueprint.post("/<int:key>/approval")
def approve(key: int) -> Response:
    return _done(key, lambda form: approve_payout(key, actor=my_actor(), at=clock()), Choice())


@blueprint.post("/<int:key>/hold")
def hold(key: int) -> Response:
    return _done(key, lambda form: hold_payout(key, reason=form.reason.data, actor=my_actor(), at=clock()), ReasonForm())


@blueprint.post("/<int:key>/hold/end")
def release(key: int) -> Response:
    return _done(key, lambda form: release_payout(key, actor=my_actor(), at=clock()), Choice())


@blueprint.post("/<int:key>/refusal")
def refuse(key: int) -> Response:
    return _done(key, lambda form: refuse_payout(key, reason=form.reason.data, actor=my_actor(), at=clock()), ReasonForm())


@blueprint.post("/<int:key>/file/end")
def take_back(key: int) -> Response:
    """The bank did not take it."""
    return _done(key, lambda form: take_out(key, reason=form.reason.data, actor=my_actor(), at=clock()), ReasonForm())


@blueprint.post("/<int:key>/hand")
def by_hand(key: int) -> Response:
    """Somebody made it in the bank's own program."""
    today = day_in(clock(), company().zone)

    def act(form: HandForm) -> None:
        if form.day.data > today:
            raise NotThatDay
        paid_by_hand(key, number=form.number.data, day=form.day.data, actor=my_actor(), at=clock())

    return _done(key, act, HandForm())


@blueprint.post("/<int:key>/hand/end")
def end_by_hand(key: int) -> Response:
    return _done(key, lambda form: undo_by_hand(key, actor=my_actor(), at=clock()), Choice())


def _done(key: int, act: Callable[[Any], object], form: Any) -> Response:
    if not form.done(lambda: act(form)):
        return _one(key, form, status=form.status)
    return changed(url_for(".show", key=key))


def _one(key: int, form: Any, *, status: int = 200) -> Response:
    payout: Payout = found(Payout.get_or_none(Payout.id == key))
    person: Person | None = Person.get_by_id(payout.person_id) if payout.person_id else None
    facts: dict[str, Any] = {"payout": payout, "person": person, "waits": waits(rules(clock()), key), "file": paid_from(payout.file_id)}
    words: dict[str, Any] = {"happened": happened, "state": state, "reason_of": reason_of, "held_by": held_by}
    typed = form if isinstance(form, ReasonForm) else ReasonForm(formdata=None)
    typed.refusal = form.refusal
    facts["hand"] = form if isinstance(form, HandForm) else HandForm(formdata=None, day=day_in(clock(), company().zone))
    facts["made"] = paid_by_hand_as(key)
    facts["cent"] = person is None and is_cent(key)
    shown = page("bank/paydesk_payout.html", form=typed, status=status, **facts, **words)
    return looked_at(shown, person.id, "accounts") if person else shown
