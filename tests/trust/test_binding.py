"""Where limits bind beside Pay Now: pay-outs, standing orders, and the least security level; and caps in another currency."""

from datetime import timedelta

import pytest

from tests.bank.payouts import ask_for, by_phone, confirmed, planned, request, rule, usable
from tests.cast import NOON, balance, eur, give, sheet_of
from tests.security.dialogs import answer, shown
from tests.trust.sets import only
from vps.bank.actions import ask_payout, follow_rules
from vps.bank.models import Payout
from vps.bank.models.audit_payouts import audit_payouts
from vps.company.actions import change_settings, set_rate
from vps.company.models import LANGUAGES
from vps.jobs.worker import render
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.kernel.settings import Settings
from vps.post.actions import due
from vps.security.actions import demanded, snapshot
from vps.security.actions.refusals import HeldToCap
from vps.security.models import SMS, Ask, held
from vps.trust.actions.limits import DayReached, NotAtThisLevel, TooMuchAtOnce
from vps.trust.models import Rule
from vps.wallets.models import Wallet

DAY = timedelta(days=1)
DINARS = Money(1_170_00, "RSD")
"""Ten euros."""


@pytest.fixture
def anna(cast):
    return ready(cast)


@pytest.fixture
def one_engine(house):
    return ready(house)


def ready(cast):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    sheet_of(cast.anna)
    by_phone(cast.anna)
    cast.anna.payee = usable(cast, cast.anna)
    return cast.anna


def test_a_pay_out_over_a_limit_is_refused_before_a_code_is_asked_for(one_engine):
    only(Rule("pay-out", "each", 0))

    with pytest.raises(NotAtThisLevel) as refused:
        planned(one_engine, one_engine.payee, 1_00)
    assert refused.value.leads == "trust.show"


def test_a_pay_out_keeps_to_its_limits_without_its_fee_and_is_counted(one_engine):
    change_settings({"payout_fee": 5_00}, actor=HOUSE, at=NOON)
    only(Rule("pay-out", "each", 80_00), Rule("pay-out", "day", 100_00))
    anna = one_engine

    with pytest.raises(TooMuchAtOnce):
        ask_for(anna, anna.payee, 80_01)
    ask_for(anna, anna.payee, 80_00)
    with pytest.raises(DayReached) as refused:
        planned(anna, anna.payee, 20_01)
    assert refused.value.facts == {"limit": eur(100_00), "left": eur(20_00), "frees": NOON + DAY}
    assert planned(anna, anna.payee, 20_00).amount == eur(20_00)


def test_of_two_pay_outs_that_were_confirmed_one_passes_the_limit(anna):
    only(Rule("pay-out", "day", 100_00))
    would = planned(anna, anna.payee, 50_00)
    second = confirmed(anna, "pay-out", would.subject, would.payee.holder, amount=would.amount, way=SMS)
    first = request(anna, anna.payee, 60_00)
    ask_payout(authorisation=first, at=NOON)

    with pytest.raises(DayReached):
        ask_payout(authorisation=second, at=NOON)
    assert balance(anna) == eur(190_00)


def test_what_is_held_becomes_free_as_money_goes_out(one_engine):
    only(most_balance=200_00)
    give(one_engine, 1)
    assert Wallet.of(one_engine.id, "EUR").account.held == eur(50_01)

    ask_for(one_engine, one_engine.payee, 30_00)

    assert Wallet.of(one_engine.id, "EUR").account.held == eur(20_01)


def test_a_standing_order_over_a_limit_is_skipped_and_its_owner_is_told_once_why(anna):
    rule(anna, anna.payee, 100_00)
    only(Rule("pay-out", "month", 120_00))

    assert [follow_rules(at=NOON), follow_rules(at=NOON + timedelta(minutes=1))] == [0, 0]

    assert balance(anna) == eur(250_00) and one("SELECT count(*) FROM outbox WHERE kind = 'skipped'")[0] == 1
    assert one("SELECT count(*) FROM event WHERE verb = 'pay-out rule skipped'")[0] == 1
    only(Rule("pay-out", "month", 150_00))
    assert [follow_rules(at=NOON + 7 * DAY), list(audit_payouts())] == [1, []]
    assert [each.money for each in Payout.listed(anna.id)] == [eur(150_00)]


def test_the_mail_about_a_skipped_standing_order_names_limit_rest_and_moment(one_engine, tmp_path, subtests):
    anna = one_engine
    rule(anna, anna.payee, 100_00)
    only(Rule("pay-out", "month", 160_00))
    ask_for(anna, anna.payee, 40_00)
    only(Rule("pay-out", "month", 100_00))
    follow_rules(at=NOON)
    (facts,) = [facts for _, _, kind, _, _, facts in due(at=NOON + DAY) if kind == "skipped"]
    said = set()

    for language in LANGUAGES:
        with subtests.test(language):
            text = render(Settings(tmp_path, "", tmp_path / "keys"), "skipped", key="k", address="a@example.com", language=language,
                          facts=facts).get_content()  # fmt: skip
            assert "%(" not in text and "/me/trust" in text
            said.add(text)
    english = next(text for text in said if "Your trust level allows €100.00 within 30 days; €60.00 is left" in text)
    assert "Dec 20, 2026" in english and len(said) == len(LANGUAGES)


def test_who_is_trusted_more_must_confirm_by_a_stronger_way_from_his_amount_on(one_engine):
    """Source: SECURITY, trust levels: "Min security level 2 (3 > 500)"."""
    only(security=((0, 2), (30_01, 3)))
    asked = {minor: demanded(one_engine.id, "purchase", eur(minor), at=NOON).level for minor in (1, 30_00, 30_01)}

    assert asked == {1: 2, 30_00: 2, 30_01: 3}
    assert demanded(one_engine.id, "pay-out", None, at=NOON).level == 3, "a standing order may take any amount"
    change_settings({"trust_from": "2026-11-21"}, actor=HOUSE, at=NOON)
    assert demanded(one_engine.id, "purchase", eur(30_01), at=NOON).level == 2


def test_caps_of_the_company_count_what_an_amount_is_in_its_own_currency(one_engine):
    anna = one_engine
    change_settings({"security_level": 1, "basic_most": 10_00, "security_matrix": "purchase 0 1; purchase 1001 3"}, actor=HOUSE, at=NOON)

    assert demanded(anna.id, "purchase", DINARS, at=NOON).level == 3, "without a rate the strictest answer holds"
    set_rate("EUR", "RSD", "117", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    assert demanded(anna.id, "purchase", DINARS, at=NOON).level == 1
    assert demanded(anna.id, "purchase", DINARS + Money(1, "RSD"), at=NOON).level == 3, "what is over by less than a cent is over"


def test_the_cap_after_a_recovery_is_spent_in_the_companys_currency(one_engine):
    anna = one_engine
    change_settings({"recovery_cap": 15_00}, actor=HOUSE, at=NOON)
    set_rate("EUR", "RSD", "117", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    run(RECOVERED, anna.id, micros(NOON), micros(NOON), micros(NOON + DAY))
    ask = shown(anna)
    dinars = snapshot("order payment", "1001", amount=DINARS, payee="Alpenkraut GmbH", ask=Ask("sheet", ask.sheet, ask.n), at=NOON)
    by = answer(dinars, anna)

    _use(by)

    assert held(anna.id, NOON).spent == 10_00
    with pytest.raises(HeldToCap) as refused:
        demanded(anna.id, "purchase", DINARS, at=NOON)
    assert refused.value.facts["cap"] == eur(15_00)


def _use(by):
    action(by.use_up)(subject="1001", amount=DINARS, at=NOON)


RECOVERED = (
    "INSERT INTO recovery (person_id, document, opened_at, opened_by, approved_at, approved_by, alone, until, spent)"
    " VALUES (?, 'x', ?, 3, ?, 4, 0, ?, 0)"
)
