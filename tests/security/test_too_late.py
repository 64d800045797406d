"""Guessing in parallel wins nothing: what closed meanwhile stays closed for the right code and the right password too."""

import pytest

from tests.cast import CODES, NOON, PASSWORD, app_of, red_order, sheet_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.orders.actions import pay_now
from vps.people.actions import TooManyTries, WrongSignIn, check_password, passwords
from vps.people.actions import sign_in as signing_in
from vps.security.actions import ask, confirm, make_sheet, sheets, snapshot
from vps.security.actions.refusals import CodeRefused, WayBlocked
from vps.security.actions.sheets import NoSheetWaiting


def dialog(order, person):
    return snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON), at=NOON)


def test_a_code_that_was_right_pays_nothing_once_the_way_is_blocked(cast):
    sheet_of(cast.anna)
    order, other = red_order(cast), red_order(cast)
    shown = dialog(order, cast.anna)
    right = confirm(shown, code=CODES[shown.n - 1], actor=Actor(cast.anna.id), at=NOON)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            confirm(dialog(other, cast.anna), code="999999", actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(CodeRefused):
        pay_now(order.id, authorisation=right, at=NOON)

    assert one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0] == 0
    assert one("SELECT wrong_in_row FROM way")[0] == 5
    with pytest.raises(WayBlocked):
        ask(cast.anna.id, at=NOON)


def test_a_right_code_of_the_app_comes_too_late_as_well(cast):
    app = app_of(cast.anna)
    order, other = red_order(cast), red_order(cast)
    right = confirm(dialog(order, cast.anna), code=app.at(NOON), actor=Actor(cast.anna.id), at=NOON)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            confirm(dialog(other, cast.anna), code="000000", actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(WayBlocked):
        pay_now(order.id, authorisation=right, at=NOON)

    assert one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0] == 0


def test_a_sheet_that_was_replaced_meanwhile_is_not_activated(cast):
    sheet = make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)
    make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)

    with pytest.raises(NoSheetWaiting):
        sheets._activate(cast.anna.id, sheet, (1, 2), actor=Actor(cast.anna.id), at=NOON)


def test_one_account_has_one_throttle_however_it_is_named(cast):
    names = ("anna", cast.anna.number, "anna@example.com", "ANNA", "anna")
    for name in names:
        with pytest.raises(WrongSignIn):
            check_password(name, "wrong", browser=None, address="192.0.2.1", at=NOON)

    with pytest.raises(TooManyTries):
        check_password("anna@example.com", PASSWORD, browser=None, address="198.51.100.7", at=NOON)
    assert [scope for (scope,) in rows("SELECT scope FROM throttle WHERE scope = 'account'")] == ["account"]


def test_a_door_that_closed_while_the_password_was_checked_stays_closed(cast, monkeypatch):
    checked = passwords.matches

    def slowly(hashed, secret):
        for _ in range(5):
            signing_in.count_failure([(signing_in.ACCOUNT, f"person:{cast.anna.id}")], NOON)
        return checked(hashed, secret)

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(TooManyTries):
        check_password("anna", PASSWORD, browser=None, address="192.0.2.1", at=NOON)
