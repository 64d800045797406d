"""Limits by trust level: moving windows over all wallets of a person, checked where the money is booked."""

import itertools
from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur, give
from tests.trust.sets import only
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.clock import micros
from vps.kernel.database import is_postgres, one, rows, run
from vps.ledger.actions import hold, set_up, voucher
from vps.trust.actions.limits import (
    DayReached,
    LimitReached,
    MonthReached,
    NotAtThisLevel,
    OftenEnough,
    TooMuchAtOnce,
    TooSoonAfter,
    YearReached,
)
from vps.trust.models import DEFAULT, Rule, TrustException, TrustLevel, body_of, levels, levels_of, rooms, trusted
from vps.trust.models.limits import question
from vps.wallets.actions import credit, free_expired, open_wallet, settle_excess_of, spend
from vps.wallets.models import Wallet

DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def anna(cast):
    """Anna with 250.00, in a company whose trust levels are in force; limits as each test writes them."""
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    return cast.anna


def pay(person, minor, at=NOON, currency="EUR"):
    paper = voucher("test", f"{person.id}:{micros(at)}:{minor}:{one('SELECT count(*) FROM booking')[0]}", day=at.date())
    return spend(person.id, eur(minor), voucher=paper, key=f"pay:{paper}", at=at, authorisation=ByRule(HOUSE))


def test_while_the_company_has_no_trust_levels_nothing_is_limited(cast):
    only(Rule("purchase", "each", 1))

    assert pay(cast.anna, 250_00).debit_after == 0


def test_before_the_day_from_which_they_count_nothing_is_limited(cast):
    change_settings({"trust_from": "2026-11-21"}, actor=HOUSE, at=NOON)
    only(Rule("purchase", "each", 1))

    assert pay(cast.anna, 100).debit_after == 249_00
    with pytest.raises(TooMuchAtOnce):
        pay(cast.anna, 100, at=NOON + DAY)


def test_a_limit_can_be_used_up_to_the_last_cent_and_the_refusal_says_all(anna):
    only(Rule("purchase", "day", 100_00))
    pay(anna, 40_00)
    pay(anna, 60_00, at=NOON + MINUTE)

    with pytest.raises(DayReached) as refused:
        pay(anna, 1, at=NOON + 2 * MINUTE)

    assert refused.value.facts == {"limit": eur(100_00), "left": eur(0), "frees": NOON + DAY}
    assert balance(anna) == eur(150_00)


def test_what_left_the_window_is_free_again(anna):
    only(Rule("purchase", "day", 100_00))
    pay(anna, 100_00)

    with pytest.raises(DayReached):
        pay(anna, 1, at=NOON + DAY - timedelta(microseconds=1))
    assert pay(anna, 100_00, at=NOON + DAY).debit_after == 50_00


def test_of_several_windows_each_counts(anna):
    only(Rule("purchase", "day", 100_00), Rule("purchase", "month", 150_00))
    pay(anna, 100_00)

    with pytest.raises(MonthReached) as refused:
        pay(anna, 50_01, at=NOON + DAY)

    assert refused.value.facts == {"limit": eur(150_00), "left": eur(50_00), "frees": NOON + timedelta(days=30)}


def test_a_calendar_year_begins_in_the_companys_zone(anna):
    only(Rule("purchase", "year", 100_00))
    midnight = NOON.replace(month=12, day=31, hour=23, minute=0)  # in Berlin the year begins at 23:00 UTC
    pay(anna, 100_00, at=midnight - MINUTE)

    with pytest.raises(YearReached) as refused:
        pay(anna, 1, at=midnight - timedelta(microseconds=1))

    assert refused.value.facts["frees"] == midnight
    assert pay(anna, 1, at=midnight).debit_after == 149_99


def test_the_number_of_movements_and_the_pause_between_them_are_limited_too(anna):
    only(Rule("purchase", "day", None, 2), gaps=[("purchase", 5)])
    pay(anna, 1)

    with pytest.raises(TooSoonAfter) as refused:
        pay(anna, 1, at=NOON + 5 * MINUTE - timedelta(microseconds=1))
    assert refused.value.facts == {"frees": NOON + 5 * MINUTE}
    pay(anna, 1, at=NOON + 5 * MINUTE)
    with pytest.raises(OftenEnough) as refused:
        pay(anna, 1, at=NOON + 10 * MINUTE)
    assert refused.value.facts == {"times": 2, "frees": NOON + DAY}


def test_what_a_level_does_not_allow_at_all_is_said_so(anna):
    only(Rule("purchase", "each", 0))

    with pytest.raises(NotAtThisLevel):
        pay(anna, 1)


def test_all_wallets_of_a_person_count_together_in_the_companys_currency(anna):
    """Who opens a second wallet has no second limit."""
    only(Rule("purchase", "day", 100_00))
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", "117", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    other = open_wallet(anna.id, "RSD", at=NOON)
    run(
        "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, 'out:purchase', 1, ?, ?, 1)",
        other,
        micros(NOON),
        90_00 * 117,
    )

    with pytest.raises(DayReached) as refused:
        pay(anna, 10_01)

    assert refused.value.facts["left"] == eur(10_00)
    assert pay(anna, 10_00).debit_after == 240_00


def test_what_counts_as_income_is_all_that_comes_in(anna):
    only(Rule("income", "year", 1_000_00))
    set_up(currency="EUR", at=NOON)
    account = [(Wallet.of(anna.id, "EUR").account_id, "EUR")]
    for motive, minor in (("commission", 30_00), ("top-up", 20_00), ("opening", 99_00)):
        paper = voucher("test", motive, day=NOON.date())
        credit(
            anna.id,
            eur(minor),
            source="bank",
            motive=motive,
            voucher=paper,
            key=motive,
            at=NOON,
            authorisation=ByRule(HOUSE),
            day=NOON.date(),
        )

    (room,) = rooms(account, levels()[0].rules, NOON + MINUTE)

    assert (room.used, room.left) == (eur(50_00), eur(950_00))


def test_an_exception_stands_in_the_place_of_the_rule_until_it_ends(anna):
    only(Rule("purchase", "each", 10_00), Rule("purchase", "day", 10_00))
    end = NOON + timedelta(days=7)
    exception = TrustException.create(person=anna, kind="purchase", span="each", most=200_00, reason="fair", since=NOON, until=end)
    TrustException.create(person=anna, kind="purchase", span="day", most=None, times=1, reason="fair", since=NOON, until=end)

    assert pay(anna, 200_00).debit_after == 50_00
    with pytest.raises(OftenEnough):
        pay(anna, 1, at=NOON + MINUTE)
    with pytest.raises(TooMuchAtOnce):
        pay(anna, 10_01, at=end)
    TrustException.update(ended_at=NOON).where(TrustException.id == exception.id).execute()
    with pytest.raises(TooMuchAtOnce):
        pay(anna, 10_01, at=NOON + 2 * DAY)


def test_the_newest_level_that_has_begun_is_in_force(anna):
    assert (trusted(anna.id, NOON).level.rank, trusted(anna.id, NOON).source) == (0, "start")
    TrustLevel.create(person=anna, level=2, since=NOON, source="office", reason="seen")
    TrustLevel.create(person=anna, level=3, since=NOON + DAY, source="steps")

    assert trusted(anna.id, NOON).level.rank == 2
    assert trusted(anna.id, NOON + DAY).level.rank == 3


def test_a_person_with_a_level_that_is_gone_has_the_highest_there_is(anna):
    TrustLevel.create(person=anna, level=4, since=NOON, source="office", reason="seen")
    only(Rule("purchase", "each", 1))

    assert trusted(anna.id, NOON).level.rank == 0


def test_a_set_is_written_and_read_back_as_it_was():
    assert levels_of(body_of(DEFAULT)) == DEFAULT


def test_the_default_levels_allow_more_the_higher_they_are():
    """Source: SECURITY, trust levels and default limits."""
    assert [level.most_balance for level in DEFAULT] == [150_00, 1_000_00, 5_000_00, 25_000_00, 100_000_00]
    for lower, higher in itertools.pairwise(DEFAULT):
        assert set(lower.requires) <= set(higher.requires)
        allowed = {(rule.kind, rule.window): rule.most for rule in lower.rules}
        for rule in higher.rules:
            assert rule.most >= allowed.get((rule.kind, rule.window), 0)


def test_two_payments_at_once_do_not_pass_one_limit(cast):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    only(Rule("purchase", "day", 100_00))
    papers = [voucher("test", f"at once {n}", day=NOON.date()) for n in range(4)]

    def one_of(n):
        return spend(cast.anna.id, eur(60_00), voucher=papers[n], key=f"at once {n}", at=NOON, authorisation=ByRule(HOUSE))

    answers = at_once(4, one_of)

    assert sum(isinstance(answer, LimitReached) for answer in answers) == 3
    assert balance(cast.anna) == eur(190_00)


def test_excess_is_held_and_becomes_free_by_spending_or_by_rising(anna):
    only(most_balance=200_00)
    give(anna, 100_00)
    account = Wallet.of(anna.id, "EUR").account
    assert (account.booked, account.held, account.available) == (eur(350_00), eur(150_00), eur(200_00))

    pay(anna, 70_00)
    account = Wallet.of(anna.id, "EUR").account
    assert (account.booked, account.held, account.available) == (eur(280_00), eur(80_00), eur(200_00))

    only(most_balance=1_000_00)
    pay(anna, 1)
    assert Wallet.of(anna.id, "EUR").account.held == eur(0)


def test_what_runs_out_is_free_as_far_as_it_is_not_too_much(anna):
    only(most_balance=200_00)
    account = Wallet.of(anna.id, "EUR").account_id
    hold(account, eur(230_00), reason="withdrawal", key="h", at=NOON, until=NOON + DAY)
    settle_excess_of(anna.id, NOON)
    assert Wallet.of(anna.id, "EUR").account.available == eur(0)

    assert free_expired(at=NOON + DAY) == 1

    now = Wallet.of(anna.id, "EUR").account
    assert (now.held, now.available) == (eur(50_00), eur(200_00))


def test_a_window_of_money_in_holds_what_is_over_it(anna):
    only(Rule("top-up", "month", 50_00))
    paper = voucher("test", "top-up", day=NOON.date())
    credit(
        anna.id, eur(80_00), source="bank", motive="top-up", voucher=paper, key="t", at=NOON, authorisation=ByRule(HOUSE), day=NOON.date()
    )

    assert Wallet.of(anna.id, "EUR").account.held == eur(30_00)


def test_a_check_looks_at_no_more_rows_after_twenty_thousand_movements(anna):
    account = Wallet.of(anna.id, "EUR").account_id
    run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) SELECT ?, 'out:purchase', i, i, i, i FROM n",
        account,
    )
    if is_postgres():
        run("ANALYZE usage")
    sql, values, _ = question([(account, "EUR")], {("purchase", "day"), ("purchase", "month")}, NOON)
    explain = "EXPLAIN (COSTS OFF) " if is_postgres() else "EXPLAIN QUERY PLAN "
    plan = " | ".join(str(row[-1]) for row in rows(explain + sql, *values))

    assert "Seq Scan on usage" not in plan and "SCAN usage" not in plan, plan
    assert "Sort" not in plan.replace("Sort Key", "") and "TEMP B-TREE" not in plan, plan
