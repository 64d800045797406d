"""The browsers a person is known by: five, for thirteen months each; named and removed; and which of them are usual."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from tests.people.signing_in import DAY, SECOND, happened, known, live_browsers, opened, signed_in, told
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import connect, one, rows, run
from vps.kernel.refusals import NotFound, Phrase
from vps.kernel.schema import script
from vps.kernel.text import HiddenCharacters, TooLong
from vps.people.actions import (
    NewBrowser,
    StrangeBrowser,
    browser_of,
    browsers_of,
    end_browser,
    forget_old,
    live_session,
    must_be_usual_browser,
    rename_browser,
    token_hash,
    usual_families,
)
from vps.people.actions.browsers import KNOWN_FOR


def test_the_sixth_browser_ends_the_one_unused_longest(cast):
    cookies = [signed_in(cast.anna, at=NOON + n * SECOND) for n in range(5)]
    cookies[0] = opened(cast.anna, cookies[0], at=NOON + 9 * SECOND)
    unused = opened(cast.anna, cookies[1], at=NOON + SECOND)

    signed_in(cast.anna, family="Chrome", at=NOON + 10 * SECOND)

    assert live_browsers(cast.anna) == 5
    assert known(cast.anna, cookies[0].browser) and not known(cast.anna, unused.browser)
    assert live_session(unused.token) is None
    assert happened("browser replaced") == [("browser replaced", "Firefox")]
    assert set(told()) == {"new browser"}


def test_new_browsers_at_once_are_never_more_than_five(cast):
    at_once(8, lambda n: opened(cast.anna, at=NOON + n * SECOND))
    connect()

    assert live_browsers(cast.anna) == 5
    assert len(happened("signed in")) == 1, "one of them was the first"


def test_a_browser_is_known_for_thirteen_months_after_its_last_sign_in(cast):
    cookie = signed_in(cast.anna)
    assert known(cast.anna, cookie, at=NOON + KNOWN_FOR - SECOND) and known(cast.anna, cookie, at=NOON + KNOWN_FOR) is None

    cookie = signed_in(cast.anna, cookie, at=NOON + 300 * DAY)
    assert known(cast.anna, cookie, at=NOON + KNOWN_FOR)
    assert known(cast.boris, cookie) is None

    signed_in(cast.anna, cookie, at=NOON + 300 * DAY + KNOWN_FOR)
    assert told() == ["new browser"]


def test_browsers_that_are_over_are_forgotten_but_a_persons_last_one_is_not(cast):
    old, ended, last = (signed_in(cast.anna, at=NOON + n * DAY) for n in (0, 300, 301))
    run("UPDATE browser SET ended_at = ? WHERE token = ?", micros(NOON + 400 * DAY), token_hash(ended))
    kept = lambda: {bytes(token) for (token,) in rows("SELECT token FROM browser")}  # noqa: E731

    forget_old(at=NOON + KNOWN_FOR)
    assert token_hash(old) in kept(), "not yet"
    forget_old(at=NOON + KNOWN_FOR + SECOND)
    assert kept() == {token_hash(ended), token_hash(last)}
    forget_old(at=NOON + 407 * DAY + SECOND)
    assert kept() == {token_hash(last)}
    forget_old(at=NOON + 2000 * DAY)
    assert kept() == {token_hash(last)}
    signed_in(cast.anna, at=NOON + 2000 * DAY)
    assert told()[-1:] == ["new browser"], "so that the next one is not taken for the first"


def test_a_browser_with_a_session_that_is_kept_is_kept(cast):
    signed_in(cast.anna)
    session = live_session(opened(cast.anna, at=NOON + SECOND).token)
    run("UPDATE browser SET ended_at = ?", micros(NOON))
    run("UPDATE session SET seen_at = ? WHERE id <> ?", micros(NOON + 30 * DAY), session.id)

    forget_old(at=NOON + 30 * DAY)

    assert one("SELECT count(*) FROM browser")[0] == 2


def test_one_gives_a_browser_of_ones_own_a_name(cast):
    signed_in(cast.anna, family="Edg")
    key, own = browsers_of(cast.anna, at=NOON)[0].id, Actor(cast.anna.id)
    assert browsers_of(cast.anna, at=NOON)[0].called == "Edge"

    rename_browser(cast.anna.id, key, "  Phone ", actor=own, at=NOON)
    rename_browser(cast.anna.id, key, "Phone", actor=own, at=NOON)
    assert browsers_of(cast.anna, at=NOON)[0].called == "Phone"
    for person, number in ((cast.boris, key), (cast.anna, 10**9)):
        with pytest.raises(NotFound):
            rename_browser(person.id, number, "Mine", actor=own, at=NOON)
    for name, refusal in (("x" * 41, TooLong), ("a\u202eb", HiddenCharacters)):
        with pytest.raises(refusal):
            rename_browser(cast.anna.id, key, name, actor=own, at=NOON)
    rename_browser(cast.anna.id, key, "", actor=own, at=NOON)

    assert browsers_of(cast.anna, at=NOON)[0].called == "Edge"
    assert rows("SELECT before, after FROM event WHERE verb = 'browser renamed' ORDER BY id") == [("Edg", "Phone"), ("Phone", "Edg")]


def test_removing_a_browser_ends_its_sessions_but_never_the_one_in_use(cast):
    here, there, boris = opened(cast.anna), opened(cast.anna, family="Chrome"), opened(cast.boris)
    this, other, his = (live_session(session.token) for session in (here, there, boris))
    own = Actor(cast.anna.id, "192.0.2.1")

    assert not end_browser(cast.anna.id, this.browser, keep=this.id, actor=own, at=NOON)
    assert not end_browser(cast.anna.id, his.browser, keep=this.id, actor=own, at=NOON)
    assert [end_browser(cast.anna.id, other.browser, keep=this.id, actor=own, at=NOON) for _ in range(2)] == [True, False]

    assert live_session(here.token) and live_session(boris.token) and live_session(there.token) is None
    assert known(cast.anna, there.browser) is None
    assert happened("browser ended") == [("browser ended", "Chrome")] and told() == ["new browser", "browser ended"]


def test_browsers_and_sessions_from_before_are_kept(cast):
    """Their family is not known yet, and they were used last when they came."""
    session, cookie = live_session(opened(cast.anna).token), token_hash("from before")
    run("DROP TABLE session")
    run("DROP TABLE browser")
    for statement in script("0001_the_house"):
        if statement.replace('"', "").split(" (")[0].split()[-1] in ("browser", "session"):
            run(statement)
    run("INSERT INTO browser (person_id, token, first_at) VALUES (?, ?, ?)", cast.anna.id, cookie, micros(NOON))
    run("INSERT INTO session (id, person_id, token, csrf, started_at, seen_at, confirmed_at, address, browser) VALUES (?, ?, ?, 'c', 1, 1, 1, '', 'Edg')",
        session.id, cast.anna.id, token_hash("old session"))  # fmt: skip

    for statement in (*script("0003_known_browsers"), script("0006_previewed_batches")[0]):  # and what a later step adds to a session
        run(statement)

    assert rows("SELECT person_id, previous, spent, name, family, first_at, seen_at, ended_at FROM browser") == [
        (cast.anna.id, None, None, "", "", micros(NOON), micros(NOON), None)
    ]
    live = live_session("old session")
    assert (live.id, live.browser, live.device) == (session.id, None, None)
    signed_in(cast.anna, "from before")
    assert rows("SELECT family FROM browser") == [("Firefox",)] and told() == []


def session_of(person, cookie=None, **more):
    return live_session(opened(person, cookie, **more).token).id


def refused(session, at, *, pinned=True):
    """The refusal of a payment's browser, or None."""
    try:
        must_be_usual_browser(session, pinned=pinned, at=at)
    except (StrangeBrowser, NewBrowser) as refusal:
        return refusal
    return None


def test_the_only_browser_somebody_has_ever_had_is_usual(cast):
    session = session_of(cast.anna)

    assert refused(session, NOON) is None
    assert (browser_of(session).family, browser_of(session).first_at, browser_of(session).ended) == ("Firefox", NOON, False)
    assert browser_of(10**9) is None and refused(10**9, NOON) is None


def test_who_normally_uses_an_edge_but_now_a_firefox_is_told_so(cast):
    signed_in(cast.anna, family="Chrome", at=NOON - 3 * DAY)
    signed_in(cast.anna, family="Edg", at=NOON - 2 * DAY)
    session = session_of(cast.anna)

    refusal = refused(session, NOON + DAY - SECOND)

    assert str(refusal) == "You normally use Edge, but this is Firefox. For your safety payments are not accepted from it yet."
    assert refusal.status == 403
    assert refused(session, NOON + DAY) is None, "after a day it is one of his own"
    assert refused(session, NOON, pinned=False) is None
    assert usual_families(cast.anna.id, NOON) == {"Chrome", "Edg"}


def test_another_browser_of_the_same_family_is_new_for_a_day(cast):
    signed_in(cast.anna, family="Chrome", at=NOON - 3 * DAY)
    signed_in(cast.anna, at=NOON - 2 * DAY)
    session = session_of(cast.anna, family="Chrome")

    refusal = refused(session, NOON)

    assert isinstance(refusal, NewBrowser) and refusal.facts == {"until": NOON + DAY} and refusal.status == 403
    assert refused(session, NOON + DAY) is None


def test_a_browser_that_is_known_for_long_stays_usual_whichever_others_there_are(cast):
    cookie = signed_in(cast.anna, at=NOON - 9 * DAY)
    signed_in(cast.anna, family="Chrome", at=NOON - 8 * DAY)

    assert refused(session_of(cast.anna, cookie), NOON) is None


def test_two_new_browsers_do_not_vouch_for_each_other(cast):
    signed_in(cast.anna, family="Chrome", at=NOON - 3 * DAY)
    signed_in(cast.anna, at=NOON - DAY + SECOND)

    assert isinstance(refused(session_of(cast.anna), NOON), StrangeBrowser)
    assert usual_families(cast.boris.id, NOON) == set()


def test_a_stranger_who_removes_or_pushes_out_every_other_browser_is_still_no_usual_one(cast):
    signed_in(cast.anna, family="Chrome", at=NOON - 3 * DAY)
    removed = browsers_of(cast.anna, at=NOON)[0].id
    stranger = session_of(cast.anna)
    end_browser(cast.anna.id, removed, keep=stranger, actor=Actor(cast.anna.id), at=NOON)
    assert isinstance(refused(stranger, NOON + DAY - SECOND), StrangeBrowser)

    signed_in(cast.boris, family="Chrome", at=NOON - 3 * DAY)
    sessions = [session_of(cast.boris, at=NOON + n * SECOND) for n in range(6)]
    assert "Chrome" not in {each.called for each in browsers_of(cast.boris, at=NOON + DAY)}
    assert isinstance(refused(sessions[-1], NOON + DAY - SECOND), StrangeBrowser)
    assert refused(sessions[-1], NOON + DAY + 5 * SECOND) is None


def test_a_session_older_than_the_rows_of_browsers_counts_as_one_that_began_with_it(cast):
    signed_in(cast.anna, family="Chrome", at=NOON - 3 * DAY)
    session = session_of(cast.anna)
    run("UPDATE session SET browser_id = NULL")

    assert (browser_of(session).id, browser_of(session).family) == (0, "Firefox")
    assert isinstance(refused(session, NOON), StrangeBrowser)


def test_a_browser_of_no_family_is_called_another_one(cast):
    signed_in(cast.anna, family="", at=NOON - 3 * DAY)

    refusal = refused(session_of(cast.anna), NOON)

    assert isinstance(refusal.facts["usual"], Phrase) and "normally use another browser, but this is Firefox" in str(refusal)
