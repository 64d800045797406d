"""What the audit can prove about limits: who moved too much, and what explains it; and what is held as excess."""

from datetime import date, timedelta

import pytest

from tests.cast import NOON, eur, sheet_of
from tests.cast import give as hand
from tests.trust.sets import only
from tests.trust.test_limits import pay
from tests.wallets.standing import give, send
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import one, run
from vps.ledger.actions import set_up
from vps.ledger.models.audit import audit as ledger_audit
from vps.trust.models import Rule, TrustException, TrustLevel
from vps.wallets.actions import Slip, ask_back, open_wallet, pay_out, reverse_by_hand, top_up
from vps.wallets.actions.excess import settle_excess_of
from vps.wallets.models import Wallet
from vps.wallets.models.audit_limits import audit_limits

MINUTE = timedelta(minutes=1)
SAID = "Person 1 moved 60.00 EUR (purchase) where the trust level allows 50.00 EUR."


@pytest.fixture
def anna(house):
    """Anna, who may pay 50.00 a day and has paid 60.00: the limit came later."""
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON - MINUTE)
    only(Rule("purchase", "day", 60_00))
    pay(house.anna, 60_00, at=NOON + MINUTE)
    return house.anna


def lower(at=NOON):
    only(Rule("purchase", "day", 50_00), Rule("pay-out", "month", 1_00), Rule("purchase", "each", 1))
    run("DROP TRIGGER level_set_no_update")
    run("UPDATE level_set SET since = ?", micros(at))


def found(at=NOON + 5 * MINUTE):
    return [problem.says % problem.facts for problem in audit_limits(at)]


def test_who_moved_more_than_was_allowed_is_named(anna):
    assert found() == []

    lower()

    assert found() == [SAID]
    assert found(NOON + timedelta(hours=24) + MINUTE) == [], "of windows that have passed nothing is said"
    change_settings({"trust_from": ""}, actor=HOUSE, at=NOON)
    assert found() == []


def test_a_limit_that_is_newer_than_the_movement_explains_it(anna):
    lower(at=NOON + 2 * MINUTE)
    assert found() == []


@pytest.mark.parametrize("kind", ["level", "exception", "ended", "over"])
def test_a_level_or_an_exception_of_ones_own_that_is_newer_explains_it(anna, kind):
    lower()
    later = NOON + 2 * MINUTE
    if kind == "level":
        TrustLevel.create(person=anna, level=0, since=later, source="office", reason="x")
    else:
        since, until = (later, later + 9 * MINUTE) if kind == "exception" else (NOON, later if kind == "over" else later + 9 * MINUTE)
        TrustException.create(person=anna, kind="pay-out", span="each", most=1, reason="x", since=since, until=until,
                              ended_at=later if kind == "ended" else None)  # fmt: skip
    assert found() == []


def test_what_the_office_paid_out_by_hand_keeps_to_no_limit(anna, house):
    lower(at=NOON - MINUTE)
    staff = ByStaff(Actor(house.dragan.id))
    pay_out(anna.id, eur(20_00), Slip("B 7", date(2026, 11, 20), "Anna", "Cash"), authorisation=staff, at=NOON + 2 * MINUTE)

    assert found() == [SAID]


def test_of_wallets_in_several_currencies_nothing_can_be_proven(anna):
    set_up(currency="RSD", at=NOON)
    open_wallet(anna.id, "RSD", at=NOON)
    lower()

    assert found() == []


def test_excess_that_is_more_than_is_there_is_named(anna):
    only(most_balance=100_00)
    settle_excess_of(anna.id, NOON)
    assert found() == []

    run("UPDATE account SET balance = 89, reserved = 89 WHERE id = ?", Wallet.of(anna.id, "EUR").account_id)

    assert found() == [f"Account {Wallet.of(anna.id, 'EUR').account_id} holds more as excess than is there."]


def test_a_credit_that_is_taken_back_takes_what_is_held_of_it_and_makes_no_debt(house):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    only(most_balance=50_00)
    staff = ByStaff(Actor(house.dragan.id))
    slip = Slip("B 8", date(2026, 11, 20), "Anna", "Cash")
    booked = top_up(house.anna.id, eur(80_00), slip, authorisation=staff, at=NOON)
    account = Wallet.of(house.anna.id, "EUR").account
    assert (account.booked, account.held) == (eur(330_00), eur(280_00))

    reverse_by_hand(house.anna.id, booked.id, reason="wrong partner", authorisation=staff, at=NOON)

    account = Wallet.of(house.anna.id, "EUR").account
    assert (account.booked, account.held, account.shortfall) == (eur(250_00), eur(200_00), eur(0))
    assert one("SELECT debt FROM account WHERE id = ?", account.id)[0] == 0 and list(ledger_audit("Europe/Berlin")) == []


def test_what_somebody_gave_back_keeps_to_no_limit(house):
    sheet_of(house.boris)
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON - MINUTE)
    only(Rule("transfer", "day", 50_00))
    later = NOON + MINUTE
    made = send(house.anna, house.boris, 50_00, at=later)
    send(house.boris, house.anna, 20_00, key="out", at=later)
    hand(house.boris, 20_00)
    ask_back(house.anna.id, made, "wrong", actor=Actor(house.anna.id), at=later)

    give(house.boris, made, at=later)

    assert found() == []
