"""Answers to the payment's dialog that it did not ask for: SECURITY, bad inputs 37, 39 and 40."""

import pytest

from tests.cast import CODES, app_of, balance, eur, red_order, sheet_of
from tests.web.client import Browser, asked_index, field
from tests.web.refusing import nothing_written, reading, refused
from vps.kernel.clock import clock
from vps.kernel.database import one, rows
from vps.security.actions.refusals import TooSoon, WrongTan
from vps.security.forms import NotShown

LANGUAGES = ("en", "de", "sr", "ru")


@pytest.fixture
def dialog(cast):
    """A payment's dialog of Anna's, and the right answer to it."""
    sheet_of(cast.anna, clock())
    order, anna = red_order(cast), Browser(cast.anna)
    page = anna.get(f"/orders/{order.number}/payment")
    return order, anna, {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]}


def test_added_fields_pay_what_was_shown(cast, dialog):
    order, anna, data = dialog
    added = {
        "amount": "1",
        "payee": "me",
        "method": "none",
        "way": "none",
        "level": "0",
        "state": "posted",
        "currency": "XTS",
        "price": "1",
    }

    anna.post(f"/orders/{order.number}/payment?amount=1&level=0", data | added)

    assert balance(cast.anna) == eur(250_00 - 49_90)
    assert rows("SELECT amount, payee FROM intent") == [(49_90, "Alpenkraut GmbH")]
    assert rows("SELECT actor, after FROM event WHERE verb = 'fields added'") == [(cast.anna.id, ", ".join(sorted(added)))], (
        "and somebody tried"
    )


def test_what_our_own_dialogs_send_is_no_attempt(cast, dialog):
    order, anna, data = dialog
    anna.post(f"/orders/{order.number}/payment", data)
    assert rows("SELECT 1 FROM event WHERE verb = 'fields added'") == []


@pytest.mark.parametrize(
    "change", [lambda text: text[:9] + ("A" if text[9] != "A" else "B") + text[10:], lambda _: "", lambda _: "[]", lambda _: "x" * 900]
)
def test_a_changed_dialog_pays_nothing(house, change):
    sheet_of(house.anna, clock())
    order = red_order(house)
    for language in LANGUAGES:
        anna = reading(house.anna, language)
        page = anna.get(f"/orders/{order.number}/payment")
        with nothing_written():
            answer = anna.post(
                f"/orders/{order.number}/payment", {"shown": change(field(page, "shown")), "tan": CODES[asked_index(page) - 1]}
            )
        refused(answer, NotShown.says, language, status=409)


def test_the_dialog_of_another_order_pays_nothing(house):
    sheet_of(house.anna, clock())
    first, second, anna = red_order(house), red_order(house), Browser(house.anna)
    page = anna.get(f"/orders/{first.number}/payment")

    answer = anna.post(f"/orders/{second.number}/payment", {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]})

    refused(answer, NotShown.says, "de", status=409)
    assert balance(house.anna) == eur(250_00)
    assert one("SELECT count(*) FROM order_payment")[0] == 0


@pytest.mark.parametrize("typed", ["１００００１", "10000O", "abcdef", "12345", "1234567", "١٠٠٠٠١", "100 00", "1e5"])
def test_what_is_no_tan_is_refused_in_words(house, typed):
    sheet_of(house.anna, clock())
    for language in ("de", "sr"):
        anna, order = reading(house.anna, language), red_order(house)
        before = one("SELECT count(*) FROM booking")[0]
        answer = anna.pay(order.number, typed)
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
        assert one("SELECT count(*) FROM booking")[0] == before


def test_a_tan_typed_in_groups_is_read(house):
    sheet_of(house.anna, clock())
    order, anna = red_order(house), Browser(house.anna)
    page = anna.get(f"/orders/{order.number}/payment")
    code = CODES[asked_index(page) - 1]
    assert (
        anna.post(f"/orders/{order.number}/payment", {"shown": field(page, "shown"), "tan": f" {code[:3]} {code[3:]}"}).status_code == 303
    )


def test_a_code_of_the_app_pays_once_and_none_before_it_pays_after(cast):
    totp = app_of(cast.anna, clock())
    anna, at = reading(cast.anna, "sr"), clock()
    assert anna.pay(red_order(cast).number, totp.at(at)).status_code == 303

    now = anna.pay(red_order(cast).number, totp.at(at))
    before = anna.pay(red_order(cast).number, totp.at(at, counter_offset=-1))
    ahead = anna.pay(red_order(cast).number, totp.at(at, counter_offset=3))

    refused(now, TooSoon.says, "sr")
    assert before.status_code == 422
    refused(ahead, WrongTan.says, "sr")
    assert balance(cast.anna) == eur(250_00 - 49_90)
