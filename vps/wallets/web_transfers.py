"""A partner sends something: he finds who is to get it, sees who that is, types an amount, and confirms it. And what was sent and received."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, request, url_for

from vps.hypermedia.languages import reader, sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.amounts import parse_plain, written
from vps.kernel.clock import clock
from vps.kernel.money import Money, is_currency
from vps.kernel.refusals import NotFound, Refused
from vps.people.guards import for_partners
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.wallets.actions import (
    Agreed,
    NoRecipient,
    ToYourself,
    agreed,
    find_recipient,
    needed_for,
    payee_of,
    plan_between,
    recipient_by_code,
    subject_of,
    transfer,
    wallet_among,
)
from vps.wallets.actions.transfers import KIND
from vps.wallets.forms import FindForm, SendForm
from vps.wallets.models import Asked, Purse, case_of, code_of, is_signed, moved, moves, purses, request_code, request_in, room_for, rules_of
from vps.wallets.models.asked_back import OUTCOMES
from vps.wallets.models.moved import OWN, PARTNER, SIDES
from vps.wallets.models.transfers import ANY
from vps.wallets.standing_forms import AskForm
from vps.wallets.transfer_words import called, kinds_of, rate_line, terms, wallet_names, with_whom

blueprint = for_partners(Blueprint("transfers", __name__, url_prefix="/wallet"))
PAGE = 25


class Target(NamedTuple):
    """Where something is to go: to a partner, or to one of one's own wallets. `address` says it in the next address, signed."""

    person: Person
    wallet: Purse | None
    mine: list[Purse]
    address: dict[str, str]

    @property
    def offered(self) -> list[Purse]:
        """The wallets it can come from."""
        others = [each for each in self.mine if self.wallet is None or each.wallet != self.wallet.wallet]
        return [each for each in others if each.sends] or others


@blueprint.get("/send")
def new() -> Response:
    """Who is to get something; then who that is, and how much."""
    if not {"to", "own"} & set(request.args):
        return _find(FindForm(formdata=None))
    try:
        target = chosen()
    except (NoRecipient, ToYourself) as refusal:
        form = FindForm(formdata=None)
        form.recipient.errors = [sentence(refusal)]
        return _find(form, status=refusal.status)
    return _amount(_prefilled(target), target)


@blueprint.post("/send")
def find() -> Response:
    """Who was found stands in the next address, in a code that nobody but us can make."""
    form = FindForm()
    person = form.attempt(lambda: request_in(form.recipient.data) or find_recipient(form.recipient.data, actor=my_actor(), at=clock()))
    if person is None:
        return _find(form, status=form.status)
    if isinstance(person, int):
        return changed(url_for("requests.show", key=person, code=request_code(person)))
    return changed(url_for("requests.new" if "ask" in request.args else ".new", to=code_of(str(person.number))))


@blueprint.post("/send/preview")
def preview() -> Response:
    """What would leave, cost and arrive, to be confirmed by a code; nothing is kept yet."""
    target = chosen()
    form = SendForm().offer(wallet_names(target.offered))
    about = form.attempt(lambda: _typed(form, target))
    return _amount(form, target, status=form.status) if about is None else ask(about, TanForm(formdata=None))


@blueprint.post("/send/confirmation")
def create() -> Response:
    made, again = answered(KIND, _told, lambda by: transfer(authorisation=by, at=clock()), needs)
    return again or changed(url_for(".show", key=made))


@blueprint.get("/transfers")
def index() -> Response:
    before, side = key_from(request.args.get("before")), request.args.get("side", "")
    listed = moves(me().id, side, before=before[0] if before else None, limit=PAGE + 1)
    facts: dict[str, Any] = {"kinds": kinds_of(listed), "side": side if side in SIDES else "", "limit": PAGE}
    return page("wallets/transfers.html", moves=listed, with_whom=with_whom, **facts)


@blueprint.get("/transfers/<int:key>")
def show(key: int) -> Response:
    """Both sides see it; for anybody else it is not there."""
    move, case = found(moved(me().id, key)), case_of(key, me().id)
    facts: dict[str, Any] = {"incoming": move.sender != me().id, "kinds": kinds_of([move])}
    facts |= {"case": case, "now": clock(), "form": AskForm(), "outcomes": OUTCOMES}
    return page("wallets/transfer.html", move=move, called=called, with_whom=with_whom, rate_line=rate_line, **facts)


def chosen() -> Target:
    """Where something is to go, from the address. Raises NoRecipient, ToYourself, NotFound."""
    mine, own = purses(me().id), request.args.get("own", "")
    if own and len(mine) < 2:
        raise NotFound  # it would come from nowhere
    if own:
        wallet = wallet_among(mine, int(own) if own.isascii() and own.isdigit() and len(own) < 19 else 0)
        return Target(me(), wallet, mine, {"own": str(wallet.wallet)})
    person = recipient_by_code(request.args.get("to", ""), me=me().id)
    return Target(person, None, mine, {"to": code_of(str(person.number))})


def needs(shown: Snapshot) -> int:
    """The least security level for what a dialog had shown."""
    assert shown.amount is not None
    return needed_for(me().id, agreed(shown.subject, shown.amount).recipient)


def confirmation(kind: str, subject: str, amount: Money, here: str, back: str, message: str) -> Subject:
    """The dialog about a transfer, from what is signed into it."""
    what = agreed(subject, amount)
    names = wallet_names(purses(me().id))
    facts: dict[str, Any] = {
        "what": what,
        "rate_line": rate_line,
        "amount": amount,
        "to": names.get(what.to_wallet) or called(what.name, what.number),
        "origin": names.get(what.from_wallet) if len(names) > 1 else None,
        "message": message,
        "here": here,
        "back": back,
    }
    payee = payee_of(what.name, what.number)
    return Subject(kind, KIND, subject, amount, payee, "wallets/send_confirm.html", facts, needed_for(me().id, what.recipient))


def _find(form: FindForm, *, status: int = 200) -> Response:
    mine, asks = purses(me().id), "ask" in request.args
    return page("wallets/send.html", form=form, wallets=wallet_names(mine) if len(mine) > 1 and not asks else {}, asks=asks, status=status)


def _amount(form: SendForm, target: Target, *, status: int = 200) -> Response:
    rules = rules_of(OWN if target.wallet else PARTNER)
    names = wallet_names([*target.offered, *([target.wallet] if target.wallet else [])])
    facts: dict[str, Any] = {
        "to": names[target.wallet.wallet] if target.wallet else called(target.person.name, str(target.person.number)),
        "offered": [
            (each, names[each.wallet], terms(rules.get((each.kind, each.currency), ANY), each.currency)) for each in target.offered
        ],
        "target": target,
        # Between own wallets nothing is limited.
        "room": None if target.wallet else room_for(me().id, KIND, clock()),
    }
    return page("wallets/send_amount.html", form=form, status=status, **facts)


def _prefilled(target: Target) -> SendForm:
    """The form, with the amount and the message that were shown with the code: as they were shown, or not at all."""
    form = SendForm(formdata=None).offer(wallet_names(target.offered))
    asked = _asked()
    if asked and is_signed(str(target.person.number), asked, request.args.get("sign", "")):
        form.message.data = asked.message
        # An amount in a currency that he has not would be read as one in his own.
        fitting = [each.wallet for each in target.offered if asked.amount and each.currency == asked.amount.currency]
        if asked.amount and fitting:
            form.amount.data, form.wallet.data = written(asked.amount, reader().language), fitting[0]
    return form


def _asked() -> Asked | None:
    amount, currency = request.args.get("amount", ""), request.args.get("currency", "")
    try:
        money = parse_plain(amount, currency) if amount and is_currency(currency) else None
    except Refused:
        return None
    return Asked(money, request.args.get("message", ""))


def _typed(form: SendForm, target: Target) -> Subject:
    origin = wallet_among(target.mine, form.wallet.data)
    amount = form.typed(language=reader().language, currency=origin.currency).money
    to = target.wallet.wallet if target.wallet else None
    planned = plan_between(me().id, origin.wallet, target.person.id, to, amount, at=clock())
    return _confirmation(subject_of(planned, str(target.person.number), form.message.data), amount)


def _confirmation(subject: str, amount: Money) -> Subject:
    what: Agreed = agreed(subject, amount)
    return confirmation(KIND, subject, amount, url_for(".create"), url_for(".new"), what.rest)


def _told(shown: Snapshot) -> Subject:
    assert shown.amount is not None
    return _confirmation(shown.subject, shown.amount)
