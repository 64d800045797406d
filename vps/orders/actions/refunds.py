"""Refunds: money of a paid order goes back the way it came, whole or in part, and never more than was paid.

Source: the issue, "refunds and cancels of orders in each colour". The bound is the order's own row; what was credited for the order
is taken back in the same transaction by whoever credited it.
"""

from datetime import datetime
from typing import Any

from vps.bank.actions import pay_customer
from vps.company.models import company
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import Booked, book, company_account, must_not_be_booked, record, voucher
from vps.orders.actions.refunding import Back, MoreThanPaid, Plan, Wanted, announce, paid_order, plan_refund
from vps.orders.actions.refunding import on_refund as on_refund
from vps.orders.actions.refunding import on_refund_preview as on_refund_preview
from vps.orders.actions.telling import REFUNDED, tell_partner
from vps.orders.models.refunds import BANK, OrderRefund, written_goods
from vps.wallets.actions import credit
from vps.wallets.models import MAIN, purse

PAPER = "order refund"
"""The kind of voucher."""


class NotCameBack(Refused):
    says = N_("This refund is on its way or has arrived. Only what came back is paid again.")
    status = 409


@action
def refund_order(key: str, order: int, wanted: Wanted, *, authorisation: ByStaff, at: datetime) -> int:
    """Refund an order as it was previewed and answer the refund's id; the same key again finds what the first one made.

    Raises BeingBooked while commissions are booked, MoreThanPaid, and what `plan_refund` raises.
    """
    done = one("SELECT id FROM order_refund WHERE key = ?", key)
    if done:
        return int(done[0])
    must_not_be_booked()
    one(locked("SELECT id FROM orders WHERE id = ?"), order)  # of two at once the second one sees what the first one did
    actor = authorisation.actor
    plan = plan_refund(order, wanted, actor=actor, at=at)
    amount, why = plan.wanted.amount, plan.wanted.reason
    if not run(REFUND, amount.minor, order, amount.minor, amount.currency).rowcount:
        raise MoreThanPaid(left=paid_order(order).left)
    refund = _write(key, plan, authorisation, at)
    run(ANSWER, micros(at), actor.person, refund, order)
    announce(plan.what._replace(refund=refund))
    record(actor, "order refunded", f"order:{order_number(order)}", at=at, after=f"{amount} {why}")
    tell_partner(order, REFUNDED[plan.wanted.way], amount, at=at, reason=why)
    return refund


@action
def pay_again(refund: int, *, holder: str, account: str, bic: str = "", actor: Actor, at: datetime) -> int:
    """Pay a refund that the bank sent back, or that was refused at the desk, to this account, and answer the pay-out's id.

    Raises NotFound, NotCameBack, and what `pay_customer` raises.
    """
    if not one(locked("SELECT id FROM order_refund WHERE id = ?"), refund):
        raise NotFound
    row: OrderRefund = OrderRefund.get_by_id(refund)
    if row.payout_id is None or not one("SELECT 1 FROM payout WHERE id = ? AND ended_booking IS NOT NULL", row.payout_id):
        raise NotCameBack
    first = f"order:{order_number(row.order_id)}:refund:{row.n}"
    (sent,) = one("SELECT count(*) FROM payout WHERE cause = ? OR cause LIKE ?", first, f"{first}:again:%")
    paper = voucher(PAPER, f"{row.number}:{sent + 1}", day=day_in(at, company().zone), text=row.reason, by=actor.person)
    to = {"holder": holder, "account": account, "bic": bic}
    payout = pay_customer(f"{first}:again:{sent + 1}", row.money, **to, text=_text(row.number), voucher=paper, actor=actor, at=at)
    run("UPDATE order_refund SET payout_id = ? WHERE id = ?", payout, refund)
    record(actor, "refund paid again", f"order:{order_number(row.order_id)}", at=at, after=str(row.money))
    return payout


def _write(key: str, plan: Plan, authorisation: ByStaff, at: datetime) -> int:
    order, wanted, actor = plan.what.order, plan.wanted, authorisation.actor
    (n,) = one("SELECT count(*) + 1 FROM order_refund WHERE order_id = ?", order)
    number, booked = f"{order_number(order)}-R{n}", f"order:{order_number(order)}:refund:{n}"
    paper = voucher(PAPER, number, day=day_in(at, company().zone), text=f"{plan.customer} · {wanted.reason}", by=actor.person)
    payout = None
    if wanted.way == BANK:
        to = {"holder": wanted.holder, "account": wanted.account, "bic": wanted.bic}
        payout = pay_customer(booked, wanted.amount, **to, text=_text(number), voucher=paper, actor=actor, at=at)
    facts = plan.partner, n, plan.payment, wanted.way, wanted.amount.minor, wanted.amount.currency
    refund = insert(MAKE, order, *facts, written_goods(wanted.goods), wanted.reason, key, micros(at), actor.person, payout)
    for part in plan.parts:
        _give(refund, part, plan, booked if part.n == 1 else f"{booked}:{part.n}", paper, authorisation, at)
    return refund


def _text(number: str) -> str:
    return f"{company().name} {number}"


def _give(refund: int, part: Back, plan: Plan, key: str, paper: int, authorisation: ByStaff, at: datetime) -> None:
    """One wallet's part: out of the sales, where it must be through the exchange, into the wallet; a wallet that was closed is the main one now."""
    common: dict[str, Any] = {"voucher": paper, "motive": "refund", "at": at}
    day, currency = day_in(at, company().zone), plan.what.amount.currency
    left: Booked | None = None
    if part.exchanged:
        sales, exchange = company_account("purchases", currency), company_account("exchange", currency)
        amount = Money(part.share.amount, currency)
        left = book(key=key, debit=sales, credit=exchange, amount=amount, actor=authorisation.actor, value_date=day, **common)
        key = f"{key}:to"
    kind = part.kind if purse(plan.partner, part.currency, part.kind) else MAIN
    account = booking = None
    if part.share.back:
        source = "exchange" if part.exchanged else "purchases"
        booking = credit(plan.partner, part.money, source=source, key=key, authorisation=authorisation, day=day, kind=kind, **common).id
        account = one("SELECT credit_id FROM booking WHERE id = ?", booking)[0]
    facts = part.share.amount, part.share.back, part.currency
    run(PART, refund, part.n, account, booking, left and left.id, *facts)


REFUND = "UPDATE orders SET refunded = refunded + ? WHERE id = ? AND refunded + ? <= total AND currency = ? AND paid_at IS NOT NULL"
MAKE = (
    "INSERT INTO order_refund (order_id, partner_id, n, payment_id, way, amount, currency, goods, reason, key, made_at, made_by, payout_id,"
    " signed, receipt, closed_why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '')"
)
PART = "INSERT INTO refund_part (refund_id, n, account, booking, departure, amount, back, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# Whatever is refunded answers what the partner asked for.
ANSWER = "UPDATE refund_wish SET decided_at = ?, decided_by = ?, refund_id = ? WHERE order_id = ? AND way = '' AND decided_at IS NULL"
