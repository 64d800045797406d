"""Failures close doors: of the account for strangers, of the browser, of a network, of everybody. Counted in the database."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, PASSWORD
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import connect, database, one
from vps.people.actions import Rule, TooManyTries, WrongSignIn, check_password, count_failure, forget_failures, must_not_wait, open_session
from vps.people.actions.throttle import ACCOUNT, BROWSER, EVERYBODY, NETWORK

MINUTE = timedelta(minutes=1)


def fail(times: int, username: str = "anna", *, browser=None, address: str = "192.0.2.1", at=NOON) -> None:
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            check_password(username, "wrong", browser=browser, address=address, at=at)


def closed(username: str = "anna", *, browser=None, address: str = "192.0.2.1", at=NOON) -> int | None:
    """The minutes to wait, or None when the right password opens the door."""
    try:
        check_password(username, PASSWORD, browser=browser, address=address, at=at)
    except TooManyTries as refused:
        return refused.facts["minutes"]
    return None


def known_browser(person) -> str:
    return open_session(person, browser=None, agent="Firefox", actor=Actor(), at=NOON, confirmed=True).browser


def close(rule: Rule, subject: str, *, at=NOON, but: int = 0) -> None:
    for _ in range(rule.most - but):
        count_failure([(rule, subject)], at)


def test_five_wrong_passwords_from_strangers_close_the_account_for_a_quarter_of_an_hour(cast):
    fail(4)
    assert closed() is None, "four are forgiven, and forgotten by the right one"

    fail(5)

    assert closed() == 16
    assert closed(at=NOON + 14 * MINUTE + timedelta(seconds=59)) == 1
    assert closed(at=NOON + 15 * MINUTE) is None


def test_a_closed_door_hashes_nothing(house, monkeypatch):
    fail(5)
    monkeypatch.setattr("vps.people.actions.passwords.matches", lambda *_: pytest.fail("the password was compared"))

    assert closed() == 16


def test_a_door_closes_for_names_that_nobody_has_just_the_same(house):
    fail(5, "nobody")

    assert closed("nobody") == 16
    assert closed(" NOBODY ") == 16
    assert closed("anna") is None


def test_each_time_the_account_stays_closed_twice_as_long_up_to_a_day(cast):
    waited, at = [], NOON
    for _ in range(9):
        fail(5, address=f"192.0.{len(waited)}.1", at=at)
        minutes = closed(at=at) - 1
        waited.append(minutes)
        at += minutes * MINUTE

    assert waited == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_a_year_of_attacks_does_not_break_the_counting(house):
    database.execute_sql(
        "INSERT INTO throttle (scope, subject, failures, since, doublings) VALUES ('account', 'x', 4, ?, 5000)", (micros(NOON),)
    )

    count_failure([(ACCOUNT, "x")], NOON)

    with pytest.raises(TooManyTries) as refused:
        must_not_wait([(ACCOUNT, "x")], NOON)
    assert refused.value.facts["minutes"] == 1441


def test_failures_older_than_the_window_do_not_count(house):
    fail(4)
    fail(4, at=NOON + 16 * MINUTE)

    assert closed(at=NOON + 16 * MINUTE) is None


def test_a_browser_that_is_known_has_a_door_of_its_own(cast):
    mine = known_browser(cast.anna)
    fail(5)

    assert closed() == 16
    assert closed(browser=mine) is None, "strangers do not lock the owner out"

    fail(10, browser=mine)

    assert closed(browser=mine) == 16
    assert closed(browser=mine, at=NOON + 15 * MINUTE) is None, "not doubled"


def test_a_browser_is_known_for_one_person_only(house):
    theirs = known_browser(house.boris)
    fail(5, browser=theirs)

    assert closed(browser=theirs) == 16


def test_the_right_password_makes_the_failures_forgotten(house):
    for _ in range(3):
        fail(4)
        assert closed() is None


def test_the_right_password_of_one_does_not_open_the_networks_door(house):
    for n in range(49):
        fail(1, f"nobody{n}")
    assert closed() is None

    fail(1, "nobody")

    assert closed() == 61
    assert closed(address="192.0.2.200") == 61, "the same /24"
    assert closed(address="198.51.100.1") is None
    assert closed(at=NOON + timedelta(hours=1)) is None


def test_a_thousand_failures_anywhere_close_the_house_for_five_minutes(house):
    close(EVERYBODY, "", but=1)
    assert closed() is None

    fail(1, "nobody", address="203.0.113.9")

    assert closed() == 6
    assert closed(at=NOON + 5 * MINUTE) is None


def test_the_numbers_are_those_of_the_rules():
    assert BROWSER[1:4] == (10, 15 * MINUTE, 15 * MINUTE)
    assert ACCOUNT[1:] == (5, 15 * MINUTE, 15 * MINUTE, True)
    assert NETWORK[1:3] == (50, timedelta(hours=1))
    assert EVERYBODY[1:3] == (1_000, 5 * MINUTE)


def test_a_restart_forgets_nothing(cast):
    fail(5)

    database.close()
    connect()

    assert closed() == 16


def test_failures_at_once_are_all_counted(cast):
    at_once(8, lambda n: count_failure([(NETWORK, "192.0.2.0/24")], NOON))

    assert one("SELECT failures FROM throttle WHERE scope = 'network'")[0] == 8


def test_what_is_forgotten_counts_from_one_again(house):
    close(NETWORK, "x")
    forget_failures([(NETWORK, "x")])

    must_not_wait([(NETWORK, "x"), (ACCOUNT, "never seen")], NOON)

    close(NETWORK, "x", but=1)
    must_not_wait([(NETWORK, "x")], NOON)
