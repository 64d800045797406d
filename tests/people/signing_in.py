"""Words for tests of known browsers: signing in with one, whether its cookie arrived, what was written down and told."""

from datetime import timedelta

from tests.cast import NOON
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows
from vps.people.actions import arrived, live_session, open_session, token_hash
from vps.people.actions.browsers import recognised
from vps.post.actions import due

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def opened(person, cookie=None, *, family="Firefox", at=NOON):
    return open_session(person, browser=cookie, agent=family, actor=Actor(None, "192.0.2.1"), at=at, confirmed=True)


def arrive(session):
    live = live_session(session.token)
    arrived(live.id, live.device)


def signed_in(person, cookie=None, **more):
    """Sign in and look at a page: the cookie by which this browser is known from now on."""
    session = opened(person, cookie, **more)
    if live_session(session.token).device:
        arrive(session)
    return session.browser


def known(person, cookie, at=NOON):
    return recognised(person.id, token_hash(cookie), at=at)


def happened(*verbs):
    return rows(f"SELECT verb, after FROM event WHERE verb IN ({', '.join('?' * len(verbs))}) ORDER BY id", *verbs)


def told():
    return [facts["verb"] for *_, kind, _, _, facts in due(NOON + 1000 * DAY, limit=100) if kind == "notice"]


def live_browsers(person):
    return one("SELECT count(*) FROM browser WHERE person_id = ? AND ended_at IS NULL", person.id)[0]
