"""Runs, lines and their facts in words."""

from datetime import date
from fractions import Fraction

from tests.cast import NOON, eur
from vps.commissions.models import Calculated, Got, Seen
from vps.commissions.plans.document import parse
from vps.commissions.words import run_called, told

PLAN = parse(
    '{"name": "P", "currency": "EUR", "over_100": true, "bonuses": ['
    '{"code": "pairs", "kind": "binary", "percent": "10"},'
    '{"code": "gift", "kind": "unilevel", "levels": [{"fixed": "2"}]},'
    '{"code": "points", "kind": "unilevel", "of": "points", "levels": ["3.3333"]}]}'
)
RUN = Calculated(1, "period", None, None, NOON, 7, PLAN, {"EUR": Fraction(25, 2)})


def line(bonus, minor, *, level=1, base=49_90, rate=100_000):
    return told(RUN, Seen(42, 0, bonus, level, 0, base, rate, minor, 5, eur(49_90), 40, eur(49_90), eur(0)), {5: "Eva L."})


def test_a_run_is_called_by_what_it_was_about():
    got = Got(1, "period", date(2026, 11, 1), date(2026, 12, 1), NOON, "main", eur(1), 1, "")

    assert run_called(got) == "Commission from Nov 1, 2026 to Nov 30, 2026"
    assert run_called(got._replace(kind="green", since=None, until=None)) == "Commission"
    assert run_called(got._replace(kind="manual", since=None, until=None)) == "Manual provision"


def test_points_are_worked_out_to_the_last_fraction():
    found = line(2, 17, base=40, rate=33_333)

    assert found.sum == "40 points × 3.3333% × €0.125 ≈ €0.17"
    assert found.sentences[-1] == "To the last fraction it is €0.166665, which is rounded to €0.17."
    assert ("Value of a point", "€0.125") in found.facts and ("Points", "40") in found.facts


def test_a_line_that_is_no_product_of_base_and_rate_shows_none():
    assert line(0, 3_21, level=0).sum == ""
    fixed = line(1, 2_00, rate=0)
    assert fixed.sum == "" and ("Percentage", "fixed amount") in fixed.facts and ("Version of the plan", "7") in fixed.facts
