"""What holds of every calculation, and what single rules mean, in small networks that can be checked by hand."""

import hashlib
import json
import os
import subprocess
import sys
from array import array
from fractions import Fraction
from random import Random

import pytest

from tests.commissions.drawn import engine_lines, network, orders_in, plan
from tests.commissions.typed import amounts, calculated, typed, unilevel
from vps.commissions.plans.calculate import NoPointValue, calculate
from vps.commissions.plans.cents import rounded, spread
from vps.commissions.plans.document import parse
from vps.commissions.plans.network import Network, Sales

CHAIN = "partner,sponsor\nA,\nB,A\nC,B\nD,C\n"
SALE = "order,partner,amount\n1,D,100.00\n"
DIGEST = """
from random import Random
from tests.commissions.drawn import engine_lines, network, orders_in, plan
import hashlib
found = []
for seed in range(40):
    dice = Random(seed)
    document, partners = plan(dice), network(dice)
    found.append(engine_lines(document, partners, orders_in(dice, partners)))
print(hashlib.sha256(repr(found).encode()).hexdigest())
"""


def test_the_same_inputs_give_the_same_bytes_whatever_the_hash_seed():
    told = [
        subprocess.run(
            [sys.executable, "-c", DIGEST], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        for seed in ("1", "2")
    ]
    found = []
    for seed in range(40):
        dice = Random(seed)
        document, partners = plan(dice), network(dice)
        found.append(engine_lines(document, partners, orders_in(dice, partners)))
    assert {each.stdout.strip() for each in told} == {hashlib.sha256(repr(found).encode()).hexdigest()}


@pytest.mark.parametrize("seed", range(20))
def test_lines_are_sorted_counted_and_never_zero(seed):
    dice = Random(seed)
    document, partners = plan(dice), network(dice)
    lines = engine_lines(document, partners, orders_in(dice, partners))
    assert [line[:3] for line in lines] == sorted({line[:3] for line in lines})
    assert all(line[-1] > 0 for line in lines)


def test_the_order_of_the_rows_of_a_file_of_orders_does_not_matter(tmp_path):
    rows = ["9,D,33.33", "10,C,66.67", "a,D,1.01", "2,B,0.05"]
    told = [
        calculated(tmp_path, unilevel("10", "5"), CHAIN, "order,partner,amount\n" + "\n".join(each))
        for each in (rows, rows[::-1], rows[2:] + rows[:2])
    ]
    assert told[0] == told[1] == told[2]
    assert [order["order"] for order in told[0]["orders"]] == ["2", "9", "10", "a"]


def test_the_payees_the_orders_and_the_lines_have_one_sum(tmp_path):
    told = calculated(tmp_path, unilevel("3.3333", "2", "1"), CHAIN, "order,partner,amount\n1,D,99.99\n2,C,0.17\n3,A,5.00\n")
    sums = [
        sum(round(float(each[key]) * 100) for each in told[name])
        for name, key in (("payees", "amount"), ("lines", "amount"), ("orders", "paid"))
    ]
    assert sums == [round(float(told["total"]) * 100)] * 3


def test_what_would_be_theirs_stays_with_the_company_when_somebody_is_stopped_inactive_or_closed(tmp_path):
    for column in ("stopped,yes", "active,no", "closed,yes"):
        name, value = column.split(",")
        tree = f"partner,sponsor,{name}\nA,,\nB,A,\nC,B,{value}\nD,C,\n"
        assert amounts(calculated(tmp_path, unilevel("10", "5"), tree, SALE)) == {"B": "5.00"}
        rolled = amounts(calculated(tmp_path, unilevel("10", "5", compress="inactive"), tree, SALE))
        assert rolled == ({"B": "5.00"} if name == "stopped" else {"A": "5.00", "B": "10.00"})


def test_a_point_has_a_worth_in_every_currency_it_is_paid_in(tmp_path):
    plan = unilevel("10", of="points") | {"point_value": "0.5"}
    orders = "order,partner,amount,points\n1,D,10.00,30\n"
    assert amounts(calculated(tmp_path, plan, CHAIN, orders)) == {"C": "1.50"}
    assert amounts(calculated(tmp_path, plan, CHAIN, orders, "--point-value", "2")) == {"C": "6.00"}
    plan["bonuses"][0]["currency"] = "USD"
    assert NoPointValue.says % {"code": "levels", "currency": "USD"} in typed(tmp_path, plan, CHAIN, orders).output


def test_what_is_paid_in_another_currency_is_summed_by_itself_and_not_capped_with_the_rest():
    plan = unilevel("10") | {"cap": {"payee": "3.00"}}
    plan["bonuses"].append({"code": "usd", "kind": "unilevel", "levels": ["10"], "of": "points", "currency": "USD"})
    sales = Sales([1], array("q", [1]), array("q", [100_00]), array("q", [100]))
    result = calculate(parse(json.dumps(plan)), Network(["A", "B"], array("q", [-1, 0])), sales, point_values={"USD": Fraction(110)})
    assert [(line[3], line[-1]) for line in result.lines] == [(0, 3_00), (1, 11_00)]


def test_caps_cut_in_proportion_and_the_cents_left_over_go_to_the_largest_remainders(tmp_path):
    orders = "order,partner,amount\n1,D,10.00\n2,D,10.00\n3,D,10.00\n"
    told = calculated(tmp_path, unilevel("10", "10", cap="1.00"), CHAIN, orders)
    assert [line["amount"] for line in told["lines"] if line["partner"] == "C"] == ["0.34", "0.33", "0.33"]
    told = calculated(tmp_path, unilevel("10", "20") | {"cap": {"percent_of_sales": "10"}}, CHAIN, orders)
    assert (told["total"], amounts(told)) == ("3.00", {"B": "2.00", "C": "1.00"})


def test_rounding_once_for_the_sum_or_for_each_line(tmp_path):
    orders = "order,partner,amount\n" + "".join(f"{n},D,0.05\n" for n in range(1, 7))
    assert calculated(tmp_path, unilevel("10"), CHAIN, orders)["total"] == "0.06"
    once = calculated(tmp_path, unilevel("10", round="sum"), CHAIN, orders)
    assert (once["total"], [line["order"] for line in once["lines"]]) == ("0.03", ["1", "2", "3"])


@pytest.mark.parametrize(("how", "wanted"), [("half up", [1, 2, 3]), ("half even", [0, 2, 2]), ("down", [0, 1, 2])])
def test_halves_go_up_to_the_even_one_or_down(how, wanted):
    assert [rounded(number, 10, how) for number in (5, 15, 25)] == wanted
    assert rounded(26, 10, how) == (2 if how == "down" else 3)


def test_sharing_out_loses_no_cent():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(1, [1, 5, 5]) == [0, 1, 0]
    assert spread(0, [3, 4]) == [0, 0]
    assert spread(5, [0, 0]) == [0, 0]


def test_a_refusal_is_told_in_the_language_that_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr("vps.cli._language", ["en"])  # so that it is not kept for the commands of other tests
    result = typed(tmp_path, unilevel("60", "60"), CHAIN, SALE, language="de")
    assert result.exit_code == 2
    assert "Dieser Plan kann 120 % einer Bestellung zahlen (levels 120 %)" in result.output
