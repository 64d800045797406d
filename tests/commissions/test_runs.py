"""From green to blue: a run is drafted, calculated, approved and booked, once, and seen as a whole."""

from datetime import date, timedelta

import pytest

from tests.cast import NOON, balance, eur
from tests.commissions.network import (
    AFTER,
    MONTH,
    NEXT,
    booked,
    booker,
    calculated,
    lines,
    manager,
    run_of,
    worked,
)
from vps.commissions.actions import (
    NoPlan,
    NotOver,
    Overlaps,
    RunIsLive,
    TakesAColleague,
    approve_run,
    calculate_again,
    discard_run,
    draft_period,
    trouble_of,
)
from vps.kernel.clock import micros
from vps.kernel.database import action, one, rows, run
from vps.orders.models import Colour, Order
from vps.wallets.models import purse


def test_a_run_credits_the_seller_and_his_upline_and_turns_the_order_blue(network):
    key = booked(network)

    order = network.order.id
    # 2 × 49.90: 20 % to the seller, 10 % to his sponsor, 5 % to the next one, rounded half up.
    assert lines(key) == [
        (network.boris.id, order, 3, 99_80, 50_000, 4_99),
        (network.carla.id, order, 2, 99_80, 100_000, 9_98),
        (network.dora.id, order, 1, 99_80, 200_000, 19_96),
    ]
    assert [balance(person) for person in (network.dora, network.carla, network.boris)] == [eur(19_96), eur(9_98), eur(4_99)]
    assert Order.get_by_id(order).colour(AFTER) is Colour.BLUE
    this = run_of(key)
    assert (this.state, this.total, this.lines, this.partners, this.orders) == ("booked", 34_93, 3, 3, 1)


def test_what_can_still_be_withdrawn_from_is_reserved_until_the_period_is_over(network):
    run("UPDATE orders SET delivered_at = ? WHERE id = ?", micros(AFTER), network.order.id)

    booked(network)

    found = purse(network.dora.id, "EUR")
    assert (found.booked, found.reserved, found.available) == (eur(19_96), 19_96, eur(0))
    (until,) = one('SELECT "until" FROM hold WHERE reason = ? AND account_id = ?', "withdrawal", found.account)
    assert until > micros(AFTER + timedelta(days=14))


def test_nothing_is_reserved_after_the_withdrawal_period(network):
    run("UPDATE orders SET delivered_at = ? WHERE id = ?", micros(NOON - timedelta(days=30)), network.order.id)

    booked(network)

    found = purse(network.dora.id, "EUR")
    assert (found.reserved, found.available) == (0, eur(19_96))


def test_calculating_the_same_inputs_again_gives_the_same_bytes(network):
    key = calculated(network)
    first = run_of(key).lines_digest, run_of(key).orders_digest, lines(key)

    calculate_again(key, actor=booker(network), at=AFTER)
    worked()

    assert (run_of(key).lines_digest, run_of(key).orders_digest, lines(key)) == first


def test_booking_again_books_nothing(network):
    key = booked(network)
    before = one("SELECT count(*) FROM booking")

    @action
    def again():
        run("UPDATE commission_run SET booked_at = NULL, told_at = NULL WHERE id = ?", key)

    again()
    worked()

    assert one("SELECT count(*) FROM booking") == before
    assert run_of(key).state == "booked"


def test_an_order_that_changed_after_the_calculation_is_named_and_nothing_is_booked(network):
    key = calculated(network)
    run("UPDATE orders SET refunded = 100 WHERE id = ?", network.order.id)
    approve_run(key, actor=manager(network), at=AFTER)

    worked()

    says, facts = trouble_of(run_of(key))
    assert facts == {"numbers": network.order.number} and "calculate it again" in says
    assert balance(network.dora) == eur(0)

    calculate_again(key, actor=booker(network), at=AFTER)
    worked()
    approve_run(key, actor=manager(network), at=AFTER)
    worked()
    assert balance(network.dora) == eur(19_76)


def test_a_partner_who_left_meanwhile_is_held_and_listed(network):
    key = calculated(network)
    run("UPDATE person SET closed_at = ? WHERE id = ?", micros(AFTER), network.carla.id)
    approve_run(key, actor=manager(network), at=AFTER)

    worked()

    assert run_of(key).state == "booked"
    assert rows("SELECT payee, amount FROM commission_share WHERE held = 'closed'") == [(network.carla.id, 9_98)]
    assert (balance(network.carla), balance(network.dora)) == (eur(0), eur(19_96))


def test_a_run_waits_for_a_colleague(network):
    key = calculated(network)

    with pytest.raises(TakesAColleague):
        approve_run(key, actor=booker(network), at=AFTER)

    worked()
    assert run_of(key).state == "calculated"


def test_only_one_run_is_live_and_periods_do_not_overlap(network):
    key = calculated(network)
    with pytest.raises(RunIsLive):
        draft_period(MONTH, NEXT, actor=booker(network), at=AFTER)
    approve_run(key, actor=manager(network), at=AFTER)
    worked()

    with pytest.raises(Overlaps):
        draft_period(MONTH + timedelta(days=3), NEXT, actor=booker(network), at=AFTER)


def test_a_discarded_run_leaves_everything_green(network):
    key = calculated(network)

    discard_run(key, reason="The plan was wrong", actor=booker(network), at=AFTER)
    worked()

    assert Order.get_by_id(network.order.id).colour(AFTER) is Colour.GREEN
    assert calculated(network) != key


def test_nothing_is_calculated_for_a_period_that_is_not_over_or_without_a_plan(cast):
    with pytest.raises(NotOver):
        draft_period(MONTH, NEXT, actor=booker(cast), at=NOON)
    with pytest.raises(NoPlan):
        draft_period(date(2020, 1, 1), date(2020, 2, 1), actor=booker(cast), at=NOON)
