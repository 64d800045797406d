"""Entering an order for a customer, changing it while it is red, cancelling it."""

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, eur, red_order, sheet_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.text import HiddenCharacters, TooLong
from vps.orders.actions import Address, Item, NothingOrdered, NotRed, cancel_order, change_order, enter_order, pay_now
from vps.orders.actions.enter import NotOffered, TooMany, TwoCurrencies
from vps.orders.models import Colour, Order, Product
from vps.people.actions import add_customer
from vps.security.actions import ask, confirm, snapshot

HOME = Address("Am  Hang 1", "10115", "Berlin", "DE")


def maria(partner):
    return add_customer(partner, name="Maria Huber", language="de", at=NOON)


def enter(cast, *items: Item, key: str = "k", address: Address = HOME, partner=None) -> Order:
    seller = partner or cast.anna
    return Order.get_by_id(enter_order(seller, maria(seller), list(items), key=key, address=address, actor=Actor(seller.id), at=NOON))


def change(cast, order, *items: Item, address: Address = HOME, partner=None) -> None:
    seller = partner or cast.anna
    change_order(order.id, list(items), address=address, partner=seller.id, actor=Actor(seller.id), at=NOON)


def cancel(cast, order, partner=None) -> None:
    seller = partner or cast.anna
    cancel_order(order.id, partner=seller.id, actor=Actor(seller.id), at=NOON)


def paid(cast) -> Order:
    sheet_of(cast.anna)
    order = red_order(cast)
    shown = snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(cast.anna.id, at=NOON), at=NOON)
    pay_now(order.id, authorisation=confirm(shown, code=CODES[shown.n - 1], actor=Actor(cast.anna.id), at=NOON), at=NOON)
    return order


def lines(order) -> list[tuple]:
    return [(line.n, line.product.code, line.quantity, line.price, line.points, line.tax_rate) for line in order.lines()]


def test_an_order_is_red_and_remembers_prices_points_and_taxes_of_its_day(cast):
    order = enter(cast, Item(cast.tea.id, 2), Item(cast.balm.id, 1))
    run("UPDATE product SET price = 1, points = 0, tax_rate = 0, name = 'x'")

    order = Order.get_by_id(order.id)
    assert (order.price, order.points, order.colour(NOON)) == (eur(112_30), 90, Colour.RED)
    assert lines(order) == [(1, "TEA", 2, 49_90, 40, 700), (2, "BALM", 1, 12_50, 10, 1900)]
    assert order.lines()[0].name == "Bergtee"
    assert (order.street, order.postcode, order.city, order.country) == ("Am Hang 1", "10115", "Berlin", "DE")
    assert order.number == str(1000 + order.id)


def test_a_form_sent_twice_makes_one_order(cast):
    first, again = (enter(cast, Item(cast.tea.id, 1), key="form 7") for _ in range(2))

    assert first == again != enter(cast, Item(cast.tea.id, 1), key="form 8")
    assert one("SELECT count(*) FROM event WHERE verb = 'order entered'")[0] == 2


def test_a_form_sent_from_eight_windows_at_once_makes_one_order(cast):
    buyer = maria(cast.anna)

    def send(_: int) -> int:
        return enter_order(cast.anna, buyer, [Item(cast.tea.id, 1)], key="form 7", address=HOME, actor=Actor(cast.anna.id), at=NOON)

    answers = at_once(8, send)

    assert len(set(answers)) == 1
    assert one("SELECT count(*) FROM orders")[0] == one("SELECT count(*) FROM order_line")[0] == 1


def test_a_key_of_another_partner_finds_nothing(cast):
    enter(cast, Item(cast.tea.id, 1), key="form 7")

    with pytest.raises(NotFound):
        enter(cast, Item(cast.tea.id, 1), key="form 7", partner=cast.boris)


def test_nobody_orders_for_anothers_customer(house):
    with pytest.raises(AssertionError):
        enter_order(house.boris, maria(house.anna), [Item(house.tea.id, 1)], key="k", address=HOME, actor=Actor(house.boris.id), at=NOON)


def test_a_product_named_twice_is_ordered_twice_on_one_line(cast):
    order = enter(cast, Item(cast.tea.id, 1), Item(cast.balm.id, 0), Item(cast.tea.id, 2))

    assert lines(order) == [(1, "TEA", 3, 49_90, 40, 700)]
    assert order.price == eur(149_70)


NONSENSE = [
    ([], NothingOrdered),
    ([(1, 0)], NothingOrdered),
    ([(1, -1)], TooMany),
    ([(1, 1000)], TooMany),
    ([(1, 999), (1, 1)], TooMany),
    ([(1, 5), (2, -1)], TooMany),
    ([(1, 10**30)], TooMany),
    ([(999, 1)], NotOffered),
    ([(1, 1), (999, 1)], NotOffered),
]


def test_what_cannot_be_ordered_is_refused_and_writes_nothing(cast):
    order = red_order(cast)
    for items, refusal in NONSENSE:
        with pytest.raises(refusal):
            enter(cast, *(Item(*item) for item in items))
        with pytest.raises(refusal):
            change(cast, order, *(Item(*item) for item in items))

    assert one("SELECT count(*) FROM orders")[0] == one("SELECT count(*) FROM order_line")[0] == 1


def test_what_is_not_offered_any_more_is_not_sold(cast):
    Product.update(offered=False).where(Product.id == cast.tea.id).execute()

    with pytest.raises(NotOffered):
        enter(cast, Item(cast.tea.id, 1))


def test_one_order_has_one_currency(cast):
    rakija = Product.create(code="RAK", name="Ракија", price=990_00, currency="RSD", points=10, tax_rate=2000)

    with pytest.raises(TwoCurrencies):
        enter(cast, Item(cast.tea.id, 1), Item(rakija.id, 1))
    assert enter(cast, Item(rakija.id, 1)).currency == "RSD"


def test_an_address_that_hides_something_or_never_ends_is_refused(cast):
    order = red_order(cast)
    for address, refusal in ((Address("a\x00b"), HiddenCharacters), (Address(city="x" * 81), TooLong)):
        with pytest.raises(refusal):
            enter(cast, Item(cast.tea.id, 1), address=address)
        with pytest.raises(refusal):
            change(cast, order, Item(cast.tea.id, 1), address=address)


def test_a_red_order_is_changed_as_a_whole(cast):
    order = enter(cast, Item(cast.tea.id, 2), Item(cast.balm.id, 1))

    change(cast, order, Item(cast.balm.id, 3), address=Address(city="Split"))

    order = Order.get_by_id(order.id)
    assert (order.price, order.points, order.city, order.street) == (eur(37_50), 30, "Split", "")
    assert lines(order) == [(1, "BALM", 3, 12_50, 10, 1900)]
    assert rows("SELECT before, after FROM event WHERE verb = 'order changed'") == [("112.30 EUR", "37.50 EUR")]


def test_a_paid_or_cancelled_order_is_changed_no_more(cast):
    green, gone = paid(cast), red_order(cast)
    cancel(cast, gone)

    for order in (green, gone):
        with pytest.raises(NotRed) as refused:
            change(cast, order, Item(cast.balm.id, 1))
        assert refused.value.facts == {"number": order.number}
        assert Order.get_by_id(order.id).price == eur(49_90)


def test_a_cancelled_order_keeps_its_row_and_cancelling_twice_changes_nothing(cast):
    order = red_order(cast)

    cancel(cast, order)
    cancel(cast, order)

    order = Order.get_by_id(order.id)
    assert order.cancelled
    assert order.cancelled_at == NOON
    assert one("SELECT count(*) FROM event WHERE verb = 'order cancelled'")[0] == 1


def test_a_paid_order_is_not_cancelled(cast):
    order = paid(cast)

    with pytest.raises(NotRed):
        cancel(cast, order)

    assert Order.get_by_id(order.id).colour(NOON) is Colour.GREEN


def test_anothers_order_is_not_there_to_be_changed_or_cancelled(cast):
    order = red_order(cast)

    for number in (order, Order(id=999)):
        with pytest.raises(NotFound):
            change(cast, number, Item(cast.tea.id, 5), partner=cast.boris)
        with pytest.raises(NotFound):
            cancel(cast, number, partner=cast.boris)

    assert Order.get_by_id(order.id).cancelled is False


def test_a_partner_sees_his_own_orders_by_number_and_the_office_all(cast):
    order = red_order(cast)

    assert Order.seen_by(cast.anna, order.number).customer.name == "Maria Huber"
    assert Order.seen_by(cast.boris, order.number) is None
    assert Order.numbered(order.number).partner.name == "Anna Bauer"


def test_a_number_not_written_as_ours_finds_no_order(cast):
    red_order(cast)

    for number in ("", "0", "1000", "01001", "1001 ", "１００１", "x", "1e3", "-1001", "9" * 40, "\x00"):
        assert Order.seen_by(cast.anna, number) is None, number
        assert Order.numbered(number) is None, number
