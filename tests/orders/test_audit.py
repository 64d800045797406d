"""Checks A10 and A16: what is green was paid, confirmed and booked, once; every lie about that is named."""

import pytest

from tests.cast import CODES, NOON, app_of, red_order, sheet_of
from tests.forger import lie, unguard
from tests.orders.colours import Stage, painted
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, run
from vps.orders.actions import pay_now
from vps.orders.models.audit import audit
from vps.security.actions import ask, confirm, snapshot

CHEQUE = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, recalled_at, reason)"
    " SELECT id, 1, 'cheque', total, currency, coalesce(paid_at, 1), coalesce(final_at, 1), {recalled}, '' FROM orders WHERE id = ?"
)


@pytest.fixture
def history(cast):
    """1001 and 1002 paid from Anna's wallet, 1003 red with a recalled cheque, 1004 yellow by cheque, 1005 cancelled."""
    sheet_of(cast.anna)
    app = app_of(cast.anna)
    for way in ("sheet", "app"):
        order = red_order(cast)
        shown = snapshot("order payment", order.number, amount=order.price, payee="x", ask=ask(cast.anna.id, at=NOON, prefer=way), at=NOON)
        code = app.at(NOON) if way == "app" else CODES[shown.n - 1]
        pay_now(order.id, authorisation=confirm(shown, code=code, actor=Actor(cast.anna.id), at=NOON), at=NOON)
    run(CHEQUE.format(recalled=2), red_order(cast).id)
    run(CHEQUE.format(recalled="NULL"), painted(cast, Stage.YELLOW).id)
    painted(cast, Stage.CANCELLED)
    unguard()
    return cast


def test_an_honest_history_has_no_problem(history):
    assert list(audit()) == []
    assert one("SELECT count(*) FROM orders")[0] == 5


MOMENT = "Order %s shows another moment of payment than its payment."
PRICE = "Order %s costs something else than was paid for it."
BOOKING = "Order %s was paid from a wallet, but its booking does not say so."
INTENT = "Order %s was paid with a confirmation that was for something else."
BY_BANK = "Order %s was paid by bank, but no line of a statement says so, or says something else."
NO_ORDER = "Intent 1 was posted, but no order was paid by it."


def test_every_lie_is_named_with_its_row(history):
    booking = one("SELECT booking FROM order_payment WHERE order_id = 1")[0]
    other = one("SELECT booking FROM order_payment WHERE order_id = 2")[0]
    alone = f"Booking {booking} is a purchase that no payment of an order belongs to."
    gift = one("SELECT id FROM booking WHERE motive = 'opening'")[0]
    lies = {
        "UPDATE orders SET paid_at = 1, final_at = 1 WHERE id = 3": [MOMENT % 1003],
        "UPDATE orders SET final_at = 1 WHERE id = 4": [MOMENT % 1004],
        "UPDATE orders SET paid_at = NULL, final_at = NULL WHERE id = 1": [MOMENT % 1001],
        "UPDATE order_payment SET final_at = final_at + 1 WHERE order_id = 4": [MOMENT % 1004],
        "UPDATE order_payment SET recalled_at = 1 WHERE order_id = 4": [MOMENT % 1004],
        "UPDATE order_payment SET recalled_at = NULL WHERE order_id = 3": [MOMENT % 1003],
        "UPDATE orders SET total = total + 1 WHERE id = 4": [PRICE % 1004],
        "UPDATE orders SET currency = 'RSD' WHERE id = 4": [PRICE % 1004],
        "UPDATE booking SET amount = 1 WHERE id = {b}": [BOOKING % 1001],
        "UPDATE booking SET currency = 'RSD' WHERE id = {b}": [BOOKING % 1001],
        "UPDATE booking SET key = 'order:1001:payment:2' WHERE id = {b}": [BOOKING % 1001],
        "UPDATE booking SET voucher_id = 1 WHERE id = {b}": [BOOKING % 1001],
        "UPDATE booking SET debit_id = (SELECT account_id FROM wallet WHERE person_id = 2) WHERE id = {b}": [BOOKING % 1001],
        "UPDATE booking SET credit_id = (SELECT id FROM account WHERE code = 'bank:EUR') WHERE id = {b}": [BOOKING % 1001],
        "UPDATE voucher SET ref = 'x' WHERE ref = '1001:1'": [BOOKING % 1001],
        "UPDATE order_payment SET means = 'cheque' WHERE order_id = 1": [BY_BANK % 1001],
        f"UPDATE order_payment SET booking = {gift} WHERE order_id = 1": [BOOKING % 1001, alone],
        f"UPDATE order_payment SET booking = {other} WHERE order_id = 1": [
            BOOKING % 1001,
            alone,
            f"Booking {other} is a purchase that no payment of an order belongs to.",
        ],
        "UPDATE order_payment SET intent_id = NULL WHERE order_id = 1": [INTENT % 1001, NO_ORDER],
        "UPDATE intent SET kind = 'pay-out' WHERE id = 1": [INTENT % 1001],
        "UPDATE intent SET subject = '1009' WHERE id = 1": [INTENT % 1001],
        "UPDATE intent SET amount = 1 WHERE id = 1": [INTENT % 1001],
        "UPDATE intent SET person_id = 2 WHERE id = 1": [INTENT % 1001],
        "UPDATE intent SET posted_at = NULL WHERE id = 1": [INTENT % 1001],
    }
    told = {edit: lie(audit, edit.format(b=booking)) for edit in lies}
    assert told == lies


def test_a_payment_that_was_deleted_leaves_order_intent_and_booking_behind(history):
    booking = one("SELECT booking FROM order_payment WHERE order_id = 1")[0]

    told = lie(audit, "DELETE FROM order_payment WHERE order_id = 1")

    assert told == [MOMENT % 1001, NO_ORDER, f"Booking {booking} is a purchase that no payment of an order belongs to."]


def test_problems_carry_their_check_and_facts(history):
    run("DELETE FROM order_payment WHERE order_id = 1")

    assert [(problem.check, *problem.facts) for problem in audit()] == [("A16", "number"), ("A10", "id"), ("A10", "id")]
