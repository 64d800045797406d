"""A plan is tried on orders of the past beside the one in force: the same sums as a run would have, and nothing is booked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.cast import NOON
from tests.commissions.network import (
    AFTER,
    LEVELS,
    MONTH,
    NEXT,
    booked,
    booker,
    green_order,
    manager,
    partner_under,
    plan_in_force,
    run_of,
    worked,
)
from vps.commissions.actions import approve_run, draft_period, plan_on
from vps.commissions.actions.trials import (
    KEPT,
    TrialEndsTooEarly,
    TrialTooLong,
    ask_trial,
    calculated,
    forget_trials,
    job_key,
    past_of,
    with_its_places,
)
from vps.commissions.models import Trial
from vps.commissions.models.inputs import carried_until
from vps.commissions.models.trials import shares_of
from vps.jobs.worker import do_jobs
from vps.kernel.database import one, reading, rows, run
from vps.kernel.jobs import standing_of
from vps.kernel.refusals import NotFound
from vps.people.actions import move_partner

FIRST = NOON.date().replace(day=1)
LAST = (FIRST + timedelta(days=31)).replace(day=1) - timedelta(days=1)
FLAT = LEVELS | {"bonuses": [{"code": "levels", "kind": "unilevel", "level_1": "seller", "levels": ["25", "10"]}, {"code": "points", "name": "Points", "kind": "unilevel", "of": "points", "levels": ["10"]}], "point_value": "0.50"}  # fmt: skip


@pytest.fixture
def network(cast):
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    cast.dora = partner_under(cast.carla, "Dora Dorn")
    green_order(cast, cast.dora, quantity=2)
    green_order(cast, cast.dora, final_at=NOON - timedelta(days=60))
    return cast


def tried(cast, version, first=FIRST, last=LAST):
    key = ask_trial(version, first, last, actor=manager(cast), at=NOON)
    do_jobs()
    return key


def test_a_version_is_compared_with_the_plan_in_force_partner_by_partner(network):
    plan_in_force()
    plan_in_force(FLAT, since=date(2999, 1, 1))
    bookings = one("SELECT count(*) FROM booking")

    key = tried(network, 2)

    points = one("SELECT points FROM orders WHERE partner_id = ? ORDER BY id LIMIT 1", network.dora.id)[0]
    bonus = round(points * 5)
    assert [share[2:] for share in shares_of(key)] == [
        ("EUR", 0, 4_99),
        ("EUR", 9_98 + bonus, 9_98),
        ("EUR", 24_95, 19_96),
    ]
    found = Trial.get_by_id(key).found
    assert found["compared"] and found["orders"] == 1 and found["sales"] == [99_80, "EUR"]
    assert found["partners"] == [2, 3] and found["totals"] == [["EUR", 34_93 + bonus, 34_93]]
    assert found["bonuses"] == [["levels", "levels", "EUR", 34_93, 2, 34_93], ["points", "Points", "EUR", bonus, 1, 0]]
    assert [share[0] for share in found["top"]] == [network.dora.id, network.carla.id, network.boris.id]
    assert [share[0] for share in found["moved"]] == [network.boris.id, network.dora.id, network.carla.id]
    assert one("SELECT count(*) FROM booking") == bookings and one("SELECT count(*) FROM commission_run")[0] == 0
    assert one("SELECT count(*) FROM orders WHERE provisioned_at IS NOT NULL")[0] == 0


def test_the_plan_in_force_differs_from_itself_in_nothing_and_without_one_nothing_is_compared(network):
    plan_in_force(FLAT, since=date(2999, 1, 1))
    assert not Trial.get_by_id(tried(network, 1)).found["compared"]

    plan_in_force()
    found = Trial.get_by_id(tried(network, 2)).found

    assert found["compared"] and found["moved"] == [] and found["totals"] == [["EUR", 34_93, 34_93]]


def test_the_plan_of_a_run_tried_on_its_days_gives_the_run_line_by_line(network):
    pairs = {"code": "pairs", "kind": "binary", "percent": "10", "carry": "keep", "depth": 5}
    plan_in_force({"name": "Pairs", "currency": "EUR", "bonuses": [pairs, *LEVELS["bonuses"]]})
    left, right = partner_under(network.dora, "Lea Links"), partner_under(network.dora, "Rita Rechts")
    green_order(network, left, quantity=3)
    green_order(network, right)
    first = booked(network)
    # From here on the places that were given and the volume that was left over both matter.
    move_partner(right, sponsor=network.anna.number, since=AFTER.date(), reason="Moved away", actor=manager(network), at=AFTER)
    green_order(network, right, final_at=AFTER)
    later, end = AFTER + timedelta(days=32), (NEXT + timedelta(days=31)).replace(day=1)
    second = draft_period(NEXT, end, actor=booker(network), at=later)
    worked(later)
    approve_run(second, actor=manager(network), at=later)
    worked(later)

    trial = Trial.get_by_id(tried(network, 1, NEXT, end - timedelta(days=1)))
    with reading():
        past = with_its_places(past_of(trial), plan_on(NEXT).rules)
    sales, result = calculated(plan_on(NEXT).rules, past)

    ids = past.network.keys
    lines = [
        (ids[payee], sales.keys[order], n, bonus, level, base, rate, minor)
        for payee, order, n, bonus, level, _, base, rate, minor in result.lines
    ]
    of_run = rows(
        "SELECT payee, order_id, n, bonus, level, base, rate, amount FROM commission_line WHERE run_id = ? ORDER BY payee, order_id, n",
        second,
    )
    assert lines == of_run and any(line[0] == network.dora.id and line[3] == 0 for line in lines), "Dora is paid for a pair"
    assert [bonus[3:5] for bonus in trial.found["bonuses"]] == run_of(second).known["bonuses"]
    rules = plan_on(NEXT).rules
    assert carried_until(NEXT, rules) != {} and carried_until(MONTH, rules) == {} and first < second
    in_points = replace(rules, bonuses=tuple(replace(each, of="points") if each.kind == "binary" else each for each in rules.bonuses))
    assert carried_until(NEXT, in_points) == {}, "cents are no points"


def test_a_plan_that_cannot_be_calculated_says_why(network):
    unknown = {key: value for key, value in FLAT.items() if key != "point_value"}
    plan_in_force(unknown)

    key = tried(network, 1)

    assert standing_of(job_key(key)).error[1] == {"code": "points", "currency": "EUR"}
    assert Trial.get_by_id(key).done_at is None and rows("SELECT 1 FROM commission_trial_share") == []


def test_days_that_cannot_be_are_refused(house):
    plan_in_force()
    with pytest.raises(TrialEndsTooEarly):
        ask_trial(1, LAST, FIRST, actor=manager(house), at=NOON)
    with pytest.raises(TrialTooLong):
        ask_trial(1, FIRST, FIRST + timedelta(days=366), actor=manager(house), at=NOON)
    with pytest.raises(NotFound):
        ask_trial(7, FIRST, LAST, actor=manager(house), at=NOON)


def test_what_partners_would_have_got_is_forgotten_after_some_weeks_and_the_sums_stay(network):
    plan_in_force()
    key = tried(network, 1)
    forget_trials(at=NOON + KEPT)
    assert len(list(shares_of(key))) == 3

    forget_trials(at=NOON + KEPT + timedelta(seconds=1))

    assert list(shares_of(key)) == [] and Trial.get_by_id(key).found["orders"] == 1


def test_a_trial_begun_twice_is_there_once(network):
    plan_in_force()
    key = tried(network, 1)
    run("UPDATE job SET done_at = NULL, lease_until = NULL")

    do_jobs()

    assert len(list(shares_of(key))) == 3
