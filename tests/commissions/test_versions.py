"""A plan is written in versions that never change; one proposes from when on a version counts, a colleague agrees."""

import json
from datetime import date, timedelta

import pytest

from tests.cast import NOON
from tests.commissions.network import LEVELS, booker, manager
from vps.commissions.actions import plan_on
from vps.commissions.actions.points import EndsTooEarly, set_point_value
from vps.commissions.actions.versions import (
    AlreadyCalculated,
    Decided,
    NeedsColleague,
    NoNote,
    NoSuchWallet,
    NotAlone,
    NothingNew,
    NotKept,
    PlanTooLong,
    ProposedAlready,
    agree_to_plan,
    keep_plan,
    propose_plan,
    withdraw_plan,
)
from vps.commissions.models import Plan
from vps.commissions.models.inputs import point_value
from vps.commissions.models.points import values_on
from vps.commissions.plans.reading import RateOfZero as PaysNothing
from vps.commissions.plans.worst import PaysTooMuch
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import WrongCurrency
from vps.kernel.database import one, rows, run
from vps.kernel.rates import RateOfZero
from vps.kernel.refusals import NotFound
from vps.wallets.actions import KindFacts, make_kind

DAY, LATER = date(2026, 12, 1), date(2027, 1, 1)


def written(cast, note="first", **changes):
    return keep_plan(json.dumps(LEVELS | changes), note, actor=manager(cast), at=NOON)


def bonus(**changes):
    return [LEVELS["bonuses"][0] | changes]


def verbs():
    return [verb for (verb,) in rows("SELECT verb FROM event WHERE subject LIKE 'plan:%' ORDER BY id")]


def test_a_version_is_kept_as_it_was_written_and_counts_for_nothing_yet(cast):
    assert (written(cast), written(cast, "more", name="Other")) == (1, 2)

    kept = Plan.get(Plan.version == 2)
    assert json.loads(kept.document)["name"] == "Other" and (kept.note, kept.made_by) == ("more", cast.elena.id)
    assert plan_on(LATER) is None
    assert verbs() == ["plan written", "plan written"]


def test_what_this_company_cannot_have_is_refused_and_nothing_is_kept(cast):
    make_kind("bonus", KindFacts({"en": "Bonus"}, commission=False), actor=HOUSE, at=NOON)
    refusals = [
        ({"bonuses": bonus(wallet="bonus")}, NoSuchWallet),
        ({"currency": "CHF"}, NotKept),
        ({"bonuses": bonus(of="points", currency="CHF"), "point_value": "1"}, NotKept),
        ({"bonuses": bonus(levels=["60", "50"])}, PaysTooMuch),
        ({"bonuses": bonus(levels=["0"])}, PaysNothing),
        ({"name": "x" * 100_001}, PlanTooLong),
    ]
    for changes, refusal in refusals:
        with pytest.raises(refusal):
            written(cast, **changes)
    with pytest.raises(NoNote):
        written(cast, " ")
    assert one("SELECT count(*) FROM commission_plan")[0] == 0
    assert written(cast, over_100=True, bonuses=bonus(levels=["60", "50"])) == 1


def test_what_the_newest_version_says_already_is_no_new_one(cast):
    written(cast)

    with pytest.raises(NothingNew):
        written(cast, "again")
    written(cast, "other", name="Other")
    assert written(cast, "back") == 3


def test_a_version_counts_from_its_day_on_once_a_colleague_agrees(cast):
    written(cast)
    key = propose_plan(1, DAY, actor=manager(cast), at=NOON)
    with pytest.raises(NeedsColleague):
        agree_to_plan(key, actor=manager(cast), at=NOON)
    with pytest.raises(NeedsColleague):
        agree_to_plan(key, actor=HOUSE, at=NOON)
    with pytest.raises(ProposedAlready):
        propose_plan(1, DAY, actor=booker(cast), at=NOON)
    assert plan_on(LATER) is None

    agree_to_plan(key, actor=booker(cast), at=NOON)

    assert plan_on(DAY - timedelta(days=1)) is None
    assert plan_on(DAY).version == plan_on(LATER).version == 1
    for again in (agree_to_plan, withdraw_plan):
        with pytest.raises(Decided):
            again(key, actor=booker(cast), at=NOON)
    assert verbs() == ["plan written", "plan proposed", "plan in force"]


def test_a_proposal_can_be_withdrawn_and_made_again(cast):
    written(cast)
    key = propose_plan(1, DAY, actor=manager(cast), at=NOON)

    withdraw_plan(key, actor=booker(cast), at=NOON)

    with pytest.raises(Decided):
        agree_to_plan(key, actor=booker(cast), at=NOON)
    propose_plan(1, DAY, actor=manager(cast), at=NOON)
    for missing in (lambda: agree_to_plan(99, actor=HOUSE, at=NOON), lambda: propose_plan(9, DAY, actor=HOUSE, at=NOON)):
        with pytest.raises(NotFound):
            missing()


def test_of_two_for_one_day_the_one_that_was_proposed_last_counts(cast):
    written(cast), written(cast, "more", name="Other")
    first, last = propose_plan(1, DAY, actor=manager(cast), at=NOON), propose_plan(2, DAY, actor=manager(cast), at=NOON)

    agree_to_plan(last, actor=booker(cast), at=NOON)

    with pytest.raises(Decided):
        agree_to_plan(first, actor=booker(cast), at=NOON)
    assert plan_on(DAY).version == 2


def test_one_person_alone_only_where_the_company_allows_it_and_it_stays_visible(cast):
    written(cast)
    with pytest.raises(NotAlone):
        propose_plan(1, DAY, alone=True, actor=manager(cast), at=NOON)
    change_settings({"plans_alone": 1}, actor=HOUSE, at=NOON)

    propose_plan(1, DAY, alone=True, actor=manager(cast), at=NOON)

    assert plan_on(DAY).version == 1
    assert one("SELECT alone, agreed_by FROM commission_plan_force") == (1, cast.elena.id)
    assert verbs()[-1] == "plan in force alone"
    with pytest.raises(Exception, match="immutable"):
        run("UPDATE commission_plan_force SET alone = NOT alone")


def test_no_plan_begins_in_a_period_that_was_calculated(cast):
    written(cast)
    waiting = propose_plan(1, DAY, actor=manager(cast), at=NOON)
    period = (
        "INSERT INTO commission_run (kind, lane, since, until, cutoff, currency, facts, orders_digest, lines_digest, orders, lines, partners,"
        " total, drafted_at, calculated_at, reason, attempt, claim, done, upto, turned, told, trouble)"
        " VALUES ('period', 'network', '2026-12-01', '2027-01-01', 0, 'EUR', '{}', '', '', 0, 0, 0, 0, 0, 1, '', 1, '', 0, 0, 0, 0, '')"
    )
    run(period)

    with pytest.raises(AlreadyCalculated):
        propose_plan(1, DAY + timedelta(days=1), actor=manager(cast), at=NOON)
    with pytest.raises(AlreadyCalculated):
        agree_to_plan(waiting, actor=booker(cast), at=NOON)
    propose_plan(1, LATER, actor=manager(cast), at=NOON)
    run("UPDATE commission_run SET discarded_at = 1")
    agree_to_plan(waiting, actor=booker(cast), at=NOON)


def test_a_point_is_worth_what_was_set_last_for_its_day(cast):
    half, more = 500_000_000, 750_000_000
    assert set_point_value("EUR", half, valid_from=date(2026, 1, 1), actor=manager(cast), at=NOON)
    assert not set_point_value("EUR", half, valid_from=date(2026, 1, 1), actor=manager(cast), at=NOON)
    set_point_value("EUR", more, valid_from=DAY, valid_to=DAY, actor=manager(cast), at=NOON)

    assert [values_on(day).get("EUR") for day in (date(2025, 12, 31), date(2026, 1, 1), DAY, LATER)] == [None, half, more, half]
    assert point_value("EUR", DAY) == 75
    assert rows("SELECT before, after FROM event WHERE verb = 'point value set'")[-1] == ("0.5", "0.75 2026-12-01 – 2026-12-01")
    with pytest.raises(RateOfZero):
        set_point_value("EUR", 0, valid_from=DAY, actor=manager(cast), at=NOON)
    with pytest.raises(EndsTooEarly):
        set_point_value("EUR", half, valid_from=DAY, valid_to=DAY - timedelta(days=1), actor=manager(cast), at=NOON)
    with pytest.raises(WrongCurrency):
        set_point_value("CHF", half, valid_from=DAY, actor=manager(cast), at=NOON)
