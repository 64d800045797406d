"""The office's orders: Accounting by colour, what is to be sent, one order with its reasons."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.orders.actions import deliver, ship
from vps.orders.models import Colour, Listed, Order, company_counts, company_list, parcels, to_send
from vps.orders.models.receipt import receipt_of
from vps.orders.models.search import search_orders
from vps.people.guards import for_staff, looked_at
from vps.people.session import my_actor

blueprint = for_staff(Blueprint("orders_office", __name__, url_prefix="/office"))
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
        "colour": None if asked else colour,
        "asked": asked,
        "limit": PAGE,
    }
    return page("orders/office_index.html", **facts)


@blueprint.get("/orders/<number>")
def show(number: str) -> Response:
    order = any_order(number)
    shown = page("orders/office_show.html", order=order, lines=order.lines(), why=order.why(clock()), form=Choice())
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


def any_order(number: str) -> Order:
    order: Order = found(Order.numbered(number))
    return order


def sums(orders: list[Listed]) -> list[Money]:
    """The total of exactly what is shown, one for each currency."""
    found: dict[str, Money] = {}
    for order in orders:
        found[order.price.currency] = found.get(order.price.currency, Money.zero(order.price.currency)) + order.price
    return list(found.values())
