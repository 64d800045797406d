"""Blue orders that are refunded: everybody's commission goes back in proportion, and whole refunds leave nothing, in whatever parts they come."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOON, balance, eur
from tests.commissions.network import AFTER, MONTH, NEXT, booked, booker, found_by_audit, green_order, manager, partner_under, plan_in_force
from tests.commissions.notes import SMALL, VAT, taxed
from vps.commissions.actions import approve_run, draft_period, work_on_runs
from vps.commissions.actions.notes import issue_corrections, issue_notes
from vps.commissions.actions.taxes import set_tax_rule, set_tax_terms
from vps.commissions.models.notes import audit_notes
from vps.commissions.models.reversals import LINES, part_of, payees_of_order
from vps.commissions.models.withheld import audit_withheld, withheld_now
from vps.commissions.taxes import NET
from vps.kernel.authorisation import HOUSE, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import one, rows, run
from vps.ledger.models.audit import audit as ledger_audit
from vps.orders.actions import Wanted, plan_refund, refund_order
from vps.orders.models import Colour, Order
from vps.wallets.actions import Slip, pay_out
from vps.wallets.models import purse


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


@pytest.mark.parametrize("old", [False, True], ids=["", "in a run from before orders named their payees"])
def test_a_whole_refund_in_parts_leaves_nobody_a_cent(network, old):
    key = booked(network)
    if old:
        run("UPDATE commission_run_order SET payees = NULL WHERE run_id = ?", key)

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
    run("UPDATE orders SET delivered_at = ? WHERE id = ?", micros(NOON - timedelta(days=30)), network.order.id)
    booked(network)
    spent = Slip("7", NOON.date(), "Dora", "cash")
    pay_out(network.dora.id, eur(19_96), spent, authorisation=ByStaff(booker(network)), at=AFTER)

    refund(network, 99_80)

    assert purse(network.dora.id, "EUR").shortfall == eur(19_96)
    assert [problem.says for problem in ledger_audit("Europe/Berlin")] == []


def test_the_preview_names_what_will_be_taken_back(network):
    booked(network)

    plan = plan_refund(
        network.order.id,
        Wanted(eur(49_90), "Sent back", "bank", holder="M", account="DE02120300000000202051"),
        actor=booker(network),
        at=AFTER,
    )

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
    {
        "code": "own",
        "kind": "differential",
        "rates": "volume",
        "over": "group",
        "volume_tiers": [["0", "3.33"], ["100", "7.77"]],
        "mode": "greater of",
    },
    {"code": "pairs", "kind": "binary", "percent": "10", "carry": "keep", "depth": 5},
    {"code": "matrix", "kind": "matrix", "width": 3, "levels": ["5", {"fixed": "0.07"}]},
    {"code": "tier", "kind": "tier", "over": "order", "tiers": [["0", "1.11"], ["50", "2.22"]], "mode": "flat"},
]


@pytest.mark.parametrize("bonus", PLANS, ids=lambda bonus: bonus["kind"])
def test_orders_and_their_refunds_are_nothing_for_everybody_with_every_plan(house, bonus):
    plan_in_force({"name": "Any", "currency": "EUR", "bonuses": [bonus]})
    people = [house.boris]
    for n in range(6):
        people.append(partner_under(people[n // 2], f"Partner {n}"))
    orders = [green_order(house, people[n % 7], quantity=n % 3 + 1) for n in range(9)]
    before = [balance(person).minor for person in (house.anna, *people)]
    _tax_everybody(house, people)
    key = booked(house)
    assert one("SELECT count(*) > 3 FROM commission_line WHERE run_id = ?", key) == (1,)
    assert {order.id: payees_of_order(key, order.id) for order in orders} == {order.id: _paid_for(key, order.id) for order in orders}

    for n, order in enumerate(orders):
        house.order, left = order, order.total
        for part in (order.total // 3, 7 * n + 1, order.total):
            refund(house, min(part, left), f"{n} {part}")
            left -= min(part, left)
            if n > 2:  # the first parts go back before there are notes
                issue_notes(key, at=AFTER)
            if n % 2:
                issue_corrections(at=AFTER)
            if not left:
                break
    issue_corrections(at=AFTER)

    assert one("SELECT count(*) > 3 FROM commission_note WHERE withheld > 0") == (1,)
    assert withheld_now() == [] and [*audit_notes(), *audit_withheld()] == []
    assert [balance(person).minor for person in (house.anna, *people)] == before
    assert found_by_audit() == []
    assert [problem.says for problem in ledger_audit("Europe/Berlin")] == []


def _paid_for(key, order):
    return [
        payee
        for (payee,) in rows("SELECT DISTINCT payee FROM commission_line WHERE run_id = ? AND order_id = ? ORDER BY payee", key, order)
    ]


def test_one_order_is_taken_back_without_reading_its_run(sqlite):
    plan = " | ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {LINES.format('?, ?')}", 1, 1, 1, 1))

    assert "SEARCH commission_line USING PRIMARY KEY (run_id=? AND payee=? AND order_id=?)" in plan


def _tax_everybody(house, people):
    # By turns a small business, one that charges VAT on top, and somebody who said nothing: from him nothing is withheld.
    set_tax_terms("DE", NET, actor=HOUSE, at=NOON)
    for kind, rate in (("small", 1300), ("vat", 3333)):
        set_tax_rule("DE", "withholding", kind, "ESt", rate, NOON.date(), actor=HOUSE, at=NOON)
    for n, person in enumerate(people):
        if n % 3 < 2:
            taxed(person, (SMALL, VAT)[n % 3])


@given(minor=st.integers(1, 10**9), whole=st.integers(1, 10**9), parts=st.lists(st.integers(0, 10**9), max_size=8))
def test_parts_of_a_line_are_rounded_from_all_refunds_together_and_end_at_the_whole(minor, whole, parts):
    taken = gone = 0
    for part in (*parts, whole):
        gone = min(whole, gone + part)
        assert part_of(minor, gone, whole) >= taken
        taken = part_of(minor, gone, whole)
        assert abs(taken - Fraction(minor * gone, whole)) <= Fraction(1, 2)
    assert taken == minor
