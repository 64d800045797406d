"""Signing in and out. A session is a row: signing out ends it, and a copied cookie is worth nothing afterwards."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import identity
from vps.people.actions.browsers import admit, forget_browsers, recognised
from vps.people.actions.notices import note
from vps.people.actions.passwords import is_password
from vps.people.actions.throttle import ACCOUNT, BROWSER, EVERYBODY, NETWORK, Rule, count_failure, forget_failures, must_not_wait
from vps.people.models import Person
from vps.people.models.holds import HELD

TOUCH = 60_000_000
"""A session's last use is written at most once a minute (microseconds)."""


OLD = timedelta(days=7)
"""How long ended sessions and past throttles are kept."""


class WrongSignIn(Refused):
    """The same words for an unknown name, a wrong password and a closed account."""

    says = N_("Name and password do not match. Please check both.")
    field = "password"


class Opened(NamedTuple):
    """A new session: its cookie, and the cookie by which this browser is known from now on."""

    token: str
    browser: str


def token_hash(token: str) -> bytes:
    """What is kept of a random token of 128 bits or more: plain SHA-256 suffices for those."""
    return sha256(token.encode()).digest()


def check_password(username: str, password: str, *, browser: str | None, address: str, at: datetime) -> Person:
    """The person with this name (or number, or e-mail) and password. Raises WrongSignIn, TooManyTries."""
    person = _named(username)
    known = recognised(person.id, token_hash(browser), at=at) if person and browser else None
    asked: list[tuple[Rule, str]] = [(NETWORK, network(address)), (EVERYBODY, "")]
    asked.insert(
        0,
        (BROWSER, f"browser:{known}")  # not its cookie, which is another one at each sign-in
        if known
        else (ACCOUNT, f"person:{person.id}" if person else token_hash(identity(username)).hex()),
    )
    must_not_wait(asked, at)
    right = is_password(person, password, actor=Actor(None, address), at=at)
    if not right or person is None or person.closed_at is not None:
        _failed(person, asked, address=address, at=at)
        raise WrongSignIn
    must_not_wait(asked, at)  # many guesses at once: the door may have closed while this one was checked
    forget_failures(asked[:1])
    return person


@action
def _failed(person: Person | None, asked: list[tuple[Rule, str]], *, address: str, at: datetime) -> None:
    # A name that nobody has leaves no line: strangers could fill the trail with them. For one that somebody has, the throttle bounds them.
    count_failure(asked, at)
    if person:
        note(Actor(None, address), "sign-in failed", person.id, at=at)


@action
def open_session(person: Person, *, browser: str | None, agent: str, actor: Actor, at: datetime, confirmed: bool) -> Opened:
    """Start a session; `confirmed` is False while a member of staff still owes the code of the app.

    `browser` is the cookie by which this browser says that it is known, `agent` its family. It gets another cookie each time.
    """
    token, device, now, agent = secrets.token_urlsafe(32), secrets.token_urlsafe(32), micros(at), agent[:40]
    shown, fresh = token_hash(browser) if browser else None, token_hash(device)
    acts = Actor(person.id, actor.address)
    came = admit(person.id, shown, fresh=fresh, family=agent, actor=acts, at=at)
    given = (actor.address, agent, now if confirmed else None, came.id, fresh if came.known else None)
    run(OPEN, person.id, token_hash(token), secrets.token_hex(20), now, now, *given)
    no_news = came.known or came.first  # the first is the one of his invitation
    note(acts, "signed in" if no_news else "new browser", person.id, at=at, after=agent)
    return Opened(token, device)


@action
def confirm_session(session: int, *, at: datetime) -> None:
    """The second factor was right: the session counts, and for a few minutes it may do what is sensitive."""
    run(CONFIRM, micros(at), micros(at), micros(at), session)


@action
def renew_session(session: int) -> str:
    """Another cookie for a session, which is answered: whoever had the one from when less could be done with it has nothing."""
    token = secrets.token_urlsafe(32)
    run("UPDATE session SET token = ? WHERE id = ? AND ended_at IS NULL", token_hash(token), session)
    return token


@action
def end_session(session: int, *, actor: Actor, at: datetime) -> None:
    """Sign out: the cookie of this session opens nothing any more."""
    ended = one("UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING person_id", micros(at), session)
    if ended:
        note(actor, "signed out", ended[0], at=at)


@action
def touch_session(session: int, *, at: datetime) -> None:
    """Note that a session is in use."""
    run("UPDATE session SET seen_at = ? WHERE id = ? AND seen_at < ?", micros(at), session, micros(at))


@action
def forget_old(*, at: datetime) -> None:
    """Forget sessions and browsers that were over long ago, but for those under a legal hold, and throttles that are past."""
    old = micros(at - OLD)
    run(FORGET, old, old)
    forget_browsers(at=at, ended=at - OLD)
    run("DELETE FROM throttle WHERE since < ? AND (blocked_until IS NULL OR blocked_until < ?)", old, old)


class Live(NamedTuple):
    """A session that counts: its row, the person's row, whether the second factor was given, and whether he has a list of addresses."""

    id: int
    person: int
    csrf: str
    started_at: int
    seen_at: int
    confirmed: bool
    staff: bool
    browser: int | None
    """The browser it was opened with."""
    device: bytes | None
    """The browser's new cookie (its hash), until a request has shown that it arrived."""
    listed: bool
    stepped_at: int | None


def live_session(token: str) -> Live | None:
    """The session of a cookie, unless it was ended or its person's account closed. Idle and absolute limits are the web's to apply."""
    row = one(LIVE, token_hash(token))
    return (
        Live(row[0], row[1], row[2], row[3], row[4], row[5] is not None, bool(row[6]), row[7], row[8], bool(row[9]), row[10])
        if row
        else None
    )


def network(address: str) -> str:
    """What counts as one network: /24 of IPv4, /64 of IPv6; an unknown address is one of its own."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    # A socket for both kinds shows IPv4 inside IPv6, where /64 would be everybody.
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))


def _named(username: str) -> Person | None:
    typed = identity(username)[:320]
    if "\0" in typed:  # which PostgreSQL would not even look for
        return None
    row = one("SELECT id FROM person WHERE username = ?", typed) or one("SELECT id FROM person WHERE number = ?", typed)
    if not row and "@" in typed:
        same = run("SELECT id FROM person WHERE email = ? AND closed_at IS NULL LIMIT 2", typed).fetchall()
        row = same[0] if len(same) == 1 else None
    return Person.get_by_id(row[0]) if row else None


OPEN = (
    "INSERT INTO session (person_id, token, csrf, started_at, seen_at, address, browser, confirmed_at, browser_id, device)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
FORGET = f"DELETE FROM session WHERE (ended_at < ? OR seen_at < ?) AND person_id NOT IN ({HELD})"  # noqa: S608 - constant parts
CONFIRM = "UPDATE session SET confirmed_at = coalesce(confirmed_at, ?), stepped_at = ?, seen_at = ? WHERE id = ? AND ended_at IS NULL"
LIVE = (
    "SELECT s.id, s.person_id, s.csrf, s.started_at, s.seen_at, s.confirmed_at,"
    " EXISTS (SELECT 1 FROM person_right r WHERE r.person_id = s.person_id AND r.withdrawn_at IS NULL),"
    " s.browser_id, s.device, EXISTS (SELECT 1 FROM network n WHERE n.person_id = s.person_id AND n.ended_at IS NULL), s.stepped_at"
    " FROM session s JOIN person p ON p.id = s.person_id WHERE s.token = ? AND s.ended_at IS NULL AND p.closed_at IS NULL"
)
