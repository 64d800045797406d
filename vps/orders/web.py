"""The partner's orders: lists by colour, entry, change, Pay Now, receipt."""

from typing import Any, TypeVar

from flask import Blueprint, Response, g, request, url_for

from vps.bank.paying_in import Payer, chosen, offered, slip_into
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, in_its_place, key_from, page, wants_piece
from vps.kernel.clock import clock
from vps.kernel.database import action
from vps.kernel.numbers import order_reference
from vps.kernel.refusals import N_, Refused
from vps.orders.actions import KIND, Address, NotRed, cancel_order, change_order, enter_order, must_be_payable, pay_now, subject_of
from vps.orders.actions.receipt import post_receipt
from vps.orders.choosing import choices_of, chosen_in, rated, taken, told_of
from vps.orders.forms import GoodsForm, NoCustomer, OrderForm, TwoCustomers
from vps.orders.models import Colour, Order, Product, partner_counts, partner_list
from vps.orders.models.receipt import receipt_of
from vps.orders.models.refund_lists import cash_to_return
from vps.orders.models.search import search_orders
from vps.people.actions import add_customer
from vps.people.guards import for_partners
from vps.people.models import Customer
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot, confirm, posted, send_code
from vps.security.forms import NotShown, TanForm, question
from vps.security.models import PURCHASE
from vps.security.session import session_id, site, watch_fields
from vps.wallets.actions import must_have_room
from vps.wallets.models import room_near

blueprint = for_partners(Blueprint("orders", __name__, url_prefix="/orders"))
blueprint.add_app_template_filter(taken)
blueprint.add_app_template_filter(rated)
PAGE = 25
Form = TypeVar("Form", bound=GoodsForm)


@blueprint.get("")
def index() -> Response:
    now, asked = clock(), request.args.get("q", "").strip()[:200]
    colour = Colour.named(request.args.get("colour"), Colour.RED)
    if asked:
        return page(
            "orders/index.html",
            orders=search_orders(asked, now=now, partner=me().id),
            counts=partner_counts(me().id, now),
            tasks=[],
            colour=None,
            asked=asked,
            limit=None,
        )
    orders = partner_list(me().id, colour, now=now, before=key_from(request.args.get("before")), limit=PAGE + 1)
    facts: dict[str, Any] = {"counts": partner_counts(me().id, now), "tasks": cash_to_return(partner=me().id, limit=5)}
    return page("orders/index.html", "orders/_more.html", orders=orders, colour=colour, asked="", limit=PAGE, **facts)


@blueprint.get("/new")
def new() -> Response:
    form = _offered(OrderForm(language=g.reader.language))
    return page("orders/form.html", form=form)


@blueprint.post("/new")
def create() -> Response:
    form = _offered(OrderForm())
    made = form.attempt(lambda: _enter(form))
    if made is None:
        return page("orders/form.html", form=form, status=form.status)
    return changed(url_for(".show", number=Order.get_by_id(made).number))


@blueprint.get("/<number>")
def show(number: str) -> Response:
    order = my_order(number)
    return page("orders/show.html", order=order, form=Choice(), **told_of(order, clock()))


@blueprint.get("/<number>/goods")
def goods(number: str) -> Response:
    order = my_red_order(number)
    ordered = {line.product_id: line.quantity for line in order.lines()}
    return page("orders/form.html", form=_offered(GoodsForm(obj=order), ordered), order=order)


@blueprint.post("/<number>/goods")
def change_goods(number: str) -> Response:
    order, form = my_order(number), _offered(GoodsForm())
    done = form.attempt(
        lambda: (
            change_order(order.id, form.chosen(request.form), address=form.address(), partner=me().id, actor=my_actor(), at=clock()),
            True,
        )
    )
    if done is None:
        return page("orders/form.html", form=form, order=order, status=form.status)
    return changed(url_for(".show", number=number))


@blueprint.get("/<number>/end")
def ending(number: str) -> Response:
    return page("orders/cancel.html", order=my_red_order(number), form=Choice())


@blueprint.post("/<number>/end")
def end(number: str) -> Response:
    cancel_order(my_order(number).id, partner=me().id, actor=my_actor(), at=clock())
    return changed(url_for(".index", colour="red"))


@blueprint.get("/<number>/payment")
def new_payment(number: str) -> Response:
    order = my_order(number)
    must_be_payable(order.id, order.price)
    return _dialog(order, TanForm(formdata=None), request.args.get("wallet", ""))


@blueprint.post("/<number>/payment")
def create_payment(number: str) -> Response:
    order, form = my_order(number), TanForm()
    watch_fields()
    if form.send.data:
        sent = form.done(lambda: send_code(_shown(order, form), actor=my_actor(), at=clock()))
        return in_its_place(_dialog(order, form, _choice(form), status=200 if sent else form.status), "#pay")
    if form.attempt(lambda: _pay(order, form)) is None:
        return _dialog(order, form, _choice(form), status=form.status)
    return _paid(my_order(number))


@blueprint.get("/<number>/slip")
def slip(number: str) -> Response:
    """For the customer who pays by a transfer of his own, in his language."""
    order = my_order(number)
    must_be_payable(order.id, order.price)
    accounts, customer = offered(order.currency), order.customer
    shown = slip_into(
        chosen(accounts, request.args.get("account")),
        order_reference(order.number),
        N_("Order %(number)s"),
        language=customer.language,
        payer=Payer(customer.name, order.street, f"{order.postcode} {order.city}".strip()),
        amount=order.price,
        number=order.number,
    )
    return page("orders/slip.html", order=order, accounts=accounts, shown=shown)


@blueprint.get("/<number>/receipt")
def receipt(number: str) -> Response:
    order = my_order(number)
    return page("orders/receipt.html", receipt=receipt_of(order), order=order, form=Choice(), sent=request.args.get("sent"))


@blueprint.post("/<number>/receipt")
def create_receipt_mail(number: str) -> Response:
    order = my_order(number)
    post_receipt(order, actor=my_actor(), at=clock())
    return changed(url_for(".receipt", number=number, sent=1))


def my_order(number: str) -> Order:
    """The order as its partner may see it: another partner's is not there."""
    order: Order = found(Order.seen_by(me(), number))
    return order


def my_red_order(number: str) -> Order:
    """The same, while it can be changed and cancelled. Raises NotRed."""
    order = my_order(number)
    if order.paid_at or order.cancelled_at:
        raise NotRed(number=order.number)
    return order


@action
def _enter(form: OrderForm) -> int:
    # One action: an order that is refused leaves no customer behind.
    chosen = Customer.of(me(), form.customer.data) if (form.customer.data or "").isdigit() else None
    named = (form.name.data or "").strip()
    if chosen is None and not named:
        raise NoCustomer
    if chosen and named:
        raise TwoCustomers(name=chosen.name)
    items, address, at = form.chosen(request.form), form.address(), clock()
    if chosen and not any(address):
        address = Address(chosen.street, chosen.postcode, chosen.city, chosen.country)
    customer = chosen or add_customer(
        me(),
        name=form.name.data,
        language=form.language.data,
        email=form.email.data or "",
        phone=form.phone.data or "",
        address=address,
        at=at,
    )
    return enter_order(me(), customer, items, key=f"{me().id}:{form.key.data}", address=address, actor=my_actor(), at=at)


def _offered(form: Form, ordered: dict[int, int] | None = None) -> Form:
    products = list(Product.select().where(Product.offered).order_by(Product.name))
    form.offer(products, request.form, ordered or {})
    if isinstance(form, OrderForm):
        form.know(me())
    return form


def _pay(order: Order, form: TanForm) -> int:
    shown = _shown(order, form)
    if not posted(shown.nonce, me().id):
        must_be_payable(order.id, shown.amount or order.price)
    authorisation = confirm(shown, **form.codes(shown), site=site(), session=session_id(), actor=my_actor(), at=clock())
    return pay_now(order.id, authorisation=authorisation, at=clock())


def _shown(order: Order, form: TanForm) -> Snapshot:
    """What the dialog had shown, if it was this order's."""
    shown = form.snapshot(session_id())
    if (shown.kind, shown.subject.partition(" ")[0]) != (KIND, order.number):
        raise NotShown
    return shown


def _choice(form: TanForm) -> str:
    """The wallets that the dialog had shown; the usual one where it was forged or is another session's."""
    try:
        return chosen_in(form.snapshot(session_id()).subject)
    except NotShown:
        return ""


def _dialog(order: Order, form: TanForm, chosen: str, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"order": order, "form": form, "asked": None, **choices_of(order, me().id, chosen, at=clock())}
    ours = company()
    try:
        if form.is_submitted():  # it was paid or cancelled elsewhere while the dialog was open
            must_be_payable(order.id, order.price)
        must_have_room(me().id, PURCHASE, order.price, at=clock())
        facts["room"] = room_near(me().id, PURCHASE, order.price, clock())
        facts |= question(
            form,
            kind=KIND,
            subject=subject_of(order.number, facts["funding"]),
            amount=order.price,
            payee=ours.legal_name or ours.name,
            motive=PURCHASE,
            actor=my_actor(),
            session=session_id(),
            prefer=request.args.get("way"),
            site=site(),
            at=clock(),
        )
    except Refused as refusal:
        facts["stopped"] = refusal
    facts["in_place"] = wants_piece()
    return page("orders/payment.html", "orders/_payment.html", status=status, **facts)


def _paid(order: Order) -> Response:
    now = clock()
    listed = (
        [line for line in partner_list(me().id, order.colour(now), now=now, limit=PAGE) if line.id == order.id] if wants_piece() else []
    )
    facts: dict[str, Any] = {
        "order": listed[0] if listed else None,
        "counts": partner_counts(me().id, now) if wants_piece() else None,
        "colour": Colour.RED,
    }
    return changed(url_for(".show", number=order.number), "orders/_paid.html", **facts)
