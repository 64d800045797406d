"""Commission stop and commission hold: nothing is calculated for the one, nothing is paid out of what the other gets."""

from datetime import timedelta

import pytest

from tests.cast import NOON, eur, give
from tests.commissions.network import AFTER, green_order, manager, partner_under, plan_in_force, worked
from tests.people.test_notices import told
from vps.commissions.actions import MarkedAlready, NotMarked, draft_green, end_mark, set_mark
from vps.commissions.models import HOLD, STOP, locked_of, marks_in_force, marks_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.ledger.actions import BeingBooked, book, company_account, open_bulk, voucher
from vps.people.actions import close_person
from vps.wallets.actions import NoReason, NotYourOwn
from vps.wallets.models import purse

ZONE = "Europe/Berlin"
FREE = NOON.replace(month=12, day=8, hour=23)
"""Four days of delivery and fourteen of withdrawal after the order: the ninth of December begins in Berlin."""


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    cast.order = green_order(cast, cast.carla)
    return cast


def booked(cast, at=NOON + timedelta(hours=1)):
    key = draft_green(actor=HOUSE, at=at)
    worked(at)
    return key


def has(person):
    found = purse(person.id, "EUR")
    return found.booked.minor, found.available.minor


def stop(cast, person, kind=STOP, at=NOON):
    set_mark(person.id, kind, reason="A complaint", actor=manager(cast), at=at)


def test_for_whom_is_stopped_nothing_is_calculated_and_his_sales_still_count_for_others(network):
    stop(network, network.carla)

    booked(network)

    assert [payee for (payee,) in rows("SELECT payee FROM commission_line ORDER BY payee")] == [network.anna.id, network.boris.id]
    assert has(network.carla) == (0, 0)
    assert has(network.boris) == (4_99, 0), "on his level 2, as if nothing had happened: Carla's share stays with the company"


def test_a_stop_that_ended_before_the_run_does_not_count(network):
    stop(network, network.carla, at=NOON - timedelta(days=3))
    end_mark(network.carla.id, STOP, reason="Settled", actor=manager(network), at=NOON - timedelta(days=2))

    booked(network)

    assert has(network.carla) == (9_98, 0)


def test_what_is_held_back_is_credited_and_stays_reserved_without_a_date(network):
    stop(network, network.carla, HOLD)

    booked(network)

    assert has(network.carla) == (9_98, 0)
    (mine,) = locked_of(network.carla.id, now=FREE + timedelta(days=99), zone=ZONE).credited
    assert (mine.total, mine.locked, mine.held, mine.free) == (eur(9_98), eur(9_98), eur(9_98), eur(0))
    assert [each.held.minor for each in locked_of(network.boris.id, now=NOON, zone=ZONE).credited] == [0]


def test_the_end_of_a_hold_frees_it_once_customers_can_no_more_withdraw(network):
    stop(network, network.carla, HOLD)
    booked(network)

    end_mark(network.carla.id, HOLD, reason="Settled", actor=manager(network), at=FREE)

    assert has(network.carla) == (9_98, 9_98)


def test_until_then_what_was_held_back_waits_for_its_day(network):
    stop(network, network.carla, HOLD)
    booked(network)

    end_mark(network.carla.id, HOLD, reason="Settled", actor=manager(network), at=FREE - timedelta(seconds=1))

    assert has(network.carla) == (9_98, 0)
    assert rows(
        'SELECT amount, "until" FROM hold WHERE account_id = ? AND released_at IS NULL', purse(network.carla.id, "EUR").account
    ) == rows('SELECT 998, "until" FROM hold WHERE account_id = ? AND reason = ?', purse(network.boris.id, "EUR").account, "withdrawal")


def test_ending_a_hold_leaves_other_reserved_money_alone(network):
    give(network.carla, 5_00)
    stop(network, network.carla, HOLD)
    booked(network)
    assert has(network.carla) == (14_98, 5_00)

    end_mark(network.carla.id, HOLD, reason="Settled", actor=manager(network), at=FREE)

    assert has(network.carla) == (14_98, 14_98)


@pytest.mark.parametrize(("owed", "left"), [(5_00, 4_98), (9_98, 0)])
def test_a_debt_does_not_keep_a_hold_from_ending(network, owed, left):
    stop(network, network.carla, HOLD)
    booked(network)
    account, paper = purse(network.carla.id, "EUR").account, voucher("test", "x", day=NOON.date())
    facts = {"voucher": paper, "motive": "recall", "debit": account, "credit": company_account("bank", "EUR"), "at": NOON}
    book(key="x", amount=eur(owed), actor=HOUSE, as_debt=True, **facts)

    end_mark(network.carla.id, HOLD, reason="Settled", actor=manager(network), at=NOON)

    assert one("SELECT balance, reserved, debt FROM account WHERE id = ?", account) == (left, left, 0)


def test_a_mark_is_set_once_with_a_reason_by_somebody_else(network):
    stop(network, network.carla)
    with pytest.raises(MarkedAlready):
        stop(network, network.carla)
    with pytest.raises(NotMarked):
        end_mark(network.carla.id, HOLD, reason="Why not", actor=manager(network), at=NOON)
    with pytest.raises(NoReason):
        set_mark(network.boris.id, HOLD, reason=" ", actor=manager(network), at=NOON)
    with pytest.raises(NotYourOwn):
        set_mark(network.boris.id, HOLD, reason="Me", actor=Actor(network.boris.id), at=NOON)

    (found,) = marks_in_force()
    assert (found.number, found.kind, found.reason) == (network.carla.number, STOP, "A complaint")


def test_everything_about_a_mark_is_kept_and_the_partner_is_told(network):
    stop(network, network.anna, HOLD)
    end_mark(network.anna.id, HOLD, reason="Settled", actor=manager(network), at=AFTER)

    (kept,) = marks_of(network.anna.id)
    assert (kept.by, kept.reason, kept.ended_by, kept.ended_why) == (network.elena.name, "A complaint", network.elena.name, "Settled")
    assert marks_in_force() == []
    assert one("SELECT after FROM event WHERE verb = 'commission hold set' AND subject = ?", f"person:{network.anna.id}") == (
        "A complaint",
    )
    assert told() == [("commission hold set", "anna@example.com")]


def test_nothing_is_changed_while_a_run_is_being_booked(network):
    open_bulk(voucher("commission run", "99", day=NOON.date()), at=NOON)

    with pytest.raises(BeingBooked):
        stop(network, network.carla, HOLD)
    with pytest.raises(BeingBooked):
        close_person(network.carla, actor=manager(network), at=NOON)
    close_person(network.dragan, actor=manager(network), at=NOON)

    assert rows("SELECT id FROM person WHERE closed_at IS NOT NULL") == [(network.dragan.id,)], "staff can be closed at once"
