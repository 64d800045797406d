"""What pairs up of two legs, whose orders it comes from, and what is left for the next period."""

import json

import pytest

from tests.commissions.drawn import result_of
from tests.commissions.reference_cents import Order, Partner
from vps.commissions.plans.document import parse
from vps.commissions.plans.reading import UnknownKey, WrongNumber
from vps.commissions.plans.worst import PaysTooMuch, PaysWithoutLimit

TEN_PERCENT = {"code": "pairs", "kind": "binary", "percent": "10"}
A_PAIR = {"code": "pairs", "kind": "binary", "pair": "100.00", "fixed": "10.00"}
ANNA, LEFT, RIGHT, FAR_LEFT = range(4)
TEAM = [Partner(), Partner(ANNA), Partner(ANNA), Partner(LEFT)]


def plan_of(bonus, **more):
    return {"name": "Pairs", "currency": "EUR", "over_100": True, "bonuses": [bonus]} | more


def calculated(bonus, *orders, team=TEAM, carried=None, **more):
    """What Anna gets of each order, and what is carried over of her legs."""
    result = result_of(plan_of(bonus, **more), team, [Order(*order) for order in orders], {"pairs": carried or {}})
    paid = {order: amount for payee, order, *_, amount in result.lines if payee == ANNA}
    return paid, dict(result.carried.get("pairs", {})).get(ANNA)


def test_ten_percent_of_the_weaker_leg_come_from_the_orders_of_both_and_the_rest_is_carried():
    paid, rest = calculated(TEN_PERCENT, (FAR_LEFT, 1000_00), (RIGHT, 600_00))
    assert sum(paid.values()) == 60_00
    assert paid == {0: 37_50, 1: 22_50}
    assert rest == (400_00, 0)


def test_what_was_carried_pairs_up_with_new_orders_which_alone_are_paid_on():
    paid, rest = calculated(TEN_PERCENT, (RIGHT, 500_00), carried={ANNA: (400_00, 0)})
    assert paid == {0: 40_00}
    assert rest == (0, 100_00)


def test_without_a_new_order_what_was_carried_waits():
    assert calculated(TEN_PERCENT, (ANNA, 500_00), carried={ANNA: (400_00, 300_00)}) == ({}, (400_00, 300_00))


def test_two_periods_pair_up_as_much_as_one():
    first, second = [Order(FAR_LEFT, 1000_00), Order(RIGHT, 600_00)], [Order(LEFT, 20_00), Order(RIGHT, 700_00)]
    earlier = result_of(plan_of(TEN_PERCENT), TEAM, first)
    paid = list(earlier.lines)
    later = result_of(plan_of(TEN_PERCENT), TEAM, second, earlier.carried)
    together = result_of(plan_of(TEN_PERCENT), TEAM, first + second)
    assert sum(line[-1] for line in [*paid, *later.lines]) == sum(line[-1] for line in together.lines) == 102_00
    assert {code: dict(legs) for code, legs in later.carried.items()} == {code: dict(legs) for code, legs in together.carried.items()}


def test_flushing_carries_nothing():
    assert calculated(TEN_PERCENT | {"carry": "flush"}, (LEFT, 1000_00), (RIGHT, 600_00))[1] is None


def test_whole_pairs_pay_a_fixed_amount_each_and_broken_ones_wait():
    paid, rest = calculated(A_PAIR, (LEFT, 350_00), (RIGHT, 299_99))
    assert sum(paid.values()) == 20_00
    assert rest == (150_00, 99_99)


@pytest.mark.parametrize("ratio", [[1, 2], [2, 1]])
@pytest.mark.parametrize(("left", "right", "rest"), [(100_00, 200_00, None), (200_00, 100_00, None), (100_00, 100_00, (50_00, 0))])
def test_of_one_to_two_the_stronger_leg_gives_two(ratio, left, right, rest):
    paid, left_over = calculated(TEN_PERCENT | {"ratio": ratio}, (LEFT, left), (RIGHT, right))
    assert (sum(paid.values()), left_over) == (5_00 if rest else 10_00, rest)


def test_points_pair_up_like_money_and_are_paid_at_their_worth():
    points = TEN_PERCENT | {"of": "points"}
    paid, rest = calculated(points, (LEFT, 0, 90), (RIGHT, 0, 45), point_value="0.85")
    assert sum(paid.values()) == 3_83  # 4.5 points at 0.85 are 3.825
    assert rest == (45, 0)


def test_the_cap_is_for_a_payee_and_period_and_what_it_cuts_off_is_gone():
    paid, rest = calculated(TEN_PERCENT | {"cap": "50.00"}, (LEFT, 1000_00), (RIGHT, 600_00))
    assert (sum(paid.values()), rest) == (50_00, (400_00, 0))


def test_the_cents_that_do_not_divide_go_to_the_largest_rests_and_then_to_the_earlier_orders():
    paid, _ = calculated(TEN_PERCENT, (LEFT, 10_00), (LEFT, 10_00), (RIGHT, 10_00), (RIGHT, 10_00))
    assert sum(paid.values()) == 2_00
    three, _ = calculated(TEN_PERCENT | {"percent": "0.1"}, (LEFT, 10_00), (LEFT, 10_00), (RIGHT, 10_00), (RIGHT, 10_00))
    assert three == {0: 1, 1: 1}


def test_who_is_not_paid_pairs_up_all_the_same():
    team = [Partner(stopped=True), *TEAM[1:]]
    assert calculated(TEN_PERCENT, (LEFT, 1000_00), (RIGHT, 600_00), team=team) == ({}, (400_00, 0))


def test_only_so_many_levels_count_when_the_plan_says_so():
    assert calculated(TEN_PERCENT | {"depth": 1}, (FAR_LEFT, 1000_00), (LEFT, 10_00), (RIGHT, 600_00)) == ({1: 2, 2: 98}, (0, 590_00))


def test_a_line_names_the_level_the_leg_the_percentage_and_what_of_the_paired_volume_is_its_orders():
    lines = list(result_of(plan_of(TEN_PERCENT), TEAM, [Order(FAR_LEFT, 1000_00), Order(RIGHT, 600_00)]).lines)
    assert lines == [(ANNA, 0, 0, 0, 2, LEFT, 375_00, 100_000, 37_50), (ANNA, 1, 0, 0, 1, RIGHT, 225_00, 100_000, 22_50)]


@pytest.mark.parametrize(
    ("bonus", "percent"),
    [
        (TEN_PERCENT | {"depth": 11}, "110"),  # each of eleven can be paid on all of an order that the weaker leg still needed
        (TEN_PERCENT | {"depth": 21, "carry": "flush"}, "105"),  # on half of it: its part of both legs
        (TEN_PERCENT | {"depth": 31, "carry": "flush", "ratio": [1, 2]}, "103.3334"),
        (A_PAIR | {"depth": 11}, "110"),
        (A_PAIR | {"depth": 21, "carry": "flush"}, "105"),
        (A_PAIR | {"depth": 11, "of": "points", "pair": "100"}, "110"),
    ],
)
def test_a_plan_that_could_pay_more_than_an_order_brings_is_refused_with_its_worst_case(bonus, percent):
    with pytest.raises(PaysTooMuch) as refused:
        parse(json.dumps(plan_of(bonus, over_100=False, point_value="1.00")))
    assert refused.value.facts["percent"] == percent


@pytest.mark.parametrize("bonus", [TEN_PERCENT, A_PAIR | {"of": "points", "pair": "100", "depth": 3}])
def test_a_tree_without_a_limit_of_levels_needs_a_cap(bonus):
    with pytest.raises(PaysWithoutLimit):
        parse(json.dumps(plan_of(bonus, over_100=False)))
    parse(json.dumps(plan_of(bonus, over_100=False, cap={"percent_of_sales": "60"})))


def test_a_matrix_can_pay_its_levels_together():
    matrix = {"code": "matrix", "kind": "matrix", "width": 3, "levels": ["40", "40", "30"]}
    with pytest.raises(PaysTooMuch) as refused:
        parse(json.dumps(plan_of(matrix, over_100=False)))
    assert refused.value.facts["percent"] == "110"


@pytest.mark.parametrize(
    ("bonus", "refusal"),
    [
        ({"code": "matrix", "kind": "matrix", "width": 1, "levels": ["5"]}, WrongNumber),
        ({"code": "matrix", "kind": "matrix", "width": 21, "levels": ["5"]}, WrongNumber),
        (TEN_PERCENT | {"round": "line"}, UnknownKey),
    ],
)
def test_what_a_tree_cannot_be_is_refused(bonus, refusal):
    with pytest.raises(refusal):
        parse(json.dumps(plan_of(bonus)))


def test_a_matrix_pays_along_the_places_and_not_along_the_sponsors():
    matrix = {"code": "matrix", "kind": "matrix", "width": 2, "levels": ["10", {"fixed": "3.00"}]}
    four_of_anna = [Partner(), *[Partner(ANNA)] * 4]
    result = result_of(plan_of(matrix), four_of_anna, [Order(4, 100_00)])
    assert [(payee, level, via, amount) for payee, _, _, _, level, via, _, _, amount in result.lines] == [
        (ANNA, 2, 1, 3_00),
        (1, 1, 4, 10_00),
    ]


@pytest.mark.parametrize(("levels", "amount"), [(["5"] * 3, 195_00), ([{"fixed": "5.00"}, {"fixed": "3.00"}, {"fixed": "2.00"}], 96_00)])
def test_a_full_matrix_of_three_by_three_pays_for_thirty_nine(levels, amount):
    matrix = {"code": "matrix", "kind": "matrix", "width": 3, "depth": 3, "levels": levels}
    team = [Partner(), *[Partner(ANNA)] * 45]
    lines = result_of(plan_of(matrix), team, [Order(partner, 100_00) for partner in range(1, 46)]).lines
    assert sum(line[-1] for line in lines if line[0] == ANNA) == amount
