"""A browser is known by a cookie that changes at every sign-in. Lost answers lose nothing; a copied cookie gives itself away."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from tests.people.signing_in import DAY, SECOND, arrive, happened, known, live_browsers, opened, signed_in, told
from vps.kernel.database import connect, one, rows, run
from vps.people.actions import WrongSignIn, arrived, check_password, live_session, token_hash
from vps.people.actions.browsers import OVERTAKEN


def test_each_sign_in_gives_a_known_browser_another_cookie(cast):
    first = signed_in(cast.anna)
    second = signed_in(cast.anna, first)
    third = signed_in(cast.anna, second)

    assert len({first, second, third}) == 3
    assert [known(cast.anna, cookie) is not None for cookie in (first, second, third)] == [False, False, True]
    assert live_browsers(cast.anna) == 1 and told() == []


def test_a_cookie_whose_answer_was_lost_still_counts_until_the_new_one_is_seen(cast):
    first = signed_in(cast.anna)
    lost = [opened(cast.anna, first).browser for _ in range(3)]
    assert known(cast.anna, first), "three answers were lost on a bad line"

    came = opened(cast.anna, first)
    assert known(cast.anna, first) == known(cast.anna, came.browser)
    arrive(came)

    assert known(cast.anna, first) is None and known(cast.anna, came.browser)
    assert not any(known(cast.anna, cookie) for cookie in lost)
    assert live_browsers(cast.anna) == 1 and told() == []


def test_showing_the_new_cookie_proves_as_well_that_it_arrived(cast):
    first = signed_in(cast.anna)
    second = opened(cast.anna, first).browser

    third = opened(cast.anna, second).browser

    assert known(cast.anna, first) is None and known(cast.anna, second) == known(cast.anna, third)
    assert bytes(one("SELECT spent FROM browser")[0]) == token_hash(first)


def test_a_cookie_shown_again_after_it_was_replaced_ends_its_browser_and_every_session_of_it(cast):
    stolen = signed_in(cast.anna)
    phone = signed_in(cast.anna, family="Chrome")
    session = opened(cast.anna, stolen)
    arrive(session)

    thief = opened(cast.anna, stolen, at=NOON + DAY)

    assert live_session(session.token) is None and known(cast.anna, session.browser) is None
    assert live_session(thief.token), "the password was right: he goes on, as somebody new"
    assert known(cast.anna, phone, at=NOON + DAY)
    assert happened("browser copied") == [("browser copied", "Firefox")]
    assert told() == ["new browser", "browser copied", "new browser"]
    assert one("SELECT actor, address FROM event WHERE verb = 'browser copied'") == (cast.anna.id, "192.0.2.1")


def test_the_owner_of_a_copied_cookie_gives_the_thief_away(cast):
    cookie = signed_in(cast.anna)
    thief = opened(cast.anna, cookie)
    arrive(thief)

    opened(cast.anna, cookie, at=NOON + DAY)

    assert live_session(thief.token) is None and known(cast.anna, thief.browser) is None


def test_a_copied_cookie_gives_itself_away_in_whatever_browser(cast):
    stolen = signed_in(cast.anna)
    kept = signed_in(cast.anna, stolen)

    opened(cast.anna, stolen, family="Chrome", at=NOON + DAY)

    assert known(cast.anna, kept) is None and told() == ["browser copied", "new browser"]


def test_nobody_ends_a_browser_by_guessing_passwords(cast):
    stolen = signed_in(cast.anna)
    kept = signed_in(cast.anna, stolen)

    with pytest.raises(WrongSignIn):
        check_password("anna", "wrong", browser=stolen, address="192.0.2.1", at=NOON + DAY)

    assert known(cast.anna, kept)
    assert rows("SELECT scope FROM throttle WHERE scope IN ('browser', 'account')") == [("account",)], "it is no known browser's any more"


def test_a_sign_in_that_was_overtaken_by_another_one_is_no_theft(cast):
    """A button pressed twice on a bad line: the first press arrives when the second has been answered and used."""
    first = signed_in(cast.anna)
    second = signed_in(cast.anna, first)

    opened(cast.anna, first, at=NOON + OVERTAKEN)

    assert known(cast.anna, second) and happened("browser copied") == []
    opened(cast.anna, first, at=NOON + OVERTAKEN + SECOND)
    assert known(cast.anna, second) is None and len(happened("browser copied")) == 1


def test_many_sign_ins_of_one_browser_at_once_stay_one_browser(cast):
    first = signed_in(cast.anna)

    sessions = at_once(6, lambda _: opened(cast.anna, first))
    connect()
    arrive(sessions[3])

    assert live_browsers(cast.anna) == 1 and happened("browser copied", "new browser") == []
    assert known(cast.anna, sessions[3].browser), "what arrived is what the browser has"
    signed_in(cast.anna, sessions[3].browser, at=NOON + DAY)
    assert told() == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_sign_ins_at_once_the_one_that_arrived_last_counts_and_the_other_is_no_theft(cast, order):
    first = signed_in(cast.anna)
    sessions = [opened(cast.anna, first) for _ in range(2)]
    for n in order:
        arrive(sessions[n])

    assert known(cast.anna, sessions[order[1]].browser)
    opened(cast.anna, sessions[order[0]].browser, at=NOON + DAY)
    assert happened("browser copied") == []
    assert known(cast.anna, first) is None


def test_a_request_that_comes_late_takes_nothing_back(cast):
    first = signed_in(cast.anna)
    slow = opened(cast.anna, first)
    live = live_session(slow.token)
    newer = opened(cast.anna, slow.browser)

    arrived(live.id, live.device)
    assert known(cast.anna, newer.browser) and known(cast.anna, slow.browser)
    arrive(newer)
    run("UPDATE session SET device = ? WHERE id = ?", live.device, live.id)
    arrived(live.id, live.device)

    assert known(cast.anna, newer.browser) and known(cast.anna, slow.browser) is None


def test_a_cookie_in_a_browser_of_another_family_is_not_that_browser(cast):
    cookie = signed_in(cast.anna)

    other = opened(cast.anna, cookie, family="Chrome")

    assert known(cast.anna, cookie) not in (None, known(cast.anna, other.browser))
    assert rows("SELECT family FROM browser WHERE ended_at IS NULL ORDER BY id") == [("Firefox",), ("Chrome",)]
    assert told() == ["new browser"]


def test_a_browser_from_before_families_were_kept_takes_the_one_it_shows(cast):
    cookie = signed_in(cast.anna)
    run("UPDATE browser SET family = ''")

    cookie = signed_in(cast.anna, cookie)
    opened(cast.anna, cookie, family="Chrome")

    assert rows("SELECT family FROM browser ORDER BY id") == [("Firefox",), ("Chrome",)]
