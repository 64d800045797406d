"""The browser's session: a row for who is signed in, a signed cookie for who is not. The only module that speaks Flask-Login."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user
from itsdangerous import BadSignature, URLSafeSerializer

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import InterfaceError, OperationalError, connect
from vps.kernel.keys import keys
from vps.people.actions import KNOWN_FOR, Live, Opened, allows, arrived, end_elsewhere, live_session, touch_session
from vps.people.models import Person

MINUTE = 60_000_000
DEVICE_LIFE = KNOWN_FOR // timedelta(seconds=1)
BARE = ("/static/", "/healthz", "/readyz")
"""Addresses that need neither session nor database."""


class SignedIn(UserMixin):
    """The person as Flask-Login wants him."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = str(person.id)


class BrowserSession(dict[str, Any], SessionMixin):
    """What this browser carries: nothing but a CSRF token, and the row of a session while somebody is signed in."""

    def __init__(
        self, live: Live | None = None, *, over: bool = False, kept: dict[str, Any] | None = None, trouble: Exception | None = None
    ) -> None:
        super().__init__(kept or {})
        self.live, self.over, self.trouble = live, over, trouble
        self.opened: Opened | None = None
        self.renewed: str | None = None
        self.closed = False
        if live:
            self["csrf_token"] = live.csrf
            if live.confirmed:
                self["_user_id"], self["_fresh"] = str(live.person), True

    def begin(self, opened: Opened) -> None:
        """Carry a session that was just opened; its CSRF token is another than before."""
        self.opened, self.live = opened, live_session(opened.token)
        assert self.live is not None
        self["csrf_token"] = self.live.csrf
        g.pop("csrf_token", None)

    def renew(self, token: str) -> None:
        """Carry the same session by another cookie from now on."""
        self.renewed = token

    def end(self) -> None:
        """Carry nothing any more."""
        self.clear()
        self.live, self.closed = None, True


class Sessions(SessionInterface):
    """Reads and writes the session cookie; the first in a request who needs the database, so it connects."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        if request.path.startswith(BARE):
            return BrowserSession()
        value = request.cookies.get(app.config["SESSION_COOKIE_NAME"], "")
        try:
            connect()
            if not value or len(value) > 400:
                return BrowserSession(over=len(value) > 400)
            if value.startswith("a."):
                return BrowserSession(kept=_unsigned(value[2:]))
            live = live_session(value)
            return BrowserSession(live) if live and _in_time(live, clock()) else BrowserSession(over=True)
        except (OperationalError, InterfaceError) as trouble:
            # Here nobody could answer the visitor yet, and he is not signed out by it: the page says it.
            return BrowserSession(trouble=trouble)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, BrowserSession)
        if session.opened:
            _send(app, response, app.config["SESSION_COOKIE_NAME"], session.opened.token)
            _send(app, response, app.config["DEVICE_COOKIE_NAME"], session.opened.browser, max_age=DEVICE_LIFE)
        elif session.renewed:
            _send(app, response, app.config["SESSION_COOKIE_NAME"], session.renewed)
        elif session.closed or session.over:
            response.delete_cookie(app.config["SESSION_COOKIE_NAME"], path="/", secure=app.config["SESSION_COOKIE_SECURE"], httponly=True)
        if session.live is None and "csrf_token" in session and not session.opened and g.get("csrf_token"):
            _send(app, response, app.config["SESSION_COOKIE_NAME"], "a." + _signer().dumps({"csrf_token": session["csrf_token"]}))
        elif session.live and not session.opened:
            if session.live.device:
                arrived(session.live.id, session.live.device)
            if micros(clock()) - session.live.seen_at > MINUTE:
                touch_session(session.live.id, at=clock())


def init_sessions(app: Flask) -> None:
    """Sessions in the database; Flask-Login on top of them, without its own cookies and checks."""
    app.session_interface = Sessions()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)


def me() -> Person:
    """The real person who is signed in; the guards made sure that there is one."""
    person: Person = current_user.person
    return person


def somebody() -> Person | None:
    """Who is signed in, or None."""
    user = current_user._get_current_object()  # looked up once: through the proxy, every question is a search
    return user.person if isinstance(user, SignedIn) else None


def reader_of(session: SessionMixin) -> Person | None:
    """Whose language the page speaks: who is signed in, or who still owes the second step."""
    live = getattr(session, "live", None)
    return somebody() or (Person.with_id(live.person) if live else None)


def leave_elsewhere(session: SessionMixin) -> None:
    """End the session of a member of staff who asks from an address that is not on his list: nobody is signed in any more."""
    live: Live | None = getattr(session, "live", None)
    if live and live.staff and live.listed and not allows(live.person, g.address):
        assert isinstance(session, BrowserSession)
        end_elsewhere(live.id, actor=Actor(live.person, g.address), at=clock())
        session.end()


def stepped_up(now: datetime) -> bool:
    """Whether this session showed a code of the app within the last minutes, as many as the company allows."""
    live = getattr(session, "live", None)
    return live is not None and live.stepped_at is not None and micros(now) - live.stepped_at < company().step_up_minutes * MINUTE


def my_actor() -> Actor:
    """Who acts in this request, and from where."""
    person = somebody()
    return Actor(person.id if person else None, g.get("address", ""))


def _load(key: str) -> SignedIn | None:
    person = Person.with_id(int(key))
    return SignedIn(person) if person else None


def _in_time(live: Live, now: datetime) -> bool:
    settings, at = company(), micros(now)
    idle = settings.staff_idle if live.staff else settings.partner_idle
    return at - live.seen_at < idle * MINUTE and at - live.started_at < settings.session_hours * 60 * MINUTE


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt="not signed in")


def _unsigned(value: str) -> dict[str, Any]:
    try:
        found = _signer().loads(value)
    except BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _send(app: Flask, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", secure=app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax")
