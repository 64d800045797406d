"""Refunds: money goes back the way it came, whole or in part, never more than was paid, and to the cent to every wallet."""

import json
from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.bank.test_import import file, line, take
from tests.bank.test_recalls import back
from tests.cast import NOON, balance, eur, red_order, sheet_of
from tests.orders.test_parts import bonus, dinars, pay
from vps.bank.actions import import_file, refuse_payout, undo_claim
from vps.bank.models.audit_payouts import audit_payouts
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_reference
from vps.ledger.actions.bulks import BeingBooked, open_bulk
from vps.ledger.models.audit import audit as ledger_audit
from vps.orders.actions import (
    MoneyGone,
    MoreThanPaid,
    NotCameBack,
    NotThatWay,
    RefundedAlready,
    RefundedWhole,
    Wanted,
    ask_refund,
    on_refund,
    on_refund_preview,
    pay_again,
    plan_refund,
    refund_order,
    ship,
)
from vps.orders.models import Colour, Order, company_counts, company_list, partner_counts, to_send
from vps.orders.models.audit import audit
from vps.orders.models.refunds import OrderRefund
from vps.wallets.actions import close_wallet
from vps.wallets.models import purse

IBAN = "DE75512108001245126199"


def paying(cast):
    """An order of 49.90 that Anna paid from her wallet, and who books."""
    sheet_of(cast.anna)
    cast.order, cast.staff, cast.other = red_order(cast), ByStaff(Actor(cast.dragan.id)), ByStaff(Actor(cast.elena.id))
    pay(cast, cast.order, purse(cast.anna.id, "EUR").wallet)
    return cast


@pytest.fixture
def paid(cast):
    return paying(cast)


@pytest.fixture
def transferred(cast):
    """The same, paid by Maria Huber's own transfer."""
    cast.order, cast.staff = red_order(cast), ByStaff(Actor(cast.dragan.id))
    take(file(line("49.90", ref=order_reference(cast.order.number), end="E2E-7")))
    return cast


def wanted(minor, way="wallet", **more):
    return Wanted(eur(minor), "Ware gefiel nicht", way, **more)


def to_bank(minor):
    return wanted(minor, "bank", holder="Maria Huber", account=IBAN)


def refund(stage, what, key=None, *, order=None, at=NOON):
    order = order or stage.order
    return refund_order(key or f"key {one('SELECT count(*) FROM order_refund')[0]}", order.id, what, authorisation=stage.staff, at=at)


def refunded(order):
    return Order.get_by_id(order.id).refunded


def honest():
    return list(audit()) == list(ledger_audit("Europe/Berlin")) == list(audit_payouts()) == []


def test_part_refunds_bring_the_wallet_back_to_where_it_was_and_the_next_cent_is_refused(paid):
    first = refund(paid, wanted(20_00))
    assert (balance(paid.anna), refunded(paid.order)) == (eur(220_10), 20_00)
    assert Order.get_by_id(paid.order.id).colour(NOON) is Colour.GREEN

    with pytest.raises(MoreThanPaid) as refusal:
        refund(paid, wanted(29_91))
    assert refusal.value.facts["left"] == eur(29_90)
    refund(paid, wanted(29_90), at=NOON + timedelta(minutes=1))

    assert balance(paid.anna) == eur(250_00)
    keys = [key for (key,) in rows("SELECT key FROM booking WHERE motive = 'refund' ORDER BY id")]
    assert keys == [f"order:{paid.order.number}:refund:{n}" for n in (1, 2)]
    assert OrderRefund.get_by_id(first).number == f"{paid.order.number}-R1"
    assert [json.loads(facts)["verb"] for (facts,) in rows("SELECT facts FROM outbox WHERE kind = 'order' ORDER BY id")] == ["refunded"] * 2
    assert honest()


def test_sent_twice_it_is_one(paid):
    assert refund(paid, wanted(20_00), "once") == refund(paid, wanted(20_00), "once")

    assert refunded(paid.order) == 20_00
    assert ask_refund("once", paid.order.id, wanted(20_00), authorisation=paid.staff, at=NOON).refund
    assert balance(paid.anna) == eur(220_10)


def test_of_two_at_once_that_are_too_much_together_one_is_refused(paid):
    done = at_once(2, lambda n: refund_order(f"k{n}", paid.order.id, wanted(30_00), authorisation=paid.staff, at=NOON))

    assert sorted(type(each).__name__ for each in done) == ["MoreThanPaid", "int"]
    assert refunded(paid.order) == 30_00
    assert honest()


def test_what_is_refunded_whole_leaves_every_list_and_is_not_sent(paid):
    refund(paid, wanted(20_00))
    assert [order.refunded for order in company_list(Colour.GREEN, now=NOON)] == [eur(20_00)]

    refund(paid, wanted(29_90))

    assert company_list(Colour.GREEN, now=NOON) == to_send(now=NOON) == []
    assert partner_counts(paid.anna.id, NOON) == company_counts(NOON) == (0, 0, 0, 0)
    assert Order.get_by_id(paid.order.id).all_refunded
    with pytest.raises(RefundedWhole):
        ship(paid.order.id, actor=HOUSE, at=NOON)


def test_each_wallet_that_paid_gets_its_share_and_exactly_what_it_gave(paid):
    order, other = red_order(paid, quantity=5), dinars(paid)
    main = purse(paid.anna.id, "EUR").wallet
    pay(paid, order, main, other)  # 200.10, and 49.40 in dinars
    gave = 100_000_00 - purse(paid.anna.id, "RSD").available.minor

    for minor in (1, 1, 100_00, 33_33):
        refund(paid, wanted(minor), order=order)
        assert honest()
    shares = rows("SELECT account, sum(amount) FROM refund_part GROUP BY account ORDER BY account")
    assert [int(share) for _, share in shares] == [106_94, 26_41]
    refund(paid, wanted(249_50 - 133_35), order=order)

    assert (balance(paid.anna), purse(paid.anna.id, "RSD").available) == (eur(200_10), Money(100_000_00, "RSD"))
    assert int(one("SELECT sum(back) FROM refund_part WHERE currency = 'RSD'")[0]) == gave
    assert honest()


def test_the_share_of_a_wallet_that_was_closed_since_goes_into_the_main_one(paid):
    order, wallet = red_order(paid), bonus(paid, 49_90)
    pay(paid, order, wallet)
    close_wallet(paid.anna.id, wallet, actor=HOUSE, at=NOON)

    refund(paid, wanted(49_90), order=order)

    assert balance(paid.anna) == eur(250_00)
    assert honest()


def test_a_customers_transfer_goes_back_to_her_account_by_the_pay_out_file(transferred):
    with pytest.raises(NotThatWay):
        refund(transferred, wanted(20_00, "cash"))
    assert plan_refund(transferred.order.id, to_bank(20_00), actor=transferred.staff.actor, at=NOON).recallable > NOON

    row = OrderRefund.get_by_id(refund(transferred, to_bank(20_00)))

    payout = row.payout
    assert (payout.person_id, payout.holder, payout.number, payout.amount) == (None, "Maria Huber", IBAN, 20_00)
    assert payout.text == f"Alpenkraut {transferred.order.number}-R1"
    assert payout.cause == f"order:{transferred.order.number}:refund:1"
    assert honest()


def test_a_customers_pay_out_that_is_refused_is_paid_again_to_another_account(transferred):
    row = OrderRefund.get_by_id(refund(transferred, to_bank(20_00)))
    again = {"holder": "Maria Huber", "account": "AT611904300234573201", "actor": transferred.staff.actor, "at": NOON}
    with pytest.raises(NotCameBack):
        pay_again(row.id, **again)

    refuse_payout(row.payout_id, reason="IBAN falsch", actor=transferred.staff.actor, at=NOON)
    assert refunded(transferred.order) == 20_00, "the order stays refunded: its customer is still to be paid"
    assert honest()
    pay_again(row.id, **again)

    assert OrderRefund.get_by_id(row.id).payout.cause == f"order:{transferred.order.number}:refund:1:again:2"
    assert honest()
    with pytest.raises(NotCameBack):
        pay_again(row.id, **again)


def test_the_payment_of_a_refunded_order_is_never_turned_back_it_becomes_a_debt(transferred):
    refund(transferred, to_bank(20_00))
    (claim,) = one("SELECT id FROM line_claim WHERE kind = 'order'")
    with pytest.raises(RefundedAlready):
        undo_claim(claim, reason="falsch", actor=transferred.staff.actor, at=NOON)

    import_file(back("49.90"), "b.xml", actor=HOUSE, at=NOON)

    assert Order.get_by_id(transferred.order.id).colour(NOON) is Colour.YELLOW
    assert one("SELECT amount FROM order_debt")[0] == 49_90
    with pytest.raises(MoneyGone):
        refund(transferred, to_bank(29_90))
    assert honest()


def test_a_refund_much_of_what_was_bought_is_noticed(paid):
    refund(paid, wanted(49_90))

    assert one("SELECT rule FROM flag WHERE person_id = ?", paid.anna.id) == ("M11",)


def test_those_who_credited_for_the_order_hear_of_it_inside_its_transaction(paid, monkeypatch):
    heard = []
    for name in ("_reversals", "_previews"):
        monkeypatch.setattr(f"vps.orders.actions.refunding.{name}", [])
    on_refund(heard.append)
    on_refund_preview(lambda what: [(paid.boris.id, eur(what.amount.minor // 10))])
    plan = plan_refund(paid.order.id, wanted(20_00), actor=paid.staff.actor, at=NOON)
    assert plan.commission == [(paid.boris.id, eur(2_00))]

    key = refund(paid, wanted(20_00))

    what = heard.pop()
    assert (what.order, what.refund, what.amount) == (paid.order.id, key, eur(20_00))
    assert (what.refunded_before, what.refunded_after, what.total, what.was_blue) == (eur(0), eur(20_00), eur(49_90), False)


def test_while_commissions_are_booked_nothing_is_refunded(paid):
    open_bulk(one("SELECT id FROM voucher LIMIT 1")[0], at=NOON)

    with pytest.raises(BeingBooked):
        refund(paid, wanted(20_00))

    assert refunded(paid.order) == 0


def test_a_refund_at_the_moment_when_a_run_begins_to_book_lies_before_it_or_is_refused(paid):
    (paper,) = one("SELECT max(id) FROM voucher")

    opened, made = at_once(2, lambda n: open_bulk(paper, at=NOON) if n == 0 else refund(paid, wanted(20_00), "race"))

    assert not isinstance(opened, Exception)
    if isinstance(made, BeingBooked):
        assert refunded(paid.order) == 0
    else:
        assert one("SELECT max(id) FROM booking")[0] <= one("SELECT after FROM bulk")[0]
