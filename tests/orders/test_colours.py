"""A colour is what dated facts say at a moment, and an order tells why it has it."""

from datetime import timedelta

import pytest

from tests.cast import CODES, NOON, red_order, sheet_of
from tests.orders.colours import Stage, painted
from vps.kernel.authorisation import Actor
from vps.kernel.database import IntegrityError, run
from vps.orders.actions import pay_now
from vps.orders.models import Colour, Order, colour_of
from vps.security.actions import ask, confirm, snapshot

PAY = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, recalled_at, reason)"
    " VALUES (?, ?, 'transfer', 4990, 'EUR', ?, ?, ?, ?)"
)


@pytest.mark.parametrize(
    ("paid", "final", "provisioned", "colour"),
    [
        (None, None, None, Colour.RED),
        (1, 6, None, Colour.YELLOW),
        (1, 5, None, Colour.GREEN),
        (1, 1, None, Colour.GREEN),
        (1, 1, 5, Colour.BLUE),
        (1, 6, 5, Colour.BLUE),
    ],
)
def test_three_dated_facts_give_the_colour_at_a_moment(paid, final, provisioned, colour):
    assert colour_of(paid, final, provisioned, 5) is colour


def test_yellow_turns_green_by_time_alone(cast):
    order = painted(cast, Stage.YELLOW)

    assert order.colour(NOON + timedelta(minutes=59)) is Colour.YELLOW
    assert order.colour(NOON + timedelta(minutes=60)) is Colour.GREEN


def test_the_stages_of_an_order_have_their_colours(house):
    for colour in Colour:
        assert painted(house, Stage[colour.name]).colour(NOON) is colour
    assert [colour.css for colour in Colour] == ["red", "yellow", "green", "blue"]


def test_an_order_that_nobody_paid_has_no_payment_to_tell_of(cast):
    why = red_order(cast).why(NOON)

    assert why == (Colour.RED, None, None)


def test_a_green_order_tells_by_which_payment(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    shown = snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(cast.anna.id, at=NOON), at=NOON)
    payment = pay_now(order.id, authorisation=confirm(shown, code=CODES[shown.n - 1], actor=Actor(cast.anna.id), at=NOON), at=NOON)

    why = Order.get_by_id(order.id).why(NOON)

    assert (why.colour, why.payment.id, why.payment.means, why.recalled) == (Colour.GREEN, payment, "wallet", None)


def test_a_red_order_tells_of_the_newest_payment_that_was_recalled(cast):
    order = red_order(cast)
    run(PAY, order.id, 1, 1, 2, 3, "returned")
    run(PAY, order.id, 2, 4, 5, 6, "no cover")

    assert order.why(NOON).recalled.reason == "no cover"

    run(PAY, order.id, 3, 7, 8, None, "")
    why = order.why(NOON)
    assert (why.payment.n, why.recalled) == (3, None)


def test_at_most_one_payment_lives(cast):
    order = red_order(cast)
    run(PAY, order.id, 1, 1, 2, None, "")

    with pytest.raises(IntegrityError):
        run(PAY, order.id, 2, 1, 2, None, "")


@pytest.mark.parametrize(
    "nonsense",
    ["paid_at = 1", "final_at = 1", "provisioned_at = 1", "cancelled_at = 1, paid_at = 1, final_at = 1", "total = 0", "partner_id = 2"],
)
def test_the_database_refuses_facts_that_contradict_each_other(house, nonsense):
    order = red_order(house)

    with pytest.raises(IntegrityError):
        run(f"UPDATE orders SET {nonsense} WHERE id = ?", order.id)
