"""The main job through HTTP, with and without htmx, and what the impatient do to it."""

import re

import pytest

from tests.cast import CODES, app_of, balance, eur, give, red_order, sheet_of
from tests.web.client import PIECE, Browser, asked_index, field, forms, plain
from vps.hypermedia.catalogs import catalog
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.orders.models import Colour, Order
from vps.people.actions import add_customer


def bookings() -> int:
    return int(one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0])


def colour(number: str) -> Colour:
    order = Order.numbered(number)
    assert order
    return order.colour(clock())


@pytest.fixture
def sheet(cast):
    return sheet_of(cast.anna, clock())


def test_without_javascript_the_browser_is_sent_to_the_green_order(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    dialog = anna.get(f"/orders/{order.number}/payment")
    assert "<!doctype html>" in dialog.text and "49,90\N{NO-BREAK SPACE}€" in dialog.text

    answer = anna.pay(order.number, CODES[asked_index(dialog) - 1])

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/orders/{order.number}")
    assert colour(order.number) is Colour.GREEN
    assert balance(cast.anna) == eur(200_10)
    assert "Vom Guthaben bezahlt" in anna.get(answer.headers["Location"]).text or "state green" in anna.get(answer.headers["Location"]).text


def test_htmx_gets_only_the_green_row_the_counts_and_an_empty_sheet(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    dialog = anna.piece(f"/orders/{order.number}/payment")
    assert dialog.text.strip().startswith("<dialog") and "<!doctype" not in dialog.text

    answer = anna.post(
        f"/orders/{order.number}/payment", {"shown": field(dialog, "shown"), "tan": CODES[asked_index(dialog) - 1]}, piece=True
    )

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<li id="order-{order.number}" class="order green"')
    assert 'id="colours"' in answer.text and '<div id="sheet" data-hx-swap-oob="true"></div>' in answer.text


def test_a_wrong_tan_says_so_in_the_dialog_and_takes_nothing(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)

    answer = anna.pay(order.number, "999999", piece=True)

    assert answer.status_code == 422
    assert answer.text.strip().startswith("<dialog") and "wrong" in answer.text
    assert colour(order.number) is Colour.RED
    assert balance(cast.anna) == eur(250_00)


def test_after_a_wrong_tan_the_same_one_is_asked_again_and_pays(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    first = anna.get(f"/orders/{order.number}/payment")
    wrong = anna.post(f"/orders/{order.number}/payment", {"shown": field(first, "shown"), "tan": "999999"})
    assert asked_index(wrong) == asked_index(first)

    answer = anna.post(f"/orders/{order.number}/payment", {"shown": field(wrong, "shown"), "tan": CODES[asked_index(wrong) - 1]})

    assert answer.status_code == 303
    assert one("SELECT count(*) FROM intent")[0] == 1, "it is one payment, with one wrong try"


def test_a_double_click_and_a_resend_find_the_same_payment(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    dialog = anna.get(f"/orders/{order.number}/payment")
    data = {"shown": field(dialog, "shown"), "tan": CODES[asked_index(dialog) - 1]}

    answers = [anna.post(f"/orders/{order.number}/payment", dict(data)).status_code for _ in range(3)]

    assert answers == [303, 303, 303]
    assert bookings() == 1


def test_two_tabs_the_second_is_told_that_it_is_paid(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    tabs = [anna.get(f"/orders/{order.number}/payment") for _ in range(2)]
    first, second = (
        anna.post(f"/orders/{order.number}/payment", {"shown": field(tab, "shown"), "tan": CODES[asked_index(tab) - 1]}) for tab in tabs
    )

    assert (first.status_code, second.status_code) == (303, 409)
    assert bookings() == 1


def test_too_little_credit_is_said_before_any_tan_is_asked(cast):
    sheet_of(cast.boris, clock())
    give(cast.boris, 20_00)
    order = red_order(cast, cast.boris)

    dialog = Browser(cast.boris).get(f"/orders/{order.number}/payment")

    assert 'name="tan"' not in dialog.text
    assert "29,90 €" in plain(dialog.text) and "/wallet/top-up" in dialog.text


def test_the_dialog_of_another_session_authorises_nothing(cast, sheet):
    order = red_order(cast)
    shown = Browser(cast.anna).shown(order.number)

    answer = Browser(cast.anna).post(f"/orders/{order.number}/payment", {"shown": shown, "tan": CODES[2]})

    assert answer.status_code == 409
    assert bookings() == 0


def test_added_fields_change_nothing(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    dialog = anna.get(f"/orders/{order.number}/payment")
    data = {
        "shown": field(dialog, "shown"),
        "tan": CODES[asked_index(dialog) - 1],
        "amount": "1",
        "payee": "me",
        "level": "0",
        "state": "posted",
    }

    anna.post(f"/orders/{order.number}/payment", data)

    assert one("SELECT amount FROM booking WHERE motive = 'purchase'")[0] == 49_90


def test_looking_at_the_dialog_writes_nothing(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    before = [one(f"SELECT count(*) FROM {table}")[0] for table in ("intent", "challenge", "event", "booking")]

    for headers in ({}, PIECE, {"Sec-Purpose": "prefetch"}):
        anna.get(f"/orders/{order.number}/payment", headers=headers)

    assert [one(f"SELECT count(*) FROM {table}")[0] for table in ("intent", "challenge", "event", "booking")] == before


def test_another_partners_order_is_not_there(cast, sheet):
    order, boris = red_order(cast), Browser(cast.boris)
    for path in ("", "/payment", "/receipt", "/goods", "/end"):
        assert boris.get(f"/orders/{order.number}{path}").status_code == 404
    assert boris.post(f"/orders/{order.number}/payment", {"shown": "x", "tan": "123456"}).status_code == 404


def test_the_office_sees_it_green_the_same_second(cast, sheet):
    order = red_order(cast)
    Browser(cast.anna).pay(order.number, CODES[asked_index(Browser(cast.anna).get(f"/orders/{order.number}/payment")) - 1])

    assert f">{order.number}</a>" in Browser(cast.clara).get("/office/orders?colour=green").text


def test_the_receipt_is_in_the_customers_language(cast, sheet):
    order = red_order(cast)
    Browser(cast.anna).pay(order.number, CODES[asked_index(Browser(cast.anna).get(f"/orders/{order.number}/payment")) - 1])
    answer = Browser(cast.anna).get(f"/orders/{order.number}/receipt")

    assert answer.status_code == 200
    assert 'lang="de"' in answer.text and "Maria Huber" in answer.text
    assert plain(answer.text).count("49,90 €") >= 2
    assert "3,26 €" in plain(answer.text), "the tax contained in 49.90 at 7 % (GB: 49.90 × 7 / 107)"


def test_the_wallet_shows_the_booking_and_the_chart(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    anna.pay(order.number, CODES[asked_index(anna.get(f"/orders/{order.number}/payment")) - 1])

    wallet = anna.get("/wallet")

    assert order.number in wallet.text and "−49,90 €" in plain(wallet.text)
    picture = re.search(r'src="(/charts/[0-9a-f]+\.svg)"', wallet.text)
    assert picture
    svg = anna.get(picture[1])
    assert svg.status_code == 200 and svg.content_type.startswith("image/svg+xml") and "<script" not in svg.text
    assert Browser(cast.boris).get(picture[1]).status_code == 404


def test_a_dialog_about_what_cannot_be_paid_any_more_asks_for_no_code(cast, sheet):
    order, anna = red_order(cast), Browser(cast.anna)
    shown = anna.shown(order.number)
    tan = CODES[asked_index(anna.get(f"/orders/{order.number}/payment")) - 1]
    anna.post(f"/orders/{order.number}/end")

    answer = anna.post(f"/orders/{order.number}/payment", {"shown": shown, "tan": tan}, piece=True)

    assert answer.status_code == 409 and answer.text.count('role="alert"') == 1
    assert 'name="tan"' not in answer.text and "232,60" not in plain(answer.text)
    assert f'href="/orders/{order.number}"' in answer.text


def test_a_receipt_that_is_booked_promises_nothing_a_second_time(cast):
    dragan, path = Browser(cast.dragan), f"/office/partners/{cast.anna.number}/wallet/top-up"
    slip = {"key": "0123456789ab", "amount": "7", "number": "B 9", "day": "2026-11-20", "payer": "Anna", "reason": "Cash"}
    assert dragan.post(path, slip).status_code == 200
    assert [dragan.post(path, {**slip, "confirmed": "1"}).status_code for _ in range(2)] == [303, 303]

    answer = dragan.post(path, slip)

    assert answer.status_code == 409 and "B 9" in answer.text and "confirmed" not in answer.text
    assert balance(cast.anna) == eur(257_00)


def test_after_a_wrong_code_of_the_app_the_app_is_asked_again(cast, sheet):
    app_of(cast.anna, clock())
    order, anna = red_order(cast), Browser(cast.anna)

    answer = anna.post(f"/orders/{order.number}/payment", {"shown": anna.shown(order.number, way="?way=app"), "tan": "999999"}, piece=True)

    assert answer.status_code == 422 and 'data-index="app"' in answer.text
    assert 'value="999999"' not in answer.text
    assert one("SELECT way FROM way")[0] == "app"


def test_a_customer_who_is_known_gets_his_goods_where_he_lives(cast):
    anna = Browser(cast.anna)
    maria = add_customer(
        cast.anna, name="Maria Huber", language="de", email="", phone="", address=("Am Hang 1", "10115", "Berlin", "DE"), at=clock()
    )
    goods = {"key": "0123456789ab", "language": "de", f"q-{cast.tea.id}": "2", "customer": str(maria.id)}

    assert anna.post("/orders/new", {**goods, "name": "Somebody New"}).status_code == 422
    assert anna.post("/orders/new", goods).status_code == 303
    assert one("SELECT street, postcode, city, country FROM orders") == ("Am Hang 1", "10115", "Berlin", "DE")


def test_the_office_sees_what_is_to_be_packed_and_where_it_goes(cast, sheet):
    order, nowhere, anna = red_order(cast, quantity=3), red_order(cast), Browser(cast.anna)
    run("UPDATE orders SET street = 'Am Hang 1', postcode = '10115', city = 'Berlin' WHERE id = ?", order.id)
    for each in (order, nowhere):
        anna.pay(each.number, CODES[asked_index(anna.get(f"/orders/{each.number}/payment")) - 1])

    page = Browser(cast.dragan, language="en").get("/office/sending").text

    assert "Am Hang 1<br>10115 Berlin" in page and "3 × Bergtee" in page
    assert page.count('<b class="wrong">') == 1


def test_details_of_a_partner_whom_no_form_made_can_be_changed(cast):
    dragan, path = Browser(cast.dragan), f"/office/partners/{cast.anna.number}/details"
    run("UPDATE person SET key = 'of the form that made her' WHERE id = ?", cast.anna.id)
    assert "of the form" not in dragan.get(path).text
    run("UPDATE person SET key = NULL WHERE id = ?", cast.anna.id)
    ((_, fields),) = forms(dragan.get(path))
    assert len(fields["key"]) >= 8

    assert dragan.client.post(path, data={**fields, "phone": "+49 89 7654321"}).status_code == 303

    assert one("SELECT phone FROM person WHERE id = ?", cast.anna.id)[0] == "+49897654321"


def test_paper_speaks_the_language_of_whom_it_is_for(cast):
    dragan = Browser(cast.dragan)
    russian = catalog("ru")

    letter = dragan.post(f"/office/people/{cast.boris.id}/invitation").text
    assert russian.gettext("Open this address and choose a new password:") in letter and 'lang="ru"' in letter
    clara = dragan.post(f"/office/people/{cast.clara.id}/invitation").text
    assert "TAN sheet" not in clara
    dragan.post(f"/office/partners/{cast.boris.number}/sheet")
    assert (
        russian.gettext("None of us will ever ask you for your password or a TAN.")
        in dragan.get(f"/office/partners/{cast.boris.number}/sheet").text
    )


def test_a_frozen_wallet_says_so_and_too_large_a_pay_out_is_refused_before_it_is_promised(cast):
    dragan = Browser(cast.dragan)
    dragan.post(f"/office/partners/{cast.anna.number}/freeze")
    assert catalog("de").gettext("Payments from this wallet have been frozen since %(at)s. The office can lift the freeze.").split("%")[
        0
    ] in (Browser(cast.anna).get("/wallet").text)

    for path in ("/office/partners", f"/office/partners?q={cast.anna.number}"):
        assert dragan.get(path).text.count(f">{catalog('sr').gettext('frozen')}<") == 1, path

    slip = {"key": "0123456789ab", "amount": "700", "number": "B 9", "day": "2026-11-20", "payer": "Anna", "reason": "Cash"}
    answer = dragan.post(f"/office/partners/{cast.anna.number}/wallet/pay-out", slip)
    assert answer.status_code == 422 and "confirmed" not in answer.text and "450,00" in plain(answer.text)
