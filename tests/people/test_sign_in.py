"""Signing in tells nothing about who exists; signing out really ends."""

from datetime import timedelta

import pytest

from tests.cast import NOON, PASSWORD
from vps.kernel import hashing
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import one, rows
from vps.kernel.hashing import slow_hash
from vps.people.actions import (
    Details,
    WrongSignIn,
    check_password,
    close_person,
    confirm_session,
    end_session,
    forget_old,
    grant,
    live_session,
    network,
    open_session,
    register_partner,
    set_password,
    touch_session,
)
from vps.people.models import Person


def sign_in(username: str, password: str = PASSWORD, *, browser: str | None = None, at=NOON) -> Person:
    return check_password(username, password, browser=browser, address="192.0.2.1", at=at)


def opened(person: Person, *, browser: str | None = None, confirmed: bool = True):
    return open_session(person, browser=browser, agent="Firefox", actor=Actor(None, "192.0.2.1"), at=NOON, confirmed=confirmed)


def test_a_partner_signs_in_with_name_mail_or_number(cast):
    for typed in ("anna", " ANNA ", "Ａｎｎａ", "anna@example.com", "Anna@Example.com", cast.anna.number):
        assert sign_in(typed).id == cast.anna.id, typed


def test_a_mailbox_shared_by_two_signs_nobody_in(cast):
    register_partner(Details("Otto Bauer", "de", "UTC", email="anna@example.com"), actor=HOUSE, at=NOON)

    with pytest.raises(WrongSignIn):
        sign_in("anna@example.com")
    assert sign_in("anna").id == cast.anna.id


def test_a_password_is_the_same_however_the_keyboard_composes_it(house):
    set_password(house.anna, slow_hash("caf\u00e9 am Rand der Stadt"), actor=HOUSE, at=NOON)

    assert sign_in("anna", "cafe\u0301 am Rand der Stadt").id == house.anna.id


@pytest.fixture
def hashes(monkeypatch):
    """The slow hashes that are compared, as (hash, how it ended)."""
    done = []

    class Spy:
        def __init__(self, hasher):
            self.hasher = hasher

        def verify(self, hashed, secret):
            try:
                found = self.hasher.verify(hashed, secret)
            except Exception as trouble:
                done.append((hashed, type(trouble).__name__))
                raise
            done.append((hashed, "right"))
            return found

    monkeypatch.setattr(hashing, "_hasher", Spy(hashing._hasher))
    return done


def test_an_unknown_name_a_wrong_password_and_a_closed_person_are_told_the_same_and_cost_the_same(cast, hashes):
    close_person(cast.boris, actor=HOUSE, at=NOON)
    told = []
    for username, password in (("nobody", PASSWORD), ("anna", "wrong"), ("boris", PASSWORD), ("a\x00b", PASSWORD), ("no@example.com", "x")):
        with pytest.raises(WrongSignIn) as refused:
            sign_in(username, password)
        told.append((type(refused.value), str(refused.value), refused.value.field, refused.value.status))

    assert len(set(told)) == 1
    assert [how for _, how in hashes] == [
        "VerifyMismatchError",
        "VerifyMismatchError",
        "right",
        "VerifyMismatchError",
        "VerifyMismatchError",
    ]
    assert {hashed.partition("$m=")[0] for hashed, _ in hashes} == {"$argon2id$v=19"}


def test_somebody_without_a_password_is_told_the_same_as_a_stranger(house, hashes):
    petra = register_partner(Details("Petra Muster", "de", "UTC"), actor=HOUSE, at=NOON)

    with pytest.raises(WrongSignIn):
        sign_in(petra.number, "")

    assert hashes == [(hashing._NOBODY, "VerifyMismatchError")]


def test_a_copied_cookie_is_dead_after_signing_out(cast):
    token = opened(cast.anna).token
    live = live_session(token)
    assert (live.person, live.confirmed, live.staff) == (cast.anna.id, True, False)

    end_session(live.id, actor=Actor(cast.anna.id), at=NOON)
    end_session(live.id, actor=Actor(cast.anna.id), at=NOON)

    assert live_session(token) is None
    assert one("SELECT count(*) FROM event WHERE verb = 'signed out'")[0] == 1


def test_a_cookie_that_was_never_given_opens_nothing(house):
    opened(house.anna)

    for token in ("", "x", "ä" * 10_000, "\x00"):
        assert live_session(token) is None


def test_the_database_holds_no_cookie_that_could_be_copied(house):
    session = opened(house.anna)

    kept = [bytes(token) for (token,) in rows("SELECT token FROM session UNION ALL SELECT token FROM browser")]
    assert len(kept) == 2
    assert not {session.token.encode(), session.browser.encode()} & set(kept)


def test_a_new_password_ends_every_session(cast):
    tokens = [opened(cast.anna).token, opened(cast.anna).token]
    other = opened(cast.boris).token

    set_password(cast.anna, slow_hash("another set of words"), actor=Actor(cast.anna.id), at=NOON)

    assert [live_session(token) for token in tokens] == [None, None]
    assert live_session(other)
    with pytest.raises(WrongSignIn):
        sign_in("anna")
    assert sign_in("anna", "another set of words").id == cast.anna.id


def test_staff_owe_the_second_factor_until_it_is_given(house):
    token = opened(house.dragan, confirmed=False).token
    assert (live_session(token).confirmed, live_session(token).staff) == (False, True)

    confirm_session(live_session(token).id, at=NOON)

    assert live_session(token).confirmed


def test_a_code_shown_again_counts_from_then_on_and_using_the_session_does_not_renew_it(cast):
    token = opened(cast.dragan, confirmed=False).token
    key, later = live_session(token).id, NOON + timedelta(minutes=7)
    assert live_session(token).stepped_at is None
    confirm_session(key, at=NOON)
    touch_session(key, at=later)
    assert live_session(token).stepped_at == micros(NOON)

    confirm_session(key, at=later)

    assert live_session(token).stepped_at == micros(later)
    assert one("SELECT confirmed_at FROM session WHERE id = ?", key)[0] == micros(NOON), "when it first counted stays"


def test_a_partners_session_never_showed_a_code(house):
    assert live_session(opened(house.anna).token).stepped_at is None


def test_a_session_that_ended_is_not_confirmed_any_more(house):
    token = opened(house.dragan, confirmed=False).token
    key = live_session(token).id
    end_session(key, actor=Actor(house.dragan.id), at=NOON)

    confirm_session(key, at=NOON)

    assert one("SELECT confirmed_at FROM session WHERE id = ?", key)[0] is None


def test_who_lost_all_rights_is_no_staff_in_a_running_session(house):
    token = opened(house.dragan).token

    grant(house.dragan, set(), actor=HOUSE, at=NOON)

    assert not live_session(token).staff


def test_the_last_use_of_a_session_only_moves_forward(house):
    live = live_session(opened(house.anna).token)

    touch_session(live.id, at=NOON + timedelta(minutes=5))
    touch_session(live.id, at=NOON)

    assert one("SELECT seen_at FROM session WHERE id = ?", live.id)[0] == live.seen_at + 300_000_000


def test_what_is_long_over_is_forgotten_and_what_lives_stays(cast):
    dead, live = opened(cast.anna), opened(cast.anna)
    end_session(live_session(dead.token).id, actor=Actor(cast.anna.id), at=NOON)
    with pytest.raises(WrongSignIn):
        sign_in("nobody")
    touch_session(live_session(live.token).id, at=NOON + timedelta(days=6))

    forget_old(at=NOON + timedelta(days=7))
    assert one("SELECT count(*) FROM session")[0] == 2
    forget_old(at=NOON + timedelta(days=7, seconds=1))

    assert one("SELECT count(*) FROM session")[0] == 1
    assert one("SELECT count(*) FROM throttle")[0] == 0
    assert live_session(live.token)


def test_a_browser_is_known_again_and_belongs_to_one_person(house):
    first = opened(house.anna)

    again = opened(house.anna, browser=first.browser)
    opened(house.boris, browser=again.browser)

    assert [live_session(each.token).browser for each in (first, again)] == [live_session(first.token).browser] * 2
    assert rows("SELECT person_id FROM browser ORDER BY id") == [(house.anna.id,), (house.boris.id,)]


def test_signing_in_is_in_the_trail_with_browser_and_address(house):
    opened(house.anna)

    assert one("SELECT actor, after, address FROM event WHERE verb = 'signed in'") == (house.anna.id, "Firefox", "192.0.2.1")


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("", "unknown"),
        ("192.0.2.1, 10.0.0.1", "unknown"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_addresses_of_one_network_count_together(address, counts_as):
    assert network(address) == counts_as


def test_a_failed_sign_in_is_in_the_trail_of_whom_it_was_tried_for(cast):
    for name in ("anna", "nobody at all"):
        with pytest.raises(WrongSignIn):
            check_password(name, "wrong", browser=None, address="192.0.2.9", at=NOON)

    assert rows("SELECT subject, actor, address FROM event WHERE verb = 'sign-in failed'") == [
        (f"person:{cast.anna.id}", None, "192.0.2.9")
    ]
