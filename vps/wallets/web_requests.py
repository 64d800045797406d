"""A partner asks for a payment, or shows a code by which he is found; and what others ask of him."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for
from markupsafe import Markup

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, key_from, page
from vps.hypermedia.pictures import qr
from vps.kernel.clock import clock
from vps.kernel.refusals import NotFound
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import NotShown, TanForm
from vps.wallets.actions import (
    agreed,
    ask_for,
    deny_request,
    pay_request,
    payable,
    plan_between,
    recipient_by_code,
    subject_of,
    withdraw_request,
)
from vps.wallets.actions.requests import KIND, LIFE
from vps.wallets.forms import PayRequestForm, ReceiveForm, RequestForm
from vps.wallets.models import Asked, Asking, Purse, asking, askings, code_of, purses, request_code, request_in, signature
from vps.wallets.transfer_words import called, wallet_names
from vps.wallets.web_transfers import confirmation, needs

blueprint = for_partners(Blueprint("requests", __name__, url_prefix="/wallet"))
PAGE = 25


@blueprint.get("/receive")
def receive() -> Response:
    """One's own code, with what it is to carry."""
    form = ReceiveForm(request.args).offer(_currencies())
    asked = form.attempt(lambda: form.wanted(language=reader().language)) or Asked()
    code = code_of(str(me().number))
    facts: dict[str, Any] = {"code": code, "picture": _picture(_address(code, asked)), "asked": asked}
    return page("wallets/receive.html", form=form, status=form.status if form.errors or form.refusal else 200, **facts)


@blueprint.get("/requests")
def index() -> Response:
    before = key_from(request.args.get("before"))
    listed = askings(me().id, before=before[0] if before else None, limit=PAGE + 1)
    return page("wallets/requests.html", listed=listed, limit=PAGE, called=called, now=clock())


@blueprint.get("/requests/new")
def new() -> Response:
    """Asked of a partner who was found before, or of whoever will be shown the code."""
    return _form(RequestForm().offer(_currencies()))


@blueprint.post("/requests/new")
def create() -> Response:
    form = RequestForm().offer(_currencies())
    made = form.attempt(lambda: _ask(form))
    return _form(form, status=form.status) if made is None else changed(url_for(".show", key=made))


@blueprint.get("/requests/<int:key>")
def show(key: int) -> Response:
    return _shown(seen(key), PayRequestForm(formdata=None))


@blueprint.post("/requests/<int:key>/payment")
def preview(key: int) -> Response:
    """What would leave, to be confirmed by a code; amount and recipient are the request's."""
    asked = seen(key)
    form = PayRequestForm().offer(wallet_names(_paying(asked)))
    about = form.attempt(lambda: _planned(form, asked))
    return _shown(asked, form, status=form.status) if about is None else ask(about, TanForm(formdata=None))


@blueprint.post("/requests/<int:key>/confirmation")
def pay(key: int) -> Response:
    asked = seen(key)
    made, again = answered(KIND, lambda shown: _told(shown, asked), lambda by: pay_request(authorisation=by, at=clock()), needs)
    return again or changed(url_for("transfers.show", key=made))


@blueprint.post("/requests/<int:key>/denial")
def deny(key: int) -> Response:
    deny_request(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".show", key=key))


@blueprint.post("/requests/<int:key>/end")
def end(key: int) -> Response:
    withdraw_request(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".show", key=key))


def seen(key: int) -> Asking:
    """A request as its two sides see it, or who has the code of one that is for anybody. Raises NotFound."""
    asked = asking(key)
    if asked is None:
        raise NotFound
    coded = asked.payer is None and request_in(request.args.get("code", "")) == key
    if me().id not in (asked.asker, asked.payer) and not coded:
        raise NotFound
    return asked


def _form(form: RequestForm, *, status: int = 200) -> Response:
    code = request.args.get("to", "")
    person = recipient_by_code(code, me=me().id) if code else None
    facts: dict[str, Any] = {"code": code, "who": called(person.name, str(person.number)) if person else "", "days": LIFE.days}
    return page("wallets/request_form.html", form=form, status=status, **facts)


def _ask(form: RequestForm) -> int:
    code = request.args.get("to", "")
    payer = recipient_by_code(code, me=me().id).id if code else None
    amount = form.typed(language=reader().language, currency=form.currency.data).money
    return ask_for(me().id, payer, amount, form.message.data, key=form.key.data, actor=my_actor(), at=clock())


def _shown(asked: Asking, form: PayRequestForm, *, status: int = 200) -> Response:
    wallets, state = _paying(asked), asked.state(clock())
    mine = asked.asker == me().id
    code = request_code(asked.id) if asked.payer is None and (mine or "code" in request.args) else ""
    shows = mine and code and state.name == "OPEN"
    facts: dict[str, Any] = {
        "state": state,
        "mine": mine,
        "code": code,
        "picture": _picture(f"{g.public_url}{url_for('.show', key=asked.id, code=code)}") if shows else "",
        "who": called(asked.payer_name, asked.payer_number) if mine else called(asked.asker_name, asked.asker_number),
        "paid_here": asked.paid_at is not None and me().id in (asked.asker, asked.payer),
    }
    form.offer(wallet_names(wallets))
    return page("wallets/request.html", asked=asked, form=form, press=Choice(formdata=None), status=status, **facts)


def _paying(asked: Asking) -> list[Purse]:
    """One's wallets from which a request can be paid: those of its currency."""
    return [each for each in purses(me().id) if each.currency == asked.amount.currency and each.sends]


def _planned(form: PayRequestForm, asked: Asking) -> Subject:
    payable(asked.id, me().id, clock())
    planned = plan_between(me().id, form.wallet.data, asked.asker, None, asked.amount, at=clock())
    return _confirmation(subject_of(planned, asked.asker_number, str(asked.id)), asked)


def _confirmation(subject: str, asked: Asking) -> Subject:
    code: dict[str, Any] = {"code": request_code(asked.id)} if asked.payer is None else {}
    addresses = url_for(".pay", key=asked.id, **code), url_for(".show", key=asked.id, **code)
    return confirmation(KIND, subject, asked.amount, *addresses, asked.message)


def _told(shown: Snapshot, asked: Asking) -> Subject:
    assert shown.amount is not None
    if agreed(shown.subject, shown.amount).rest != str(asked.id):
        raise NotShown
    return _confirmation(shown.subject, asked)


def _currencies() -> list[str]:
    """In which currencies one can receive, the company's own first."""
    able = {each.currency for each in purses(me().id) if each.receives and not each.frozen}
    return sorted(able, key=lambda each: (each != company().currency, each)) or [company().currency]


def _address(code: str, asked: Asked) -> str:
    more: dict[str, Any] = {"amount": asked.amount.plain, "currency": asked.amount.currency} if asked.amount else {}
    more |= {"message": asked.message} if asked.message else {}
    sign: dict[str, Any] = {"sign": signature(str(me().number), asked)} if more else {}
    return f"{g.public_url}{url_for('transfers.new', to=code, **more, **sign)}"


def _picture(address: str) -> Markup:
    return Markup(qr(address.encode()))  # noqa: S704 - drawn by us: what people typed stands in the code, not in the markup
