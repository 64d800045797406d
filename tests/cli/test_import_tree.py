"""Moves in the tree of sponsors from a file: all or none, what would close a circle is named, and a dry run shows what would change."""

import pytest

from tests.cast import NOON
from tests.people.forest import DAY, TODAY, brought, line, move
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows
from vps.kernel.numbers import partner_number
from vps.people.actions import close_person
from vps.people.models.tree import sponsor_of

HEADER = "partner,sponsor,since,reason\n"


def written():
    return one("SELECT count(*) FROM sponsor_move")[0]


def test_a_dry_run_shows_what_would_change_and_changes_nothing(vps):
    uma, vera, zora = line("Uma", "Vera", "Zora")
    text = f"{HEADER}{zora.number},{uma.number},2026-12-01,agreed\n{vera.number},{uma.number},,\n{uma.number},,,\n"

    dry = vps.imported("tree", text, "--dry-run")

    assert dry.exit_code == 0 and written() == 0
    assert dry.output.splitlines() == [
        f"Line 2: {zora.number} Zora, sponsor {vera.number} Vera → {uma.number} Uma from 2026-12-01 on",
        *("Lines read: 3", "New: 0", "Changed: 1", "Unchanged: 2", "This was a dry run: nothing was written."),
    ]
    assert vps.imported("tree", text).output.splitlines() == ["Lines read: 3", "New: 0", "Changed: 1", "Unchanged: 2"]
    assert rows("SELECT person_id, sponsor_id, since, reason, made_by FROM sponsor_move") == [
        (zora.id, uma.id, "2026-12-01", "agreed", None)
    ]
    assert vps.imported("tree", text).output.splitlines()[2] == "Changed: 0"
    assert one("SELECT count(*) FROM outbox WHERE kind = 'sponsor'")[0] == 0, "thousands are not mailed to"


def test_a_file_turns_a_line_upside_down_whatever_the_order_of_its_lines(vps):
    uma, vera, zora = line("Uma", "Vera", "Zora")

    result = vps.imported("tree", f"partner,sponsor\n{uma.number},{vera.number}\n{vera.number},{zora.number}\n{zora.number},\n")

    assert result.exit_code == 0, result.output
    assert [sponsor_of(each.id, TODAY) and sponsor_of(each.id, TODAY).id for each in (uma, vera, zora)] == [vera.id, zora.id, None]
    assert rows("SELECT DISTINCT reason FROM sponsor_move") == [("vps import tree",)]


def test_a_circle_within_the_file_and_the_tree_is_named_with_its_partners(vps):
    (uma,), (vera, zora) = brought(None, "Uma"), line("Vera", "Zora")

    result = vps.imported("tree", f"partner,sponsor\n{uma.number},{zora.number}\n{vera.number},{uma.number}\n")

    assert result.exit_code == 2 and written() == 0
    circle = " → ".join(each.number for each in (vera, uma, zora, vera))
    assert (
        f"Line 3, column sponsor: The new sponsor stands below this partner, so going up would lead in a circle: {circle}" in result.stderr
    )


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("{nobody},{uma},,", "column partner: There is no partner with the number {nobody}."),
        ("{vera},{nobody},,", "column sponsor: There is no partner with the number {nobody} who could be the sponsor."),
        ("1234567,,,", "column partner: 1234567 is not a partner number"),
        ("{vera},{vera},,", "column sponsor: Nobody can be his own sponsor."),
        ("{vera},{gone},,", "column sponsor: The account of the partner with the number {gone} is closed"),
        ("{vera},,2026-11-19,", "column since: Please choose today or a later day"),
        ("{vera},,tomorrow,", "column since: There is no such day."),
        ("{zora},{uma},,\n{zora},{vera},,", "Line 3, column partner: This has been in line 2 already."),
    ],
)  # fmt: skip
def test_one_wrong_line_and_nothing_is_moved(vps, cells, told):
    uma, vera, zora = line("Uma", "Vera", "Zora")
    (gone,) = brought(None, "Gone")
    close_person(gone, actor=HOUSE, at=NOON)
    numbers = {name: each.number for name, each in (("uma", uma), ("vera", vera), ("zora", zora), ("gone", gone))}
    facts = numbers | {"nobody": partner_number(99_999)}

    result = vps.imported("tree", f"{HEADER}{cells.format(**facts)}\n{uma.number},{vera.number},,\n")

    assert result.exit_code == 2 and told.format(**facts) in result.stderr
    assert written() == 0


def test_a_day_gone_by_is_no_mistake_where_nothing_changes(vps):
    uma, vera = line("Uma", "Vera")
    move(vera, None, TODAY + DAY)

    assert vps.imported("tree", f"{HEADER}{vera.number},,{TODAY + DAY},\n{uma.number},,2020-01-01,\n").exit_code == 0
    assert written() == 1
