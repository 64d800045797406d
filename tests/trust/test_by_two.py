"""Limits are changed by two of the office: level sets, somebody's level, exceptions. In an office of one it is written down."""

from datetime import date, timedelta

import pytest

from tests.cast import NOON, eur, give
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import IntegrityError, one, rows, run
from vps.people.models import Person
from vps.trust.actions.giving import (
    ExceptionOver,
    NoSuchLevel,
    NotADayForIt,
    NothingExcepted,
    NotThisRule,
    SameLevel,
    Wish,
    end_exception,
    give_exception,
    give_level,
    take_over_levels,
    told,
)
from vps.trust.actions.level_sets import LevelInUse, LooserThanLaw, NothingChanged, change_set
from vps.trust.actions.limits import TooMuchAtOnce, must_be_within
from vps.trust.actions.proposing import NeedsColleague, NoReasonForIt, NotYourOwnLevel, ProposalGone, approve, turn_down
from vps.trust.models import DEFAULT, Level, LevelsUnreadable, Rule, TrustException, TrustLevel, body_of, levels, trusted
from vps.trust.models.audit import audit
from vps.wallets.actions.excess import settle_excess_of
from vps.wallets.models import accounts_of, excess_held, purses

TIGHTER = (DEFAULT[0]._replace(most_balance=100_00), *DEFAULT[1:])
LOOSER = (DEFAULT[0]._replace(most_balance=500_00), *DEFAULT[1:])
LATER = date(2026, 12, 24)
WISH = Wish("purchase", "each", 20_00, None, LATER)


@pytest.fixture
def office(cast):
    """Elena and Dragan manage; limits count."""
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    cast.first, cast.second = Actor(cast.elena.id), Actor(cast.dragan.id)
    return cast


@pytest.fixture
def one_engine(house):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    house.first, house.second = Actor(house.elena.id), Actor(house.dragan.id)
    return house


def new_set(wanted, actor, *, base=0, sure=False, reason="because"):
    return change_set(wanted, reason, base=base, sure=sure, actor=actor, at=NOON)


def verbs():
    return [verb for (verb,) in rows("SELECT verb FROM event WHERE subject = 'trust:levels' ORDER BY id")]


def rank(person: Person) -> int:
    return trusted(person.id, NOON).level.rank


def test_a_level_set_counts_when_a_colleague_puts_it_into_force(office):
    key = new_set(TIGHTER, office.first)
    assert levels() == DEFAULT

    with pytest.raises(NeedsColleague):
        approve(key, actor=office.first, at=NOON)
    approve(key, actor=office.second, at=NOON)

    assert levels() == TIGHTER
    assert verbs() == ["trust change asked", "trust change approved", "trust levels changed"]
    with pytest.raises(ProposalGone):
        approve(key, actor=office.second, at=NOON)


def test_the_database_keeps_it_to_two_as_well(office):
    key = new_set(TIGHTER, office.first)

    with pytest.raises(IntegrityError):
        run("UPDATE trust_proposal SET approved_at = 1, approved_by = ? WHERE id = ?", office.elena.id, key)


def test_what_was_asked_for_on_an_older_set_is_asked_for_again(one_engine):
    stale, other = new_set(TIGHTER, one_engine.first), new_set(DEFAULT[:4], one_engine.first)
    approve(other, actor=one_engine.second, at=NOON)

    with pytest.raises(ProposalGone):
        approve(stale, actor=one_engine.second, at=NOON)
    assert levels() == DEFAULT[:4] and one("SELECT approved_at FROM trust_proposal WHERE id = ?", stale)[0] is None
    with pytest.raises(ProposalGone):
        new_set(TIGHTER, one_engine.first, base=0)


def test_what_was_turned_down_cannot_be_approved(one_engine):
    key = new_set(TIGHTER, one_engine.first)
    turn_down(key, actor=one_engine.first, at=NOON)

    for act in (approve, turn_down):
        with pytest.raises(ProposalGone):
            act(key, actor=one_engine.second, at=NOON)
        with pytest.raises(ProposalGone):
            act(99, actor=one_engine.second, at=NOON)
    assert levels() == DEFAULT


def test_one_alone_changes_limits_where_the_company_says_so_and_it_is_written_down(one_engine):
    change_settings({"trust_staff": 1}, actor=HOUSE, at=NOON)

    assert new_set(TIGHTER, one_engine.first) is None
    assert levels() == TIGHTER and verbs() == ["trust levels changed alone"]


def test_more_than_the_law_expects_must_be_meant(one_engine):
    with pytest.raises(LooserThanLaw):
        new_set(LOOSER, HOUSE)
    new_set(LOOSER, HOUSE, sure=True)

    assert levels() == LOOSER


def test_a_set_needs_a_reason_and_a_change(one_engine):
    with pytest.raises(NoReasonForIt):
        new_set(TIGHTER, HOUSE, reason="  ")
    with pytest.raises(NothingChanged):
        new_set(DEFAULT, HOUSE)


def test_a_level_that_somebody_has_is_not_removed(one_engine):
    give_level(one_engine.anna.id, 4, "known", actor=HOUSE, at=NOON)
    with pytest.raises(LevelInUse) as refused:
        new_set(DEFAULT[:4], HOUSE)
    assert refused.value.facts == {"n": 1}

    give_level(one_engine.anna.id, 3, "not known", actor=HOUSE, at=NOON)
    new_set(DEFAULT[:4], HOUSE)
    assert len(levels()) == 4


def test_a_damaged_set_lets_nothing_out_and_money_in(one_engine):
    mine = accounts_of(purses(one_engine.anna.id))
    run("INSERT INTO level_set (body, since) VALUES ('[{', ?)", micros(NOON))

    with pytest.raises(LevelsUnreadable):
        must_be_within(one_engine.anna.id, mine, "purchase", eur(1), at=NOON)
    settle_excess_of(one_engine.anna.id, NOON)
    give(one_engine.anna, 500_00)
    assert [problem.facts for problem in audit()] == [{"id": 1}]

    new_set(DEFAULT, HOUSE, base=1)
    assert levels() == DEFAULT


def test_a_higher_level_waits_for_a_colleague_and_a_lower_one_counts_at_once(office):
    key = give_level(office.anna.id, 3, "known for years", actor=office.first, at=NOON)
    assert rank(office.anna) == 0
    approve(key, actor=office.second, at=NOON)
    assert rank(office.anna) == 3

    assert give_level(office.anna.id, 1, "passport was not his", actor=office.first, at=NOON) is None
    assert rank(office.anna) == 1
    assert rows("SELECT source, reason, \"by\" FROM trust_level ORDER BY id") == [
        ("office", "known for years", office.dragan.id), ("office", "passport was not his", office.elena.id)
    ]  # fmt: skip
    assert [verb for (verb,) in rows("SELECT verb FROM event WHERE verb IN ('trust risen', 'trust lowered') ORDER BY id")] == ["trust risen", "trust lowered"]  # fmt: skip


def test_a_fall_takes_no_money_but_holds_what_is_too_much(office):
    give_level(office.anna.id, 2, "known", actor=HOUSE, at=NOON)
    settle_excess_of(office.anna.id, NOON)
    assert not excess_held(purses(office.anna.id)).minor

    give_level(office.anna.id, 0, "not known", actor=HOUSE, at=NOON)

    (mine,) = purses(office.anna.id)
    assert excess_held([mine]) == eur(100_00)
    assert one("SELECT balance FROM account WHERE id = ?", mine.account)[0] == 250_00


def test_a_level_that_changed_in_the_meantime_is_not_given(one_engine):
    key = give_level(one_engine.anna.id, 3, "known", actor=one_engine.first, at=NOON)
    give_level(one_engine.anna.id, 1, "steps", actor=HOUSE, at=NOON)

    with pytest.raises(ProposalGone):
        approve(key, actor=one_engine.second, at=NOON)
    assert rank(one_engine.anna) == 1


def test_nobody_decides_about_his_own_level(one_engine):
    anna, own = one_engine.anna.id, Actor(one_engine.anna.id)
    for act in (
        lambda: give_level(anna, 3, "me", actor=own, at=NOON),
        lambda: give_exception(anna, WISH, "me", actor=own, at=NOON),
        lambda: approve(give_level(anna, 3, "known", actor=one_engine.first, at=NOON), actor=own, at=NOON),
    ):
        with pytest.raises(NotYourOwnLevel):
            act()


@pytest.mark.parametrize(("level", "refusal"), [(5, NoSuchLevel), (-1, NoSuchLevel), (0, SameLevel)])
def test_a_level_that_cannot_be_given(one_engine, level, refusal):
    with pytest.raises(refusal):
        give_level(one_engine.anna.id, level, "why", actor=HOUSE, at=NOON)


def test_an_exception_that_allows_more_waits_and_one_that_allows_less_counts_at_once(office):
    anna, mine = office.anna.id, accounts_of(purses(office.anna.id))
    assert give_exception(anna, WISH, "careful", actor=office.first, at=NOON) is None
    with pytest.raises(TooMuchAtOnce):
        must_be_within(anna, mine, "purchase", eur(20_01), at=NOON)

    key = give_exception(anna, WISH._replace(most=90_00), "asked for it", actor=office.first, at=NOON)
    approve(key, actor=office.second, at=NOON)

    must_be_within(anna, mine, "purchase", eur(90_00), at=NOON)
    assert one("SELECT count(*) FROM trust_exception WHERE ended_at IS NULL")[0] == 1, "it took the place of the one before"
    assert {told(each) for each in TrustException.select()} == {"20.00 EUR purchase each", "90.00 EUR purchase each"}


def test_an_exception_ends_once_and_his_level_counts_again(one_engine):
    anna, mine = one_engine.anna.id, accounts_of(purses(one_engine.anna.id))
    give_exception(anna, WISH, "careful", actor=HOUSE, at=NOON)
    end_exception(1, anna, actor=one_engine.first, at=NOON + timedelta(hours=1))

    must_be_within(anna, mine, "purchase", eur(40_00), at=NOON + timedelta(hours=1))
    with pytest.raises(ExceptionOver):
        end_exception(1, anna, actor=one_engine.first, at=NOON + timedelta(hours=2))


def test_an_exception_lasts_through_its_last_day(one_engine):
    give_exception(one_engine.anna.id, WISH, "careful", actor=HOUSE, at=NOON)
    assert TrustException.get().until.isoformat() == "2026-12-24T23:00:00+00:00", "midnight in Berlin"


def test_an_exception_that_waited_too_long_is_not_made(one_engine):
    wish = WISH._replace(most=90_00, until=date(2026, 11, 21))
    key = give_exception(one_engine.anna.id, wish, "asked", actor=one_engine.first, at=NOON)

    with pytest.raises(ProposalGone):
        approve(key, actor=one_engine.second, at=NOON + timedelta(days=2))


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (WISH._replace(kind="gift"), NotThisRule),
        (WISH._replace(kind="income"), NotThisRule),
        (WISH._replace(times=2), NotThisRule),
        (WISH._replace(most=None), NothingExcepted),
        (WISH._replace(until=date(2026, 11, 20)), NotADayForIt),
        (WISH._replace(until=date(2027, 11, 22)), NotADayForIt),
    ],
)
def test_an_exception_that_cannot_be(one_engine, wish, refusal):
    with pytest.raises(refusal):
        give_exception(one_engine.anna.id, wish, "why", actor=HOUSE, at=NOON)
    with pytest.raises(NoReasonForIt):
        give_exception(one_engine.anna.id, wish, "", actor=HOUSE, at=NOON)


def test_how_often_is_an_exception_too(one_engine):
    wish = Wish("pay-out", "day", None, 2, LATER)
    assert give_exception(one_engine.anna.id, wish, "asked", actor=one_engine.first, at=NOON) is None, "nothing limited it before"
    assert told(TrustException.get()) == "2x pay-out day"
    assert give_exception(one_engine.anna.id, wish._replace(times=3), "asked", actor=one_engine.first, at=NOON) is not None


def test_levels_of_a_file_are_taken_over_once(one_engine):
    given = {one_engine.anna.id: 2, one_engine.boris.id: 0}
    assert take_over_levels(given, at=NOON) == set(given)
    assert take_over_levels(given, at=NOON) == set()
    assert take_over_levels({one_engine.anna.id: 1}, at=NOON) == {one_engine.anna.id}
    assert [(row.person_id, row.level, row.source) for row in TrustLevel.select().order_by(TrustLevel.id)] == [
        (one_engine.anna.id, 2, "import"), (one_engine.boris.id, 0, "import"), (one_engine.anna.id, 1, "import")
    ]  # fmt: skip


def test_a_level_that_is_gone_meanwhile_is_not_given(one_engine):
    key = give_level(one_engine.anna.id, 4, "known", actor=one_engine.first, at=NOON)
    new_set((Level(0, (), (), 0, None, (Rule("purchase", "each", 5_00),)),), HOUSE, sure=True)

    with pytest.raises(ProposalGone):
        approve(key, actor=one_engine.second, at=NOON)
    assert body_of(levels()).startswith("[")
