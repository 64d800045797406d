"""What is around a refund: who wants it and who decides, goods given back, and the cash that a partner returns."""

import json
from datetime import timedelta

import pytest

from tests.cast import NOON, balance, eur, red_order
from tests.orders.refunding import some_refunds
from tests.orders.test_parts import pay
from tests.orders.test_refunds import IBAN, honest, paying, refund, refunded, wanted
from vps.company.actions import change_settings
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import clock
from vps.kernel.database import one, rows
from vps.kernel.settings import Settings
from vps.orders.actions import (
    AskedAlready,
    NothingToRefund,
    NotThatMany,
    NotThatReturnDay,
    ReturnedAlready,
    approve_refund,
    ask_refund,
    close_return,
    refund_order,
    refuse_refund,
    return_cash,
    wish_refund,
)
from vps.orders.models.refunds import OrderRefund, RefundWish
from vps.wallets.actions import Decided, NoReason, NotYourOwn, TakesAnother
from vps.wallets.models import purse


@pytest.fixture
def paid(house):
    """On SQLite only: nothing of it depends on the engine."""
    return paying(house)


def test_cash_is_the_partners_task_until_the_customers_receipt_closes_it(paid):
    key = refund(paid, wanted(20_00, "cash"))
    assert balance(paid.anna) == eur(220_10)
    facts = {"partner": paid.anna.id, "signed": "Maria Huber", "receipt": "7", "actor": Actor(paid.anna.id), "at": NOON}

    for day in (NOON.date() - timedelta(days=1), NOON.date() + timedelta(days=1)):
        with pytest.raises(NotThatReturnDay):
            return_cash(key, day=day, **facts)
    assert OrderRefund.get_by_id(key).to_return
    for _ in range(2):
        return_cash(key, day=NOON.date(), **facts)

    row = OrderRefund.get_by_id(key)
    assert (row.to_return, row.signed, row.receipt, row.done_on) == (False, "Maria Huber", "7", NOON.date())
    assert one("SELECT count(*) FROM event WHERE verb = 'cash returned'")[0] == 1
    with pytest.raises(ReturnedAlready):
        close_return(key, reason="x", actor=paid.staff.actor, at=NOON)
    with pytest.raises(ReturnedAlready):
        return_cash(key, day=NOON.date(), **{**facts, "signed": "Max Huber"})


def test_the_office_closes_a_return_of_cash_with_a_reason_but_never_its_own(paid):
    key = refund(paid, wanted(20_00, "cash"))
    with pytest.raises(NoReason):
        close_return(key, reason=" ", actor=paid.staff.actor, at=NOON)
    with pytest.raises(NotYourOwn):
        close_return(key, reason="x", actor=Actor(paid.anna.id), at=NOON)

    close_return(key, reason="Kundin verzichtet", actor=paid.staff.actor, at=NOON)

    assert OrderRefund.get_by_id(key).closed_why == "Kundin verzichtet"


def test_goods_are_given_back_as_many_as_were_bought(paid):
    order = red_order(paid, quantity=3)
    pay(paid, order, purse(paid.anna.id, "EUR").wallet)
    refund(paid, wanted(99_80, goods={1: 2}), order=order)

    with pytest.raises(NotThatMany) as refusal:
        refund(paid, wanted(49_90, goods={1: 2}), order=order)

    assert refusal.value.facts == {"name": "Bergtee", "left": 1}
    with pytest.raises(NotThatMany):
        refund(paid, wanted(1_00, goods={9: 1}), order=order)


def test_from_the_companys_threshold_on_a_second_colleague_books_it(paid):
    change_settings({"four_eyes_from": 20_00}, actor=HOUSE, at=NOON)
    asked = ask_refund("ask", paid.order.id, wanted(20_00), authorisation=paid.staff, at=NOON)
    assert (asked.refund, refunded(paid.order)) == (None, 0)
    assert ask_refund("ask", paid.order.id, wanted(20_00), authorisation=paid.staff, at=NOON) == asked
    with pytest.raises(AskedAlready):
        ask_refund("more", paid.order.id, wanted(20_00), authorisation=paid.staff, at=NOON)
    with pytest.raises(TakesAnother):
        approve_refund(asked.wish, authorisation=paid.staff, at=NOON)

    approve_refund(asked.wish, authorisation=paid.other, at=NOON)

    assert refunded(paid.order) == 20_00
    with pytest.raises(Decided):
        approve_refund(asked.wish, authorisation=paid.other, at=NOON)
    with pytest.raises(Decided):
        refuse_refund(asked.wish, reason="x", actor=paid.other.actor, at=NOON)
    assert honest()


def test_a_partner_wants_a_refund_and_the_office_answers_by_one_or_by_a_reason(paid):
    facts = {"partner": paid.anna.id, "actor": Actor(paid.anna.id), "at": NOON}
    wish = wish_refund("w1", paid.order.id, wanted(20_00, ""), **facts)
    assert wish_refund("w1", paid.order.id, wanted(20_00, ""), **facts) == wish
    with pytest.raises(AskedAlready):
        wish_refund("w2", paid.order.id, wanted(20_00, ""), **facts)
    with pytest.raises(NoReason):
        refuse_refund(wish, reason="", actor=paid.staff.actor, at=NOON)

    refuse_refund(wish, reason="Ware fehlt", actor=paid.staff.actor, at=NOON)
    second = wish_refund("w3", paid.order.id, wanted(20_00, ""), **facts)
    made = refund(paid, wanted(10_00))

    assert RefundWish.get_by_id(wish).refused_why == "Ware fehlt"
    assert RefundWish.get_by_id(second).refund_id == made
    verbs = [json.loads(facts)["verb"] for (facts,) in rows("SELECT facts FROM outbox WHERE kind = 'order' ORDER BY id")]
    assert verbs == ["refund refused", "refunded"]


def test_a_red_order_has_nothing_to_refund_and_nobody_refunds_his_own(paid):
    with pytest.raises(NothingToRefund):
        refund(paid, wanted(1_00), order=red_order(paid))
    with pytest.raises(NotYourOwn):
        refund_order("own", paid.order.id, wanted(1_00), authorisation=ByStaff(Actor(paid.anna.id)), at=NOON)


def test_the_mails_say_in_the_partners_language_what_became_of_it(house, tmp_path):
    order, _, wish = some_refunds(house)
    house.order, house.staff = order, ByStaff(Actor(house.dragan.id))
    refuse_refund(wish, reason="Frist vorbei", actor=house.staff.actor, at=clock())
    for way, more in (("wallet", {}), ("bank", {"holder": "Maria Huber", "account": IBAN})):
        refund(house, wanted(1_00, way, **more), way, at=clock())
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")

    mails = [
        render(settings, "order", key=key, address="a@example.com", language="de", facts=json.loads(facts)).get_content()
        for key, facts in rows("SELECT key, facts FROM outbox WHERE kind = 'order' ORDER BY id")
    ]

    words = ("geben Sie dem Kunden das Bargeld zurück", "Frist vorbei", "in Ihr Guthaben erstattet", "per Überweisung erstattet")
    assert [word in mail for word, mail in zip(words, mails, strict=True)] == [True] * 4
