"""A refund goes to the customer by the bank's file, and back when the bank sends it back; and the audit finds every lie about refunds."""

from datetime import timedelta

import pytest

from tests.bank.desk_of_payouts import credit, debit, made, message, open_desk, statement
from tests.bank.payouts import books
from tests.bank.test_import import file, line, take
from tests.cast import NOON, eur, red_order
from tests.forger import lie, unguard
from tests.orders.refunding import paid_before
from vps.bank.actions import claim, undo_claim
from vps.cli.books import problems_of
from vps.kernel.authorisation import ByStaff
from vps.kernel.database import one
from vps.kernel.numbers import order_reference
from vps.orders.actions import Wanted, pay_again, refund_order
from vps.orders.models import Order
from vps.orders.models.audit_refunds import audit_refunds
from vps.orders.models.refund_lists import newest_refunds, open_refunds, refunds_that_came_back
from vps.orders.models.refunds import OrderRefund


@pytest.fixture
def desk(cast):
    """Dragan with an app, and an order that Maria Huber paid by transfer, of which she gets 20.00 back."""
    open_desk(cast)
    cast.order = red_order(cast)
    take(file(line("49.90", ref=order_reference(cast.order.number), end="E2E-7")))
    what = Wanted(eur(20_00), "Zu viel", "bank", {}, "Maria Huber", "DE75512108001245126199")
    cast.refund = refund_order("k", cast.order.id, what, authorisation=ByStaff(cast.desk), at=NOON)
    cast.payout = OrderRefund.get_by_id(cast.refund).payout
    return cast


def test_the_bank_pays_it_sends_it_back_and_pays_it_again(desk):
    assert (books("purchases"), books("transit")) == (29_90, 20_00)
    statement(debit("20.00", message(made(desk))))
    assert newest_refunds()[0].executed_at == NOON and books("transit") == 0

    statement(credit("20.00", f"VPS{desk.payout.id}", reason="AC04"))
    assert [refund.id for refund in refunds_that_came_back()] == [desk.refund]
    assert open_refunds() == (0, 0, 1)
    assert (books("purchases"), books("transit"), books("clarify")) == (49_90, 0, 0)
    assert Order.get_by_id(desk.order.id).refunded == 20_00
    assert problems_of() == []

    pay_again(desk.refund, holder="Maria Huber", account="AT611904300234573201", actor=desk.desk, at=NOON)
    statement(debit("20.00", message(made(desk, at=NOON + timedelta(seconds=30)))))
    # It is so like the first debit that a person has to look.
    claim(one("SELECT max(id) FROM bank_line")[0], "file", 2, eur(-20_00), actor=desk.desk, at=NOON)

    assert (books("purchases"), books("transit"), open_refunds().all) == (29_90, 0, 0)
    assert problems_of() == []


def test_a_return_that_was_none_is_undone_and_can_come_again(desk):
    statement(debit("20.00", message(made(desk))))
    statement(credit("20.00", f"VPS{desk.payout.id}", reason="AC04"))

    for _ in range(2):
        undo_claim(one("SELECT max(id) FROM line_claim")[0], reason="wrong", actor=desk.desk, at=NOON)
        assert (books("purchases"), books("clarify"), open_refunds().all) == (29_90, 20_00, 0)
        claim(one("SELECT max(id) FROM bank_line")[0], "returned", desk.payout.id, eur(20_00), actor=desk.desk, at=NOON)

    assert (books("purchases"), books("clarify"), open_refunds().all) == (49_90, 0, 1)
    assert problems_of() == []


def test_every_lie_about_a_refund_is_found(desk):
    order, staff = paid_before(desk), ByStaff(desk.desk)
    asked = refund_order("w", order.id, Wanted(eur(30_00), "Zu viel", "wallet"), authorisation=staff, at=NOON.replace(year=2099))
    assert list(audit_refunds()) == []
    unguard()
    number, paid = desk.order.number, order.number

    assert lie(audit_refunds, f"UPDATE orders SET refunded = 1999 WHERE id = {desk.order.id}") == [
        f"Order {number} says another sum was refunded than its refunds come to."
    ]
    assert f"Order {paid} has a refund of another payment, or of another partner's." in lie(
        audit_refunds, f"UPDATE order_refund SET partner_id = {desk.boris.id} WHERE id = {asked}"
    )
    assert lie(audit_refunds, f"UPDATE payout SET amount = 2001 WHERE id = {desk.payout.id}") == [
        f"Order {number} was refunded by bank transfer, but its pay-out does not say so."
    ]
    assert f"Order {paid} was refunded to a wallet, but the bookings do not say so." in lie(
        audit_refunds, "UPDATE booking SET amount = 2999 WHERE key LIKE 'order:%:refund:1' AND amount = 3000"
    )
    assert f"Order {paid} was refunded, but its wallets did not get their shares." in lie(
        audit_refunds, "UPDATE refund_part SET amount = 2999, back = 2999", "UPDATE booking SET amount = 2999 WHERE amount = 3000"
    )
    booking = one("SELECT booking FROM refund_part")[0]
    assert f"Booking {booking} is a refund that no refund of an order belongs to." in lie(audit_refunds, "DELETE FROM refund_part")
    wish = f"INSERT INTO refund_wish ({', '.join(WISH)}) SELECT 'x', r.order_id, r.way, r.amount, r.currency, '', 'x', '', '', '', r.made_by, 1, 1, 1, '', r.id FROM order_refund r WHERE r.id = {asked}"
    assert lie(audit_refunds, wish) == [f"Order {paid} was refunded otherwise than two people agreed."]


WISH = ("key", "order_id", "way", "amount", "currency", "goods", "reason", "holder", "account", "bic", "asked_by", "asked_at", "decided_at",
        "decided_by", "refused_why", "refund_id")  # fmt: skip
