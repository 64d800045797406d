"""A real server and a real browser: what people see, how many bytes it costs them, and what they can do with it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.bank.camt_files import balance
from tests.bank.payouts import by_rule, usable
from tests.bank.test_import import file as camt
from tests.bank.test_import import line
from tests.browser import FLAGS, browser
from tests.cast import CODES, PASSWORD, app_of, give, red_order, set_the_stage, sheet_of
from tests.commissions.earned import earned
from tests.commissions.network import partner_under
from tests.commissions.notes import something_noted
from tests.commissions.plans import something_planned
from tests.commissions.provisions import by_hand, given_by_hand
from tests.orders.by_bank import three_by_bank
from tests.orders.refunding import some_refunds
from tests.orders.test_parts import dinars
from tests.trust.everything import everything_noticed
from tests.trust.photos import passport_of
from tests.wallets.requests import moved_and_asked
from tests.wallets.sending import ask_from, something_about_wallets
from tests.wallets.standing import asked_of_vera, written_down
from vps.bank.actions import import_file, upload_file
from vps.company.actions import change_settings, set_rate
from vps.home.discovery.building import make_dossier
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import configure, connect, database, one, run
from vps.kernel.keys import Keys, use_keys, write_keys
from vps.kernel.numbers import topup_reference
from vps.kernel.schema import migrate
from vps.ledger.actions import seal
from vps.orders.actions import KIND, pay_now
from vps.orders.models import Order, debt_of
from vps.people.actions import confirm_session, live_session, open_session
from vps.people.models import Person
from vps.security.actions import confirm, permit, snapshot
from vps.security.models import APP, Ask
from vps.trust.actions import accept_step, claim_address, claim_birth, claim_email, reject_step
from vps.trust.files import use_folder
from vps.wallets.models import purse

ROOT = Path(__file__).parents[2]
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The cast in a database of its own, and gunicorn serving it as `vps serve` does."""
    folder, present = tmp_path_factory.mktemp("live"), database.obj
    keys = Keys.fresh()
    use_keys(keys)
    write_keys(folder / "keys.json", keys)
    configure(f"sqlite:///{folder / 'vps.db'}")
    migrate()
    connect()
    use_folder(folder)
    cast = set_the_stage()
    sheet_of(cast.anna, clock())
    cast.earned = earned(cast, partner_under(cast.boris, "Carla Carlsen"))  # and not Anna, whose wallet is weighed
    moved_and_asked(cast, cast.anna)  # before what stands on the first page of her statement, which is weighed
    _, cast.note = something_noted(cast, cast.boris)
    cast.standing, cast.case = written_down(cast.anna, cast.boris), asked_of_vera(cast)
    permit(cast.anna.id, "office", actor=HOUSE, at=clock())  # so that the page of a phone shows its form
    cast.app = app_of(cast.dragan, clock())
    for number in range(30):
        give(cast.anna, 1_00 + number)
    give(cast.boris, 500_00)
    cast.wallet, cast.transfer, _ = something_about_wallets(cast, cast.boris)
    cast.asked = ask_from(cast.elena, cast.boris)
    cast.by_hand, cast.given = by_hand(cast, cast.anna), given_by_hand(cast, cast.boris)
    cast.payee = usable(cast, cast.anna)
    by_rule(cast.anna)
    run("UPDATE outbox SET sent_at = due_at")  # an account that can be used was added, and told of, the day before yesterday
    identity_of(cast)
    cast.other = dinars(cast, 90_000_00, of=cast.boris)
    cast.paid = _paid(cast)
    everything_noticed(cast)
    something_planned(cast)
    cast.main, cast.chosen = purse(cast.anna.id, "EUR").wallet, red_order(cast, cast.boris).number
    cast.orders = [red_order(cast, customer=f"Maria Huber {number}") for number in range(30)]
    seal(at=clock(), zone="Europe/Berlin")
    cast.tokens = {person.username: token(person) for person in (cast.anna, cast.boris, cast.clara, cast.dragan, cast.elena)}
    cast.browser = one("SELECT id FROM browser WHERE person_id = ?", cast.anna.id)[0]
    cast.tokens["rested"] = token(cast.dragan, stepped=False)
    refunded, cast.refund, cast.wish = some_refunds(cast, cast.boris)
    cast.refunded = refunded.number
    run("DROP TRIGGER order_payment_no_update")
    cast.debt = debt_of(three_by_bank(cast, clock(), cast.boris)[2].id).id
    content = camt(balance("OPBD", "10"), line("5.00", text="Kräuter"), balance("CLBD", "15"))
    cast.upload = upload_file(content, "Kontoauszug-2026-11-20.xml", actor=Actor(cast.dragan.id), at=clock()).key
    known = camt(line("7.00", text="Kräuterteebeutel-Nachnahmesendung"), line("5.00", ref=topup_reference(cast.boris.number)), number="7")
    import_file(known, "Auszug.xml", at=clock())
    set_rate("EUR", "RSD", "117.123456789", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31), actor=HOUSE, at=clock())
    cast.dossier = make_dossier(cast.anna.id, from_day=None, to_day=None, reason="File 7", actor=Actor(cast.elena.id), at=clock())
    change_settings({"trust_from": "2099-01-01"}, actor=HOUSE, at=clock())
    port = free_port()
    cast.url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--worker-class",
            "gthread",
            "--workers",
            "1",
            "--threads",
            "4",
            "--no-control-socket",
            "--preload",
            "--forwarded-allow-ips",
            "",
            "-b",
            f"127.0.0.1:{port}",
            "wsgi:app",
        ],
        cwd=ROOT,
        env={**os.environ, "VPS_DATA_DIR": str(folder), "VPS_DATABASE_URL": "", "VPS_SMS_URL": "console"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(f"{cast.url}/readyz")
    cast.database, cast.keys = f"sqlite:///{folder / 'vps.db'}", keys
    database.close()
    if present is not None:
        database.initialize(present)
    yield cast
    server.terminate()
    server.wait(20)


def identity_of(cast: SimpleNamespace) -> None:
    """Boris shows a passport, and a code is on its way to Anna; what she gave before was not accepted."""
    anna = Actor(cast.anna.id)
    claim_email(cast.anna.id, actor=anna, at=clock())
    address = claim_address(
        cast.anna.id, ("Donaudampfschifffahrtsgesellschaftsstraße 105", "80331", "München", "Deutschland"), actor=anna, at=clock()
    )
    accept_step(address, actor=Actor(cast.dragan.id), at=clock())
    born = claim_birth(cast.anna.id, date(1980, 2, 29), actor=anna, at=clock())
    reject_step(born, "Auf dem Foto ist das Geburtsdatum nicht zu lesen.", actor=Actor(cast.dragan.id), at=clock())
    cast.step = passport_of(cast.boris, clock())


def _paid(cast: SimpleNamespace) -> Order:
    """An order of Boris with long words in it, paid with his app."""
    run("UPDATE product SET name = 'Lavendelblütenschaumbad 1.000 ml' WHERE code = 'TEA'")
    order = red_order(cast, cast.boris, customer="Magdalena Donaudampfschifffahrtsgesellschaftskapitän", quantity=3)
    shown = snapshot(KIND, order.number, amount=order.price, payee="Alpenkraut GmbH", ask=Ask(APP), at=clock())
    code = app_of(cast.boris, clock()).at(clock())
    pay_now(order.id, authorisation=confirm(shown, code=code, actor=Actor(cast.boris.id), at=clock()), at=clock())
    return order


@pytest.fixture(autouse=True)
def _books(stage: SimpleNamespace) -> Iterator[None]:
    """Each test may look into the books the server writes."""
    use_keys(stage.keys)
    configure(stage.database)
    connect()
    yield
    database.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One for all tests of this folder; what they must not share is a window's."""
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        yield shown
        shown.close()


@pytest.fixture
def visit(stage: SimpleNamespace, chromium: Browser) -> Iterator[object]:
    """Open a window: as nobody or as one of the cast, on a phone or wide, with or without JavaScript."""
    opened: list[BrowserContext] = []

    def window(
        who: str | None = None, *, width: int = 360, height: int = 640, scripts: bool = True, dark: bool = False, lang: str = ""
    ) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            base_url=stage.url,
        )
        opened.append(context)
        if who:
            context.add_cookies([{"name": "vps", "value": stage.tokens[who], "url": stage.url}])
        if lang:
            context.add_cookies([{"name": "lang", "value": lang, "url": stage.url}])
        return context

    yield window
    for context in opened:
        context.close()


class Bytes:
    """Counts what a page costs on the wire: compressed bodies, request by request.

    A body is as long as its head says. What the browser adds up itself comes late, and now and then counts a body to its head.
    """

    def __init__(self, page: object, *, slow: bool = False) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.seen: dict[str, tuple[str, int]] = {}
        self.kept: set[str] = set()
        self.wire.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        self.wire.on("Network.responseReceived", self._answered)
        self.wire.send("Network.enable")
        if slow:
            self.wire.send("Network.emulateNetworkConditions", SLOW_3G)

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        heads = {name.lower(): value for name, value in response["headers"].items()}
        free = response.get("fromDiskCache") or event["requestId"] in self.kept
        self.seen[event["requestId"]] = (response["url"], 0 if free else int(heads["content-length"]))

    def of(self, *endings: str) -> int:
        """Bytes of the bodies whose address ends like one of these (all of them without any)."""
        return sum(size for url, size in self.seen.values() if not endings or url.partition("?")[0].endswith(endings))

    def count(self) -> int:
        return len(self.seen)

    def forget(self) -> None:
        self.seen.clear()


def token(person: Person, *, stepped: bool = True) -> str:
    """The cookie of a session; `stepped`: staff showed the code of their app just now."""
    opened = open_session(person, browser=None, agent="Chrome", actor=Actor(person.id, "127.0.0.1"), at=clock(), confirmed=True).token
    live = live_session(opened)
    if live and live.staff and stepped:
        confirm_session(live.id, at=clock())
    return opened


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            if urllib.request.urlopen(url, timeout=2).status == 200:  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


__all__ = ["CODES", "HOUSE", "PASSWORD", "Bytes"]
