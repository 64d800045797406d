"""TAN sheets: printed as often as needed until their owner activates them with two of their TANs, and readable by nobody from then on."""

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, sheet_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows, run
from vps.kernel.keys import NotOurs
from vps.security.actions import NotACode, activate_sheet, ask, asked_to_activate, fresh_codes, make_sheet, prepare_sheet, printout
from vps.security.actions.sheets import FREEZE_ALPHABET, AlreadyActive, NoSheetWaiting, NotThisSheet, SheetNotReady, add_hashes, freeze_word
from vps.security.models import TanSheet, lowest_unused, unready_sheets, ways_of


def made(person, *, codes=CODES, ready: bool = True) -> TanSheet:
    sheet = make_sheet(person.id, codes, actor=HOUSE, at=NOON)
    if ready:
        prepare_sheet(sheet.id, at=NOON)
    return TanSheet.get_by_id(sheet.id)


def activate(person, *, first: str | None = None, second: str | None = None) -> None:
    waiting = TanSheet.waiting(person.id)
    asked = asked_to_activate(waiting) if waiting else (1, 2)
    activate_sheet(person.id, first=first or CODES[asked[0] - 1], second=second or CODES[asked[1] - 1], actor=Actor(person.id), at=NOON)


def reload(sheet: TanSheet) -> TanSheet:
    return TanSheet.get_by_id(sheet.id)


def test_a_sheet_is_printed_again_until_it_is_activated(cast):
    sheet = made(cast.anna)

    first, second = printout(reload(sheet)), printout(reload(sheet))

    assert first == second
    assert (first.serial, first.codes) == (f"{cast.anna.id}-1", CODES)


def test_nobody_reads_a_sheet_once_it_is_activated(cast):
    sheet = sheet_of(cast.anna)

    assert sheet.secret is None
    with pytest.raises(AlreadyActive):
        printout(sheet)


def test_no_tan_stands_in_the_database_as_it_is(house):
    sheet = made(house.anna)

    kept = bytes(sheet.secret) + b"".join(hashed.encode() for (hashed,) in rows("SELECT hash FROM tan"))
    assert not [code for code in CODES if code.encode() in kept]
    assert all(hashed.startswith("$argon2id$") for (hashed,) in rows("SELECT hash FROM tan"))


def test_a_sheets_secret_copied_to_another_row_does_not_open(house):
    hers, his = made(house.anna), made(house.boris)

    run("UPDATE tan_sheet SET secret = ? WHERE id = ?", bytes(his.secret), hers.id)

    with pytest.raises(NotOurs):
        printout(reload(hers))


def test_two_of_its_tans_activate_a_sheet_and_are_used_by_it(cast):
    sheet = made(cast.anna)
    asked = asked_to_activate(sheet)
    assert asked == asked_to_activate(reload(sheet)), "the same until it is activated"
    assert 1 <= asked[0] < asked[1] <= 20
    assert ways_of(cast.anna.id, NOON) == ()

    activate(cast.anna)

    assert ways_of(cast.anna.id, NOON) == ("sheet",)
    assert [n for (n,) in rows("SELECT n FROM tan WHERE used_at IS NOT NULL ORDER BY n")] == list(asked)
    assert (TanSheet.active(cast.anna.id), TanSheet.waiting(cast.anna.id)) == (reload(sheet), None)
    assert reload(sheet).left() == 18


@pytest.mark.parametrize("size", [2, 3, 200])
def test_two_tans_are_asked_on_a_sheet_of_any_size(house, size):
    sheet = made(house.anna, codes=fresh_codes(size), ready=False)

    first, second = asked_to_activate(sheet)

    assert 1 <= first < second <= size


def test_one_wrong_tan_of_the_two_activates_nothing(cast):
    made(cast.anna)

    for wrong in ({"first": "999999"}, {"second": "999999"}):
        with pytest.raises(NotThisSheet):
            activate(cast.anna, **wrong)

    assert ways_of(cast.anna.id, NOON) == ()
    assert one("SELECT count(*) FROM tan WHERE used_at IS NOT NULL")[0] == 0
    activate(cast.anna)
    assert ways_of(cast.anna.id, NOON) == ("sheet",)


def test_three_wrong_tries_end_the_sheet(cast):
    sheet = made(cast.anna)
    for _ in range(3):
        with pytest.raises(NotThisSheet):
            activate(cast.anna, first="999999")

    with pytest.raises(NoSheetWaiting):
        activate(cast.anna)
    assert reload(sheet).ended_at == NOON
    with pytest.raises(AlreadyActive):
        printout(reload(sheet))


def test_wrong_tries_at_one_sheet_do_not_count_for_the_next(cast):
    made(cast.anna)
    for _ in range(2):
        with pytest.raises(NotThisSheet):
            activate(cast.anna, first="999999")
    made(cast.anna)
    with pytest.raises(NotThisSheet):
        activate(cast.anna, first="999999")

    activate(cast.anna)

    assert ways_of(cast.anna.id, NOON) == ("sheet",)


def test_what_is_no_code_is_no_try(cast):
    made(cast.anna)
    for _ in range(4):
        with pytest.raises(NotACode):
            activate(cast.anna, first="12345O")

    activate(cast.anna)


def test_an_activation_pressed_twice_at_once_activates_once_and_ends_nothing(cast):
    sheet = made(cast.anna)
    from vps.security.actions.sheets import _activate

    # Both have shown the right TANs before either of them writes.
    at_once(2, lambda _: _activate(cast.anna.id, sheet, asked_to_activate(sheet), actor=HOUSE, at=NOON))

    assert TanSheet.active(cast.anna.id) == sheet
    assert one("SELECT count(*) FROM event WHERE verb = 'sheet activated'")[0] == 1


def test_the_old_sheet_serves_until_the_new_one_is_activated(cast):
    old = sheet_of(cast.anna)
    new = made(cast.anna)
    assert lowest_unused(cast.anna.id).sheet == old.id

    activate(cast.anna)

    assert lowest_unused(cast.anna.id).sheet == new.id
    assert reload(old).ended_at == NOON
    assert new.serial == f"{cast.anna.id}-2"


def test_a_new_sheet_replaces_the_one_that_still_waits(cast):
    first = made(cast.anna)

    second = made(cast.anna)

    assert TanSheet.waiting(cast.anna.id) == second
    with pytest.raises(AlreadyActive):
        printout(reload(first))


def test_sheets_made_at_once_have_serial_numbers_of_their_own(cast):
    answers = at_once(8, lambda _: make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON))

    assert sorted(sheet.serial for sheet in answers) == [f"{cast.anna.id}-{n}" for n in range(1, 9)]
    assert one("SELECT count(*) FROM tan_sheet WHERE ended_at IS NULL")[0] == 1


def test_a_sheet_is_hashed_once_and_cannot_be_activated_before(cast):
    sheet = made(cast.anna, ready=False)
    assert unready_sheets() == [sheet.id]
    with pytest.raises(SheetNotReady):
        activate(cast.anna)

    prepare_sheet(sheet.id, at=NOON)
    hashes = rows("SELECT hash FROM tan ORDER BY n")
    prepare_sheet(sheet.id, at=NOON)

    assert unready_sheets() == []
    assert rows("SELECT hash FROM tan ORDER BY n") == hashes
    assert len(hashes) == 20


def test_two_workers_that_hash_one_sheet_write_it_once(cast):
    sheet = made(cast.anna, ready=False)

    assert at_once(2, lambda _: prepare_sheet(sheet.id, at=NOON)) == [None, None]

    assert one("SELECT count(*) FROM tan")[0] == 20
    activate(cast.anna)


def test_a_sheet_that_was_replaced_meanwhile_is_not_hashed(house):
    first = made(house.anna, ready=False)
    second = made(house.anna, ready=False)

    prepare_sheet(first.id, at=NOON)

    assert unready_sheets() == [second.id]
    assert one("SELECT count(*) FROM tan")[0] == 0


def test_without_a_sheet_there_is_nothing_to_activate(house):
    with pytest.raises(NoSheetWaiting):
        activate(house.anna)


def test_a_used_up_sheet_has_nothing_left_to_ask(cast):
    sheet = sheet_of(cast.anna)
    assert ask(cast.anna.id, at=NOON).left == sheet.left() == 18

    run("UPDATE tan SET burned_at = 1 WHERE sheet_id = ? AND used_at IS NULL", sheet.id)

    assert sheet.left() == 0
    assert lowest_unused(cast.anna.id) is None


def test_codes_and_freeze_codes_are_fresh(house):
    codes, words = fresh_codes(200), {freeze_word() for _ in range(50)}

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(set(codes)) > 190
    assert len(words) == 50
    assert all(len(word) == 9 and set(word) <= {*FREEZE_ALPHABET, "-"} for word in words)
    assert not set("01OIS5") & set(FREEZE_ALPHABET)


def test_making_and_activating_are_in_the_trail(cast):
    sheet_of(cast.anna)

    verbs = [tuple(row) for row in rows("SELECT verb, after FROM event WHERE verb LIKE 'sheet%' ORDER BY id")]
    assert verbs == [("sheet made", f"{cast.anna.id}-1"), ("sheet activated", f"{cast.anna.id}-1")]


def test_hashes_that_come_a_second_time_change_nothing(cast):
    sheet = sheet_of(cast.anna)
    before = rows("SELECT * FROM tan ORDER BY n")

    add_hashes(sheet.id, [(1, "another")], at=NOON)

    assert rows("SELECT * FROM tan ORDER BY n") == before
