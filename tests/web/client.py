"""A browser for tests: it signs in as one of the cast, sends forms with their token, and knows htmx."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from secrets import token_urlsafe
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from vps.app import create_app
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import database, run
from vps.kernel.keys import keys, use_keys, write_keys
from vps.kernel.settings import Settings
from vps.people.actions import confirm_session, live_session, open_session, token_hash
from vps.people.models import Person
from vps.post.models import offer_sms, sms_offered
from vps.trust import files

KNOWN = "INSERT INTO browser (person_id, token, first_at, name, family, seen_at) VALUES (?, ?, 0, '', ?, ?)"
PIECE = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}


@cache
def app() -> Flask:
    """One app for all tests; each test points it at a database of its own. Making it must not take the present one away."""
    folder, present, secret, texts, documents = Path(mkdtemp()), database.obj, keys(), sms_offered(), files._folder[:]
    write_keys(folder / "keys.json", secret)
    made = create_app(Settings(folder, f"sqlite:///{folder / 'none.db'}", folder / "keys.json"))
    made.testing = False
    use_keys(secret)
    database.initialize(present)
    offer_sms(texts)
    files._folder[:] = documents
    return made


class Browser:
    """One browser of one person, or of nobody."""

    def __init__(self, person: Person | None = None, *, confirmed: bool = True, language: str | None = None) -> None:
        self.client: FlaskClient = app().test_client()
        self.raw = ""
        self.reads_only = False
        self.manages_not = False
        self.token = ""
        self.session = 0
        if person:
            device = known_device(person)  # or every browser but the first would be told of
            opened = open_session(
                person, browser=device, agent="Firefox", actor=Actor(person.id, "192.0.2.7"), at=clock(), confirmed=confirmed
            )
            self.token = opened.token
            live = live_session(opened.token)
            assert live
            self.raw, self.session = live.csrf, live.id
            if confirmed and live.staff:
                confirm_session(live.id, at=clock())  # staff are confirmed by a code of their app
            self.client.set_cookie("vps", opened.token)
            self.client.set_cookie("vpsdev", opened.browser)
        if language:
            self.client.set_cookie("lang", language)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, piece: bool = False, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """Send a form with a valid token."""
        form = {"csrf_token": self.csrf(), **(data or {})}
        return self.client.post(path, data=form, headers={**(PIECE if piece else {}), **(headers or {})}, **more)

    def piece(self, path: str) -> TestResponse:
        return self.client.get(path, headers=PIECE)

    def csrf(self) -> str:
        if not self.raw:
            return field(self.get("/sign-in"), "csrf_token")
        return str(URLSafeTimedSerializer(app().config["SECRET_KEY"], salt="wtf-csrf-token").dumps(self.raw))

    def shown(self, number: str, *, way: str = "") -> str:
        """What the payment's dialog had signed into it."""
        return field(self.get(f"/orders/{number}/payment{way}"), "shown")

    def pay(self, number: str, tan: str, **more: Any) -> TestResponse:
        """Open the dialog and answer it."""
        return self.post(f"/orders/{number}/payment", {"shown": self.shown(number), "tan": tan}, **more)


def known_device(person: Person, family: str = "Firefox") -> str:
    """The cookie of another browser that this person has used for long."""
    device = token_urlsafe()
    run(KNOWN, person.id, token_hash(device), family, micros(clock()))
    return device


class _Forms(HTMLParser):
    """Every form of a page with what a browser would send of it as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = False
        self.select = self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("method") == "post"
            if self.inside:
                self.forms.append((given["action"], {}))
        elif self.inside and tag == "select":
            self.select = given["name"]
        elif self.inside and tag == "option" and ("selected" in given or self.select not in self.forms[-1][1]):
            self.forms[-1][1][self.select] = given["value"]
        elif self.inside and tag == "textarea":
            self.forms[-1][1][given["name"]] = ""
        elif self.inside and tag in ("input", "button") and given.get("name"):
            sent = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if sent:
                self.forms[-1][1][given["name"]] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def forms(answer: TestResponse) -> list[tuple[str, dict[str, str]]]:
    """The forms of a page that are sent by POST: address, and what a browser would send without anybody typing."""
    reads = _Forms()
    reads.feed(answer.text)
    return reads.forms


def field(answer: TestResponse, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', answer.text)
    assert found, f"{name} is not on the page:\n{answer.text[:3000]}"
    return found[1]


def asked_index(answer: TestResponse) -> int:
    found = re.search(r'data-index="(\d+)"', answer.text)
    assert found, answer.text[:3000]
    return int(found[1])


def plain(text: str) -> str:
    """Text with ordinary spaces, to compare what was formatted."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
