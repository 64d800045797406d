"""Credited at once and free later: by the days of the company's zone, and as deliveries turn out."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from tests.cast import NOON, eur
from tests.commissions.network import booker, green_order, manager, partner_under, plan_in_force, run_of, worked
from tests.commissions.test_marks import ZONE, booked, has
from vps.commissions.actions import approve_run, draft_green, end_mark, follow_deliveries, set_mark
from vps.commissions.actions import freeing as actions
from vps.commissions.models import HOLD, Coming, locked_of, weeks
from vps.commissions.models.delivered import Moved
from vps.commissions.models.marks import is_marked
from vps.kernel.clock import micros, midnight
from vps.kernel.database import action, one, rows, run
from vps.ledger.actions import close_bulk, free_due, open_bulk, voucher
from vps.wallets.actions import excess, free_expired
from vps.wallets.models import held_in, purse
from vps.wallets.models.lists import free_next

HOUR = timedelta(hours=1)


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    return cast


def delivered(order, at):
    run("UPDATE orders SET shipped_at = ?, delivered_at = ? WHERE id = ?", micros(at), micros(at), order.id)


def coming(person, now=NOON):
    return [(each.day, each.amount.minor) for each in locked_of(person.id, now=now, zone=ZONE).coming]


def holds(person):
    sql = 'SELECT amount, "until" FROM hold WHERE account_id = ? AND released_at IS NULL ORDER BY "until"'
    return rows(sql, purse(person.id, "EUR").account)


def test_money_is_free_when_its_day_begins_for_the_company_also_when_clocks_change(network):
    # Delivered four days later, fourteen to withdraw: the days that begin are the 25th, when clocks go back in Berlin, and the 26th.
    green_order(network, network.carla, final_at=datetime.fromisoformat("2026-10-06T21:59:00Z"))
    green_order(network, network.carla, final_at=datetime.fromisoformat("2026-10-06T22:00:00Z"), quantity=2)
    at = datetime.fromisoformat("2026-10-12T12:00:00Z")
    booked(network, at)
    assert coming(network.carla, at) == [(date(2026, 10, 25), 9_98), (date(2026, 10, 26), 19_96)]

    first, second = datetime.fromisoformat("2026-10-24T22:00:00Z"), datetime.fromisoformat("2026-10-25T23:00:00Z")
    for now, free in ((first - timedelta(seconds=1), 0), (first, 9_98), (second - timedelta(seconds=1), 9_98), (second, 29_94)):
        free_expired(at=now)
        assert has(network.carla) == (29_94, free), now


@pytest.mark.parametrize("at_once", [60, 1])
def test_what_runs_out_is_freed_without_anybody_acting(network, at_once, monkeypatch):
    monkeypatch.setattr(excess, "free_due", partial(free_due, limit=at_once))
    green_order(network, network.carla)
    booked(network)
    day = midnight(date(2026, 12, 9), ZONE)

    assert free_expired(at=day - timedelta(seconds=1)) == 0
    assert free_expired(at=day) == 3
    assert free_expired(at=day) == 0
    assert [has(person)[1] for person in (network.carla, network.boris)] == [9_98, 4_99]


def test_the_forecast_tells_weeks_and_days(network):
    green_order(network, network.carla, quantity=2)
    booked(network)

    locked = locked_of(network.carla.id, now=NOON, zone=ZONE)

    assert [(each.total, each.locked, each.free) for each in locked.credited] == [(eur(19_96), eur(19_96), eur(0))]
    (week,) = weeks(locked.coming, date(2026, 11, 20))
    assert (week.monday, week.sums, week.coming) == (date(2026, 12, 7), [eur(19_96)], [Coming(date(2026, 12, 9), eur(19_96))])
    soon = free_next(network.carla.id, NOON)
    assert (soon.amount, soon.until) == (eur(19_96), midnight(date(2026, 12, 9), ZONE))
    assert free_next(network.dragan.id, NOON) is None
    after = locked_of(network.carla.id, now=NOON + timedelta(days=30), zone=ZONE)
    assert (after.coming, after.credited[0].free) == ([], eur(19_96)), "before anybody released it"


def test_later_weeks_are_one_and_weeks_begin_on_monday():
    days = [date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 10), date(2027, 1, 11), date(2027, 9, 1)]

    found = weeks([Coming(day, eur(1)) for day in days], date(2026, 11, 20))

    assert [(week.monday, len(week.coming)) for week in found] == [
        (date(2026, 11, 16), 2),
        (date(2026, 11, 23), 1),
        (date(2027, 1, 4), 1),
        (None, 2),
    ]


def test_nothing_of_an_open_bulk_is_told(network):
    green_order(network, network.carla)
    booked(network)
    paper = open_bulk(voucher("commission run", "99", day=NOON.date()), at=NOON)
    account = purse(network.carla.id, "EUR").account
    made = "INSERT INTO hold (account_id, amount, reason, key, held_at, \"until\", bulk_id) VALUES (?, 1, 'withdrawal', 'x', 0, ?, ?)"
    run(made, account, micros(NOON + timedelta(days=1)), paper.id)

    assert coming(network.carla) == [(date(2026, 12, 9), 9_98)]
    assert [each.amount for each in held_in(account, "EUR")] == [eur(9_98)]
    assert free_next(network.carla.id, NOON).amount == eur(9_98)
    close_bulk(paper, at=NOON)
    assert len(coming(network.carla)) == 2


@pytest.mark.parametrize(("days", "free"), [(1, date(2026, 12, 6)), (4, date(2026, 12, 9)), (10, date(2026, 12, 15))])
def test_the_period_counts_from_the_delivery_once_that_is_known(network, days, free):
    late = green_order(network, network.carla)
    green_order(network, network.carla, quantity=2)
    booked(network)

    delivered(late, NOON + timedelta(days=days))
    looked = NOON + timedelta(days=days, minutes=5)
    moved = follow_deliveries(at=looked)

    assert moved == (days != 4)
    assert sorted(coming(network.carla, looked)) == sorted([(free, 9_98), (date(2026, 12, 9), 19_96)] if days != 4 else [(free, 29_94)])
    assert has(network.carla) == (29_94, 0) and has(network.boris) == (14_97, 0)
    assert follow_deliveries(at=looked + HOUR) == 0, "once"


def test_an_early_delivery_frees_at_once_what_nobody_can_withdraw_from_any_more(network):
    order = green_order(network, network.carla)
    booked(network)
    delivered(order, NOON - timedelta(days=20))

    follow_deliveries(at=NOON + 2 * HOUR)

    assert has(network.carla) == (9_98, 9_98) and holds(network.carla) == []


def test_what_is_free_already_stays_free(network):
    order = green_order(network, network.carla)
    booked(network)
    day = midnight(date(2026, 12, 9), ZONE)
    free_expired(at=day)
    delivered(order, day)

    assert follow_deliveries(at=day + HOUR) == 1
    assert has(network.carla) == (9_98, 9_98)


def test_an_order_is_moved_from_the_day_that_was_known_only(network):
    order = green_order(network, network.carla)
    key = booked(network)
    stale = Moved(key, order.id, micros(NOON), date(2026, 12, 1), date(2026, 12, 2))

    assert not actions.move_order(run_of(key), stale, [], at=NOON)
    assert coming(network.carla) == [(date(2026, 12, 9), 9_98)]


def test_two_orders_that_move_to_the_same_day_and_one_that_stays(network):
    one_, two, _ = (green_order(network, network.carla) for _ in range(3))
    booked(network)
    for order in (one_, two):
        delivered(order, NOON + timedelta(days=9))

    assert follow_deliveries(at=NOON + timedelta(days=9, hours=1)) == 2

    assert coming(network.carla) == [(date(2026, 12, 9), 9_98), (date(2026, 12, 14), 19_96)]


def test_who_is_held_back_has_the_day_moved_for_when_that_ends(network):
    set_mark(network.carla.id, HOLD, reason="A complaint", actor=manager(network), at=NOON)
    order = green_order(network, network.carla)
    booked(network)
    delivered(order, NOON + timedelta(days=10))
    follow_deliveries(at=NOON + timedelta(days=11))
    assert coming(network.carla) == [] and is_marked(network.carla.id, HOLD)

    end_mark(network.carla.id, HOLD, reason="Settled", actor=manager(network), at=NOON + timedelta(days=12))

    assert coming(network.carla) == [(date(2026, 12, 15), 9_98)]


def test_deliveries_of_orders_in_a_run_that_is_not_booked_yet_wait_for_it(network):
    order = green_order(network, network.carla)
    at = NOON + HOUR
    key = draft_green(actor=booker(network), at=at)
    worked(at)
    delivered(order, at + timedelta(days=2))

    assert follow_deliveries(at=at + timedelta(days=3)) == 0
    approve_run(key, actor=manager(network), at=at + timedelta(days=3))
    worked(at + timedelta(days=3))
    assert coming(network.carla) == [(date(2026, 12, 9), 9_98)]

    assert follow_deliveries(at=at + timedelta(days=4)) == 1
    assert coming(network.carla) == [(date(2026, 12, 7), 9_98)]


def test_an_interrupted_look_moves_nothing_twice(network, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    orders = [green_order(network, network.carla) for _ in range(2)]
    booked(network)
    for order in orders:
        delivered(order, NOON + timedelta(days=9))
    follow_deliveries(at=NOON + timedelta(days=10))

    @action
    def again():
        run("UPDATE commission_look SET at = 0, upto = 0")

    again()
    assert follow_deliveries(at=NOON + timedelta(days=10)) == 0
    assert coming(network.carla) == [(date(2026, 12, 14), 19_96)]
    assert one("SELECT reserved FROM account WHERE id = ?", purse(network.carla.id, "EUR").account) == (19_96,)
