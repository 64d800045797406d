"""Published examples, and those of docs/commissions.md, come out to the cent as they stand there."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.commissions.typed import calculated, typed

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT.parent / "shared" / "samples" / "commission" / "worked-examples.json"


class Example(NamedTuple):
    plan: str
    tree: str
    orders: str
    outcome: str


def examples() -> dict[str, Example]:
    found = {}
    for section in (ROOT / "docs" / "commissions.md").read_text().split("\n### Example: ")[1:]:
        found[section.partition("\n")[0]] = Example(*re.findall(r"^```(?:json)?\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[:4])
    return found


EXAMPLES = examples()


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_page_shows_is_what_comes_out(name, tmp_path):
    example = EXAMPLES[name]
    assert typed(tmp_path, example.plan, example.tree, example.orders).output == example.outcome


class Told:
    """The page's example of a name, calculated."""

    def __init__(self, name: str, folder: Path) -> None:
        self.all = calculated(folder, json.loads(EXAMPLES[name].plan), EXAMPLES[name].tree, EXAMPLES[name].orders)
        self.payees = {payee["partner"]: payee for payee in self.all["payees"]}

    def lines(self, partner: str, **wanted: object) -> list[str]:
        return [
            line["amount"]
            for line in self.all["lines"]
            if line["partner"] == partner and all(line[key] == value for key, value in wanted.items())
        ]

    def sum_of(self, partner: str, **wanted: object) -> float:
        return sum(map(float, self.lines(partner, **wanted)))


def unilevel(told, expected):
    wanted = {partner: expected[partner] for partner in ("P1", "P2", "P3")}
    assert {partner: payee["amount"] for partner, payee in told.payees.items()} == wanted
    assert (told.all["total"], told.all["maximum_percent"]) == (expected["total"], expected["maximum_percent"])


def branches(told, expected):
    assert told.lines("P", via=None) == [expected["retail"]]
    assert {branch: told.lines("P", via=branch)[0] for branch in "ABC"} == {branch: expected["override"][branch] for branch in "ABC"}
    assert told.payees["P"]["amount"] == expected["sum"]


def generations(told, expected):
    direct = told.sum_of("A", bonus="override", rate="40")
    indirect = told.sum_of("A", bonus="override", rate="4")
    first, second = (told.sum_of("A", bonus="generations", level=level) for level in (1, 2))
    found = {"direct": direct, "indirect": indirect, "gen1": first, "gen2": second, "total": float(told.payees["A"]["amount"])}
    assert found == {key: float(value) for key, value in expected.items()}


def nothing(told, expected):
    assert told.all["total"] == expected["payout"]


def flat(told, expected):
    rates = {line["partner"]: int(line["rate"]) for line in told.all["lines"]}
    assert [rates[partner] for partner in "ABC"] == expected["rate"]


def by_order(told, expected):
    assert [told.payees[partner]["amount"] for partner in "ABC"] == expected["commission"]


def matching(told, expected):
    assert told.payees["A"]["amount"] == expected["A_match"]


HELD_AGAINST = {
    "de-unilevel-5-levels": ("five levels, the seller is the first", unilevel),
    "ecosway-one-month": ("branch override", branches),
    "blog-generations": ("differential and generations", generations),
    "infinity-no-volume-ub2": ("nothing at level 2 and deeper", nothing),
    "oracle-tier-not-split": ("flat", flat),
    "affiliate-tiers": ("by order", by_order),
    "matching-10": ("10 % of whom one brought", matching),
}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published examples (../shared/samples) are not on this machine")
def test_every_published_example_comes_out_to_the_cent(tmp_path):
    published = {each["id"]: each["expected"] for each in json.loads(PUBLISHED.read_text())["examples"]}
    assert set(published) == set(HELD_AGAINST)
    for key, (name, agrees) in HELD_AGAINST.items():
        agrees(Told(name, tmp_path), published[key])
