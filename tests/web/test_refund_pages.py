"""Refunds on their pages: previewed by the code that books them, asked for by partners, and the customer's paper about each."""

import pytest

from tests.bank.desk_of_payouts import credit, statement
from tests.cast import NOON, app_of, balance, eur
from tests.cast import red_order as red
from tests.orders.refunding import paid_before, some_refunds
from tests.web.client import Browser, forms, plain
from tests.web.refusing import nothing_written, reading, refused, says
from tests.web.test_step_up import rested
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one, rows, run
from vps.kernel.money import tax_in
from vps.kernel.numbers import order_reference
from vps.ledger.actions.bulks import BeingBooked, open_bulk
from vps.orders.actions import MoreThanPaid, NotThatReturnDay
from vps.orders.actions.refunding import _previews
from vps.orders.models import Order
from vps.orders.models.refunds import OrderRefund, RefundWish
from vps.orders.refund_forms import NotBoth, NotWhole
from vps.wallets.actions import TakesAnother


@pytest.fixture
def paid(house):
    """Two packets, 99.80, paid long ago; Dragan and Elena show codes of their apps."""
    for person in (house.dragan, house.elena):
        app_of(person, clock())
    house.order = paid_before(house)
    house.way = f"/office/orders/{house.order.number}/refund"
    return house


def typed(**more):
    return {"key": "0123456789ab", "amount": "", "reason": "Zu <viel>", "way": "cash", **more}


def confirmed(browser, paid, **more):
    """The preview, sent as it stands."""
    shown = browser.post(paid.way, typed(**more))
    assert shown.status_code == 200, plain(shown.text)
    return browser.client.post(paid.way, data=next(sent for action, sent in forms(shown) if action == paid.way))


def test_what_is_previewed_is_booked_once_and_only_with_a_fresh_code(paid):
    dragan = Browser(paid.dragan)
    with nothing_written():
        shown = plain(dragan.post(paid.way, typed(amount="20,00")).text)
    assert "20,00" in shown and "Zu &lt;viel&gt;" in shown
    rested(dragan)
    with nothing_written():
        assert "/sign-in/again" in confirmed(dragan, paid, amount="20,00").text

    fresh = Browser(paid.dragan)
    first, again = confirmed(fresh, paid, amount="20,00"), confirmed(fresh, paid, amount="20,00")

    assert first.status_code == again.status_code == 303 and first.location == again.location
    assert (balance(paid.anna), one("SELECT count(*) FROM order_refund")) == (eur(270_00), (1,))
    page = plain(fresh.get(f"/office/orders/{paid.order.number}").text)
    assert f"{paid.order.number}-R1" in page and "20,00" in page
    assert f"/office/orders/{paid.order.number}" in fresh.get(f"/office/partners/{paid.anna.number}/wallet").text
    booking = one("SELECT booking FROM refund_part")[0]
    line = Browser(paid.anna).get(f"/wallet/statement/{booking}").text
    assert f"/orders/{paid.order.number}" in line and "Zu &lt;viel&gt;" in line


def test_goods_make_the_amount_and_what_is_wrong_is_said_at_it(paid):
    dragan = reading(paid.dragan, "de")
    with nothing_written():
        refused(dragan.post(paid.way, typed(amount="200")), MoreThanPaid.says, "de")
        refused(dragan.post(paid.way, typed(amount="20", **{"g-1": "1"})), NotBoth.says, "de")
        refused(dragan.post(paid.way, typed(**{"g-1": "x"})), NotWhole.says, "de")

    confirmed(dragan, paid, **{"g-1": "1"})

    row = OrderRefund.get()
    assert (row.amount, row.goods) == (49_90, "1:1")
    assert "1 × Bergtee" in plain(dragan.get(f"/office/refunds/{row.id}").text)


def test_commission_that_is_taken_back_stands_in_the_preview_by_name(paid, monkeypatch):
    monkeypatch.setattr("vps.orders.actions.refunding._previews", [*_previews, lambda what: [(paid.boris.id, eur(1_23))]])

    shown = plain(Browser(paid.dragan).post(paid.way, typed()).text)

    assert f"{paid.boris.number} {paid.boris.name}" in shown and "1,23" in shown


def test_a_transfer_goes_back_to_the_account_it_came_from_unless_somebody_types_another(paid):
    order = red(paid)
    statement(credit("49.90", account="DE02120300000000202051", text=order_reference(order.number)))
    paid.way = f"/office/orders/{order.number}/refund"
    dragan = Browser(paid.dragan)
    shown = dragan.get(paid.way)
    fields = next(sent for action, sent in forms(shown) if action == paid.way)
    assert (fields["account"], fields["way"]) == ("DE02120300000000202051", "bank")

    confirmed(dragan, paid, holder="Maria Huber", account=fields["account"], way="bank")

    row = OrderRefund.get()
    payout = dragan.get(f"/office/payouts/{row.payout_id}").text
    assert (
        "DE02 1203 0000 0000 2020 51" in plain(payout)
        and f"/office/payouts/{row.payout_id}" in dragan.get(f"/office/refunds/{row.id}").text
    )
    assert dragan.post(f"/office/payouts/{row.payout_id}/refusal", {"reason": "Falsch"}).status_code == 303
    assert f"/office/refunds/{row.id}/payout" in dragan.get(f"/office/refunds/{row.id}").text
    again = {"holder": "Maria Huber", "account": "DE02120300000000202052"}
    assert dragan.post(f"/office/refunds/{row.id}/payout", again).status_code == 422
    assert dragan.post(f"/office/refunds/{row.id}/payout", again | {"account": "AT611904300234573201"}).status_code == 303


def test_what_is_large_waits_for_a_colleague(paid):
    change_settings({"four_eyes_from": 50_00}, actor=HOUSE, at=clock())
    dragan, elena = Browser(paid.dragan), Browser(paid.elena)

    asked = confirmed(dragan, paid)

    wish = RefundWish.get()
    assert asked.location == f"/office/refunds/wishes/{wish.id}" and "99,80" in plain(dragan.get(asked.location).text)
    assert f"{asked.location}/approval" not in dragan.get(asked.location).text
    refused(dragan.post(f"{asked.location}/approval", {}), TakesAnother.says, "sr", status=403)
    assert f"{asked.location}" in elena.get("/office/refunds").text
    assert elena.post(f"{asked.location}/approval", {}).status_code == 303
    assert Order.get_by_id(paid.order.id).all_refunded
    assert balance(paid.anna) == eur(349_80)


def test_a_colleagues_wish_that_cannot_be_any_more_says_why_and_is_refused_with_a_reason(paid):
    change_settings({"four_eyes_from": 50_00}, actor=HOUSE, at=clock())
    dragan, elena = Browser(paid.dragan), Browser(paid.elena)
    where = confirmed(dragan, paid).location
    run("UPDATE order_payment SET recalled_at = paid_at WHERE order_id = ?", paid.order.id)

    assert elena.get(where).status_code == 200 and f"{where}/approval" not in elena.get(where).text
    assert elena.post(f"{where}/end", {"reason": ""}).status_code == 422
    assert elena.post(f"{where}/end", {"reason": "Doch nicht"}).status_code == 303
    assert "Doch nicht" in elena.get(where).text


def test_a_partner_asks_and_reads_what_became_of_it(paid):
    anna, dragan = Browser(paid.anna), Browser(paid.dragan)
    ask = f"/orders/{paid.order.number}/refund"
    assert ask in anna.get(f"/orders/{paid.order.number}").text
    assert anna.post(ask, {"key": "0123456789ab", "amount": "500", "reason": "Kaputt"}).status_code == 422
    sent = {"key": "0123456789ab", "amount": "", "g-1": "1", "reason": "Kaputt"}
    assert anna.post(ask, sent).status_code == anna.post(ask, sent).status_code == 303
    assert ask not in anna.get(f"/orders/{paid.order.number}").text

    wish = RefundWish.get()
    assert wish.goods == "1:1" and "Kaputt" in dragan.get("/office/refunds").text and "Kaputt" in dragan.get(paid.way).text
    assert dragan.post(f"/office/refunds/wishes/{wish.id}/end", {"reason": "Frist vorbei"}).status_code == 303

    assert "Frist vorbei" in anna.get(f"/orders/{paid.order.number}").text


def test_the_partner_closes_her_task_with_the_customers_signature(paid):
    order, key, _ = some_refunds(paid)
    anna = Browser(paid.anna)
    task = f"/orders/refunds/{key}"
    for path in ("/orders", "/orders/refunds"):
        assert f'href="{task}"' in anna.get(path).text, path
    assert f"{order.number}-R1" in anna.get(task).text
    with nothing_written():
        refused(anna.post(f"{task}/return", {"day": "2020-01-01", "signed": "Maria"}), NotThatReturnDay.says, "de")

    signed = {"day": day_in(clock(), "Europe/Berlin").isoformat(), "signed": "Maria Huber", "receipt": "7"}
    assert anna.post(f"{task}/return", signed).status_code == 303

    assert "/return" not in anna.get(task).text and "Maria Huber · 7" in plain(anna.get(task).text)
    assert f'href="{task}"' not in anna.get("/orders").text
    assert "Maria Huber" in Browser(paid.clara).get(f"/office/refunds/{key}").text


def test_the_office_closes_a_task_only_with_a_reason(paid):
    _, key, _ = some_refunds(paid)
    dragan = Browser(paid.dragan)
    assert dragan.post(f"/office/refunds/{key}/return", {"reason": ""}).status_code == 422
    assert dragan.post(f"/office/refunds/{key}/return", {"reason": "Kundin verzichtet"}).status_code == 303

    assert "Kundin verzichtet" in Browser(paid.anna).get(f"/orders/refunds/{key}").text


def test_the_customers_paper_names_the_receipt_the_goods_and_the_tax_in_her_language(paid):
    order, key, _ = some_refunds(paid)

    paper = plain(Browser(paid.anna).get(f"/orders/refunds/{key}/receipt").text)

    assert f"Erstattungsbeleg {order.number}-R1" in paper and f"{order.number}-1" in paper
    assert "Bergtee" in paper and "49,90" in paper and f"{tax_in(eur(49_90), 700).minor / 100:.2f}".replace(".", ",") in paper


def test_what_is_refunded_whole_says_so_in_words_everywhere(paid):
    dragan, anna = Browser(paid.dragan), reading(paid.anna, "de")
    confirmed(dragan, paid, way="wallet")

    shown = anna.get(f"/orders/{paid.order.number}").text
    assert "<s>" in shown and "Erstattet" in shown and f"/orders/{paid.order.number}/refund" not in shown
    assert paid.order.number not in anna.get("/orders?colour=green").text
    found = anna.get("/orders?q=maria").text
    assert "<s>" in found and "99,80" in plain(found)
    assert paid.way not in dragan.get(f"/office/orders/{paid.order.number}").text
    assert "<s>" in dragan.get("/office/orders?q=maria").text
    assert paid.order.number not in dragan.get("/office/sending").text
    assert len(rows("SELECT 1 FROM event WHERE verb = 'order refunded'")) == 1


def test_while_commissions_are_booked_the_office_is_told_to_wait(paid):
    dragan = reading(paid.dragan, "en")
    run("INSERT INTO voucher (kind, ref, day, text) VALUES ('run', '1', '2026-11-20', '')")
    shown = dragan.post(paid.way, typed(amount="20.00"))
    sent = next(sent for action, sent in forms(shown) if action == paid.way)
    open_bulk(one("SELECT max(id) FROM voucher")[0], at=NOON)

    answer = dragan.client.post(paid.way, data=sent)

    assert answer.status_code == 409 and says(answer, BeingBooked.says, "en")
