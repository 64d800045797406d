"""A level set as a file: read back as it was written, and of a wrong one the wrong line is told."""

import json

import pytest

from vps.trust.models import DEFAULT, Level, LevelsUnreadable, Rule, levels_of
from vps.trust.models.changes import changes, loosened
from vps.trust.models.documents import NotALevelSet, read_set, readable

FILE = readable(DEFAULT)
OWN = Level(
    0,
    (("de", "Gäste"), ("sr", "Гости, „rules“:")),
    ("email",),
    3,
    None,
    (Rule("purchase", "day", None, 4), Rule("transfer", "each", 5_00)),
    (("purchase", 5),),
    1_00,
    ((0, 1), (10_00, 4)),
)


@pytest.mark.parametrize("wanted", [DEFAULT, (OWN,), DEFAULT[:1]], ids=["default", "own", "one"])
def test_what_is_written_is_read_back_the_same(wanted):
    assert read_set(readable(wanted)) == wanted


def line_of(part: str) -> int:
    return FILE[: FILE.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('"days": 30', '"days": -1', line_of('"days": 30')),
        ('"days": 30', '"days": 1.5', 1),
        ('"days": 30', '"days": "30"', line_of('"days": 30')),
        ('"days": 30', '"day": 30', line_of('"days": 30')),
        ('"most_balance": 500000', '"most_balance": 1e9999', 1),
        ('"most_balance": 500000', '"most_balance": NaN', 1),
        ('"most_balance": 500000', '"most_balance": 99999999999999999999999', line_of('"most_balance": 500000')),
        ('"most_balance": 500000', '"most_balance": true', line_of('"most_balance": 500000')),
        ('["transfer", "day", 50000, null]', '["transfer", "week", 50000, null]', line_of('["transfer", "day", 50000, null]')),
        ('["transfer", "day", 50000, null]', '["transfer", "each", 50000, null]', line_of('["transfer", "day", 50000, null]')),
        ('["transfer", "day", 50000, null]', '["transfer", "day", null, null]', line_of('["transfer", "day", 50000, null]')),
        ('["transfer", "day", 50000, null]', '["income", "day", 5, 5]', line_of('["transfer", "day", 50000, null]')),
        ('["transfer", "day", 50000, null]', '{"transfer": 1}', line_of('["transfer", "day", 50000, null]')),
        ('["email", "mobile", "address", "birth"]', '["email", "passport"]', line_of('["email", "mobile", "address", "birth"]')),
        ('"names": {}', '"names": {"xx": "Gast"}', line_of('"names": {}')),
        ('"names": {}', '"names": {"de": "a\\u202eb"}', line_of('"names": {}')),
        ('"gaps": []', '"gaps": [["top-up", 5]]', line_of('"gaps": []')),
        ('"security": [[0, 3]]', '"security": [[0, 5]]', line_of('"security": [[0, 3]]')),
    ],
)  # fmt: skip
def test_the_line_that_is_wrong_is_named(before, after, line):
    assert before in FILE
    with pytest.raises(NotALevelSet) as refusal:
        read_set(FILE.replace(before, after, 1))
    assert refusal.value.facts["line"] == line


@pytest.mark.parametrize("text", ["", "[]", "{}", "[1]", "[{}]", "null", "[" * 100_000, "[{]", json.dumps([{}] * 13), " " * 100_001])
def test_what_is_no_level_set_is_refused(text):
    with pytest.raises(NotALevelSet):
        read_set(text)


@pytest.mark.parametrize("body", ["", "[]", "{}", "[1]", "[{}]", "null", '[{"names": 1}]'])
def test_a_damaged_set_is_a_refusal_and_no_crash(body):
    with pytest.raises(LevelsUnreadable):
        levels_of(body)


def with_rule(levels, rank, rule):
    rules = tuple(rule if (each.kind, each.window) == (rule.kind, rule.window) else each for each in levels[rank].rules)
    return tuple(level._replace(rules=rules) if level.rank == rank else level for level in levels)


def test_changes_name_level_and_limit():
    (found,) = changes(DEFAULT, with_rule(DEFAULT, 2, Rule("transfer", "day", 900_00)))

    assert (found.rank, found.what, found.window) == (2, "transfer", "day")
    assert (found.before, found.after) == (Rule("transfer", "day", 500_00), Rule("transfer", "day", 900_00))
    assert {each.rank for each in changes(DEFAULT, DEFAULT[:4])} == {4}


def test_what_is_looser_than_the_law_is_known_and_what_is_tighter_is_not():
    assert loosened(DEFAULT) == []
    assert loosened(with_rule(DEFAULT, 0, Rule("purchase", "each", 50_01))) == [(0, "purchase", "each")]
    assert loosened(with_rule(DEFAULT, 0, Rule("purchase", "each", 10_00))) == []
    assert loosened(with_rule(DEFAULT, 1, Rule("income", "year", None, 5))) == [(1, "income", "year")]
    assert loosened((DEFAULT[0]._replace(most_balance=None), DEFAULT[1])) == [(0, "balance", "")]
