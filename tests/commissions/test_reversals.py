"""Blue orders that are refunded: everybody's commission goes back in proportion, and whole refunds leave nothing, in whatever parts they come."""

import json
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOON, balance, eur
from tests.commissions.network import AFTER, booker, green_order, manager, partner_under, plan_in_force
from tests.commissions.test_runs import MONTH, NEXT, booked, found_by_audit
from vps.commissions.actions import approve_run, draft_period, work_on_runs
from vps.commissions.models.reversals import Credited, going_back
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import one, rows, run
from vps.ledger.models.audit import audit as ledger_audit
from vps.orders.actions import Wanted, plan_refund, refund_order
from vps.orders.models import Colour, Order
from vps.wallets.models import purse


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    cast.dora = partner_under(cast.carla, "Dora Dorn")
    cast.order = green_order(cast, cast.dora, quantity=2)
    return cast


def refund(cast, minor, n=1):
    wanted = Wanted(eur(minor), "Sent back", "bank", holder="Maria Huber", account="DE02120300000000202051")
    return refund_order(f"refund {n}", cast.order.id, wanted, authorisation=ByStaff(booker(cast)), at=AFTER)


def got(cast):
    return [balance(person).minor for person in (cast.dora, cast.carla, cast.boris)]


def test_half_a_refund_takes_half_of_everybodys_commission_back(network):
    booked(network)

    refund(network, 49_90)

    # Of 19.96, 9.98 and 4.99; a half cent is rounded up.
    assert got(network) == [9_98, 4_99, 2_49]
    assert Order.get_by_id(network.order.id).colour(AFTER) is Colour.BLUE
    assert found_by_audit() == []
    assert [problem.says for problem in ledger_audit("Europe/Berlin")] == []


def test_a_whole_refund_in_parts_leaves_nobody_a_cent(network):
    booked(network)

    for n, minor in enumerate((1, 33_33, 33_33, 33_13)):
        refund(network, minor, n)

    assert got(network) == [0, 0, 0]
    assert found_by_audit() == []


def test_what_is_still_reserved_goes_back_from_there(network):
    run("UPDATE orders SET delivered_at = ? WHERE id = ?", micros(AFTER), network.order.id)
    booked(network)

    refund(network, 49_90)

    found = purse(network.dora.id, "EUR")
    assert (found.booked, found.reserved, found.shortfall) == (eur(9_98), 9_98, eur(0))


def test_who_has_spent_it_owes_it(network):
    run("UPDATE orders SET delivered_at = ? WHERE id = ?", micros(NOON), network.order.id)
    booked(network)
    run("UPDATE account SET balance = 0 WHERE id = ?", purse(network.dora.id, "EUR").account)

    refund(network, 99_80)

    assert purse(network.dora.id, "EUR").shortfall == eur(19_96)


def test_the_preview_names_what_will_be_taken_back(network):
    booked(network)

    plan = plan_refund(network.order.id, Wanted(eur(49_90), "Sent back", "bank", holder="M", account="DE02120300000000202051"), actor=booker(network), at=AFTER)

    assert dict(plan.commission) == {network.dora.id: eur(9_98), network.carla.id: eur(4_99), network.boris.id: eur(2_50)}
    assert got(network) == [19_96, 9_98, 4_99]


def test_a_green_order_that_was_refunded_in_part_brings_commission_for_the_rest_and_gives_that_back(network):
    refund(network, 49_90)
    booked(network)
    assert got(network) == [9_98, 4_99, 2_50]

    refund(network, 24_95, 2)
    assert got(network) == [4_99, 2_49, 1_25]
    refund(network, 24_95, 3)
    assert got(network) == [0, 0, 0]
    assert found_by_audit() == []


def test_what_was_listed_for_somebody_who_left_is_taken_from_nobody(network):
    key = draft_period(MONTH, NEXT, actor=booker(network), at=AFTER)
    work_on_runs(now=lambda: AFTER)
    run("UPDATE person SET closed_at = ? WHERE id = ?", micros(AFTER), network.carla.id)
    approve_run(key, actor=manager(network), at=AFTER)
    work_on_runs(now=lambda: AFTER)

    refund(network, 99_80)

    assert got(network) == [0, 0, 0]
    assert rows("SELECT booking IS NULL, amount FROM commission_reversal WHERE payee = ?", network.carla.id) == [(True, 9_98)]
    assert found_by_audit() == []


PLANS = [
    {"code": "levels", "kind": "unilevel", "level_1": "sponsor", "levels": ["7.77", "3.33"]},
    {"code": "pairs", "kind": "binary", "percent": "10", "carry": "keep", "depth": 5},
    {"code": "matrix", "kind": "matrix", "width": 3, "levels": ["5", {"fixed": "0.07"}]},
    {"code": "tier", "kind": "tier", "over": "order", "tiers": [["0", "1.11"], ["50", "2.22"]], "mode": "flat"},
]


@pytest.mark.parametrize("bonus", PLANS, ids=lambda bonus: bonus["kind"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(st.integers(1, 99_80), max_size=6))
def test_order_and_refunds_are_nothing_for_everybody_with_every_plan(house, bonus, parts):
    lines = [(payee, n, 0, minor) for payee, n, minor in ((1, 0, 9_98), (1, 1, 1), (2, 0, 33), (3, 0, 7_77))]
    found, back, gone = _Kept(lines, bonus), {}, 0
    for part in (*parts, 99_80):
        gone = min(99_80, gone + part)
        for payee, n, minor in found.going(gone, back):
            back[payee, n] = back.get((payee, n), 0) + minor
        for payee, n, _, minor in lines:
            assert back.get((payee, n), 0) == _half_up(Fraction(minor * gone, 99_80))
    assert {(payee, n): minor for payee, n, _, minor in lines} == back


def _half_up(exact):
    return int(exact + Fraction(1, 2))
