"""Every line can be explained: each kind of rule has its sentence, and the sum is the one that was calculated."""

import json
from fractions import Fraction

import pytest

from vps.commissions.explain import CAPPED, REFUNDED, ROUNDED, SPREAD, Cause, Exact, Percent, Sale, explain
from vps.commissions.plans.bonuses import read_bonus
from vps.commissions.plans.reading import read_json
from vps.kernel.money import Money

SALE = Sale("1042", "Anna B.", Money(100_00, "EUR"), Money(0, "EUR"), Money(100_00, "EUR"), 40)
OWN = SALE._replace(seller="")


def rule(kind, **more):
    return read_bonus(read_json(json.dumps({"code": "x", "kind": kind, **more})), "EUR", ("member", "leader"))


def cause(minor, *, level=2, rate=100_000, base=100_00, via="", value=None):
    return Cause(level, via, base, rate, Money(minor, "EUR"), value)


def said(story):
    return " ".join(
        each.says % {name: fact.millionths / 10_000 if isinstance(fact, Percent) else fact for name, fact in each.facts.items()}
        for each in story.sentences
    )


def test_a_line_is_told_as_a_person_would():
    story = explain(rule("unilevel", levels=["20", "10"]), SALE, cause(10_00))

    assert said(story) == ("Anna B. sold order 1042 for 100.00 EUR. That is on your level 2, and level 2 pays 10.0: 10.00 EUR.")
    assert story.reckoned == (Money(100_00, "EUR"), Percent(100_000), None, Money(10_00, "EUR"), False)


def test_points_are_reckoned_with_what_a_point_was_worth():
    story = explain(rule("unilevel", of="points", levels=["20", "10"]), SALE, cause(2_00, base=40, value=Fraction(50)))

    assert "Points that it brought: 40." in said(story)
    assert story.reckoned == (40, Percent(100_000), Exact(Fraction(50), "EUR"), Money(2_00, "EUR"), False)


@pytest.mark.parametrize(
    ("bonus", "sale", "line", "words"),
    [
        (rule("unilevel", levels=["20"], level_1="seller"), OWN, cause(20_00, level=1), "Your own sales are level 1 of this rule"),
        (rule("unilevel", levels=[{"fixed": "2.00"}], level_1="seller"), OWN, cause(2_00, level=1, rate=0), "a fixed amount for each order"),
        (rule("unilevel", levels=["1", {"fixed": "2.00"}]), SALE, cause(2_00, rate=0), "level 2 pays a fixed amount for each order: 2.00"),
        (rule("unilevel", levels=["1", "1"], compress="inactive"), SALE, cause(1_00), "who were not active are not counted"),
        (rule("unilevel", levels=["1", "1"], compress="unqualified"), SALE, cause(1_00), "whose rank is too low"),
        (rule("matrix", width=3, levels=["5", "5"]), SALE, cause(5_00), "In the matrix that is on your level 2"),
        (rule("matrix", width=3, levels=["5", {"fixed": "1"}]), SALE, cause(1_00, rate=0), "In the matrix that is on your level 2, and level 2 pays a fixed"),
        (rule("differential"), OWN, cause(22_00, level=0, rate=220_000), "On your own sales you get your own percentage"),
        (rule("differential"), SALE, cause(5_00, rate=50_000), "higher than the highest one between you and this sale"),
        (rule("differential", mode="sum"), SALE, cause(5_00, rate=50_000), "that of the partner directly below you"),
        (rule("generation", leader="leader", levels=["1", "1"]), SALE, cause(1_00, rate=10_000, via="Eva L."), "your generation 2 (leader: Eva L.), and"),
        (rule("generation", leader="leader", levels=[{"fixed": "1"}]), SALE, cause(1_00, level=1, rate=0), "(leader: Anna B.), and generation 1 pays a fixed"),
        (rule("tier", over="order", tiers=[["0", "10"]]), OWN, cause(10_00, level=1), "An order of this size reaches tier 1"),
        (rule("tier", over="own", tiers=[["0", {"fixed": "5"}]]), OWN, cause(5_00, level=1, rate=0), "The part of this order: 5.00"),
        (rule("tier", over="group", tiers=[["0", "10"]]), SALE, cause(10_00, level=1), "The sales of your group in the period"),
        (rule("tier", mode="split", tiers=[["0", "10"]]), OWN, cause(10_00, level=1), "100.00 EUR of it lies in tier 1"),
        (rule("tier", mode="split", of="points", tiers=[["0", "10"]]), OWN, cause(4_00, level=1, base=40, value=Fraction(100)), "Points of it in tier 1: 40."),
        (rule("matching", of_bonuses=["y"], levels=["10"]), SALE, cause(2_00, level=1, base=20_00, via="Eva L."), "Eva L. earned 20.00 EUR by it."),
        (rule("binary", percent="10"), SALE, cause(7_31, level=0), "Your two legs were paired"),
        (rule("binary", pair="10", fixed="1"), SALE, cause(1_00, level=0, rate=0), "Each pair pays a fixed amount."),
    ],
)  # fmt: skip
def test_every_kind_of_rule_has_its_sentence(bonus, sale, line, words):
    assert words in said(explain(bonus, sale, line))


def test_what_the_customer_got_back_and_another_currency_are_told():
    sale = SALE._replace(refunded=Money(20_00, "EUR"))
    assert REFUNDED % {"refunded": "20.00 EUR", "left": "80.00 EUR"} in said(explain(rule("unilevel", levels=["1"]), sale, cause(80)))

    abroad = SALE._replace(total=Money(100_00, "RSD"), refunded=Money(0, "RSD"), counted=Money(85, "EUR"))
    assert "At the rate of this run that is 0.85 EUR." in said(explain(rule("unilevel", levels=["1"]), abroad, cause(1, base=85)))


@pytest.mark.parametrize(
    ("how", "base", "minor", "says"),
    [
        ("line", 99_95, 10_00, ROUNDED),
        ("line", 100_00, 10_00, None),
        ("line", 100_00, 7_00, CAPPED),
        ("sum", 99_95, 9_99, SPREAD),
    ],
)
def test_rounding_is_shown_when_it_rounded_and_a_cap_when_it_cut(how, base, minor, says):
    story = explain(rule("unilevel", levels=["20", "10"], round=how), SALE, cause(minor, base=base))

    assert [each.says for each in story.sentences[2:]] == ([says] if says else [])
    assert story.reckoned.near is bool(says)


def test_a_part_of_a_larger_sum_has_no_sum_of_its_own():
    assert explain(rule("binary", percent="10"), SALE, cause(7_31)).reckoned is None
    assert explain(rule("unilevel", of="points", levels=["1"]), SALE, cause(1_00, base=40)).reckoned is None
