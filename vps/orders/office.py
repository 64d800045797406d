"""The office's orders: Accounting by colour, what is to be sent, one order with its reasons, and debts."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.orders.actions import NotOwed, deliver, settle_from_wallet, ship, write_off
from vps.orders.choosing import told_of
from vps.orders.forms import WriteOffForm
from vps.orders.models import (
    Colour,
    Listed,
    Order,
    Owed,
    company_counts,
    company_list,
    debt,
    open_debt_count,
    open_debts,
    parcels,
    to_send,
)
from vps.orders.models.receipt import receipt_of
from vps.orders.models.refund_lists import open_refunds
from vps.orders.models.search import search_orders
from vps.people.guards import for_staff, looked_at
from vps.people.session import my_actor
from vps.wallets.models import purse

blueprint = for_staff(Blueprint("orders_office", __name__, url_prefix="/office"), sensitive=("create_debt_payment", "end_debt"))
PAGE = 50


@blueprint.get("/orders")
def index() -> Response:
    now, asked, colour = clock(), request.args.get("q", "").strip()[:200], Colour.named(request.args.get("colour"), Colour.GREEN)
    if asked:
        orders = search_orders(asked, now=now, limit=PAGE)
    else:
        orders = company_list(colour, now=now, before=key_from(request.args.get("before")), limit=PAGE + 1)
    facts: dict[str, Any] = {
        "orders": orders,
        "sums": sums(orders[:PAGE]),
        "counts": company_counts(now),
        **to_see_to(),
        "colour": None if asked else colour,
        "asked": asked,
        "limit": PAGE,
    }
    return page("orders/office_index.html", **facts)


@blueprint.get("/orders/<number>")
def show(number: str) -> Response:
    order = any_order(number)
    shown = page("orders/office_show.html", order=order, form=Choice(), **told_of(order, clock()))
    return looked_at(shown, order.partner_id, "order")


@blueprint.get("/orders/<number>/receipt")
def receipt(number: str) -> Response:
    order = any_order(number)
    shown = page("orders/receipt.html", receipt=receipt_of(order), order=order, form=Choice(), sent=None)
    return looked_at(shown, order.partner_id, "order")


@blueprint.get("/sending")
def sending() -> Response:
    orders = to_send(now=clock(), before=key_from(request.args.get("before")), limit=PAGE + 1)
    packed = parcels([order.id for order in orders])
    return page("orders/sending.html", orders=orders, parcels=packed, limit=PAGE, form=Choice())


@blueprint.post("/orders/<number>/shipment")
def create_shipment(number: str) -> Response:
    ship(any_order(number).id, actor=my_actor(), at=clock())
    return changed(url_for(".sending") if request.form.get("back") == "list" else url_for(".show", number=number))


@blueprint.post("/orders/<number>/delivery")
def create_delivery(number: str) -> Response:
    deliver(any_order(number).id, actor=my_actor(), at=clock())
    return changed(url_for(".show", number=number))


@blueprint.get("/debts")
def debts() -> Response:
    owed = open_debts(after=key_from(request.args.get("after")), limit=PAGE + 1)
    return page("orders/debts.html", debts=owed, limit=PAGE)


@blueprint.get("/debts/<int:key>")
def show_debt(key: int) -> Response:
    owed = any_debt(key)
    return looked_at(_debt(owed, WriteOffForm()), owed.partner_id, "order")


@blueprint.post("/debts/<int:key>/payment")
def create_debt_payment(key: int) -> Response:
    """The partner's wallet pays it."""
    owed, form = open_debt(key), Choice()
    if not form.done(lambda: settle_from_wallet(key, authorisation=ByStaff(my_actor()), at=clock())):
        return _debt(owed, WriteOffForm(formdata=None), words=form.refusal, status=form.status)
    return changed(url_for(".show_debt", key=key))


@blueprint.post("/debts/<int:key>/end")
def end_debt(key: int) -> Response:
    """Nobody will pay it: it is written off, with the reason."""
    owed, form = open_debt(key), WriteOffForm()
    if not form.done(lambda: write_off(key, note=form.reason.data, authorisation=ByStaff(my_actor()), at=clock())):
        return _debt(owed, form, words=form.refusal, status=form.status)
    return changed(url_for(".show_debt", key=key))


def any_order(number: str) -> Order:
    order: Order = found(Order.numbered(number))
    return order


def any_debt(key: int) -> Owed:
    owed: Owed = found(debt(key))
    return owed


def open_debt(key: int) -> Owed:
    """The same, while it can be ended. Raises NotOwed."""
    owed = any_debt(key)
    if not owed.is_open:
        raise NotOwed(number=owed.order)
    return owed


def _debt(owed: Owed, form: WriteOffForm, *, words: str | None = None, status: int = 200) -> Response:
    wallet = purse(owed.partner_id, owed.amount.currency)
    return page("orders/debt.html", owed=owed, form=form, words=words, available=wallet and wallet.available, status=status)


def to_see_to() -> dict[str, int]:
    """How many debts and refunds wait for the office."""
    return {"debts": open_debt_count(), "refunds": open_refunds().all}


def sums(orders: list[Listed]) -> list[Money]:
    """The total of exactly what is shown, less what was refunded of it, one for each currency."""
    found: dict[str, Money] = {}
    for order in orders:
        left = order.price - order.refunded
        found[left.currency] = found.get(left.currency, Money.zero(left.currency)) + left
    return list(found.values())
