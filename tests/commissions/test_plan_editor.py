"""The editor of plans without pages: what a button does to a document, where a refusal is shown, and how a difference is told."""

import json
from copy import deepcopy

from vps.commissions.plan_editor import Draft, place_at_fault
from vps.commissions.plans.differences import Difference, differences

LEVELS = {"code": "levels", "kind": "unilevel", "levels": ["20", "10", "5"], "needs": [None, "star", None]}


def draft(**changes):
    bonuses = [deepcopy(LEVELS) | changes]
    return Draft({"name": "Ours", "currency": "EUR", "ranks": [{"code": "star"}], "bonuses": bonuses}, "en", {"main": "Main"}, ["EUR"])


def bonus(after):
    return json.loads(after.text)["bonuses"][0]


def test_a_level_that_is_taken_away_takes_its_rank_along():
    made = draft()
    made.press("-bonuses[0].levels[1]")

    assert bonus(made)["levels"] == ["20", "5"] and bonus(made)["needs"] == [None, None]


def test_the_last_level_taken_away_leaves_an_empty_list_to_be_filled_again():
    made = draft(levels=["20"])
    made.press("-bonuses[0].levels[0]")
    assert "levels" not in bonus(made)

    made.press("+bonuses[0].levels")

    assert bonus(made)["levels"] == [None]


def test_a_bonus_is_added_under_a_code_that_is_free():
    made = draft(code="tier")
    for kind in ("tier", "tier", "nonsense"):
        made.press("+bonuses", kind)

    assert [(each["code"], each["kind"]) for each in json.loads(made.text)["bonuses"]] == [
        ("tier", "unilevel"), ("tier-2", "tier"), ("tier-3", "tier"), ("unilevel", "unilevel"),
    ]  # fmt: skip


def test_a_choice_that_is_not_offered_changes_nothing():
    made = draft(compress="inactive")
    made.take({"bonuses[0].compress": "everybody", "bonuses[0].needs[0]": "nobody"})

    assert bonus(made)["compress"] == "inactive" and bonus(made)["needs"][0] is None


def test_a_refusal_is_shown_at_its_field_or_at_the_first_one_below():
    names = ["name", "bonuses[0].code", "bonuses[0].levels[0]", "bonuses[0].tiers[1][0]"]
    places = [("{ }", "name"), ("bonuses[0]", "code"), ("bonuses[0].levels[0]", ""), ("bonuses[0].tiers[1]", ""), ("cap", ""), ("", "")]

    assert [place_at_fault(*place, names) for place in places] == [*names, "", ""]


def test_differences_are_told_fact_by_fact_and_ranks_and_bonuses_are_known_by_their_codes():
    before = {"ranks": [{"code": "star", "needs": {}}], "bonuses": [{"code": "a", "tiers": [["0", "1"]]}, {"code": "b", "levels": ["5"]}]}
    after = {
        "ranks": [{"code": "star", "needs": {"own": "5.00"}}],
        "bonuses": [
            {"code": "b", "levels": ["5", {"fixed": "2.00"}]},
            {"code": "a", "tiers": [["0", {"fixed": "1.00"}]], "of_bonuses": ["b"]},
        ],
        "over_100": True,
    }

    assert differences(json.dumps(before), json.dumps(after)) == [
        Difference(("ranks", "star", "needs", "own"), None, "5.00"),
        Difference(("bonuses", "b", "levels", 2), None, "+2.00"),
        Difference(("bonuses", "a", "tiers", 1), "0 → 1", "0 → +1.00"),
        Difference(("bonuses", "a", "of_bonuses"), None, "b"),
        Difference(("bonuses", "sequence"), "a, b", "b, a"),
        Difference(("over_100",), None, "yes"),
        Difference(("ranks", "star", "needs"), "{}", None),
    ]
    assert differences(json.dumps(after), json.dumps(after)) == []
