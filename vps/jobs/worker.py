"""What runs by itself: mail goes out, new TAN sheets are hashed, books and trail are sealed. One process, no broker."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader

from vps.company.models import Company, company
from vps.hypermedia.languages import Words
from vps.kernel.clock import clock, instant
from vps.kernel.database import Again, InterfaceError, OperationalError, connect
from vps.kernel.keys import NotOurs
from vps.kernel.refusals import N_
from vps.kernel.settings import Settings
from vps.ledger.actions import seal
from vps.orders.models import Order
from vps.orders.models.receipt import receipt_of
from vps.people.actions import HAPPENED, forget_old
from vps.post.actions import due, failed, sent
from vps.post.mail import Sender, compose
from vps.security.actions import prepare_sheet
from vps.security.models import unready_sheets

log = logging.getLogger("vps.worker")

POLL = 2.0
"""Seconds between two looks."""
SEAL_EVERY = 60.0


def work(settings: Settings, sender: Sender, *, rounds: int | None = None) -> None:
    """Do what is due, again and again, until the process is asked to stop (or for so many rounds)."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
    sealed, done = 0.0, 0
    while not stop.is_set() and (rounds is None or done < rounds):
        done += 1
        due_to_seal = time.monotonic() - sealed >= SEAL_EVERY or sealed == 0.0
        tasks: list[Callable[[], object]] = [lambda: send_due(settings, sender), prepare_sheets]
        if due_to_seal:
            sealed = time.monotonic()
            tasks += [lambda: seal(at=clock(), zone=company().zone), lambda: forget_old(at=clock())]
        for task in tasks:
            _try(task)
        if rounds is None:
            stop.wait(POLL)


def send_due(settings: Settings, sender: Sender) -> int:
    """Send the messages that are due, each once; a failure is noted and tried again later."""
    count = 0
    for key, name, kind, address, language, facts in due(clock()):
        try:
            sender.send(render(settings, kind, key=name, address=address, language=language, facts=facts))
        except OSError as trouble:
            log.warning("message %s could not be sent: %s", key, trouble)
            failed(key, error=str(trouble), at=clock())
        else:
            sent(key, at=clock())
            count += 1
    return count


def render(settings: Settings, kind: str, *, key: str, address: str, language: str, facts: dict[str, Any]) -> EmailMessage:
    """The message of an outbox row, in the recipient's language."""
    ours: Company = company()
    base = settings.public_url.rstrip("/") or "http://127.0.0.1:8000"
    shown = {**facts, **MORE[kind](facts)} if kind in MORE else facts
    template = templates(settings).get_template(f"post/{kind}.txt")
    text = template.render(words=Words(language), company=ours, base=base, N_=N_, **shown)
    return compose(text, to=address, sender_address=ours.email, sender_name=ours.name, key=key, host=urlsplit(base).hostname or "")


MORE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "receipt": lambda facts: {"receipt": receipt_of(Order.get_by_id(facts["order"]))},
    "notice": lambda facts: {"what": HAPPENED[facts["verb"]], "moment": instant(facts["at"])},
}
"""What the template of a kind of message needs beyond the facts that were kept."""


@cache
def templates(settings: Settings) -> Environment:
    """Plain text needs no escaping and no web: the worker renders without the app."""
    return Environment(loader=FileSystemLoader(settings.data / "templates"), trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - text, not HTML


def prepare_sheets() -> int:
    """Hash the TANs of new sheets."""
    waiting = unready_sheets()
    for sheet in waiting:
        try:
            prepare_sheet(sheet, at=clock())
        except NotOurs:  # the audit names it too; mail and seals must not wait for it
            log.error("TAN sheet %s cannot be opened with this key file", sheet)
    return len(waiting)


def _try(task: Callable[[], object]) -> None:
    # A database that is away for a minute must not end the worker; everything else must be seen.
    try:
        connect()
        task()
    except (OperationalError, InterfaceError, Again) as trouble:
        log.warning("will be tried again: %s", trouble)
