"""What is noticed about one wallet (M1 to M3, M7, M9, M11): it fires on the pattern, not on the nearest that is legal, and once for a fact."""

import pytest

from tests.cast import NOON, eur
from tests.wallets.town import DAY, HOUR, MINUTE, Town, noticed
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor, ByRule, ByStaff
from vps.kernel.database import one
from vps.ledger.actions import voucher
from vps.trust.models import Level, LevelSet, Rule, body_of
from vps.wallets.actions import Slip, pay_out, spend

LIMITS = (("transfer", 100_00), ("received", 50_00), ("pay-out", 200_00), ("top-up", 150_00))


@pytest.fixture
def both(cast):
    """On both engines."""
    return Town(cast)


@pytest.fixture
def town(house):
    return Town(house)


def test_three_transfers_just_below_a_limit_are_noticed_once_a_day(both):
    payer, payee = both.partner(money=1_000_00), both.partner()
    bookings = [both.send(payer, payee, minor, at=NOON + n * HOUR, limits=LIMITS) for n, minor in enumerate((90_00, 100_00, 95_00))]

    assert noticed(payer, "M1") == [{"limit": [100_00, "EUR"], "count": 3, "bookings": bookings[::-1]}]
    assert noticed(payee, "M1") == [], "for who receives another limit counts"

    both.send(payer, payee, 99_00, at=NOON + 4 * HOUR, limits=LIMITS)
    assert len(noticed(payer, "M1")) == 1


@pytest.mark.parametrize(
    "moves",
    [
        [(90_00, 0), (95_00, 1)],
        [(89_99, 0), (95_00, 1), (99_00, 2)],
        [(100_01, 0), (95_00, 1), (99_00, 2)],
        [(90_00, 0), (95_00, 12), (99_00, 24)],
    ],
    ids=["two of them", "one is lower", "one is above it", "one is a day older"],
)
def test_what_only_nearly_lies_below_a_limit_is_legal(town, moves):
    payer, payee = town.partner(money=1_000_00), town.partner()
    for minor, hours in moves:
        town.send(payer, payee, minor, at=NOON + hours * HOUR, limits=LIMITS)

    assert noticed(payer, "M1") == []


def test_limits_of_what_comes_in_and_is_paid_out_are_watched_too(town):
    payer, payee = town.partner(money=1_000_00), town.partner()
    for hours in range(3):
        at = NOON + hours * HOUR
        town.send(payer, payee, 49_00, at=at, limits=LIMITS)
        town.top_up(payee, 140_00, at=at, limits=LIMITS)
        town.pay_out(payee, 185_00, at=at, limits=LIMITS)

    assert [facts["limit"][0] for facts in noticed(payee, "M1")] == [50_00, 150_00, 200_00]


def test_the_sixth_transfer_within_an_hour_is_fast(both):
    payer, payee = both.partner(money=100_00), both.partner()
    for n in range(5):
        both.send(payer, payee, 1_00, at=NOON + 11 * n * MINUTE)
    assert noticed(payer, "M2") == []

    both.send(payer, payee, 1_00, at=NOON + 60 * MINUTE)
    assert noticed(payer, "M2") == [], "the first one is an hour old"

    for _ in range(2):
        both.send(payer, payee, 1_00, at=NOON + 61 * MINUTE)
    assert noticed(payer, "M2") == [{"what": "pace", "count": 6}]


def test_ten_times_the_usual_amount_is_large(both):
    payer, payee = both.partner(money=500_00), both.partner()
    for n, minor in enumerate((9_00, 10_00, 30_00)):
        both.buy(payer, minor, at=NOON + n * DAY)
    both.send(payer, payee, 99_99, at=NOON + 3 * DAY)
    assert noticed(payer, "M2") == []

    both.send(payer, payee, 100_00, at=NOON + 4 * DAY)
    assert noticed(payer, "M2") == [{"what": "size", "amount": [100_00, "EUR"], "median": [10_00, "EUR"]}]


def test_of_too_few_or_too_old_movements_there_is_no_usual_amount(town):
    payer, payee = town.partner(money=900_00), town.partner()
    for _ in range(2):
        town.buy(payer, 1_00, at=NOON)
    town.send(payer, payee, 100_00, at=NOON)
    town.send(payer, payee, 500_00, at=NOON + 90 * DAY)

    assert noticed(payer, "M2") == []


def test_four_fifths_of_a_top_up_that_leave_within_a_day_passed_through(both):
    payer, payee = both.partner(money=10_00), both.partner()
    came = both.top_up(payer, 100_00)
    first = both.send(payer, payee, 79_99, at=NOON + HOUR)
    assert noticed(payer, "M3") == []

    second = both.pay_out(payer, 1, at=NOON + 2 * HOUR)
    assert noticed(payer, "M3") == [{"paid_in": [100_00, "EUR"], "gone": [80_00, "EUR"], "bookings": [came, second, first]}]

    both.pay_out(payer, 5_00, at=NOON + 3 * HOUR)
    assert len(noticed(payer, "M3")) == 1, "the same top-up"


def test_what_is_bought_or_stays_a_day_did_not_pass_through(town):
    payer, payee = town.partner(), town.partner()
    town.top_up(payer, 100_00)
    town.buy(payer, 50_00, at=NOON + HOUR)
    town.send(payer, payee, 50_00, at=NOON + DAY)

    assert noticed(payer, "M3") == []


def test_several_top_ups_count_together(town):
    payer, payee = town.partner(), town.partner()
    first, _ = (town.top_up(payer, 100_00, at=NOON + n * HOUR) for n in range(2))
    town.send(payer, payee, 79_00, at=NOON + 2 * HOUR)
    assert noticed(payer, "M3") == [], "79 of the newest hundred"

    town.send(payer, payee, 81_00, at=NOON + 3 * HOUR)
    assert [facts["paid_in"][0] for facts in noticed(payer, "M3")] == [100_00, 200_00]
    assert noticed(payer, "M3")[1]["bookings"][0] == first


def test_a_wallet_that_slept_half_a_year_and_is_emptied_is_noticed(both):
    payer = both.partner(money=100_00)
    late = NOON + 181 * DAY
    both.buy(payer, 50_01, at=late)

    assert noticed(payer, "M7") == [{"days": 181, "amount": [50_01, "EUR"], "balance": [100_00, "EUR"]}]


@pytest.mark.parametrize(("minor", "days"), [(50_00, 181), (100_00, 180)], ids=["half of it", "half a year to the second"])
def test_half_a_balance_or_a_shorter_sleep_is_legal(town, minor, days):
    payer = town.partner(money=100_00)
    town.buy(payer, minor, at=NOON + days * DAY)

    assert noticed(payer, "M7") == []


def test_money_that_came_in_ends_the_sleep(town):
    payer = town.partner(money=100_00)
    town.top_up(payer, 1_00, at=NOON + 180 * DAY)
    town.buy(payer, 101_00, at=NOON + 181 * DAY)

    assert noticed(payer, "M7") == []


def test_who_never_bought_anything_and_sends_money_is_noticed_once_a_month(both):
    payer, payee = both.partner(money=500_00), both.partner()
    both.send(payer, payee, 100_00, at=NOON + 30 * DAY)
    assert noticed(payer, "M9") == []

    both.send(payer, payee, 100_01, at=NOON)
    both.send(payer, payee, 1_00, at=NOON + 31 * DAY)
    both.send(payer, payee, 1_00, at=NOON + 31 * DAY)

    assert noticed(payer, "M9") == [{"amount": [100_01, "EUR"], "days": 0}, {"amount": [1_00, "EUR"], "days": 31}]


def test_one_purchase_is_enough_to_send_money(town):
    payer, payee = town.partner(money=500_00), town.partner()
    town.buy(payer, 1_00)
    town.send(payer, payee, 400_00, at=NOON + 40 * DAY)

    assert noticed(payer, "M9") == []


def test_more_than_three_tenths_given_back_is_noticed(both):
    buyer = both.partner(money=500_00)
    both.buy(buyer, 100_00)
    undone = both.buy(buyer, 20_00)
    both.give_back(buyer, 16_00, at=NOON + DAY)
    assert noticed(buyer, "M11") == []

    both.undo(undone, at=NOON + 2 * DAY)
    assert noticed(buyer, "M11") == [], "36 of 120 are three tenths"

    both.give_back(buyer, 1, at=NOON + 3 * DAY)
    assert noticed(buyer, "M11") == [{"refunds": [36_01, "EUR"], "purchases": [120_00, "EUR"]}]


def test_what_was_given_back_longer_ago_does_not_count(town):
    buyer = town.partner(money=500_00)
    for days in (0, 40):
        town.buy(buyer, 100_00, at=NOON + days * DAY)
        town.give_back(buyer, 29_00, at=NOON + days * DAY)

    assert noticed(buyer, "M11") == []


def test_what_is_paid_from_a_wallet_and_paid_out_by_hand_is_watched(cast):
    late, paper = NOON + 181 * DAY, voucher("test", "late", day=NOON.date())
    for _ in range(2):
        spend(cast.anna.id, eur(200_00), voucher=paper, key="late", at=late, authorisation=ByRule(HOUSE))
    assert len(noticed(cast.anna, "M7")) == 1

    by, slip = ByStaff(Actor(cast.dragan.id)), Slip("B 1", NOON.date(), "Anna", "Cash")
    for _ in range(2):
        pay_out(cast.anna.id, eur(40_00), slip, authorisation=by, at=late + 181 * DAY)

    assert [facts["amount"][0] for facts in noticed(cast.anna, "M7")] == [200_00, 40_00]


def test_commissions_and_fees_are_looked_at_by_no_rule(town):
    payer = town.partner()
    town.move("commission", payer, 500_00, "commission", at=NOON, limits=LIMITS)
    town.move(payer, "fees", 400_00, "fee", at=NOON, limits=LIMITS)

    assert one("SELECT count(*) FROM flag")[0] == 0


def test_the_limits_of_a_trust_level_are_those_that_count(town):
    change_settings({"trust_from": "2026-01-01"}, actor=HOUSE, at=NOON)
    level = Level(0, (), (), 0, None, (Rule("top-up", "day", 100_00), Rule("transfer", "each", 40_00), Rule("transfer", "month", None, 9)))
    LevelSet.create(body=body_of((level,)), since=NOON)
    payer, payee = town.partner(money=500_00), town.partner()
    for n in range(3):
        town.send(payer, payee, 39_00, at=NOON + n * MINUTE, limits=None)
        town.top_up(payer, 95_00, at=NOON + n * MINUTE, limits=None)

    assert [facts["limit"] for facts in noticed(payer, "M1")] == [[40_00, "EUR"], [100_00, "EUR"]]

    change_settings({"trust_from": ""}, actor=HOUSE, at=NOON)
    other = town.partner()
    for n in range(3):
        town.top_up(other, 95_00, at=NOON + n * MINUTE, limits=None)
    assert noticed(other, "M1") == [], "not introduced, no limits"
