"""Freezing: at once, by whoever holds the sheet or by the office; lifted by the office only."""

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, eur, sheet_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows, run
from vps.security.actions import Frozen, ask, confirm, freeze, freeze_code_matches, lift_freeze, make_sheet, printout, snapshot, unblock_way
from vps.security.models import Block, blocks_of, frozen_since, is_frozen


def owner(person) -> Actor:
    return Actor(person.id, "192.0.2.1")


def verbs(prefix: str) -> list[tuple[str, int]]:
    return [tuple(row) for row in rows("SELECT verb, actor FROM event WHERE verb LIKE ? ORDER BY id", prefix)]


def test_the_code_on_the_sheet_is_the_owners_freeze_code_as_people_type_it(cast):
    sheet = make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON, freeze="ABCD-2346")

    for typed in ("ABCD-2346", "abcd2346", " abcd 2346 ", "a-b-c-d-2346"):
        assert freeze_code_matches(cast.anna.id, typed)
    assert not freeze_code_matches(cast.anna.id, "ABCD-2347")
    assert not freeze_code_matches(cast.anna.id, "")
    assert not freeze_code_matches(cast.boris.id, "ABCD-2346")
    assert printout(sheet).freeze == "ABCD-2346"


def test_the_sheets_in_use_and_waiting_freeze_and_an_ended_one_does_not(cast):
    old = printout(make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)).freeze
    run("UPDATE tan_sheet SET activated_at = 1, secret = NULL")
    waiting = printout(make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)).freeze
    assert freeze_code_matches(cast.anna.id, old)
    assert freeze_code_matches(cast.anna.id, waiting)

    newest = printout(make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)).freeze

    assert [freeze_code_matches(cast.anna.id, word) for word in (old, waiting, newest)] == [True, False, True]


def test_a_frozen_wallet_is_asked_for_nothing_until_the_office_lifts_it(cast):
    sheet_of(cast.anna)

    freeze(cast.anna.id, actor=owner(cast.anna), at=NOON)

    assert (is_frozen(cast.anna.id), frozen_since(cast.anna.id)) == (True, NOON)
    assert not is_frozen(cast.boris.id)
    with pytest.raises(Frozen):
        ask(cast.anna.id, at=NOON)

    lift_freeze(cast.anna.id, actor=owner(cast.dragan), at=NOON)

    assert (is_frozen(cast.anna.id), frozen_since(cast.anna.id)) == (False, None)
    assert ask(cast.anna.id, at=NOON).n
    assert verbs("wallet%") == [("wallet frozen", cast.anna.id), ("wallet unfrozen", cast.dragan.id)]


def test_running_payments_stop_too_and_do_not_come_back(cast):
    sheet_of(cast.anna)
    dialog = snapshot("order payment", "1001", amount=eur(1), payee="x", ask=ask(cast.anna.id, at=NOON), at=NOON)
    with pytest.raises(Exception, match="nothing was taken"):
        confirm(dialog, code="999999", actor=owner(cast.anna), at=NOON)

    freeze(cast.anna.id, actor=owner(cast.anna), at=NOON)
    lift_freeze(cast.anna.id, actor=owner(cast.dragan), at=NOON)

    with pytest.raises(Exception, match="cancelled"):
        confirm(dialog, code=CODES[dialog.n - 1], actor=owner(cast.anna), at=NOON)


def test_freezing_and_lifting_twice_change_nothing(cast):
    for _ in range(2):
        freeze(cast.anna.id, actor=HOUSE, at=NOON)
    for _ in range(2):
        lift_freeze(cast.anna.id, actor=HOUSE, at=NOON)
    freeze(cast.anna.id, actor=HOUSE, at=NOON)

    assert [verb for verb, _ in verbs("wallet%")] == ["wallet frozen", "wallet unfrozen", "wallet frozen"]
    assert one("SELECT count(*) FROM wallet_freeze")[0] == 2


def test_eight_presses_at_once_freeze_once(cast):
    assert at_once(8, lambda _: freeze(cast.anna.id, actor=HOUSE, at=NOON)) == [None] * 8

    assert one("SELECT count(*) FROM wallet_freeze")[0] == 1


def test_only_a_blocked_way_is_unblocked(cast):
    run(
        "INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks, blocked_at) VALUES (?, 'sheet', 5, 9, 1, 1000000)", cast.anna.id
    )
    assert blocks_of(cast.anna.id, NOON) == [Block("sheet", None)]

    for _ in range(2):
        unblock_way(cast.anna.id, "sheet", actor=owner(cast.dragan), at=NOON)
        unblock_way(cast.anna.id, "app", actor=owner(cast.dragan), at=NOON)

    assert blocks_of(cast.anna.id, NOON) == []
    assert one("SELECT wrong_in_row, wrong_ever FROM way")[:] == (0, 9)
    assert verbs("confirming%") == [("confirming unblocked", cast.dragan.id)]
