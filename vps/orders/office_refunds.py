"""The office's refunds: what is to be seen to, a refund from its preview to its booking, and what partners and colleagues ask for."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.kernel.database import rows
from vps.kernel.refusals import Refused
from vps.orders.actions import (
    Asked,
    Plan,
    approve_refund,
    ask_refund,
    close_return,
    paid_order,
    pay_again,
    payer_of,
    plan_refund,
    refuse_refund,
    wanted_by,
)
from vps.orders.models import Order
from vps.orders.models.refund_lists import (
    Refunded,
    Wished,
    cash_to_return,
    newest_refunds,
    newest_wish,
    open_wishes,
    refund_numbered,
    refunds_that_came_back,
    wish_numbered,
)
from vps.orders.models.refund_receipt import credit_note
from vps.orders.models.refunds import RefundWish
from vps.orders.refund_forms import WORDS, AccountFields, DecideForm, RefundForm
from vps.orders.refund_words import goods_named
from vps.people.guards import for_staff, looked_at, must_have_stepped_up
from vps.people.session import me, my_actor

blueprint = for_staff(
    Blueprint("refunds_office", __name__, url_prefix="/office"), sensitive=("approve", "refuse", "close", "create_payout")
)
PAGE = 50


@blueprint.get("/refunds")
def index() -> Response:
    """What is to be seen to first, oldest first; then all refunds, newest first."""
    before = key_from(request.args.get("before"))
    facts: dict[str, Any] = {"wishes": [], "cash": [], "back": []}
    if not before:
        facts = {"wishes": open_wishes(limit=PAGE), "cash": cash_to_return(limit=PAGE), "back": refunds_that_came_back(PAGE)}
    made = newest_refunds(before=before[0] if before else None, limit=PAGE + 1)
    return page("orders/refunds.html", made=made, limit=PAGE, **facts)


@blueprint.get("/orders/<number>/refund")
def new(number: str) -> Response:
    order = any_order(number)
    paid = paid_order(order.id)
    holder, account = payer_of(paid.payment)
    form = RefundForm(formdata=None, holder=holder, account=account).ways(paid.ways)
    return looked_at(_form(order, form), order.partner_id, "order")


@blueprint.post("/orders/<number>/refund")
def create(number: str) -> Response:
    """First the preview, by the very code that books. Then, with `confirmed`, the booking, or the colleague who is asked."""
    order = any_order(number)
    form = RefundForm().ways(paid_order(order.id).ways)
    form.offer(order, request.form)
    if confirmed := bool(request.form.get("confirmed")):
        must_have_stepped_up()
    done = form.attempt(lambda: _ask(order, form) if confirmed else _planned(order, form))
    if done is None:
        return _form(order, form, status=form.status)
    if isinstance(done, Asked):
        return changed(url_for(".show", key=done.refund) if done.refund else url_for(".show_wish", key=done.wish))
    return page("orders/refund_preview.html", order=order, form=form, plan=done, words=WORDS, **told_of(done))


@blueprint.get("/refunds/<int:key>")
def show(key: int) -> Response:
    refund: Refunded = found(refund_numbered(key))
    form = AccountFields(formdata=None, holder=refund.customer)
    return looked_at(_one(refund, form, DecideForm(formdata=None)), refund.partner_id, "order")


@blueprint.get("/refunds/<int:key>/receipt")
def receipt(key: int) -> Response:
    refund: Refunded = found(refund_numbered(key))
    note = credit_note(any_order(refund.order), refund.n)
    return looked_at(page("orders/refund_receipt.html", note=note, refund=refund), refund.partner_id, "order")


@blueprint.post("/refunds/<int:key>/return")
def close(key: int) -> Response:
    """The task is closed without the customer's receipt."""
    form = DecideForm()
    if not form.done(lambda: close_return(key, reason=form.reason.data or "", actor=my_actor(), at=clock())):
        return _one(found(refund_numbered(key)), AccountFields(formdata=None), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.post("/refunds/<int:key>/payout")
def create_payout(key: int) -> Response:
    """What came back is paid to another account."""
    form = AccountFields()
    to = {"holder": form.holder.data or "", "account": form.account.data or "", "bic": form.bic.data or ""}
    if not form.done(lambda: pay_again(key, **to, actor=my_actor(), at=clock())):
        return _one(found(refund_numbered(key)), form, DecideForm(formdata=None), status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/refunds/wishes/<int:key>")
def show_wish(key: int) -> Response:
    wish: Wished = found(wish_numbered(key))
    return looked_at(_wish(wish, DecideForm(formdata=None)), wish.partner_id, "order")


@blueprint.post("/refunds/wishes/<int:key>/approval")
def approve(key: int) -> Response:
    return _decided(key, lambda form: approve_refund(key, authorisation=ByStaff(my_actor()), at=clock()))


@blueprint.post("/refunds/wishes/<int:key>/end")
def refuse(key: int) -> Response:
    return _decided(key, lambda form: refuse_refund(key, reason=form.reason.data or "", actor=my_actor(), at=clock()))


def any_order(number: str) -> Order:
    order: Order = found(Order.numbered(number))
    return order


def told_of(plan: Plan) -> dict[str, Any]:
    """Whose commission would be taken back, by name."""
    marks = ", ".join("?" * len(plan.commission))
    people = rows(PEOPLE.format(marks), *(person for person, _ in plan.commission)) if marks else []
    return {"people": {person: f"{number} {name}" for person, number, name in people}}


def _planned(order: Order, form: RefundForm) -> Plan:
    return plan_refund(order.id, form.wanted(order, g.reader.language), actor=my_actor(), at=clock())


def _ask(order: Order, form: RefundForm) -> Asked:
    wanted = form.wanted(order, g.reader.language)
    return ask_refund(f"{me().id}:{form.key.data}", order.id, wanted, authorisation=ByStaff(my_actor()), at=clock())


def _form(order: Order, form: RefundForm, *, status: int = 200) -> Response:
    form.offer(order, request.form)
    wish = newest_wish(order.id)
    if wish and wish.waits and not form.is_submitted():
        form.reason.data = wish.reason
    return page("orders/refund_form.html", order=order, form=form, wish=wish if wish and wish.waits else None, status=status)


def _one(refund: Refunded, account: AccountFields, form: DecideForm, *, status: int = 200) -> Response:
    goods = goods_named(any_order(refund.order), refund.goods)
    return page("orders/refund_in_office.html", refund=refund, account=account, form=form, goods=goods, words=WORDS, status=status)


def _wish(wish: Wished, form: DecideForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"plan": None, "stopped": None, "people": {}}
    if wish.waits and wish.way:
        try:
            row = RefundWish.get_by_id(wish.id)
            facts["plan"] = plan_refund(row.order_id, wanted_by(row), actor=my_actor(), at=clock())
            facts |= told_of(facts["plan"])
        except Refused as stands_in_the_way:
            facts["stopped"] = stands_in_the_way
    goods, mine = goods_named(any_order(wish.order), wish.goods), wish.asked_by == me().id
    return page("orders/refund_wish.html", wish=wish, form=form, goods=goods, mine=mine, words=WORDS, status=status, **facts)


def _decided(key: int, act: Callable[[DecideForm], object]) -> Response:
    form = DecideForm()
    if not form.done(lambda: act(form)):
        return _wish(found(wish_numbered(key)), form, status=form.status)
    return changed(url_for(".show_wish", key=key))


PEOPLE = "SELECT id, number, name FROM person WHERE id IN ({})"
