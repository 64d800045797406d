"""Whoever can write the database cannot hand somebody's codes to another: TANs, sheets and apps are worth something for their owner only."""

import pytest

from tests.cast import CODES, NOON, app_of, sheet_of
from tests.forger import lie, unguard
from vps.jobs.worker import prepare_sheets
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import is_postgres, one, rows, run
from vps.kernel.keys import Keys, NotOurs, use_keys
from vps.security.actions import check_sign_in_code, freeze_code_matches, make_sheet, prepare_sheet, printout
from vps.security.actions.codes import app_step, sheet_code_matches
from vps.security.models import App, TanSheet
from vps.security.models.audit import audit


@pytest.fixture
def waiting(cast):
    """A sheet of Boris that is printed but not activated; nothing guards the rows any more."""
    cast.sheet = make_sheet(cast.boris.id, CODES, actor=HOUSE, at=NOON, freeze="ABCD-EFGH")
    unguard()
    return cast


def blob(text: str) -> str:
    return f"'\\x{text.encode().hex()}'::bytea" if is_postgres() else f"x'{text.encode().hex()}'"


def test_a_whole_sheet_that_changes_hands_has_no_right_tan(cast):
    sheet = sheet_of(cast.boris)
    unguard()

    run("UPDATE tan_sheet SET person_id = ? WHERE id = ?", cast.anna.id, sheet.id)
    assert not sheet_code_matches(cast.anna.id, sheet.id, 5, CODES[4])

    run("UPDATE tan_sheet SET serial = ? WHERE id = ?", f"{cast.anna.id}-1", sheet.id)
    assert not sheet_code_matches(cast.anna.id, sheet.id, 5, CODES[4])


def test_the_tans_of_another_sheet_of_ones_own_are_not_right_either(cast):
    old = sheet_of(cast.anna)
    new = sheet_of(cast.anna)

    run("UPDATE tan SET hash = (SELECT o.hash FROM tan o WHERE o.sheet_id = ? AND o.n = tan.n) WHERE sheet_id = ?", old.id, new.id)

    assert not sheet_code_matches(cast.anna.id, new.id, 5, CODES[4])


def test_an_edited_tan_is_not_right(cast):
    sheet = sheet_of(cast.anna)

    for hashed in ("", CODES[4], one("SELECT hash FROM tan WHERE sheet_id = ? AND n = 5", sheet.id)[0].lower()):
        run("UPDATE tan SET hash = ? WHERE sheet_id = ? AND n = 5", hashed, sheet.id)
        assert not sheet_code_matches(cast.anna.id, sheet.id, 5, CODES[4])


def test_a_waiting_sheet_that_changes_hands_is_neither_printed_nor_prepared_for_another(waiting, caplog):
    for serial in (waiting.sheet.serial, f"{waiting.anna.id}-1"):
        run("UPDATE tan_sheet SET person_id = ?, serial = ? WHERE id = ?", waiting.anna.id, serial, waiting.sheet.id)
        with pytest.raises(NotOurs):
            printout(TanSheet.get_by_id(waiting.sheet.id))
        with pytest.raises(NotOurs):
            prepare_sheet(waiting.sheet.id, at=NOON)

    prepare_sheets()

    assert f"TAN sheet {waiting.sheet.id} cannot be opened" in caplog.text
    assert one("SELECT count(*) FROM tan")[0] == 0


def test_the_secret_of_another_sheet_is_not_printed(waiting):
    run("UPDATE tan_sheet SET ended_at = 1 WHERE id = ?", waiting.sheet.id)
    hers = make_sheet(waiting.anna.id, CODES, actor=HOUSE, at=NOON)
    run("UPDATE tan_sheet SET secret = (SELECT secret FROM tan_sheet WHERE id = ?) WHERE id = ?", waiting.sheet.id, hers.id)

    with pytest.raises(NotOurs):
        printout(TanSheet.get_by_id(hers.id))


def test_a_freeze_code_freezes_its_owners_wallet_only(waiting):
    run("UPDATE tan_sheet SET person_id = ? WHERE id = ?", waiting.anna.id, waiting.sheet.id)

    assert not freeze_code_matches(waiting.anna.id, "ABCD-EFGH")


def test_the_app_of_another_gives_no_right_code(cast):
    hers, his = app_of(cast.anna), app_of(cast.dragan)
    unguard()

    run("UPDATE app SET secret = (SELECT secret FROM app WHERE person_id = ?) WHERE person_id = ?", cast.anna.id, cast.dragan.id)
    for check in (check_sign_in_code, lambda person, code, at: app_step(person, code, at)):
        for code in (hers.at(NOON), his.at(NOON)):
            with pytest.raises(NotOurs):
                check(cast.dragan.id, code, at=NOON)

    run("DELETE FROM app WHERE person_id = ?", cast.dragan.id)
    run("UPDATE app SET person_id = ? WHERE person_id = ?", cast.dragan.id, cast.anna.id)
    with pytest.raises(NotOurs):
        check_sign_in_code(cast.dragan.id, hers.at(NOON), at=NOON)


def test_an_edited_app_gives_no_right_code(cast):
    totp = app_of(cast.dragan)
    token = bytes(App.of(cast.dragan.id).secret)

    for edited in (
        b"",
        b"JBSWY3DPEHPK3PXP",
        token[:-4] + b"AAA=",
        Keys.fresh().encrypt(totp.secret.encode(), owner=f"app:{cast.dragan.id}"),
    ):
        run("UPDATE app SET secret = ?", edited)
        with pytest.raises(NotOurs):
            check_sign_in_code(cast.dragan.id, totp.at(NOON), at=NOON)


def test_the_audit_names_whose_app_and_whose_sheet_do_not_fit(waiting):
    app_of(waiting.anna)
    app_of(waiting.dragan)
    assert list(audit()) == []
    anna, boris, sheet = waiting.anna, waiting.boris, waiting.sheet
    serial = sheet.serial

    def app(of: str) -> list[str]:
        return [f"The app of {of} does not fit: its secret was not made for this account."]

    def tans(number: str, of: str) -> list[str]:
        return [f"TAN sheet {number} of {of} does not fit: its TANs were not made for this account."]

    lies = {
        f"UPDATE app SET secret = (SELECT secret FROM app WHERE person_id = {anna.id}) WHERE person_id = {waiting.dragan.id}": app(
            "dragan"
        ),
        f"UPDATE app SET person_id = {boris.id} WHERE person_id = {anna.id}": app(boris.number),
        f"UPDATE app SET secret = {blob('edited')} WHERE person_id = {anna.id}": app(anna.number),
        f"UPDATE tan_sheet SET secret = (SELECT secret FROM app WHERE person_id = {anna.id})": tans(serial, boris.number),
        "UPDATE tan_sheet SET secret = NULL": tans(serial, boris.number),
        f"UPDATE tan_sheet SET person_id = {anna.id}": tans(serial, anna.number),
        f"UPDATE tan_sheet SET person_id = {anna.id}, serial = '{anna.id}-7'": tans(f"{anna.id}-7", anna.number),
    }
    assert {edit: lie(audit, edit) for edit in lies} == lies


def test_every_problem_of_a_secret_is_of_check_a15(waiting):
    run("UPDATE tan_sheet SET secret = NULL")

    [problem] = audit()
    assert (problem.check, problem.facts) == ("A15", {"serial": waiting.sheet.serial, "person": waiting.boris.number})


def test_with_the_key_file_of_others_the_audit_does_not_name_each_secret(waiting):
    run("INSERT INTO setting (key, value, since) VALUES ('keys', 'others', 1)")
    use_keys(Keys.fresh())

    assert list(audit()) == []
    assert len(rows("SELECT 1 FROM tan_sheet WHERE secret IS NOT NULL")) == 1
