"""The pay dialog of who has several wallets: what pays is chosen in it, shown with its rate, and what was shown is what is taken."""

import re

import pytest

from tests.cast import CODES, NOON, eur, red_order, sheet_of
from tests.orders.test_parts import bonus, dinars
from tests.web.client import Browser, field
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.wallets.models import purse


@pytest.fixture
def anna(house):
    sheet_of(house.anna, at=clock())
    return Browser(house.anna)


def choices(page):
    return re.findall(r'name="wallet" value="([^"]*)"( checked)?> ([^<]*)', page.text)


def code(page):
    return CODES[int(re.search(r'data-index="(\d+)"', page.text)[1]) - 1]


def test_who_has_one_wallet_is_offered_nothing_to_choose(house, anna):
    page = anna.get(f"/orders/{red_order(house).number}/payment")

    assert choices(page) == []
    assert field(page, "shown")


def test_the_orders_currency_comes_first_and_others_are_shown_with_their_rate(house, anna):
    other, order = dinars(house), red_order(house)
    main = purse(house.anna.id, "EUR").wallet

    page = anna.get(f"/orders/{order.number}/payment")

    told = [(value, bool(checked), words.replace("\xa0", " ")) for value, checked, words in choices(page)]
    assert told == [(str(main), True, "Hauptguthaben: 49,90 €"), (str(other), False, "Hauptguthaben: 5.850,78 RSD zu 117,25")]


def test_what_was_chosen_is_asked_again_after_a_wrong_code_and_then_taken(house, anna):
    other, order = dinars(house), red_order(house)
    path = f"/orders/{order.number}/payment"
    page = anna.get(f"{path}?wallet={other}")
    assert "5.850,78" in page.text.split("<fieldset")[0]

    again = anna.post(path, {"shown": field(page, "shown"), "tan": "999999"})
    assert again.status_code == 422 and "5.850,78" in again.text.split("<fieldset")[0]
    done = anna.post(path, {"shown": field(again, "shown"), "tan": code(again)})

    assert done.status_code == 303
    assert one("SELECT paid, currency FROM payment_part") == (5_850_78, "RSD")
    assert "5.850,78" in anna.get(f"/orders/{order.number}").text
    assert "5,850.78" in Browser(house.clara).get(f"/office/orders/{order.number}").text


def test_two_together_are_chosen_in_one_line(house, anna):
    second, order = bonus(house, 60_00), red_order(house, quantity=6)
    main = purse(house.anna.id, "EUR").wallet
    path = f"/orders/{order.number}/payment"

    page = anna.get(path)

    assert choices(page) == [], "there is only one way to reach it"
    assert "Bonus" in page.text
    assert anna.post(path, {"shown": field(page, "shown"), "tan": code(page)}).status_code == 303
    assert (purse(house.anna.id, "EUR").available, purse(house.anna.id, "EUR", "bonus").available) == (eur(0), eur(10_60))
    assert one("SELECT count(*) FROM payment_part")[0] == 2 and main != second


@pytest.mark.parametrize("asked", ["x", "0", "999", "1 2 3", "-1", "2;DROP"])
def test_a_wallet_that_is_not_offered_is_not_taken(house, anna, asked):
    order = red_order(house)

    page = anna.get(f"/orders/{order.number}/payment", query_string={"wallet": asked})

    assert page.status_code == 200
    assert anna.post(f"/orders/{order.number}/payment", {"shown": field(page, "shown"), "tan": code(page)}).status_code == 303
    assert one("SELECT subject FROM intent")[0] == order.number


def test_where_nothing_suffices_it_says_what_is_missing(house, anna):
    bonus(house, 10_00)

    page = anna.get(f"/orders/{red_order(house, quantity=9).number}/payment")

    assert "199,10" in page.text and 'name="shown"' not in page.text
    assert NOON
