"""A partner's wallets, one by one: what is in each and what is held, its name, another one, the end of one, and the total of all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, url_for

from vps.company.models import company
from vps.company.models.rates import estimate
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock, day_in
from vps.kernel.money import Money
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.wallets.actions import choose_total, close_wallet, open_own_wallet, rename_wallet
from vps.wallets.forms import CurrencyForm, NameForm
from vps.wallets.models import MAIN, Purse, held_in, purses, total_currency_of
from vps.wallets.words import called, held_for, kind_called

blueprint = for_partners(Blueprint("my_wallets", __name__, url_prefix="/wallet"))
blueprint.add_app_template_filter(called)
blueprint.add_app_template_filter(kind_called)
blueprint.add_app_template_filter(held_for)


class Total(NamedTuple):
    """About what all wallets have together; `without` are currencies that have no rate today."""

    about: Money
    exact: bool
    without: tuple[str, ...]


def total_of(mine: Sequence[Purse], person: int) -> Total:
    """What these wallets have together, in the currency their owner chose. An estimate, unless all are in it."""
    ours = company()
    into, today = total_currency_of(person) or ours.currency, day_in(clock(), ours.zone)
    known = {each.account: estimate(each.booked, into, today) for each in mine}
    about = sum((worth for worth in known.values() if worth is not None), start=Money.zero(into))
    without = dict.fromkeys(each.currency for each in mine if known[each.account] is None)
    return Total(about, all(each.currency == into for each in mine), tuple(without))


@blueprint.get("/wallets/<int:key>")
def show(key: int) -> Response:
    wallet = my_purse(key)
    return page("wallets/one.html", wallet=wallet, held=held_in(wallet.account, wallet.currency), form=NameForm(name=wallet.name))


@blueprint.post("/wallets/<int:key>")
def rename(key: int) -> Response:
    wallet, form = my_purse(key), NameForm()
    if not form.done(lambda: rename_wallet(me().id, key, form.name.data or "", actor=my_actor(), at=clock())):
        return page("wallets/one.html", wallet=wallet, held=held_in(wallet.account, wallet.currency), form=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/wallets/<int:key>/end")
def end(key: int) -> Response:
    wallet, form = my_purse(key), Choice()
    if not form.done(lambda: close_wallet(me().id, key, actor=my_actor(), at=clock())):
        facts: dict[str, Any] = {"held": held_in(wallet.account, wallet.currency), "refused": form.refusal}
        return page("wallets/one.html", wallet=wallet, form=NameForm(formdata=None, name=wallet.name), status=form.status, **facts)
    return changed(url_for("wallets.show"))


@blueprint.get("/new")
def new() -> Response:
    return page("wallets/new.html", form=CurrencyForm().offer(_missing()))


@blueprint.post("/new")
def create() -> Response:
    form = CurrencyForm().offer(_missing())
    if not form.done(lambda: open_own_wallet(me().id, form.currency.data, actor=my_actor(), at=clock())):
        return page("wallets/new.html", form=form, status=form.status)
    return changed(url_for("wallets.show"))


@blueprint.get("/total")
def total() -> Response:
    return page("wallets/total.html", form=CurrencyForm().offer(company().kept_in, total_currency_of(me().id) or company().currency))


@blueprint.post("/total")
def create_total() -> Response:
    form = CurrencyForm().offer(company().kept_in)
    if not form.done(lambda: choose_total(me().id, form.currency.data)):
        return page("wallets/total.html", form=form, status=form.status)
    return changed(url_for("wallets.show"))


def my_purse(key: int) -> Purse:
    """One of the signed-in partner's open wallets; another's is not there."""
    wallet: Purse = found(next((each for each in purses(me().id) if each.wallet == key), None))
    return wallet


def _missing() -> list[str]:
    """Currencies of the company in which he has no main wallet yet."""
    has = {each.currency for each in purses(me().id) if each.kind == MAIN}
    return [each for each in company().kept_in if each not in has]
