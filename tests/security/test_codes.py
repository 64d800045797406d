"""Comparing what people type with what was printed or what an app shows."""

from datetime import timedelta

import pyotp
import pytest

from tests.cast import CODES, NOON, app_of, sheet_of
from vps.kernel import hashing
from vps.kernel.database import one, run
from vps.security.actions.codes import app_step, matching_step, sheet_code_matches, tan_secret

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = timedelta(seconds=30)


def test_a_tan_matches_at_its_own_index_only(cast):
    sheet = sheet_of(cast.anna)

    assert sheet_code_matches(cast.anna.id, sheet.id, 5, CODES[4])
    assert not sheet_code_matches(cast.anna.id, sheet.id, 5, CODES[5])
    assert not sheet_code_matches(cast.boris.id, sheet.id, 5, CODES[4])


def test_asking_for_a_tan_that_is_not_there_takes_a_hash_too(house, monkeypatch):
    compared = []
    monkeypatch.setattr("vps.security.actions.codes.matches", lambda hashed, secret: compared.append(hashed) or False)

    assert not sheet_code_matches(house.anna.id, 99, 1, "000000")
    assert not sheet_code_matches(house.anna.id, None, None, "000000")

    assert compared == [None, None]


def test_a_row_copied_to_another_person_or_index_is_worth_nothing(cast):
    hers, his = sheet_of(cast.anna), sheet_of(cast.boris)
    stolen = one("SELECT hash FROM tan WHERE sheet_id = ? AND n = 7", his.id)[0]

    run("UPDATE tan SET hash = ? WHERE sheet_id = ? AND n IN (7, 8)", stolen, hers.id)

    assert sheet_code_matches(cast.boris.id, his.id, 7, CODES[6])
    assert not sheet_code_matches(cast.anna.id, hers.id, 7, CODES[6])
    assert not sheet_code_matches(cast.anna.id, hers.id, 8, CODES[6])


def test_what_is_hashed_is_keyed_with_the_pepper(house):
    from vps.kernel.keys import Keys, use_keys

    sheet = sheet_of(house.anna)
    hashed = one("SELECT hash FROM tan WHERE sheet_id = ? AND n = 3", sheet.id)[0]
    assert hashing.matches(hashed, tan_secret(house.anna.id, sheet.serial, 3, CODES[2]))

    use_keys(Keys.fresh())

    assert not hashing.matches(hashed, tan_secret(house.anna.id, sheet.serial, 3, CODES[2])), (
        "whoever has only the database can guess for ever"
    )


@pytest.mark.parametrize(("steps", "found"), [(0, 0), (-1, -1), (-2, None), (1, None), (-2880, None)])
def test_the_code_of_this_half_minute_and_of_the_one_before_count(steps, found):
    now = int(NOON.timestamp()) // 30

    step = matching_step(SECRET, pyotp.TOTP(SECRET).at(NOON + steps * STEP), NOON)

    assert step == (None if found is None else now + found)


def test_who_has_no_app_has_no_code(house):
    assert app_step(house.anna.id, "123456", NOON) == (None, 0)


def test_the_newest_used_step_is_told(cast):
    app = app_of(cast.anna)
    step = int(NOON.timestamp()) // 30
    run("UPDATE app SET last_step = ?", step)

    assert app_step(cast.anna.id, app.at(NOON), NOON) == (step, step)
