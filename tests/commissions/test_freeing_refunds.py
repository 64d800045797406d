"""What of a partner's commissions stays reserved when orders are refunded: of others' orders nothing is freed or kept, and debts stand in nobody's way."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from tests.commissions.network import booker, green_order, manager, partner_under, plan_in_force
from tests.commissions.notes import VAT, note_of, taxed
from tests.commissions.provisions import confirmed, desk_of, handed_in
from tests.commissions.test_freeing import coming, delivered
from tests.commissions.test_marks import booked, has
from vps.commissions.actions import end_mark, follow_deliveries, set_mark
from vps.commissions.actions.manual_back import ask_back
from vps.commissions.actions.notes import issue_corrections, issue_notes
from vps.commissions.actions.taxes import set_tax_terms
from vps.commissions.models import HOLD
from vps.commissions.taxes import NET
from vps.kernel.authorisation import HOUSE, ByStaff
from vps.ledger.actions import book, company_account, voucher
from vps.orders.actions import Wanted, refund_order
from vps.wallets.actions import KindFacts, make_kind
from vps.wallets.models import purse

DAY = timedelta(days=1)


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    return cast


def refund(cast, order, minor, at):
    wanted = Wanted(eur(minor), "Sent back", "bank", holder="Maria Huber", account="DE02120300000000202051")
    return refund_order(f"{order.id} {minor}", order.id, wanted, authorisation=ByStaff(booker(cast)), at=at)


def hold(cast, at=NOON):
    set_mark(cast.carla.id, HOLD, reason="A complaint", actor=manager(cast), at=at)


def end(cast, at):
    end_mark(cast.carla.id, HOLD, reason="Settled", actor=manager(cast), at=at)


def two_days(cast):
    """An order whose commission is free on the sixth of December, and one of twice as much on the ninth."""
    early, late = green_order(cast, cast.carla), green_order(cast, cast.carla, quantity=2)
    delivered(early, NOON + DAY)
    return early, late


def test_who_owes_something_can_have_reserved_commission_taken_back_all_the_same(network):
    paid = green_order(network, network.carla, final_at=NOON - 40 * DAY)
    booked(network)
    account = purse(network.carla.id, "EUR").account
    spent = {"voucher": voucher("opening", "spent", day=NOON.date()), "motive": "opening", "at": NOON + 2 * DAY / 24, "actor": HOUSE}
    book(key="spent", debit=account, credit=company_account("opening", "EUR"), amount=eur(9_98), **spent)
    order = green_order(network, network.carla, quantity=2)
    booked(network, NOON + DAY)
    refund(network, paid, 49_90, NOON + DAY)
    assert has(network.carla) == (9_98, -9_98)

    refund(network, order, 9_98, NOON + DAY)

    assert has(network.carla) == (7_98, -9_98), "of 19.96 nine tenths are still reserved; the debt is as it was"


def test_what_was_refunded_meanwhile_is_not_reserved_in_place_of_another_order_when_a_hold_ends(network):
    hold(network)
    early, _ = two_days(network)
    booked(network, NOON + DAY)
    refund(network, early, 49_90, NOON + DAY)

    end(network, NOON + 2 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 9), 19_96)]


def test_a_delivery_moves_only_what_was_not_taken_back(network):
    first, _ = (green_order(network, network.carla) for _ in range(2))
    booked(network)
    refund(network, first, 24_95, NOON + DAY)
    delivered(first, NOON + 10 * DAY)

    follow_deliveries(at=NOON + 11 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 9), 9_98), (date(2026, 12, 15), 4_99)]


@pytest.mark.parametrize("held", [True, False])
def test_what_a_kind_of_wallet_that_had_ended_left_to_the_main_one_is_freed_on_its_day(network, held):
    plan_in_force({"name": "Training", "currency": "EUR", "bonuses": [{"code": "levels", "kind": "unilevel", "level_1": "seller", "levels": ["20"], "wallet": "training"}]}, since=date(2020, 2, 1))  # fmt: skip
    order = green_order(network, network.carla)
    if held:
        hold(network)
    booked(network)
    delivered(order, NOON + 10 * DAY)
    follow_deliveries(at=NOON + 11 * DAY)

    if held:
        end(network, NOON + 12 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 15), 9_98)]


def test_a_provision_that_is_held_back_is_taken_back_from_there(network):
    desk_of(network)
    hold(network)
    key = handed_in(network, f"{network.carla.number},30.00,EUR,Fair in Graz")
    confirmed(network, key)
    assert has(network.carla) == (30_00, 0)

    ask_back(key, network.carla.id, "main", "EUR", reason="paid twice", authorisation=ByStaff(booker(network)), at=NOON + DAY)

    assert (balance(network.carla), purse(network.carla.id, "EUR").reserved) == (eur(0), 0)


def test_what_is_held_back_is_found_also_in_a_kind_of_wallet_with_such_a_name(network):
    make_kind("holiday", KindFacts({"en": "Holiday"}), actor=HOUSE, at=NOON)
    levels = {"kind": "unilevel", "level_1": "seller", "levels": ["20"]}
    both = [levels | {"code": "levels"}, levels | {"code": "more", "levels": ["10"], "wallet": "holiday"}]
    plan_in_force({"name": "Holiday", "currency": "EUR", "bonuses": both}, since=date(2020, 2, 1))
    hold(network)
    early, _ = two_days(network)
    booked(network, NOON + DAY)
    refund(network, early, 49_90, NOON + DAY)

    end(network, NOON + 2 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 9), 29_94)]
    assert [purse(network.carla.id, "EUR", kind).reserved for kind in ("main", "holiday")] == [19_96, 9_98]


def test_a_refund_and_a_delivery_at_once_reserve_what_one_after_the_other_would(network):
    first, second = (green_order(network, network.carla) for _ in range(2))
    booked(network)
    delivered(first, NOON + 10 * DAY)
    at = NOON + 11 * DAY

    done = at_once(2, lambda n: follow_deliveries(at=at) if n else refund(network, second, 24_95, at))

    assert done[1] == 1 and isinstance(done[0], int)
    assert coming(network.carla) == [(date(2026, 12, 9), 4_99), (date(2026, 12, 15), 9_98)]


def test_the_tax_on_a_provision_that_is_taken_back_goes_back_with_the_correction_of_its_note(network):
    set_tax_terms("DE", NET, actor=HOUSE, at=NOON)
    taxed(network.carla, VAT)
    desk_of(network)
    key = handed_in(network, f"{network.carla.number},100.00,EUR,Fair in Graz")
    confirmed(network, key)
    issue_notes(key, at=NOON + DAY)
    assert balance(network.carla) == eur(119_00)

    ask_back(key, network.carla.id, "main", "EUR", reason="paid twice", authorisation=ByStaff(booker(network)), at=NOON + DAY)
    issue_corrections(at=NOON + 2 * DAY)

    assert balance(network.carla) == eur(0)
    assert note_of(network.carla, correction=True).total == 119_00
