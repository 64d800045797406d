"""The partner's refunds: he asks for one, sees what became of it, and notes that the cash was returned to his customer."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from vps.company.models import company
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.orders.actions import paid_order, return_cash, wish_refund
from vps.orders.models import Order
from vps.orders.models.refund_lists import Refunded, cash_to_return, newest_refunds, refund_numbered
from vps.orders.models.refund_receipt import credit_note
from vps.orders.refund_forms import ReceiptForm, WishForm
from vps.orders.refund_words import goods_named
from vps.people.guards import for_partners
from vps.people.session import me, my_actor

blueprint = for_partners(Blueprint("refunds", __name__, url_prefix="/orders"))
PAGE = 25


@blueprint.get("/refunds")
def index() -> Response:
    before = key_from(request.args.get("before"))
    made = newest_refunds(partner=me().id, before=before[0] if before else None, limit=PAGE + 1)
    return page("orders/my_refunds.html", made=made, cash=[] if before else cash_to_return(partner=me().id), limit=PAGE)


@blueprint.get("/<number>/refund")
def new(number: str) -> Response:
    order = my_order(number)
    paid_order(order.id)
    return page("orders/refund_ask.html", order=order, form=WishForm(formdata=None).offer(order, {}))


@blueprint.post("/<number>/refund")
def create(number: str) -> Response:
    order, form = my_order(number), WishForm()
    form.offer(order, request.form)
    facts: dict[str, Any] = {"partner": me().id, "actor": my_actor(), "at": clock()}
    done = form.attempt(lambda: wish_refund(f"{me().id}:{form.key.data}", order.id, form.wanted(order, g.reader.language), **facts))
    if done is None:
        return page("orders/refund_ask.html", order=order, form=form, status=form.status)
    return changed(url_for("orders.show", number=number))


@blueprint.get("/refunds/<int:key>")
def show(key: int) -> Response:
    return _one(my_refund(key), ReceiptForm(formdata=None, day=day_in(clock(), company().zone)))


@blueprint.post("/refunds/<int:key>/return")
def create_return(key: int) -> Response:
    """The customer has the cash again, and signed for it."""
    refund, form = my_refund(key), ReceiptForm()
    facts: dict[str, Any] = {"partner": me().id, "actor": my_actor(), "at": clock()}
    if not form.done(lambda: return_cash(key, day=form.day.data, signed=form.signed.data, receipt=form.receipt.data or "", **facts)):
        return _one(refund, form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/refunds/<int:key>/receipt")
def receipt(key: int) -> Response:
    refund = my_refund(key)
    return page("orders/refund_receipt.html", note=credit_note(my_order(refund.order), refund.n), refund=refund)


def my_order(number: str) -> Order:
    order: Order = found(Order.seen_by(me(), number))
    return order


def my_refund(key: int) -> Refunded:
    """One of his own: another partner's is not there."""
    refund: Refunded = found(refund_numbered(key, partner=me().id))
    return refund


def _one(refund: Refunded, form: ReceiptForm, *, status: int = 200) -> Response:
    return page("orders/my_refund.html", refund=refund, form=form, goods=goods_named(my_order(refund.order), refund.goods), status=status)
