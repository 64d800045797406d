"""Authenticator apps: enrolled with two codes in a row, each code worth one thing, removed by the office."""

from datetime import timedelta

import pyotp
import pytest

from tests.at_once import at_once
from tests.cast import NOON, app_of, sheet_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, run
from vps.kernel.keys import NotOurs
from vps.security.actions import (
    NotACode,
    NotSafeAlone,
    UsedCode,
    WrongCode,
    begin_app,
    check_sign_in_code,
    confirm_app,
    permit,
    provisioning_uri,
    remove_app,
)
from vps.security.actions.apps import CodesDoNotFollow, HasApp, use_step
from vps.security.models import App, ways_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = timedelta(seconds=30)


def enrol(person, totp: pyotp.TOTP, *, first: int = -1, second: int = 0, actor: Actor | None = None) -> None:
    codes = {"first": totp.at(NOON + first * STEP), "second": totp.at(NOON + second * STEP)}
    confirm_app(person.id, **codes, actor=actor or Actor(person.id), at=NOON)


def begun(person) -> pyotp.TOTP:
    return pyotp.TOTP(begin_app(person.id, at=NOON))


def test_the_secret_is_the_same_until_the_app_is_confirmed(cast):
    assert begin_app(cast.anna.id, at=NOON) == begin_app(cast.anna.id, at=NOON)
    assert ways_of(cast.anna.id, NOON) == ()
    assert App.of(cast.anna.id) is None


def test_a_secret_is_long_and_kept_encrypted_for_its_owner(house):
    secret = begin_app(house.anna.id, at=NOON)
    begin_app(house.boris.id, at=NOON)

    assert len(secret) == 32
    assert secret.encode() not in bytes(one("SELECT secret FROM app WHERE person_id = ?", house.anna.id)[0])
    run("UPDATE app SET secret = (SELECT secret FROM app WHERE person_id = ?) WHERE person_id = ?", house.anna.id, house.boris.id)
    with pytest.raises(NotOurs):
        begin_app(house.boris.id, at=NOON)


def test_a_secret_can_be_given_for_a_demo(house):
    assert begin_app(house.anna.id, at=NOON, secret=SECRET) == SECRET


def test_the_qr_code_names_the_company_and_the_account():
    uri = provisioning_uri(SECRET, account="1000197", issuer="Alpenkraut & Söhne")

    assert pyotp.parse_uri(uri).secret == SECRET
    assert (pyotp.parse_uri(uri).issuer, pyotp.parse_uri(uri).name) == ("Alpenkraut & Söhne", "1000197")


@pytest.mark.parametrize(("first", "second"), [(-1, 0), (-2, -1)])
def test_two_codes_in_a_row_enrol_the_app_and_are_used_up(cast, first, second):
    totp = begun(cast.anna)

    enrol(cast.anna, totp, first=first, second=second)

    assert ways_of(cast.anna.id, NOON) == ("app",)
    assert App.of(cast.anna.id).last_step == int(NOON.timestamp()) // 30 + second
    with pytest.raises(UsedCode):
        check_sign_in_code(cast.anna.id, totp.at(NOON + second * STEP), at=NOON)


def test_codes_that_do_not_follow_one_another_enrol_nothing(cast):
    for first, second in ((0, 0), (0, -1), (-2, 0), (-3, -2), (0, 1)):
        with pytest.raises(CodesDoNotFollow):
            enrol(cast.anna, begun(cast.anna), first=first, second=second)

    assert ways_of(cast.anna.id, NOON) == ()


def test_what_is_no_code_enrols_nothing(house):
    totp = begun(house.anna)

    with pytest.raises(NotACode):
        confirm_app(house.anna.id, first="x", second=totp.at(NOON), actor=Actor(house.anna.id), at=NOON)


def test_nobody_has_two_apps(cast):
    totp = begun(cast.anna)
    enrol(cast.anna, totp)

    with pytest.raises(HasApp):
        begin_app(cast.anna.id, at=NOON)
    with pytest.raises(HasApp):
        enrol(cast.anna, totp)
    with pytest.raises(HasApp):
        enrol(cast.boris, totp)


def test_a_password_alone_gives_no_second_way_to_who_confirms_with_a_sheet(cast):
    totp = begun(cast.anna)
    sheet_of(cast.anna)

    with pytest.raises(NotSafeAlone):
        enrol(cast.anna, totp)
    assert ways_of(cast.anna.id, NOON) == ("sheet",)

    permit(cast.anna.id, "office", actor=Actor(cast.dragan.id), at=NOON)
    enrol(cast.anna, totp)

    assert ways_of(cast.anna.id, NOON + timedelta(hours=24)) == ("sheet", "app")
    assert ways_of(cast.anna.id, NOON + timedelta(hours=24) - STEP) == ("sheet",), "a way that was added rests first"


def test_a_code_signs_in_once(cast):
    totp = app_of(cast.dragan)

    check_sign_in_code(cast.dragan.id, totp.at(NOON), at=NOON)
    for used in (NOON, NOON - STEP):  # the one before it is worth nothing any more either
        with pytest.raises(UsedCode) as again:
            check_sign_in_code(cast.dragan.id, totp.at(used), at=NOON + timedelta(seconds=10))
        assert again.value.facts == {"seconds": 20}
    check_sign_in_code(cast.dragan.id, totp.at(NOON + STEP), at=NOON + STEP)


def test_a_code_in_eight_windows_at_once_signs_in_once(cast):
    totp = app_of(cast.dragan)

    answers = at_once(8, lambda _: check_sign_in_code(cast.dragan.id, totp.at(NOON), at=NOON))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + ["UsedCode"] * 7


def test_a_code_of_the_future_or_of_another_does_not_sign_in(house):
    mine, theirs = app_of(house.dragan), app_of(house.clara)

    for code in (mine.at(NOON + STEP), theirs.at(NOON)):
        with pytest.raises(WrongCode):
            check_sign_in_code(house.dragan.id, code, at=NOON)


def test_full_width_digits_do_not_make_a_used_code_new(house):
    totp = app_of(house.dragan)
    code = totp.at(NOON)
    check_sign_in_code(house.dragan.id, code, at=NOON)

    with pytest.raises(NotACode):
        check_sign_in_code(house.dragan.id, "".join(chr(ord(digit) + 0xFEE0) for digit in code), at=NOON)


def test_who_has_no_confirmed_app_does_not_sign_in_with_a_code(house):
    totp = begun(house.dragan)

    for person, code in ((house.dragan, totp.at(NOON)), (house.clara, "123456")):
        with pytest.raises(WrongCode):
            check_sign_in_code(person.id, code, at=NOON)


def test_a_step_is_taken_once_and_never_an_older_one(house):
    app_of(house.dragan)

    assert [use_step(house.dragan.id, step) for step in (7, 7, 6, 8)] == [True, False, False, True]


def test_the_office_removes_the_app_of_a_lost_phone(cast):
    old = app_of(cast.anna)
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks, blocked_at) VALUES (?, 'app', 5, 5, 1, 1)", cast.anna.id)

    remove_app(cast.anna.id, actor=HOUSE, at=NOON)

    assert ways_of(cast.anna.id, NOON) == ()
    assert one("SELECT count(*) FROM way")[0] == 0, "another secret is counted anew"
    assert begun(cast.anna).secret != old.secret
    assert one("SELECT count(*) FROM event WHERE verb = 'app removed'")[0] == 1


def test_removing_what_is_not_there_changes_nothing(house):
    remove_app(house.anna.id, actor=HOUSE, at=NOON)

    assert one("SELECT count(*) FROM event WHERE verb = 'app removed'")[0] == 0
