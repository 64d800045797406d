"""Everything above an amount goes out every week by itself, once, and never more than its owner said."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.bank.payouts import IBAN, OTHER, by_phone, confirmed, freeze_now, me, rule, usable
from tests.cast import NOON, balance, eur, give, sheet_of
from vps.bank.actions import NotAPayDay, end_payee, end_rule, follow_rules, set_rule, withdraw_payout
from vps.bank.actions.payout_rules import KIND, RuleAccountGone
from vps.bank.models import Payout, standing_order
from vps.bank.models.audit_payouts import audit_payouts
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows, run
from vps.security.actions import demanded, lower_level
from vps.security.actions.refusals import HeldToCap, ViewOnly
from vps.security.models import PAY_OUT, SMS, Recovery

WEEK = timedelta(days=7)


@pytest.fixture
def anna(cast):
    sheet_of(cast.anna)
    by_phone(cast.anna)
    cast.anna.payee = usable(cast, cast.anna)
    return cast.anna


@pytest.fixture
def one_engine(house):
    sheet_of(house.anna)
    by_phone(house.anna)
    house.anna.payee = usable(house, house.anna)
    return house.anna


def test_what_is_above_goes_out_on_its_day_and_once(anna):
    change_settings({"payout_fee": 1_50}, actor=HOUSE, at=NOON)
    rule(anna, anna.payee, 100_00)

    assert [follow_rules(at=NOON + n * timedelta(minutes=1)) for n in range(2)] == [1, 0]

    (made,) = Payout.listed(anna.id)
    assert (balance(anna), made.money, made.day, made.rule_id) == (eur(100_00), eur(148_50), date(2026, 11, 20), 1)
    assert one("SELECT actor FROM booking WHERE motive = 'pay-out'")[0] is None
    give(anna, 50_00)
    assert [follow_rules(at=NOON + timedelta(minutes=30)), follow_rules(at=NOON + WEEK)] == [0, 1]
    assert balance(anna) == eur(100_00) and list(audit_payouts()) == []


def test_not_on_another_day_nor_after_the_cut_off_nor_when_too_little_is_above(one_engine):
    anna = one_engine
    rule(anna, anna.payee, 249_01)
    assert follow_rules(at=NOON) == 0
    rule(anna, anna.payee, 100_00)
    later = [timedelta(days=1), timedelta(hours=1), timedelta(minutes=30)]
    assert [follow_rules(at=NOON + each) for each in later] == [0, 0, 1]


def test_eight_workers_at_once_make_one(anna):
    rule(anna, anna.payee, 100_00)

    answers = at_once(8, lambda _: follow_rules(at=NOON))

    assert sorted(answers) == [0] * 7 + [1]
    assert balance(anna) == eur(100_00)


def test_one_that_was_withdrawn_is_not_made_again_in_its_week(one_engine):
    anna = one_engine
    rule(anna, anna.payee, 100_00)
    follow_rules(at=NOON)
    (made,) = Payout.listed(anna.id)
    withdraw_payout(anna.id, made.id, actor=me(anna), at=NOON)

    assert follow_rules(at=NOON) == 0 and balance(anna) == eur(250_00)


def test_nothing_goes_out_when_the_wallet_is_frozen_or_the_owner_may_not_pay(one_engine):
    anna = one_engine
    rule(anna, anna.payee, 100_00)
    freeze_now(anna)
    assert follow_rules(at=NOON) == 0
    run("UPDATE wallet_freeze SET lifted_at = 1")
    run("UPDATE person SET closed_at = 1 WHERE id = ?", anna.id)
    assert follow_rules(at=NOON) == 0
    run("UPDATE person SET closed_at = NULL")
    lower_level(anna.id, 0, actor=me(anna), at=NOON - timedelta(days=2))
    assert follow_rules(at=NOON) == 0 and balance(anna) == eur(250_00)


def test_nothing_goes_to_an_account_that_rests_or_was_removed(house, one_engine):
    anna = one_engine
    resting = usable(house, anna, OTHER, at=NOON)
    rule(anna, resting, 100_00)
    assert follow_rules(at=NOON) == 0

    end_payee(anna.id, resting, actor=me(anna), at=NOON)
    assert standing_order(anna.id, "EUR") is None and follow_rules(at=NOON + WEEK) == 0
    assert rows("SELECT verb FROM event WHERE verb LIKE 'pay-out rule %' ORDER BY id") == [("pay-out rule made",), ("pay-out rule ended",)]


def test_a_new_one_replaces_the_one_before_and_a_press_ends_it(one_engine):
    anna = one_engine
    rule(anna, anna.payee, 100_00)
    by = confirmed(anna, KIND, f"{IBAN} 0 EUR 5", "Anna Bauer", way=SMS)
    made = set_rule(authorisation=by, at=NOON)

    assert set_rule(authorisation=by, at=NOON) == made, "sent twice"
    found = standing_order(anna.id, "EUR")
    assert (found.id, found.above, found.weekday, found.payee.number) == (made, eur(0), 5, IBAN)
    for _ in range(2):
        end_rule(anna.id, "EUR", actor=me(anna), at=NOON)
    assert standing_order(anna.id, "EUR") is None
    assert one("SELECT count(*) FROM event WHERE verb = 'pay-out rule ended'")[0] == 1


def test_what_was_not_shown_so_is_not_set(one_engine):
    anna = one_engine
    for subject, holder, refusal in ((f"{IBAN} 0 EUR 3", "Anna Bauer", NotAPayDay), (f"{OTHER} 0 EUR 5", "Anna Bauer", RuleAccountGone),
                                     (f"{IBAN} 0 EUR 5", "Mule", RuleAccountGone)):  # fmt: skip
        with pytest.raises(refusal):
            set_rule(authorisation=confirmed(anna, KIND, subject, holder, way=SMS), at=NOON)
    assert standing_order(anna.id, "EUR") is None


def test_a_standing_order_may_take_any_amount_so_it_asks_for_what_the_largest_does(one_engine):
    anna = one_engine
    assert demanded(anna.id, PAY_OUT, eur(10_00), at=NOON).level == 2
    assert demanded(anna.id, PAY_OUT, None, at=NOON).level == 3
    Recovery.create(person=anna, document="Passport", opened_at=NOON, opened_by=4, approved_at=NOON, approved_by=5, until=NOON + WEEK)
    with pytest.raises(HeldToCap):
        demanded(anna.id, PAY_OUT, None, at=NOON)
    lower_level(anna.id, 0, actor=me(anna), at=NOON - timedelta(days=2))
    with pytest.raises(ViewOnly):
        demanded(anna.id, PAY_OUT, None, at=NOON)
