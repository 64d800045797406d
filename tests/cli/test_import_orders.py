"""Orders from a file: their dates give the colour, nothing is booked, and the books still prove themselves."""

from datetime import timedelta

import pytest

from tests.cast import NOON, balance, eur
from tests.cli.typed import everything
from vps.kernel.authorisation import HOUSE
from vps.kernel.csvfile import WrongLines
from vps.kernel.database import one, rows, run
from vps.ledger.actions import set_up
from vps.orders.actions import Item, change_order
from vps.orders.actions.enter import Address
from vps.orders.actions.take_over import take_over_products
from vps.orders.actions.take_over_orders import take_over_orders
from vps.orders.models import Colour, Order
from vps.orders.models.audit import audit


def orders_of(anna: str) -> str:
    return (
        "reference,partner,customer,customer_email,date,product,quantity,paid_at,final_at,provisioned_at,city,country\n"
        f"A-1,{anna},Maria Huber,maria@example.com,2026-01-05,TEA,2,,,,München,DE\n"
        "A-1,,,,,BALM,1,,,,,\n"
        f"A-2,{anna},Maria Huber,maria@example.com,2026-11-18,TEA,1,2026-11-19,2026-11-30,,,\n"
        f"A-3,{anna},Jörg Vogt,,2026-11-18,TEA,1,2026-11-19T10:00:00+01:00,,,,\n"
        f"A-4,{anna},Jörg Vogt,,2026-01-05,BALM,3,2026-01-06,2026-01-20,2026-02-01,,\n"
    )


def order(reference: str) -> Order:
    return Order.get(Order.key == f"import:{reference}")


def mistakes(text: str) -> list[tuple[int, str, str]]:
    before = everything()
    with pytest.raises(WrongLines) as refused:
        take_over_orders(text.encode(), at=NOON)
    assert everything() == before
    return [(line, column, str(refusal)) for line, column, refusal in refused.value.mistakes]


def test_dates_give_the_colour_and_no_money_moves(cast):
    outcome = take_over_orders(orders_of(cast.anna.number).encode(), at=NOON)

    assert outcome[:4] == (5, 4, 0, 0)
    assert outcome.sums == (eur(112_30 + 49_90 + 49_90 + 37_50),)
    assert [order(f"A-{n}").colour(NOON) for n in range(1, 5)] == [Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.BLUE]
    assert order("A-2").colour(NOON + timedelta(days=10)) is Colour.GREEN
    assert balance(cast.anna) == eur(250_00)
    assert one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0] == 0
    assert {tuple(row) for row in rows("SELECT means, booking, amount FROM order_payment")} == {
        ("import", None, 4990),
        ("import", None, 3750),
    }
    assert list(audit()) == []


def test_lines_with_one_reference_are_one_order(cast):
    take_over_orders(orders_of(cast.anna.number).encode(), at=NOON)

    first = order("A-1")
    assert [(line.product.code, line.quantity, line.price, line.tax_rate) for line in first.lines()] == [
        ("TEA", 2, 4990, 700),
        ("BALM", 1, 1250, 1900),
    ]
    assert (first.price, first.points, first.city, first.country) == (eur(112_30), 90, "München", "DE")
    assert (first.customer.name, first.customer.language) == ("Maria Huber", "de")
    assert order("A-2").customer_id == first.customer_id
    assert order("A-3").customer_id == order("A-4").customer_id


def test_the_same_file_again_changes_nothing_even_after_a_new_price(cast):
    take_over_orders(orders_of(cast.anna.number).encode(), at=NOON)
    take_over_products(b"code,name,price,currency,points,tax_rate\nTEA,Bergtee,59.90,EUR,40,7\n", at=NOON)
    before = everything()

    again = take_over_orders(orders_of(cast.anna.number).encode(), at=NOON)

    assert again[:4] == (5, 0, 0, 4)
    assert again.sums == (eur(249_60),)
    assert everything() == before


def test_an_imported_order_lives_on_and_the_file_does_not_fight_it(cast):
    text = orders_of(cast.anna.number).encode()
    take_over_orders(text, at=NOON)
    change_order(order("A-1").id, [Item(cast.tea.id, 5)], address=Address(), partner=cast.anna.id, actor=HOUSE, at=NOON)

    assert take_over_orders(text, at=NOON).unchanged == 4
    assert order("A-1").price == eur(249_50)


def test_an_order_of_then_keeps_the_price_of_then(cast):
    run("UPDATE product SET offered = ? WHERE code = 'TEA'", False)
    text = f"reference,partner,customer,date,product,quantity,price,currency\nB,{cast.anna.number},Maria,2020-05-01,TEA,2,39.90,EUR\n"

    take_over_orders(text.encode(), at=NOON)

    assert order("B").price == eur(79_80)
    assert mistakes(text.replace("39.90", "38.90")) == [
        (
            2,
            "quantity",
            f"Order {order('B').number} was made from this reference, with something else here. An import does not change orders.",
        )
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (("A-3,{anna}", "A-3,{boris}"), "partner"),
        (("A-3,{anna},Jörg Vogt,,2026-11-18", "A-3,{anna},Jörg Vogt,,2026-11-17"), "date"),
        (("T10:00", "T11:00"), "paid_at"),
    ],
)
def test_a_reference_that_comes_back_with_another_past_is_refused(cast, change, column):
    text = orders_of(cast.anna.number)
    take_over_orders(text.encode(), at=NOON)
    old, new = (part.format(anna=cast.anna.number, boris=cast.boris.number) for part in change)

    assert [(line, found) for line, found, _ in mistakes(text.replace(old, new))] == [(5, column)]


def test_a_later_file_cannot_say_that_a_red_order_was_paid(cast):
    text = f"reference,partner,customer,date,product,quantity,paid_at\nC,{cast.anna.number},Maria,2026-05-01,TEA,1,\n"
    take_over_orders(text.encode(), at=NOON)

    assert [found[:2] for found in mistakes(text.replace("TEA,1,", "TEA,1,2026-05-02"))] == [(2, "paid_at")]


HEADER = "reference,partner,customer,customer_email,customer_language,date,product,quantity,price,currency,paid_at,final_at,provisioned_at,shipped_at,delivered_at,country"
GOOD = {"reference": "R", "partner": "?", "customer": "Maria", "date": "2026-05-01", "product": "TEA", "quantity": "1"}


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"reference": ""}, "reference", "Nothing is written here."),
        ({"reference": "x" * 61}, "reference", "too long"),
        ({"partner": "1234567"}, "partner", "check digits"),
        ({"partner": "1000556"}, "partner", "There is no partner with the number 1000556."),
        ({"partner": ""}, "partner", "Nothing is written here."),
        ({"customer": "pаypal"}, "customer", "mixes letters"),
        ({"customer_email": "maria"}, "customer_email", "not an e-mail address"),
        ({"customer_language": "xx"}, "customer_language", "not one of the languages"),
        ({"date": "2026-02-30"}, "date", "There is no such moment."),
        ({"date": "2026-11-21"}, "date", "This lies in the future."),
        ({"product": "COFFEE"}, "product", "There is no product with the code “COFFEE”."),
        ({"quantity": "0"}, "quantity", "a whole number from 1 to 999"),
        ({"quantity": "١"}, "quantity", "a whole number from 1 to 999"),
        ({"price": "1.00"}, "currency", "Nothing is written here."),
        ({"price": "1,00", "currency": "EUR"}, "price", "cannot be read"),
        ({"price": "999999999.00", "currency": "EUR", "quantity": "999"}, "quantity", "too large"),
        ({"final_at": "2026-05-02"}, "final_at", "This cannot be without the column paid_at."),
        ({"provisioned_at": "2026-05-02"}, "provisioned_at", "This cannot be without the column paid_at."),
        ({"paid_at": "2026-05-03", "final_at": "2026-05-02"}, "final_at", "This is earlier than the column paid_at."),
        ({"paid_at": "2026-12-01"}, "paid_at", "This lies in the future."),
        ({"delivered_at": "2026-05-02"}, "delivered_at", "This cannot be without the column shipped_at."),
        ({"country": "Deutschland"}, "country", "two capital letters"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(house, cells, column, says):
    values = {**GOOD, "partner": house.anna.number, **cells}
    line = ",".join(f'"{values.get(name, "")}"' for name in HEADER.split(","))

    (found,) = mistakes(f"{HEADER}\n{line}\n")

    assert found[:2] == (2, column)
    assert says in found[2]


def test_lines_of_one_order_must_agree(house):
    run("UPDATE product SET currency = 'USD' WHERE code = 'BALM'")
    set_up(currency="USD", at=NOON)
    anna, boris = house.anna.number, house.boris.number
    text = f"reference,partner,customer,date,product,quantity\nD,{anna},Maria,2026-05-01,TEA,1\nD,{boris},,,TEA,1\nD,,,,BALM,1\nD,,,,COFFEE,1\n"

    assert [found[:2] for found in mistakes(text)] == [(3, "partner"), (4, "product"), (5, "product")]


def test_a_broken_first_line_does_not_make_the_others_wrong(house):
    text = f"reference,partner,customer,date,product,quantity\nD,{house.anna.number},Maria,2026-02-30,TEA,1\nD,,,,BALM,1\n"

    assert [found[:2] for found in mistakes(text)] == [(2, "date")]


def test_goods_that_were_sent_are_not_sent_again(house):
    text = f"reference,partner,customer,date,product,quantity,paid_at,shipped_at,delivered_at\nE,{house.anna.number},Maria,2026-05-01,TEA,1,2026-05-01,2026-05-02,2026-05-04\n"
    take_over_orders(text.encode(), at=NOON)

    assert order("E").delivered_at is not None
    assert take_over_orders(text.encode(), at=NOON).unchanged == 1


def test_the_command_tells_the_totals(vps, house):
    result = vps.imported("orders", orders_of(house.anna.number))

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == ["Lines read: 5", "New: 4", "Changed: 0", "Unchanged: 0", "Sum of the file in EUR: €249.60"]
    assert vps("audit").exit_code == 0


def test_the_command_names_every_mistake(vps, house):
    before = everything()
    result = vps.imported("orders", orders_of(house.anna.number).replace("BALM", "COFFEE").replace("2026-11-19", "2026-11-31"))

    assert result.exit_code == 2
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()][:-1] == [
        *("Line 3, column product", "Line 4, column paid_at", "Line 5, column paid_at", "Line 6, column product")
    ]
    assert everything() == before
