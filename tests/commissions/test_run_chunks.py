"""Runs in chunks, by themselves, stopped, interrupted and proven; places that are kept."""

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
    found_by_audit,
    green_order,
    manager,
    partner_under,
    plan_in_force,
    run_of,
    worked,
)
from tests.commissions.test_reversals import refund
from tests.forger import lie, unguard
from vps.commissions.actions import (
    NeedsPeriod,
    NotInThatState,
    approve_run,
    begin_due,
    booking,
    calculate_again,
    calculating,
    continue_run,
    discard_run,
    discarded_period,
    draft_green,
    draft_period,
    last_period,
    stop_run,
    work_on_runs,
    working,
)
from vps.commissions.actions.claiming import Lost
from vps.commissions.models.audit import BOOKING_ALONE, audit
from vps.company.actions import change_settings
from vps.company.actions.settings import NoSuchMoment
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import database, one, rows, run
from vps.ledger.actions import BeingBooked, close_bulk, company_account, must_not_be_booked, open_bulk, voucher
from vps.ledger.models import Account
from vps.ledger.models import balance as ledger_balance
from vps.ledger.models import lines as lines_of
from vps.orders.models import Colour, Counts, Order, company_counts, company_list, partner_counts, partner_list
from vps.people.actions import move_partner
from vps.wallets.actions import KindFacts, make_kind
from vps.wallets.models import purse


def test_the_books_are_proven_after_it(network):
    from vps.ledger.models.audit import audit as ledger_audit

    booked(network)

    assert [(problem.check, problem.says) for problem in ledger_audit("Europe/Berlin")] == []
    assert Account.get(Account.kind == "wallet") is not None


def test_who_gets_more_shares_than_a_chunk_takes_gets_all_of_them(network, monkeypatch):
    for name, most in (("AT_ONCE", 2), ("AT_A_TIME", 0)):
        monkeypatch.setattr(booking, name, most)
    kinds = ("main", "fuel", "travel")
    for kind in kinds[1:]:
        make_kind(kind, KindFacts({"en": kind}), actor=HOUSE, at=NOON)
    rules = [{"code": kind, "kind": "unilevel", "level_1": "seller", "levels": ["10", "5"], "wallet": kind} for kind in kinds]
    plan_in_force({"name": "Three", "currency": "EUR", "bonuses": rules}, since=date(2020, 2, 1))

    assert run_of(booked(network)).booked_at is not None

    assert [purse(network.dora.id, "EUR", kind).booked.minor for kind in kinds] == [9_98] * 3
    assert [purse(network.carla.id, "EUR", kind).booked.minor for kind in kinds] == [4_99] * 3


def test_nobody_sees_half_of_a_run_that_is_booked_in_chunks(network, monkeypatch):
    for name in ("AT_ONCE", "TURNED_AT_ONCE", "AT_A_TIME"):
        monkeypatch.setattr(booking, name, 1)
    green_order(network, network.carla)
    key = calculated(network)
    approve_run(key, actor=manager(network), at=AFTER)
    seen = []

    def looked():
        mine = Account.get(Account.code == f"wallet:{network.dora.id}:EUR")
        counts = company_counts(AFTER)
        listed = [len(company_list(colour, now=AFTER)) for colour in (Colour.GREEN, Colour.BLUE)]
        listed += [len(partner_list(network.carla.id, colour, now=AFTER)) for colour in (Colour.GREEN, Colour.BLUE)]
        own = partner_counts(network.carla.id, AFTER)
        seen.append((balance(network.dora).minor, purse(network.dora.id, "EUR").booked.minor, len(lines_of(mine.id)),
                     ledger_balance(company_account("commission", "EUR")), counts.green, counts.blue, *listed, *own,
                     Order.get_by_id(network.order.id).colour(AFTER).name))  # fmt: skip
        return AFTER

    work_on_runs(now=looked)

    nothing = (0, 0, 0, 0, 2, 0, 2, 0, 1, 0, *Counts(0, 0, 1, 0), "GREEN")
    everything = (19_96, 19_96, 1, -52_40, 0, 2, 0, 2, 0, 1, *Counts(0, 0, 0, 1), "BLUE")
    assert len(seen) > 8
    assert set(seen[:-1]) == {nothing}
    looked()
    assert seen[-1] == everything


def test_a_run_that_was_interrupted_between_two_chunks_goes_on_and_books_once(network, monkeypatch):
    for name in ("AT_ONCE", "TURNED_AT_ONCE", "AT_A_TIME"):
        monkeypatch.setattr(booking, name, 1)
    key = calculated(network)
    approve_run(key, actor=manager(network), at=AFTER)
    calls = iter(range(100))

    def dies():
        if next(calls) == 4:
            raise KeyboardInterrupt
        return AFTER

    with pytest.raises(KeyboardInterrupt):
        work_on_runs(now=dies)
    assert run_of(key).state == "booking"
    assert balance(network.dora) == eur(0)

    worked()

    assert [balance(person) for person in (network.dora, network.carla, network.boris)] == [eur(19_96), eur(9_98), eur(4_99)]
    assert one("SELECT count(*) FROM booking WHERE motive = 'commission'") == (3,)


@pytest.mark.parametrize("waits", [True, False])
def test_a_transaction_of_many_pieces_ends_when_somebody_waits(network, monkeypatch, waits):
    for module, name, most in ((booking, "PIECE", 1), (booking, "AT_A_TIME", 0), (calculating, "PIECE", 1)):
        monkeypatch.setattr(module, name, most)
    monkeypatch.setattr(type(database.obj), "somebody_waits", lambda _: waits)
    key = calculated(network)
    approve_run(key, actor=manager(network), at=AFTER)
    looks = []

    def looked():
        looks.append((one("SELECT count(*) FROM booking WHERE motive = 'commission'")[0], run_of(key).done))
        return AFTER

    work_on_runs(now=looked)

    assert sorted(set(looks)) == ([(0, 0), (1, 1), (2, 2), (3, 3), (3, 4)] if waits else [(0, 0), (3, 3), (3, 4)])
    assert [balance(person) for person in (network.dora, network.carla, network.boris)] == [eur(19_96), eur(9_98), eur(4_99)]
    assert found_by_audit() == []


def test_a_stopped_run_goes_on_where_it_was(network):
    key = draft_period(MONTH, NEXT, actor=booker(network), at=AFTER)
    stop_run(key, actor=booker(network), at=AFTER)
    worked()
    assert run_of(key).state == "drafted"

    continue_run(key, actor=booker(network), at=AFTER)
    worked()

    assert run_of(key).state == "calculated"


def test_orders_wait_while_a_run_is_being_booked(network):
    paper = voucher("commission run", "1", day=MONTH)
    bulk = open_bulk(paper, at=AFTER)

    with pytest.raises(BeingBooked):
        must_not_be_booked()
    with pytest.raises(BeingBooked):
        open_bulk(voucher("commission run", "2", day=MONTH), at=AFTER)

    close_bulk(bulk, at=AFTER)
    must_not_be_booked()


def test_in_real_time_what_is_green_is_credited_without_anybody(network):
    change_settings({"commission_when": "green"}, actor=booker(network), at=NOON)

    assert begin_due(at=AFTER) is not None
    worked()

    assert balance(network.dora) == eur(19_96)
    assert begin_due(at=AFTER) is None


def test_a_month_that_is_over_is_begun_once_and_waits_for_approval(network):
    change_settings({"commission_when": "month"}, actor=booker(network), at=NOON)

    key = begin_due(at=AFTER)
    worked()

    assert (run_of(key).since, run_of(key).until, run_of(key).state) == (MONTH, NEXT, "calculated")
    assert begin_due(at=AFTER) is None


@pytest.mark.parametrize("when", ["week", "month"])
def test_a_period_that_somebody_discarded_is_begun_again_by_hand_alone(when, network):
    change_settings({"commission_when": when}, actor=booker(network), at=NOON)
    key = begin_due(at=AFTER)
    discard_run(key, reason="The plan was wrong", actor=booker(network), at=AFTER)

    assert begin_due(at=AFTER) is None
    assert discarded_period(at=AFTER) == (run_of(key).since, run_of(key).until)

    again = draft_period(*discarded_period(at=AFTER), actor=booker(network), at=AFTER)
    assert (begin_due(at=AFTER), discarded_period(at=AFTER)) == (None, None)
    discard_run(again, reason="Still wrong", actor=booker(network), at=AFTER)
    assert begin_due(at=AFTER) is None
    assert begin_due(at=AFTER + timedelta(days=35)) is not None, "the next one begins by itself as ever"


def test_periods_are_weeks_from_monday_and_calendar_months():
    assert last_period(date(2026, 3, 4), "week") == (date(2026, 2, 23), date(2026, 3, 2))
    assert last_period(date(2026, 1, 31), "month") == (date(2025, 12, 1), date(2026, 1, 1))


def test_the_audit_proves_lines_sums_credits_and_colours(network):
    key = booked(network)
    assert found_by_audit() == []
    boris, dora = network.boris, network.dora

    run("UPDATE commission_line SET amount = amount + 1 WHERE run_id = ? AND payee = ?", key, boris.id)
    run("UPDATE commission_share SET amount = amount - 1 WHERE run_id = ? AND payee = ?", key, dora.id)
    run("UPDATE orders SET provisioned_at = NULL WHERE id = ?", network.order.id)

    assert found_by_audit() == [
        ("A9", f"The lines of commission run {key} are not those that were calculated."),
        ("A9", f"Commission run {key}: the sum of partner {boris.number} is not that of his lines."),
        ("A9", f"Commission run {key}: the sum of partner {dora.number} is not that of his lines."),
        ("A9", f"Commission run {key}: the wallet of partner {dora.number} was not credited with his sum."),
        ("A16", f"Commission run {key} was booked, but its order {network.order.number} is not blue."),
    ]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("UPDATE commission_run SET lines_digest = ''", "The lines of commission run 1 are not those that were calculated."),
        ("UPDATE commission_run SET partners = partners + 1", "The lines of commission run 1 are not those that were calculated."),
        ("UPDATE commission_run SET orders = orders + 1", "The lines of commission run 1 are not those that were calculated."),
        ("UPDATE commission_run SET booked_at = NULL", "Commission run 1 says something else of having been booked than its bookings."),
        ("UPDATE bulk SET closed_at = NULL", "Commission run 1 says something else of having been booked than its bookings."),
        *(
            (sql, "Commission run 1: what is kept of order %s is not the order it was calculated from.")
            for sql in (
                "UPDATE commission_run_order SET total = total * 2",
                "UPDATE commission_run_order SET refunded = refunded + 1",
                "UPDATE commission_run_order SET seller = 1",
                "DELETE FROM commission_run_order",
            )
        ),
    ],
)
def test_the_audit_finds_what_would_make_refunds_wrong(network, edit, says):
    booked(network)
    unguard()

    assert says.replace("%s", str(network.order.number)) in lie(audit, edit)


def test_an_attempt_that_was_set_back_is_nothing_to_the_audit(network, monkeypatch):
    monkeypatch.setattr(booking, "AT_A_TIME", 0)
    key = calculated(network)
    approve_run(key, actor=manager(network), at=AFTER)
    refund(network, 1_00)
    worked()
    assert run_of(key).trouble and found_by_audit() == []

    calculate_again(key, actor=booker(network), at=AFTER)
    worked(AFTER + timedelta(minutes=1))
    approve_run(key, actor=manager(network), at=AFTER)
    worked(AFTER + timedelta(minutes=1))

    assert run_of(key).state == "booked" and found_by_audit() == []


def test_the_audit_finds_an_order_that_does_not_name_its_payees(network):
    key = booked(network)
    (named,) = one("SELECT payees FROM commission_run_order WHERE run_id = ?", key)
    assert named == " ".join(str(person.id) for person in sorted((network.dora, network.carla, network.boris), key=lambda each: each.id))

    run("UPDATE commission_run_order SET payees = ? WHERE run_id = ?", f"1{named} {network.dora.id}", key)

    missing = named.split()[0]
    assert missing != str(network.dora.id)
    assert found_by_audit() == [
        ("A9", f"Commission run {key}: order {network.order.number} does not name everybody to whom it brought a commission.")
    ]


def test_the_audit_looks_for_each_credit_in_an_index(sqlite):
    plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {BOOKING_ALONE}")]

    assert any(step.startswith("SEARCH known USING AUTOMATIC") for step in plan), plan


def test_the_audit_names_a_credit_that_no_run_knows(network):
    key = booked(network)
    run("DELETE FROM commission_share WHERE run_id = ? AND payee = ?", key, network.boris.id)

    (booking_id,) = one("SELECT id FROM booking WHERE key = ?", f"run:{key}:partner:{network.boris.id}")
    assert ("A9", f"Booking {booking_id} is a commission that no run knows.") in found_by_audit()


def test_a_place_is_found_once_and_kept_though_the_sponsor_moves(network):
    pairs = {"code": "pairs", "kind": "binary", "percent": "10", "carry": "keep", "depth": 5}
    plan_in_force({"name": "Pairs", "currency": "EUR", "bonuses": [pairs]}, since=date(2020, 1, 2))
    left, right = partner_under(network.dora, "Lea Links"), partner_under(network.dora, "Rita Rechts")
    green_order(network, left, quantity=3)
    green_order(network, right)

    first = booked(network)

    places = rows("SELECT person_id, parent, leg FROM commission_place WHERE width = 2 ORDER BY person_id")
    assert places[-2:] == [(left.id, network.dora.id, 0), (right.id, network.dora.id, 1)]
    # 49.90 on each side were paired for Dora; what is left of the stronger leg waits for the next run.
    assert rows("SELECT leg, volume FROM commission_carried WHERE run_id = ? AND payee = ?", first, network.dora.id) == [(0, 99_80)]

    move_partner(right, sponsor=network.anna.number, since=AFTER.date(), reason="Moved away", actor=manager(network), at=AFTER)
    green_order(network, right, final_at=AFTER)
    later = AFTER + timedelta(days=32)
    second = draft_period(NEXT, (NEXT + timedelta(days=31)).replace(day=1), actor=booker(network), at=later)
    worked(later)

    assert rows("SELECT person_id, parent, leg FROM commission_place WHERE width = 2 ORDER BY person_id") == places
    assert rows("SELECT sum(amount) FROM commission_line WHERE run_id = ? AND payee = ?", second, network.dora.id) == [(4_99,)]


PAIRS = {"code": "pairs", "kind": "binary", "percent": "10", "carry": "keep", "depth": 5}


@pytest.mark.parametrize("bonus", [PAIRS, {"code": "wide", "kind": "matrix", "width": 3, "levels": ["5"]}])
def test_an_older_partner_may_stand_below_a_younger_one(network, bonus):
    plan_in_force({"name": "Places", "currency": "EUR", "bonuses": [bonus]}, since=date(2020, 1, 2))
    eva = partner_under(network.anna, "Eva Eck")
    move_partner(network.carla, sponsor=eva.number, since=NOON.date(), reason="Wish", actor=manager(network), at=NOON)

    booked(network)

    assert one("SELECT parent, leg FROM commission_place WHERE person_id = ?", network.carla.id) == (eva.id, 0)
    assert one("SELECT count(*) FROM commission_place WHERE parent = ?", network.anna.id)[0] == 2, "also of the first partner of all"


def test_who_stood_at_the_top_keeps_the_first_place_he_gets_below_somebody(network):
    plan_in_force({"name": "Pairs", "currency": "EUR", "bonuses": [PAIRS]}, since=date(2020, 1, 2))
    top, older, younger = (partner_under(None, name) for name in ("Top Tann", "Olga Older", "Yuri Younger"))
    place, days = "SELECT parent, leg FROM commission_place WHERE person_id = ?", timedelta(days=32)
    booked(network)
    assert one(place, younger.id) is None

    for n, moved in enumerate((younger, older), 1):
        at = AFTER + n * days
        move_partner(moved, sponsor=top.number, since=(at - days).date(), reason="Wish", actor=manager(network), at=at - days)
        green_order(network, moved, final_at=at - days)
        draft_period(*last_period(at.date(), "month"), actor=booker(network), at=at)
        worked(at)
        approve_run(n + 1, actor=manager(network), at=at)
        worked(at)
        assert one(place, younger.id) == (top.id, 0)
    assert one(place, older.id) == (top.id, 1)


@pytest.mark.parametrize("step", ["calculate", "book"])
def test_a_run_by_itself_goes_on_though_the_worker_was_stopped_between_two_steps(network, monkeypatch, step):
    change_settings({"commission_when": "green"}, actor=HOUSE, at=NOON)
    key, stopped, real = begin_due(at=AFTER), [], working.STEPS[step]

    def last(*facts, **more):
        stopped.append(step)
        if step == "book":
            run("UPDATE orders SET refunded = 4990 WHERE id = ?", network.order.id)
        real(*facts, **more)

    def now():
        if stopped:
            raise Lost
        return AFTER

    monkeypatch.setitem(working.STEPS, step, lambda *facts, now: last(*facts, now=lambda: AFTER))
    with pytest.raises(Lost):
        while work_on_runs(now=now):
            pass
    assert run_of(key).booked_at is None
    monkeypatch.setitem(working.STEPS, step, real)

    for minute in (1, 2):
        worked(AFTER + timedelta(minutes=minute))

    assert run_of(key).state == "booked"


def test_a_plan_over_a_whole_period_is_not_calculated_order_by_order(network):
    ranks = [{"code": "leader", "percent": "10", "needs": {"group": "100.00"}}]
    bonus = {"code": "own", "kind": "differential", "rates": "rank"}
    plan_in_force({"name": "Ranks", "currency": "EUR", "ranks": ranks, "bonuses": [bonus]}, since=date(2020, 1, 2))
    change_settings({"commission_when": "green"}, actor=booker(network), at=NOON)

    with pytest.raises(NeedsPeriod):
        draft_green(actor=booker(network), at=AFTER)
    assert begin_due(at=AFTER) is None


@pytest.mark.parametrize("moment", ["", "always", "HAND"])
def test_when_commissions_are_calculated_is_one_of_four_words(house, moment):
    with pytest.raises(NoSuchMoment):
        change_settings({"commission_when": moment}, actor=booker(house), at=NOON)


def test_in_real_time_an_order_that_changed_meanwhile_is_calculated_again_by_itself(network):
    change_settings({"commission_when": "green"}, actor=booker(network), at=NOON)
    key = begin_due(at=AFTER)
    moments = []

    def refunded_after_the_calculation():
        moments.append(1)
        if run_of(key).state == "calculated" and not one("SELECT refunded FROM orders WHERE id = ?", network.order.id)[0]:
            run("UPDATE orders SET refunded = 4990 WHERE id = ?", network.order.id)
        return AFTER

    while work_on_runs(now=refunded_after_the_calculation):
        pass
    worked()

    assert (run_of(key).state, run_of(key).attempt) == ("booked", 2)
    assert balance(network.dora) == eur(9_98)


def test_what_is_approved_is_what_was_looked_at(network):
    key = calculated(network)
    seen = run_of(key).lines_digest
    green_order(network, network.carla)
    calculate_again(key, actor=booker(network), at=AFTER)
    worked()

    with pytest.raises(NotInThatState):
        approve_run(key, shown=seen, actor=manager(network), at=AFTER)
    approve_run(key, shown=run_of(key).lines_digest, actor=manager(network), at=AFTER)
