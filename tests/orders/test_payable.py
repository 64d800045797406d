"""What stands in the way of paying an order, before and after somebody typed a code."""

import pytest

from tests.cast import CODES, NOON, app_of, balance, eur, give, red_order, sheet_of
from tests.orders.colours import Stage, painted
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.kernel.refusals import NotFound
from vps.orders.actions import AlreadyPaid, Cancelled, PriceChanged, must_be_payable, pay_now
from vps.orders.models import Colour, Order
from vps.security.actions import ask, confirm, snapshot


def signed(order, person, *, way=None, code=None):
    dialog = snapshot(
        "order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON, prefer=way), at=NOON
    )
    return confirm(dialog, code=code or CODES[dialog.n - 1], actor=Actor(person.id), at=NOON)


def test_a_red_order_at_its_price_is_payable_and_no_other_is(cast):
    red = red_order(cast)
    must_be_payable(red.id, red.price)

    for order, price, refusal in (
        (red, eur(49_91), PriceChanged),
        (painted(cast, Stage.CANCELLED), eur(49_90), Cancelled),
        (painted(cast, Stage.YELLOW), eur(49_90), AlreadyPaid),
        (painted(cast, Stage.GREEN), eur(49_90), AlreadyPaid),
        (painted(cast, Stage.BLUE), eur(49_90), AlreadyPaid),
    ):
        with pytest.raises(refusal) as refused:
            must_be_payable(order.id, price)
        assert refused.value.facts["number"] == order.number


def test_an_order_paid_meanwhile_by_the_other_way_is_not_paid_twice_and_the_code_stays_good(cast):
    app, order = app_of(cast.anna), red_order(cast)
    sheet_of(cast.anna)
    late = signed(order, cast.anna, way="sheet")
    pay_now(order.id, authorisation=signed(order, cast.anna, way="app", code=app.at(NOON)), at=NOON)

    with pytest.raises(AlreadyPaid):
        pay_now(order.id, authorisation=late, at=NOON)

    assert balance(cast.anna) == eur(200_10)
    assert one("SELECT count(*) FROM tan WHERE intent_id IS NOT NULL")[0] == 0
    assert ask(cast.anna.id, at=NOON).n == late.snapshot.n


def test_nobody_pays_anothers_order_with_his_own_tan(cast):
    sheet_of(cast.boris)
    give(cast.boris, 100_00)
    order = red_order(cast)

    with pytest.raises(NotFound):
        pay_now(order.id, authorisation=signed(order, cast.boris), at=NOON)

    assert Order.get_by_id(order.id).colour(NOON) is Colour.RED
    assert balance(cast.boris) == eur(100_00)
    assert one("SELECT count(*) FROM intent")[0] == 0


def test_colours_and_prices_are_named():
    assert [Colour.named(text, Colour.GREEN) for text in ("red", "BLUE", "pink", "", None)] == [
        Colour.RED,
        Colour.BLUE,
        Colour.GREEN,
        Colour.GREEN,
        Colour.GREEN,
    ]


def test_a_products_price_is_money(house):
    assert house.tea.gross == eur(49_90)
