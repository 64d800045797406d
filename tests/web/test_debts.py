"""The office reads what is owed and ends it; the partner reads on his order's page why it is a debt, and until when he can hope."""

import pytest

from tests.cast import app_of, balance, eur
from tests.orders.by_bank import three_by_bank
from tests.web.client import Browser, plain
from tests.web.refusing import nothing_written
from vps.bank.reasons import reason
from vps.hypermedia.languages import Words
from vps.kernel.clock import clock
from vps.kernel.database import run
from vps.orders.models import debt, debt_of

CLOSED = {language: Words(language).say(reason("AC04")) for language in ("de", "sr")}


@pytest.fixture
def owed(house):
    """Of three orders that were paid by bank one is yellow, one was taken back in time, and one when it had counted."""
    app_of(house.dragan, clock())
    run("DROP TRIGGER order_payment_no_update")
    house.yellow, house.early, house.late = three_by_bank(house, clock())
    house.key = debt_of(house.late.id).id
    return house


def test_the_office_sees_each_debt_and_settles_it_from_the_wallet(owed):
    dragan = Browser(owed.dragan)
    listed = dragan.get("/office/debts").text
    assert owed.late.number in listed and owed.early.number not in listed and CLOSED["sr"] in listed
    assert "/office/debts" in dragan.get("/office/orders").text
    assert f"/office/debts/{owed.key}" in dragan.get(f"/office/orders/{owed.late.number}").text

    assert dragan.post(f"/office/debts/{owed.key}/payment", {}).status_code == 303

    assert (debt(owed.key).settled_at is not None, balance(owed.anna)) == (True, eur(200_10))
    for path in ("payment", "end"):
        again = dragan.post(f"/office/debts/{owed.key}/{path}", {"reason": "x"})
        assert again.status_code == 409 and "409" not in again.text and balance(owed.anna) == eur(200_10)
    assert f"/office/debts/{owed.key}" not in dragan.get("/office/debts").text


def test_writing_off_needs_a_reason(owed):
    dragan = Browser(owed.dragan)
    with nothing_written():
        assert dragan.post(f"/office/debts/{owed.key}/end", {"reason": ""}).status_code == 422

    dragan.post(f"/office/debts/{owed.key}/end", {"reason": "Kunde verstorben"})

    assert debt(owed.key).note == "Kunde verstorben"
    assert "Kunde verstorben" in dragan.get(f"/office/debts/{owed.key}").text


def test_the_partner_reads_why(owed):
    anna = Browser(owed.anna)
    late, early = (plain(anna.get(f"/orders/{order.number}").text) for order in (owed.late, owed.early))

    assert CLOSED["de"] in late and "49,90" in late
    assert CLOSED["de"] in early
    assert CLOSED["de"] in plain(anna.get("/orders?colour=red").text)
    assert "/office" not in late


def test_the_list_names_the_last_day_on_which_it_can_be_taken_back(owed):
    assert "31.12.2099" in plain(Browser(owed.anna).get("/orders?colour=yellow").text), "the window ends when the next day begins"


def test_a_wallet_that_cannot_settle_it_says_what_is_missing(owed):
    run("UPDATE account SET reserved = balance WHERE floor IS NOT NULL")
    with nothing_written():
        answer = Browser(owed.dragan).post(f"/office/debts/{owed.key}/payment", {})

    assert answer.status_code == 422 and plain(answer.text).count("49,90") == 2, "the debt, and what is missing"
