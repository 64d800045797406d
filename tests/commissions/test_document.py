"""What a plan may not say, and how that is told: each with its place."""

import json
from dataclasses import replace

import pytest

from tests.commissions.typed import unilevel
from vps.commissions.plans.bonuses import (
    CurrencyHere,
    EitherOr,
    NoSuchRank,
    OnlyPoints,
    TiersNotAscending,
    TooManyLevels,
    UnknownKind,
    WrongRatio,
    WrongTier,
    read_bonus,
)
from vps.commissions.plans.document import CodeTwice, NoSuchBonus, WorthNothing, WrongPointValue, canonical, kept, parse
from vps.commissions.plans.plan import Binary, Matrix
from vps.commissions.plans.reading import (
    KeyMissing,
    KeyTwice,
    NegativeHere,
    Node,
    NotAList,
    NotAnObject,
    NotAText,
    NotJson,
    NotTrueOrFalse,
    RateOfZero,
    UnknownKey,
    WrongAmountHere,
    WrongChoice,
    WrongCode,
    WrongNumber,
    WrongPercent,
)
from vps.commissions.plans.worst import PaysTooMuch, PaysWithoutLimit, worst_case

GOOD = unilevel("10")
LEVELS = GOOD["bonuses"][0]
TIERS = {"code": "t", "kind": "tier", "over": "own"}
PAIRS = {"code": "p", "kind": "binary"}
MATCH = {"code": "m", "kind": "matching", "of_bonuses": ["levels"], "levels": ["10"]}
POINTS = GOOD | {"bonuses": [LEVELS | {"of": "points", "currency": "USD"}]}


def bonus(**changes):
    return GOOD | {"bonuses": [LEVELS | changes]}


def only(*bonuses):
    return GOOD | {"bonuses": [LEVELS, *bonuses]}


REFUSED = [
    ("{", NotJson, {"line": 1, "column": 2}),
    ("[" * 100_000, NotJson, {"line": 1}),
    ('{"name": "a", "name": "b"}', KeyTwice, {"key": "name"}),
    ([], NotAnObject, {"where": "{ }"}),
    (GOOD | {"levls": 1}, UnknownKey, {"key": "levls"}),
    ({"name": "a", "currency": "EUR"}, KeyMissing, {"key": "bonuses"}),
    (GOOD | {"name": 7}, NotAText, {"where": "name"}),
    (GOOD | {"currency": "eur"}, CurrencyHere, {"where": "currency"}),
    (GOOD | {"rounding": "up"}, WrongChoice, {"where": "rounding"}),
    (GOOD | {"over_100": "yes"}, NotTrueOrFalse, {"where": "over_100"}),
    (GOOD | {"point_value": "1,5"}, WrongPointValue, {"where": "point_value"}),
    (GOOD | {"point_value": "0.0"}, WorthNothing, {"where": "point_value"}),
    (GOOD | {"breakaway": "gold"}, NoSuchRank, {"rank": "gold"}),
    (GOOD | {"ranks": [{"code": "a"}, {"code": "a"}]}, CodeTwice, {"code": "a"}),
    (
        GOOD | {"ranks": [{"code": "a", "needs": {"own": "1", "legs": [{"count": 0}]}}]},
        WrongNumber,
        {"where": "ranks[0].needs.legs[0].count"},
    ),
    (GOOD | {"active": {"own": "-1"}}, NegativeHere, {"where": "active.own"}),
    (GOOD | {"active": {"own_points": -5}}, NegativeHere, {"where": "active.own_points"}),
    (GOOD | {"active": {"own": "1.234"}}, WrongAmountHere, {"where": "active.own"}),
    (GOOD | {"cap": {"payee": "0.00"}}, RateOfZero, {"where": "cap.payee"}),
    (GOOD | {"bonuses": []}, NotAList, {"where": "bonuses"}),
    (GOOD | {"bonuses": [LEVELS, LEVELS]}, CodeTwice, {"code": "levels"}),
    (bonus(code="Levels"), WrongCode, {"where": "bonuses[0].code"}),
    (bonus(kind="pyramid"), UnknownKind, {"where": "bonuses[0].kind"}),
    (bonus(kind=None), KeyMissing, {"key": "kind"}),
    (bonus(currency="XXX"), CurrencyHere, {"where": "bonuses[0].currency"}),
    (bonus(currency="USD"), OnlyPoints, {"where": "bonuses[0].currency"}),
    (bonus(tiers=[]), UnknownKey, {"key": "tiers"}),
    (bonus(levels=["10", "0"]), RateOfZero, {"where": "bonuses[0].levels[1]"}),
    (bonus(levels=["ten"]), WrongPercent, {"where": "bonuses[0].levels[0]"}),
    (bonus(levels=[1.23456]), WrongPercent, {"where": "bonuses[0].levels[0]"}),
    (bonus(levels=[{"fixed": "-2.00"}]), NegativeHere, {"where": "bonuses[0].levels[0].fixed"}),
    (bonus(levels=["1"] * 101), TooManyLevels, {"most": 100}),
    (bonus(levels={"gold": ["1"]}), NoSuchRank, {"rank": "gold"}),
    (bonus(needs=["gold"]), NoSuchRank, {"where": "bonuses[0].needs[0]"}),
    (bonus(needs=[None, None]), TooManyLevels, {"most": 1}),
    (only(TIERS | {"tiers": [["100", "1"], ["100", "2"]]}), TiersNotAscending, {"where": "bonuses[1].tiers[1]"}),
    (only(TIERS | {"tiers": [["0", "1", "2"]]}), WrongTier, {"where": "bonuses[1].tiers[0]"}),
    (only(TIERS | {"over": "order", "on": "group", "tiers": [["0", "1"]]}), EitherOr, {"other": '"on": "group"'}),
    (only(TIERS | {"mode": "split", "on": "group", "tiers": [["0", "1"]]}), EitherOr, {"other": '"on": "own"'}),
    (only(TIERS | {"mode": "split", "tiers": [["0", {"fixed": "1.00"}]]}), WrongPercent, {"where": "bonuses[1].tiers[0][1]"}),
    (only({"code": "d", "kind": "differential", "rates": "volume"}), EitherOr, {"where": "bonuses[1]"}),
    (only({"code": "g", "kind": "generation", "leader": "gold", "levels": ["1"]}), NoSuchRank, {"where": "bonuses[1].leader"}),
    (GOOD | {"bonuses": [MATCH, LEVELS]}, NoSuchBonus, {"code": "levels"}),
    (only(PAIRS), EitherOr, {"one": '"percent"'}),
    (only(PAIRS | {"percent": "10", "ratio": [2, 2]}), WrongRatio, {"where": "bonuses[1].ratio"}),
    (only({"code": "x", "kind": "matrix", "width": 3, "depth": 3, "levels": ["1", "1"]}), TooManyLevels, {"where": "bonuses[1].levels"}),
    (only({"code": "k", "kind": []}), UnknownKind, {"where": "bonuses[1].kind"}),
    (only({"code": "u", "kind": "unilevel", "levels": {}}), NotAList, {"where": "bonuses[1].levels"}),
    (bonus(needs=[{}]), NoSuchRank, {"where": "bonuses[0].needs[0]"}),
    (only({"code": "g", "kind": "generation", "leader": [], "levels": ["1"]}), NoSuchRank, {"where": "bonuses[1].leader"}),
    (GOOD | {"breakaway": {}}, NoSuchRank, {"where": "breakaway"}),
    (bonus(currency=[]), CurrencyHere, {"where": "bonuses[0].currency"}),
    ('{"name": "\\ud800"}', NotJson, {"line": 1}),
    (
        only({"code": "d", "kind": "differential", "mode": "sum"}) | {"ranks": [{"code": "gold", "percent": "40"}]},
        PaysWithoutLimit,
        {"code": "d"},
    ),
    (
        only(PAIRS | {"of": "points", "currency": "JPY", "pair": "8", "fixed": "7", "depth": 3}) | {"point_value": "1.00"},
        PaysWithoutLimit,
        {"code": "p"},
    ),
    (bonus(levels=["60", "40.0001"]), PaysTooMuch, {"percent": "100.0001", "reasons": "levels 100.0001 %"}),
    (only(MATCH, TIERS | {"on": "group", "tiers": [["0", "1"]]}), PaysWithoutLimit, {"code": "t"}),
]


@pytest.mark.parametrize(("plan", "refusal", "facts"), REFUSED)
def test_a_wrong_plan_is_refused_with_the_place(plan, refusal, facts):
    with pytest.raises(refusal) as refused:
        parse(plan if isinstance(plan, str) else json.dumps(plan))
    assert refused.value.facts | facts == refused.value.facts
    assert str(refused.value), "the sentence has a place for every fact"


def test_numbers_may_be_written_as_numbers_and_stay_exact():
    assert parse(json.dumps(unilevel(7.1, 20))) == parse(json.dumps(unilevel("7.1", "20")))
    assert canonical('{"b": 7.10, "a": [1]}') == '{"a":["1"],"b":"7.10"}'


def test_more_than_an_order_brings_is_agreed_to_or_capped():
    assert parse(json.dumps(unilevel("60", "60") | {"over_100": True})).over_100
    assert worst_case(parse(json.dumps(unilevel("60", "60") | {"cap": {"percent_of_sales": "80"}})))[0] == (800_000, {})
    assert worst_case(parse(json.dumps(unilevel("10", {"fixed": "2.00"}))))[0] == (100_000, {"EUR": 200})
    mixed = unilevel("10", {"fixed": "2.00"})
    mixed["bonuses"].append(mixed["bonuses"][0] | {"code": "more", "of": "points", "currency": "RSD"})
    whole, each = worst_case(parse(json.dumps(mixed)))
    assert whole == (200_000, {"EUR": 200, "RSD": 200}) and each["more"] == (100_000, {"RSD": 200})


def test_what_was_kept_is_read_though_it_would_be_refused_today():
    text = json.dumps(unilevel("60", "60"))
    with pytest.raises(PaysTooMuch):
        parse(text)

    assert kept(text) == replace(parse(json.dumps(unilevel("60", "60") | {"over_100": True})), over_100=False)


def test_a_cap_on_sales_holds_only_what_is_paid_in_the_plans_currency():
    plan = unilevel("60", "60") | {"cap": {"percent_of_sales": "80"}}
    more = plan["bonuses"][0] | {"code": "more", "of": "points", "currency": "RSD", "levels": ["20", {"fixed": "3.00"}]}
    plan["bonuses"].append(more)
    assert worst_case(parse(json.dumps(plan)))[0] == (1_000_000, {"RSD": 300})

    more["levels"] = ["21"]
    with pytest.raises(PaysTooMuch) as refused:
        parse(json.dumps(plan))
    assert refused.value.facts["percent"] == "101"

    plan["bonuses"][0] = {"code": "pairs", "kind": "binary", "percent": "5"}  # without a limit, but for the cap
    assert worst_case(parse(json.dumps(plan | {"over_100": True})))[0].millionths == 1_010_000
    plan["bonuses"][1] |= {"kind": "binary", "percent": "5"}
    del more["levels"]
    with pytest.raises(PaysWithoutLimit) as endless:
        parse(json.dumps(plan))
    assert endless.value.facts == {"code": "more"}


@pytest.mark.parametrize(
    ("more", "millionths"),
    [
        ({"code": "d", "kind": "differential", "rates": "volume", "volume_tiers": [["0", "5"], ["9", "15"]]}, 150_000),
        ({"code": "d", "kind": "differential", "rates": "volume", "volume_tiers": [["0", "5"], ["9", "15"]], "mode": "sum"}, 150_000),
        ({"code": "d", "kind": "differential", "mode": "sum"}, None),
        ({"code": "d", "kind": "generation", "leader": "a", "levels": ["1", None, "2"]}, 30_000),
        (TIERS | {"tiers": [["0", "4"], ["5", "2"]]}, 40_000),
        (MATCH | {"levels": ["50", "10"]}, 60_000),
    ],
)
def test_the_worst_case_of_a_bonus_adds_up_what_it_can_pay_on_one_order(more, millionths):
    plan = only(more) | {"over_100": True, "ranks": [{"code": "a", "percent": "3"}, {"code": "b", "percent": "8", "needs": {}}]}
    assert worst_case(parse(json.dumps(plan)))[1][more["code"]].millionths == millionths


def test_matching_what_has_no_limit_has_none():
    group = TIERS | {"on": "group", "tiers": [["0", "1"]]}
    plan = only(group, MATCH | {"of_bonuses": ["t"]}) | {"over_100": True}
    assert worst_case(parse(json.dumps(plan)))[1]["m"].millionths is None


def test_binary_and_matrix_are_read_with_all_that_they_say():
    pairs = PAIRS | {"pair": "100.00", "fixed": "10.00", "ratio": [1, 2], "carry": "flush", "depth": 9, "cap": "500.00"}
    matrix = {"code": "m", "kind": "matrix", "width": 3, "depth": 2, "levels": ["5", {"fixed": "1.00"}]}
    read = [read_bonus(Node(json.loads(json.dumps(each), parse_int=str), "here"), "EUR", ()) for each in (pairs, matrix)]
    assert isinstance(read[0], Binary) and (read[0].pair, read[0].fixed, read[0].ratio, read[0].depth) == (10_000, 1_000, (1, 2), 9)
    assert isinstance(read[1], Matrix) and read[1].width == 3 and read[1].levels[1].fixed == 100
