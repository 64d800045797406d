"""All wallets of one partner: opened, frozen, let go, closed; and the plan by which a debt is repaid."""

from typing import Any

from flask import Blueprint, Response, g, url_for

from vps.hypermedia.forms import Choice, Form
from vps.hypermedia.pages import changed, found, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor
from vps.wallets.actions import agree_plan, close_wallet, freeze_wallet, let_wallet_go, open_another, write_off_plan
from vps.wallets.desk_forms import PlanForm, WalletForm, WhyForm
from vps.wallets.desk_words import kind_name, kind_names
from vps.wallets.models.desk_lists import ListedWallet, kinds, wallets_of
from vps.wallets.models.owed import paid_of, plan_of
from vps.wallets.office import partner

blueprint = for_staff(
    Blueprint("partner_wallets", __name__, url_prefix="/office/partners/<number>/wallets"),
    sensitive=("create", "create_freeze", "end_freeze", "close", "create_plan", "end_plan"),
)


@blueprint.get("")
def index(number: str) -> Response:
    person = partner(number)
    return looked_at(_index(person, WalletForm()), person.id, "wallet")


@blueprint.post("")
def create(number: str) -> Response:
    form, person = WalletForm(), partner(number)
    form.offer(kind_names())
    if form.attempt(lambda: open_another(person.id, form.kind.data, form.currency.data, actor=my_actor(), at=clock())) is None:
        return _index(person, form, status=form.status)
    return changed(url_for(".index", number=number))


@blueprint.get("/<int:key>")
def show(number: str, key: int) -> Response:
    person = partner(number)
    return looked_at(_one(person, key, WhyForm(formdata=None)), person.id, "wallet")


@blueprint.post("/<int:key>/freeze")
def create_freeze(number: str, key: int) -> Response:
    form, person = WhyForm(), partner(number)
    if not form.done(lambda: freeze_wallet(person.id, key, reason=form.reason.data, actor=my_actor(), at=clock())):
        return _one(person, key, form, status=form.status)
    return changed(url_for(".show", number=number, key=key))


@blueprint.post("/<int:key>/freeze/end")
def end_freeze(number: str, key: int) -> Response:
    let_wallet_go(partner(number).id, key, actor=my_actor(), at=clock())
    return changed(url_for(".show", number=number, key=key))


@blueprint.post("/<int:key>/end")
def close(number: str, key: int) -> Response:
    form, person = Choice(), partner(number)
    if not form.done(lambda: close_wallet(person.id, key, actor=my_actor(), at=clock())):
        return _one(person, key, WhyForm(formdata=None), words=form.refusal, status=form.status)
    return changed(url_for(".index", number=number))


@blueprint.get("/<int:key>/plan")
def show_plan(number: str, key: int) -> Response:
    person = partner(number)
    return looked_at(_plan(person, key, PlanForm(formdata=None)), person.id, "wallet")


@blueprint.post("/<int:key>/plan")
def create_plan(number: str, key: int) -> Response:
    form, person = PlanForm(), partner(number)
    wallet, staff = mine(person, key), ByStaff(my_actor())

    def agree() -> int:
        amount = form.typed(language=g.reader.language, currency=wallet.currency).money
        return agree_plan(person.id, key, amount, form.day.data, text=form.text.data or "", authorisation=staff, at=clock())

    if form.attempt(agree) is None:
        return _plan(person, key, form, status=form.status)
    return changed(url_for(".show_plan", number=number, key=key))


@blueprint.post("/<int:key>/plan/end")
def end_plan(number: str, key: int) -> Response:
    """Nobody will repay the rest: it is written off, with the reason."""
    form, person = WhyForm(), partner(number)
    mine(person, key)
    plan = found(plan_of(person.id, key))
    if (
        form.attempt(lambda: write_off_plan(person.id, plan.id, reason=form.reason.data, authorisation=ByStaff(my_actor()), at=clock()))
        is None
    ):
        return _plan(person, key, PlanForm(formdata=None), why=form, status=form.status)
    return changed(url_for(".show_plan", number=number, key=key))


def mine(person: Person, key: int) -> ListedWallet:
    """One of this partner's wallets, open or closed."""
    wallet: ListedWallet = found(next((each for each in wallets_of(person.id) if each.id == key), None))
    return wallet


def _index(person: Person, form: WalletForm, *, status: int = 200) -> Response:
    every = kinds()
    form.offer({kind.code: kind_name(kind) for kind in every if not kind.ended_at})
    names = {kind.code: kind_name(kind) for kind in every}
    return page("wallets/partner_wallets.html", person=person, wallets=wallets_of(person.id), names=names, form=form, status=status)


def _one(person: Person, key: int, form: Form, *, words: str | None = None, status: int = 200) -> Response:
    wallet = mine(person, key)
    facts: dict[str, Any] = {"person": person, "wallet": wallet, "name": kind_names()[wallet.kind]}
    return page("wallets/partner_wallet.html", form=form, words=words, status=status, **facts)


def _plan(person: Person, key: int, form: PlanForm, *, why: WhyForm | None = None, status: int = 200) -> Response:
    wallet, plan = mine(person, key), plan_of(person.id, key)
    facts: dict[str, Any] = {"person": person, "wallet": wallet, "plan": plan, "paid": paid_of([plan])[plan.id] if plan else []}
    return page("wallets/plan.html", form=form, why=why or WhyForm(formdata=None), status=status, name=kind_names()[wallet.kind], **facts)
