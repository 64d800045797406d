"""Trying a plan on files: what is wrong with them is told by line, and what is carried over can be read again."""

import json
from dataclasses import replace

import pytest

from tests.commissions.typed import amounts, calculated, typed, unilevel
from vps.commissions.carried import read_carried
from vps.commissions.files import read_tree
from vps.commissions.plans.document import parse
from vps.commissions.plans.plan import Binary
from vps.kernel.refusals import Refused

TREE = "partner,sponsor\nA,\nB,A\nC,B\n"
ORDERS = "order,partner,amount\n1,C,100.00\n"
RANKED = unilevel("10") | {"ranks": [{"code": "silver"}]}

WRONG_TREES = [
    ("A,A\n", "Line 2, column sponsor: Nobody can be above himself."),
    ("A,Z\n", "Line 2, column sponsor: There is no partner “Z” in the tree."),
    ("A,\nB,C\nC,D\nD,B\nE,E2\nE2,E\nF,E\n", "Line 3, column sponsor: These are above each other in a circle: B → C → D → B"),
    ("A,\nB,C\nC,D\nD,B\nE,E2\nE2,E\nF,E\n", "Line 6, column sponsor: These are above each other in a circle: E → E2 → E"),
    ("A,\nA,\n", "Line 3, column partner: This has been in line 2 already."),
    (",A\n", "Line 2, column partner: Nothing is written here."),
    (f"{'A' * 81},\n", "Line 2, column partner: This is too long. Most characters: 80."),
    ("A,,rank=gold\n", "Line 2, column rank: The plan has no such rank. Its ranks: silver"),
    ("A,,percent=101\n", "Line 2, column percent: Please write a percentage from 0 to 100"),
    ("A,,active=maybe\n", "Line 2, column active: Please write “yes” or “no”."),
    ("A,,parent=A\n", "Line 2, column parent: Nobody can be above himself."),
    ("A,,parent=B\nB,A,parent=A\n", "Line 2, column parent: These are above each other in a circle: A → B → A"),
    ("A,,leg=0\n", "Line 2, column leg: Please write “left”, “right”, or the number"),
    (
        "A,,parent=;leg=\nB,A,parent=;leg=left\n",
        "Line 3, column leg: A leg says nothing without the column parent: who stands directly above?",
    ),
    ("A,,leg=\nB,A,leg=left\n", "Line 3, column leg: A leg says nothing without the column parent"),
    ("A,,parent=;leg=\nB,A,parent=A;leg=left\nC,A,parent=A;leg=1\n", "Line 4, column leg: This place under the parent is taken by line 3."),
]


def tree_of(rows: str) -> str:
    """'A,,rank=gold' with a column for each of its further cells."""
    found = [row.split(",") for row in rows.splitlines()]
    more = [dict(cell.split("=") for cell in row[2].split(";")) if len(row) > 2 else {} for row in found]
    columns = sorted({column for cells in more for column in cells})
    lines = [",".join([*row[:2], *[cells.get(column, "") for column in columns]]) for row, cells in zip(found, more, strict=True)]
    return "\n".join([",".join(["partner", "sponsor", *columns]), *lines])


@pytest.mark.parametrize(("rows", "told"), WRONG_TREES)
def test_a_wrong_tree_is_refused_line_by_line(rows, told, tmp_path):
    result = typed(tmp_path, RANKED, tree_of(rows), ORDERS)
    assert result.exit_code == 2
    assert told in result.output and "The file has mistakes. Nothing was calculated." in result.output


def test_orders_are_refused_with_every_mistake_at_once(tmp_path):
    orders = "order,partner,amount,points,currency,date\n1,Z,10.00,,,\n2,C,-1.00,-3,,\n2,C,1.00,,,\n3,C,1.234,,USD,\n4,C,,1.5,,2026-02-30\n3,C,1,,,\n"
    result = typed(tmp_path, unilevel("10"), TREE, orders)
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.output.splitlines()] == [
        "--orders orders.txt",
        "Line 2, column partner",
        "Line 3, column amount",
        "Line 3, column points",
        "Line 5, column amount",
        "Line 5, column currency",
        "Line 6, column amount",
        "Line 6, column points",
        "Line 6, column date",
        "The file has mistakes. Nothing was calculated.",
    ]


def test_an_order_that_stands_twice_is_refused(tmp_path):
    assert "Line 3, column order: This has been in line 2 already." in typed(tmp_path, unilevel("1"), TREE, ORDERS + "1,C,5.00\n").output


def test_what_is_no_text_is_refused(tmp_path):
    assert "not written in UTF-8" in typed(tmp_path, b"\xff", TREE, ORDERS).output


def test_which_file_is_empty_is_said(tmp_path):
    files = {"plan": unilevel("10"), "tree": TREE, "orders": ORDERS}
    carried = tmp_path / "carried.txt"
    carried.write_text("")

    for name in files:
        assert f"--{name} {name}.txt:" in typed(tmp_path, **(files | {name: ""})).output.splitlines()
    assert "--carried carried.txt:" in typed(tmp_path, *files.values(), "--carried", str(carried)).output.splitlines()


def test_a_point_worth_nothing_is_refused_in_words_of_the_command_line(tmp_path):
    told = typed(tmp_path, unilevel("10", of="points"), TREE, ORDERS, "--point-value", "0")
    assert (told.exit_code, told.output) == (2, "--point-value: a point must be worth more than zero.\n")


def test_percents_by_hand_count_for_the_worst_case(tmp_path):
    plan = {
        "name": "D",
        "currency": "EUR",
        "bonuses": [{"code": "d", "kind": "differential"}, {"code": "t", "kind": "tier", "tiers": [["0", "50"]]}],
    }
    assert (
        "This plan can pay 110 % of an order (d 60 % + t 50 %)" in typed(tmp_path, plan, "partner,sponsor,percent\nC,,60\n", ORDERS).output
    )
    plan["bonuses"][0]["mode"] = "sum"
    assert "has no limit" in typed(tmp_path, plan, "partner,sponsor,percent\nC,,1\n", ORDERS).output


def test_an_order_on_which_more_is_paid_than_it_brings_is_a_problem_unless_it_was_agreed_to(tmp_path):
    plan = unilevel({"fixed": "2.00"})
    orders = "order,partner,amount\n1,C,1.00\n2,C,2.00\n"
    table, told = (typed(tmp_path, plan, TREE, orders, *options) for options in ((), ("--json",)))
    assert (table.exit_code, told.exit_code) == (1, 1)
    assert "Order 1: more is paid than it brings." in table.output
    assert [problem["order"] for problem in json.loads(told.output)["problems"]] == ["1"]
    assert calculated(tmp_path, plan | {"over_100": True}, TREE, orders)["problems"] == []
    assert "has no limit" in typed(tmp_path, unilevel("1") | NO_LIMIT, TREE, orders).output


NO_LIMIT = {"over_100": True, "bonuses": [{"code": "t", "kind": "tier", "over": "group", "tiers": [["0", "1"]]}]}


def test_the_answer_says_what_a_line_rests_on(tmp_path):
    told = calculated(tmp_path, RANKED | unilevel("10", "2.5") | {"name": "Levels"}, TREE, ORDERS)
    assert told["lines"][0] == {
        "partner": "A",
        "order": "1",
        "seller": "C",
        "bonus": "levels",
        "level": 2,
        "via": "B",
        "base": "100.00",
        "rate": "2.5",
        "amount": "2.50",
        "rule": "levels: unilevel, level 2",
    }
    assert told["maximum_percent"] == 12.5
    assert told["orders"] == [{"order": "1", "partner": "C", "amount": "100.00", "points": "0", "paid": "12.50", "percent": "12.5"}]


def test_a_plan_has_one_digest_however_it_is_laid_out(tmp_path):
    plan = unilevel("10")
    one = calculated(tmp_path, plan, TREE, ORDERS)["plan"]
    assert calculated(tmp_path, dict(reversed(plan.items())), TREE, ORDERS)["plan"] == one
    assert calculated(tmp_path, unilevel("11"), TREE, ORDERS)["plan"] != one


def test_legs_are_counted_from_one_and_whoever_has_none_takes_the_next_place():
    plan = parse(json.dumps(unilevel("10")))
    tree = "partner,sponsor,parent,leg\nA,,,\nB,A,A,right\nC,A,A,\nD,A,B,3\n"
    network = read_tree(tree.encode(), plan).network
    assert list(network.parents or ()) == [-1, 0, 0, 1]
    assert list(network.legs or ()) == [-1, 1, -1, 2]


def test_a_closed_partner_qualifies_for_no_rank_and_a_given_rank_stays(tmp_path):
    plan = unilevel("10", "5") | {"ranks": [{"code": "member", "needs": {}}, {"code": "silver"}]}
    told = calculated(tmp_path, plan, "partner,sponsor,rank,closed\nA,,silver,\nB,A,,yes\nC,B,,\n", ORDERS)
    assert [payee["rank"] for payee in told["payees"]] == ["silver", None, "member"]
    assert amounts(told) == {"A": "5.00"}


PAIRS = Binary(
    code="pairs", name="pairs", of="amount", wallet="main", currency="EUR", cap=None, compress="none", round="sum",
    percent=100_000, pair=0, fixed=0, carry="keep", ratio=(1, 1), depth=None,
)  # fmt: skip


def carried(document):
    plan = replace(parse(json.dumps(unilevel("10"))), bonuses=(PAIRS, replace(PAIRS, code="points", of="points")))
    return read_carried(json.dumps(document), plan, {"A": 0, "B": 1})


def test_what_was_carried_over_is_read_from_an_earlier_answer_or_alone():
    left = {"pairs": {"B": ["100.00", "0.00"], "gone": ["1.00", "0.00"]}, "points": {"A": ["0", "7"]}}
    assert carried(left) == carried({"total": "1.00", "carried": left}) == {"pairs": {1: (10_000, 0)}, "points": {0: (0, 7)}}


@pytest.mark.parametrize("document", [{"pairs": {"A": ["1.00"]}}, {"pears": {}}, {"pairs": []}, {"pairs": {"A": ["-1.00", "0"]}}])
def test_what_cannot_have_been_carried_over_is_refused(document):
    with pytest.raises(Refused):
        carried(document)
