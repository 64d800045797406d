"""The editor of plans without pages: what a button does to a document, where a refusal is shown, and how a difference is told."""

import json
from copy import deepcopy

from vps.commissions.plan_editor import Draft, place_at_fault
from vps.commissions.plan_fields import BY_KIND
from vps.commissions.plans import bonuses
from vps.commissions.plans.differences import Difference, differences
from vps.commissions.plans.document import parse
from vps.commissions.plans.plan import Legs

LEVELS = {"code": "levels", "kind": "unilevel", "levels": ["20", "10", "5"], "needs": [None, "star", None]}


def draft(**changes):
    ours = [deepcopy(LEVELS) | changes]
    return Draft({"name": "Ours", "currency": "EUR", "ranks": [{"code": "star"}], "bonuses": ours}, "en", {"main": "Main"}, ["EUR"])


def bonus(after):
    return json.loads(after.text)["bonuses"][0]


def test_a_level_that_is_taken_away_takes_its_rank_along():
    made = draft()
    made.press("-bonuses[0].levels[1]")

    assert bonus(made)["levels"] == ["20", "5"] and "needs" not in bonus(made)


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


def test_every_word_of_a_kind_stands_in_its_form():
    elsewhere = {"needs": "with each level", "depth": "the number of levels says it, of a matrix"}
    for kind, (_, maybe, needed, rounds) in bonuses._READERS.items():
        known = {*maybe, *needed, "currency", *(("round",) if rounds else ())}
        assert known - set(BY_KIND[kind]) <= elsewhere.keys() and ("depth" in BY_KIND[kind]) == (kind == "binary")


def test_what_is_typed_into_the_form_is_what_the_plan_says():
    document = {
        "name": "Ours",
        "currency": "EUR",
        "ranks": [{"code": "member"}, {"code": "star", "percent": "10"}],
        "bonuses": [
            {"code": "pairs", "kind": "binary", "percent": "10", "of": "points"},
            {"code": "step", "kind": "differential", "of": "points"},
        ],
    }
    made = Draft(document, "de", {"main": "Main"}, ["EUR", "RSD"])
    typed = {
        "breakaway": "star",
        "ranks[1].needs.legs.count": "3",
        "ranks[1].needs.legs.volume": "2500,00",
        "ranks[1].needs.legs.within": "frontline",
        "bonuses[0].ratio": "1 2",
        "bonuses[0].depth": "5",
        "bonuses[0].currency": "RSD",
        "bonuses[1].from": "1",
        "bonuses[1].round": "sum",
    }
    assert typed.keys() <= {field.name for field in made.fields.every()}

    made.take(typed)

    plan = parse(made.text)
    pairs, step = plan.bonuses
    assert plan.breakaway == "star" and plan.ranks[1].needs.legs == (Legs(3, None, 250_000, "frontline"),)
    assert (pairs.ratio, pairs.depth, pairs.currency) == ((1, 2), 5, "RSD") and (step.first, step.round) == (1, "sum")
    shown = {field.name: field.value for field in made.fields.every()}
    assert {name: shown[name] for name in typed} == typed
    before = made.text
    made.take({**shown, "bonuses[0].ratio": "3 1"})
    assert made.text == before, "what says what it said before changes nothing, nor what is not offered"


def test_a_company_of_one_currency_is_not_asked_for_it():
    assert not [field.name for field in draft().fields.every() if field.name == "bonuses[0].currency"]
    assert [field.value for field in draft(currency="USD").fields.every() if field.name == "bonuses[0].currency"] == ["USD"]


def test_fixed_amounts_are_in_the_currency_of_their_bonus():
    made = draft(of="points", currency="HUF", levels=[{"fixed": "250.00"}])
    assert made.fields.bonuses()[0].rows[0].cells[0].value == "250.00 HUF"

    made.take({"bonuses[0].levels[0]": "300.00 HUF", "bonuses[0].cap": "9000"})

    assert bonus(made)["levels"] == [{"fixed": "300.00"}] and bonus(made)["cap"] == "9000.00"


def test_what_a_browser_sends_unasked_takes_nothing_away():
    document = {"name": "Ours", "currency": "EUR", "ranks": [{"code": "member", "percent": "10", "needs": {}}]}
    made = Draft(document | {"bonuses": [{"code": "step", "kind": "differential"}]}, "en", {"main": "Main"}, ["EUR"])
    before = made.text
    sent = {field.name: field.value or (field.options[0][0] if field.options else "") for field in made.fields.every()}

    made.take(sent)

    assert made.text == before, "a rank that everybody has"


def test_the_last_needed_rank_goes_with_its_level():
    made = draft(levels=["5", "3"], needs=["star"])
    made.press("-bonuses[0].levels[0]")

    assert bonus(made)["levels"] == ["3"] and "needs" not in bonus(made)


def test_a_rank_that_is_gone_can_be_taken_out_where_it_was_named():
    made = draft()
    made.document["breakaway"] = "star"
    made.press("-ranks[0]")

    named = {field.name: field.value for field in made.fields.every() if field.value == "star"}
    assert named == {"breakaway": "star", "bonuses[0].needs[1]": "star"}
    made.take(dict.fromkeys(named, ""))
    assert "star" not in made.text


def test_the_volume_of_a_pair_is_an_amount_unless_points_are_paired():
    made = Draft(
        {"currency": "EUR", "bonuses": [{"kind": "binary", "pair": "100.00"}, {"kind": "binary", "of": "points"}]}, "de", {}, ["EUR"]
    )
    made.take({"bonuses[0].pair": "200,00", "bonuses[1].pair": "50"})

    assert [each["pair"] for each in json.loads(made.text)["bonuses"]] == ["200.00", "50"]


def test_a_button_for_what_no_document_has_does_nothing():
    made = Draft({"name": "Ours", "currency": "EUR", "bonuses": True}, "en", {"main": "Main"}, ["EUR"])
    made.press(f"-bonuses[{'9' * 5000}]")
    assert json.loads(made.text)["bonuses"] is True

    made.press("+bonuses", "tier")

    assert bonus(made)["code"] == "tier"
