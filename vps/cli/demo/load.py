"""Many partners paying at once over HTTP, each with the pages, forms and codes that a person has."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pyotp

from vps.cli.demo.cast import CURRENCY, MEMBERS, PARTNERS, PASSWORD, STAFF
from vps.cli.demo.marker import DemoKey
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.people.models import Person
from vps.security.actions import activate_sheet, asked_to_activate, make_sheet, prepare_sheet
from vps.security.models import TanSheet
from vps.wallets.actions import Slip, top_up

PAYERS = tuple(member.username for member in MEMBERS if member.username not in PARTNERS)
"""Everybody but the cast: their wallets and TANs are for whoever looks at the demo."""
PATIENCE = 60


class Payer(NamedTuple):
    """A partner who is about to pay, and what is needed to know his codes."""

    username: str
    serial: str
    key: DemoKey
    payments: int
    product: int


@dataclass
class Outcome:
    """What came of it. Seconds each payment's POST took are kept in the order they ended."""

    paid: int = 0
    refused: int = 0
    errors: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    says: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Outcome") -> None:
        self.paid += other.paid
        self.refused += other.refused
        self.errors += other.errors
        self.waits += other.waits
        self.says += other.says

    def facts(self) -> dict[str, object]:
        """As JSON: counts, seconds, payments a second, and how long the POST of a payment took (milliseconds)."""
        waits = sorted(self.waits) or [0.0]
        return {
            "paid": self.paid,
            "refused": self.refused,
            "errors": self.errors,
            "seconds": round(self.seconds, 2),
            "per_second": round(self.paid / self.seconds, 1) if self.seconds else 0,
            "median_ms": round(1000 * waits[len(waits) // 2]),
            "longest_ms": round(1000 * waits[-1]),
            "says": dict(self.says.most_common(5)),
        }


def prepare(key: DemoKey, *, payments: int, at: datetime) -> list[Payer]:
    """Spread the payments over the partners, and give each of them the money and the TANs that takes."""
    product, price = one("SELECT id, price FROM product WHERE offered AND currency = ? ORDER BY price, id LIMIT 1", CURRENCY)
    shares = [payments // len(PAYERS) + (place < payments % len(PAYERS)) for place in range(len(PAYERS))]
    desk = Actor(Person.get(Person.username == STAFF[1]).id)
    return [_equipped(name, count, key, product, price, desk, at) for name, count in zip(PAYERS, shares, strict=True) if count]


def pay_all(payers: list[Payer], *, clients: int, url: str) -> Outcome:
    """Let the partners pay, so many at once. A client serves several partners one after another, none is served by two."""
    whole, start = Outcome(), time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        for part in pool.map(lambda place: _serve(payers[place::clients], url), range(clients)):
            whole.add(part)
    whole.seconds = time.monotonic() - start
    return whole


class Client:
    """A browser without JavaScript: cookies, forms, no patience for redirects it was not asked to follow."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.secure = parts.netloc, parts.scheme == "https"
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> "Page":
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> "Page":
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> "Page":
        connection = (HTTPSConnection if self.secure else HTTPConnection)(self.host, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Language": "en"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http{'s' * self.secure}://{self.host}{path}"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, rest = cookie.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        finally:
            connection.close()


class Page(HTMLParser):
    """An answer: status, where it sends us, its text, and the inputs of its forms by name."""

    def __init__(self, status: int, location: str, text: str) -> None:
        super().__init__()
        self.status, self.text = status, text
        self.location = urlsplit(location).path
        self.inputs: dict[str, dict[str, str]] = {}
        self.wrong: list[str] = []
        self._in_wrong = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and "name" in given:
            self.inputs.setdefault(given["name"], given)
        self._in_wrong = given.get("class") in ("wrong", "warn")

    def handle_data(self, data: str) -> None:
        if self._in_wrong and data.strip():
            self.wrong.append(data.strip())

    def value(self, name: str) -> str:
        return self.inputs.get(name, {}).get("value", "")


def _serve(payers: list[Payer], url: str) -> Outcome:
    done = Outcome()
    for payer in payers:
        client = Client(url)
        try:
            _sign_in(client, payer, done)
        except (OSError, HTTPException) as trouble:
            _fail(trouble, done)
        for n in range(payer.payments):
            try:
                # Each partner's first payment is confirmed with the app, the others with the sheet.
                paid = _enter_and_pay(client, payer, "app" if n == 0 else "sheet", done)
            except (OSError, HTTPException) as trouble:
                _fail(trouble, done)
            else:
                done.paid += paid
                done.refused += not paid
    return done


def _fail(trouble: Exception, done: Outcome) -> None:
    done.errors += 1
    done.says[f"{type(trouble).__name__}: {trouble}"] += 1


def _sign_in(client: Client, payer: Payer, done: Outcome) -> None:
    form = _seen(client.get("/sign-in"), 200, done)
    fields = {"csrf_token": form.value("csrf_token"), "username": payer.username, "password": PASSWORD}
    _seen(client.post("/sign-in", fields), 303, done)


def _enter_and_pay(client: Client, payer: Payer, way: str, done: Outcome) -> bool:
    """Whether the new order is green in the end."""
    form = _seen(client.get("/orders/new"), 200, done)
    fields = {"csrf_token": form.value("csrf_token"), "key": form.value("key"), "name": "Maria Huber", f"q-{payer.product}": "1"}
    entered = _seen(client.post("/orders/new", {**fields, "language": "de"}), 303, done)
    if not re.fullmatch(r"/orders/[0-9]+", entered.location):
        return False
    dialog = _seen(client.get(f"{entered.location}/payment?way={way}"), 200, done)
    fields = {"csrf_token": dialog.value("csrf_token"), "shown": dialog.value("shown"), "tan": _code(payer, dialog)}
    start = time.monotonic()
    _seen(client.post(f"{entered.location}/payment", fields), 303, done)
    done.waits.append(time.monotonic() - start)
    return 'class="state green"' in _seen(client.get(entered.location), 200, done).text


def _seen(page: Page, wanted: int, done: Outcome) -> Page:
    done.errors += page.status >= 500
    if page.status != wanted:
        done.says[f"{page.status}: {' '.join(page.wrong)[:200]}"] += 1
    return page


def _code(payer: Payer, dialog: Page) -> str:
    asked = dialog.inputs.get("tan", {}).get("data-index", "")
    if asked.isdigit():
        return payer.key.code(payer.serial, int(asked))
    return pyotp.TOTP(payer.key.app_secret(payer.username)).at(clock())


def _equipped(username: str, count: int, key: DemoKey, product: int, price: int, desk: Actor, at: datetime) -> Payer:
    person: Person = Person.get(Person.username == username)
    slip = Slip(f"load {at:%Y%m%d%H%M%S} {person.number}", day_in(at, person.zone), person.name, "")
    top_up(person.id, Money(count * price, CURRENCY), slip, authorisation=ByStaff(desk), at=at)
    sheet = TanSheet.active(person.id)
    if sheet is None or sheet.left() < count - 1:  # the first one is paid with the app
        sheet = _new_sheet(person, key, count + 4, desk, at)
    return Payer(username, sheet.serial, key, count, product)


def _new_sheet(person: Person, key: DemoKey, size: int, desk: Actor, at: datetime) -> TanSheet:
    made = int(one("SELECT count(*) FROM tan_sheet WHERE person_id = ?", person.id)[0])
    codes = key.codes(f"{person.id}-{made + 1}", min(size, 200))
    sheet = make_sheet(person.id, codes, actor=desk, at=at)
    prepare_sheet(sheet.id, at=at)
    first, second = asked_to_activate(sheet)
    activate_sheet(person.id, first=codes[first - 1], second=codes[second - 1], actor=Actor(person.id), at=at)
    return sheet
