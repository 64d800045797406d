"""Payments by HTTP, through the real server, against the same actions called directly by as many processes."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer

from vps.cli.bench.figures import Figures, middle, ratios, waits
from vps.cli.bench.presses import Press, press, several
from vps.cli.bench.scratch import LEGAL_NAME, PRICE, Payer, add_payers, open_house
from vps.cli.bench.serving import Server
from vps.kernel.clock import clock
from vps.kernel.database import database
from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.orders.actions import KIND, must_be_payable
from vps.security.actions import snapshot
from vps.security.forms import signed
from vps.security.models import APP, Ask

PROCESSES, THREADS = 2, 4
"""As many as the server has; each thread of a client keeps a connection open."""


class Post(NamedTuple):
    """A form ready to be sent: the dialog was shown before, the code is typed."""

    path: str
    cookie: str
    body: str


def post_payments(scratch: Path, *, rounds: int, payments: int) -> Figures:
    """Payments a second by HTTP and directly, the same number of each in every round, and how long the server let people wait."""
    speeds: dict[str, list[float]] = {"http": [], "direct": []}
    waited: list[float] = []
    failed = 0
    with Server(scratch) as server:
        helpers = [Helper(scratch, server.port) for _ in range(PROCESSES)]
        for n in range(rounds + 1):
            given = _presses(payments)
            forms = [_form(each, payer) for each, payer in given]
            begun, took, wrong = _together(helpers, "http", forms)
            direct, _, _ = _together(helpers, "direct", [each for each, _ in _presses(payments)])
            failed += wrong
            if n:  # the first round warms up
                speeds["http"].append(payments / begun)
                speeds["direct"].append(payments / direct)
                waited += took
        for helper in helpers:
            helper.leave()
    found = ratios(speeds["http"], speeds["direct"])
    return {
        "processes": PROCESSES,
        "threads": THREADS,
        "http_per_second": middle(speeds["http"], 1),
        "direct_per_second": middle(speeds["direct"], 1),
        "ratio": middle(found),
        "errors": failed,
        **waits(waited),
        "raw": {**{name: [round(each, 1) for each in speed] for name, speed in speeds.items()}, "ratio": found},
    }


class Helper:
    """A process that sends forms, or pays directly, when it is told to."""

    def __init__(self, scratch: Path, port: int) -> None:
        context = get_context("spawn")  # a forked process would inherit an open SQLite connection
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_live, args=(other, scratch, port), daemon=True)
        self.process.start()
        other.close()

    def leave(self) -> None:
        self.pipe.send(None)
        self.process.join()


def _presses(count: int) -> list[tuple[Press, Payer]]:
    # By partners who never paid: a code of an app pays once in thirty seconds.
    now = clock()
    payers = add_payers(count, at=now)
    return list(zip(several(count, payers, clock()), payers, strict=True))


def _form(given: Press, payer: Payer) -> Post:
    number = order_number(given.order)
    shown = snapshot(KIND, number, amount=Money(PRICE, "EUR"), payee=LEGAL_NAME, ask=Ask(APP), at=given.at)
    token = URLSafeTimedSerializer(keys().web, salt="wtf-csrf-token").dumps(payer.csrf)
    body = urlencode({"csrf_token": token, "shown": signed(shown, payer.session), "tan": given.code})
    return Post(f"/orders/{number}/payment", f"vps={payer.cookie}", body)


def _together(helpers: list[Helper], way: str, work: list[Post] | list[Press]) -> tuple[float, list[float], int]:
    # Seconds from the first to the last, seconds that each took, and how many failed.
    for n, helper in enumerate(helpers):
        helper.pipe.send((way, work[n :: len(helpers)]))
    for helper in helpers:
        helper.pipe.recv()
    begun = time.monotonic()
    for helper in helpers:
        helper.pipe.send("go")
    done = [helper.pipe.recv() for helper in helpers]
    return time.monotonic() - begun, [wait for waited, _ in done for wait in waited], sum(wrong for _, wrong in done)


def _live(pipe: Connection, scratch: Path, port: int) -> None:
    open_house(scratch)
    with ThreadPoolExecutor(THREADS) as threads:
        while order := pipe.recv():
            way, work = order
            pipe.send("ready")
            pipe.recv()
            if way == "direct":
                pipe.send((_pay(work), 0))
            else:
                done = list(threads.map(_send, [port] * THREADS, [work[n::THREADS] for n in range(THREADS)]))
                pipe.send(([wait for waited, _ in done for wait in waited], sum(wrong for _, wrong in done)))
    database.close()


def _pay(work: list[Press]) -> list[float]:
    waited = []
    for each in work:
        asked = time.monotonic()
        must_be_payable(each.order, Money(PRICE, "EUR"))
        press(each)
        waited.append(time.monotonic() - asked)
    return waited


def _send(port: int, work: list[Post]) -> tuple[list[float], int]:
    connection, waited, wrong = http.client.HTTPConnection("127.0.0.1", port, timeout=30), [], 0
    for form in work:
        asked = time.monotonic()
        headers = {"Cookie": form.cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "br"}
        connection.request("POST", form.path, form.body, headers)
        answer = connection.getresponse()
        answer.read()
        wrong += answer.status != 303
        waited.append(time.monotonic() - asked)
    connection.close()
    return waited, wrong
