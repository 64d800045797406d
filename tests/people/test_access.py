"""Where somebody is signed in, signing out from afar, and another password."""

from datetime import timedelta

import pytest

from tests.cast import NOON, PASSWORD, app_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows
from vps.people.actions import (
    TooManyTries,
    WrongPassword,
    change_password,
    check_password,
    confirm_session,
    end_session,
    end_sessions,
    live_session,
    open_session,
    touch_session,
    where_signed_in,
)
from vps.people.actions.invite import NotTheSame, TooEasy, TooShort
from vps.people.models import Person

NEW = "seven purple otters sing"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def opened(cast):
    """Open a session of somebody and answer its token and id."""

    def session(person, *, at=NOON, agent="Firefox", confirmed=True):
        token = open_session(person, browser=None, agent=agent, actor=Actor(None, "192.0.2.1"), at=at, confirmed=confirmed).token
        return token, live_session(token).id

    return session


def shown(person, at=NOON):
    return [(each.browser, each.address, each.started_at, each.seen_at) for each in where_signed_in(person, at=at)]


def change(person, session, *, current=PASSWORD, password=NEW, again=NEW, at=NOON):
    person = Person.get_by_id(person.id)
    change_password(person, current=current, password=password, again=again, session=session, actor=Actor(person.id, "192.0.2.1"), at=at)


def test_the_sessions_that_count_are_listed_the_latest_used_first(cast, opened):
    opened(cast.anna, agent="Chrome", at=NOON - 5 * MINUTE)
    _, second = opened(cast.anna, at=NOON - 9 * MINUTE)
    _, over = opened(cast.anna)
    opened(cast.boris)
    end_session(over, actor=Actor(cast.anna.id), at=NOON)
    touch_session(second, at=NOON)

    assert shown(cast.anna) == [
        ("Firefox", "192.0.2.1", NOON - 9 * MINUTE, NOON),
        ("Chrome", "192.0.2.1", NOON - 5 * MINUTE, NOON - 5 * MINUTE),
    ]


def test_a_session_that_was_idle_for_too_long_is_not_listed(cast, opened):
    """A partner's ends after half an hour, one of staff after ten minutes, and any after twelve hours."""
    _, partners = opened(cast.anna)
    opened(cast.dragan)

    assert (len(shown(cast.anna, NOON + 29 * MINUTE)), len(shown(cast.anna, NOON + 30 * MINUTE))) == (1, 0)
    assert (len(shown(cast.dragan, NOON + 9 * MINUTE)), len(shown(cast.dragan, NOON + 10 * MINUTE))) == (1, 0)
    touch_session(partners, at=NOON + timedelta(hours=12))
    assert shown(cast.anna, NOON + timedelta(hours=12)) == []


def test_a_session_that_still_owes_the_code_is_not_listed(cast, opened):
    app_of(cast.dragan)
    _, half = opened(cast.dragan, confirmed=False)
    assert shown(cast.dragan) == []
    confirm_session(half, at=NOON)
    assert len(shown(cast.dragan)) == 1


def test_another_session_is_ended_at_once_and_it_is_in_the_trail(cast, opened):
    (mine, this), (other, key) = opened(cast.anna), opened(cast.anna, agent="Chrome")

    assert end_sessions(cast.anna.id, keep=this, only=key, actor=Actor(cast.anna.id, "192.0.2.1"), at=NOON) == 1
    assert end_sessions(cast.anna.id, keep=this, only=key, actor=Actor(cast.anna.id, "192.0.2.1"), at=NOON) == 0

    assert live_session(other) is None and live_session(mine)
    assert rows("SELECT actor, after FROM event WHERE verb = 'session ended'") == [(cast.anna.id, "Chrome")]


def test_nobody_ends_somebody_elses_session_or_the_one_he_is_in(cast, opened):
    (mine, this), (boris, key) = opened(cast.anna), opened(cast.boris)

    for only in (key, this, 2**62):
        assert end_sessions(cast.anna.id, keep=this, only=only, actor=Actor(cast.anna.id), at=NOON) == 0

    assert live_session(boris) and live_session(mine)


def test_all_others_are_ended_in_one_go(cast, opened):
    (mine, this), others, (boris, _) = opened(cast.anna), [opened(cast.anna)[0] for _ in range(3)], opened(cast.boris)

    assert end_sessions(cast.anna.id, keep=this, actor=Actor(cast.anna.id), at=NOON) == 3

    assert live_session(mine) and live_session(boris)
    assert [live_session(token) for token in others] == [None] * 3


def test_another_password_counts_at_once_and_ends_every_other_session(cast, opened):
    (mine, this), (other, _) = opened(cast.anna), opened(cast.anna)

    change(cast.anna, this)

    assert live_session(mine) and live_session(other) is None
    assert check_password("anna", NEW, browser=None, address="192.0.2.1", at=NOON).id == cast.anna.id
    assert one("SELECT actor, address FROM event WHERE verb = 'password changed'") == (cast.anna.id, "192.0.2.1")


@pytest.mark.parametrize(("typed", "refusal"), [
    ({"current": "four words that do not"}, WrongPassword),
    ({"current": ""}, WrongPassword),
    ({"password": "short", "again": "short"}, TooShort),
    ({"password": "anna bauer 1", "again": "anna bauer 1"}, TooEasy),
    ({"again": "seven purple otters"}, NotTheSame),
])  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing(cast, opened, typed, refusal):
    (_, this), (other, _) = opened(cast.anna), opened(cast.anna)

    with pytest.raises(refusal):
        change(cast.anna, this, **typed)

    assert live_session(other)
    assert check_password("anna", PASSWORD, browser=None, address="192.0.2.1", at=NOON)


def test_the_right_password_forgets_the_wrong_tries_before_it(cast, opened):
    _, this = opened(cast.anna)
    for _ in range(4):
        with pytest.raises(WrongPassword):
            change(cast.anna, this, current="a guess of his")

    change(cast.anna, this)

    with pytest.raises(WrongPassword):
        change(cast.anna, this)
    change(cast.anna, this, current=NEW, password=PASSWORD, again=PASSWORD)


def test_who_sits_at_an_open_browser_cannot_guess_the_password(cast, opened):
    _, this = opened(cast.anna)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            change(cast.anna, this, current="a guess of his")

    with pytest.raises(TooManyTries):
        change(cast.anna, this)
