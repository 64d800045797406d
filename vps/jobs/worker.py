"""What runs by itself: mail and text messages go out, new TAN sheets are hashed, books and trail are sealed. One process, no broker."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime

from vps.bank.actions import QUEUED, book_queued, follow_rules, forget_uploads, tell_reconciliation
from vps.commissions.actions import Lost, begin_due, follow_deliveries, work_on_runs
from vps.commissions.actions.notes import JOB as NOTES
from vps.commissions.actions.notes import issue_corrections, issue_queued
from vps.commissions.actions.trials import TRIAL, forget_trials, try_queued
from vps.company.models import company
from vps.home.actions import JOB as DOSSIER
from vps.home.actions import forget_dossiers
from vps.home.discovery.building import make_queued
from vps.jobs.folder import Folder
from vps.jobs.levels import Levels
from vps.jobs.rendering import render, render_text
from vps.kernel.clock import clock
from vps.kernel.database import Again, InterfaceError, OperationalError, connect, database
from vps.kernel.jobs import take_job
from vps.kernel.keys import NotOurs
from vps.kernel.settings import Settings
from vps.ledger.actions import seal
from vps.people.actions import forget_old
from vps.post.actions import Claimed, claim, failed, give_up_expired, number_of, sent, way_shut
from vps.post.gateway import NotTaken, Texter, asked_pause
from vps.post.mail import Sender, WayShut
from vps.post.template import TextMessage, digest
from vps.security.actions import prepare_sheet, tell_recoveries
from vps.security.models import unready_sheets
from vps.trust.actions import remove_strays, tell_expiring
from vps.wallets.actions import free_expired, make_standing, take_instalments

log = logging.getLogger("vps.worker")

POLL = 2.0
"""Seconds between two looks."""
SEAL_EVERY = 60.0
SWEEP_EVERY = 24 * 3600.0
EACH_MINUTE: tuple[Callable[[], object], ...] = (
    lambda: seal(at=clock(), zone=company().zone),
    lambda: forget_old(at=clock()),
    lambda: forget_uploads(at=clock()),
    lambda: forget_dossiers(at=clock()),
    lambda: forget_trials(at=clock()),
    lambda: tell_recoveries(at=clock()),
    lambda: tell_reconciliation(at=clock()),
    lambda: follow_rules(at=clock()),
    lambda: take_instalments(at=clock()),
    lambda: make_standing(at=clock()),
    lambda: give_up_expired(at=clock()),
    lambda: tell_expiring(at=clock()),
    lambda: free_expired(at=clock()),
    lambda: follow_deliveries(at=clock()),
    lambda: issue_corrections(at=clock()),
)
"""What is done once a minute, each by itself: what one of them meets does not keep the others from their work."""
AT_ONCE = 20
"""Messages of one channel between two looks."""
REST = 60.0
"""Seconds for which no mail is tried after the mail server could not be reached."""

Task = Callable[[threading.Event], float]
"""Does what is due, and answers for how many seconds there is no need to look again."""


def work(settings: Settings, sender: Sender, texter: Texter | None = None, *, rounds: int | None = None) -> None:
    """Do what is due, again and again, until the process is asked to stop (or for so many rounds).

    Mails and text messages have a thread each: a gateway that hangs delays no mail, and neither of them delays the seals.
    """
    tasks: list[Task] = [House(), lambda stop: mail(settings, sender, stop), jobs, runs]
    if settings.bank_folder:
        tasks.append(Folder(settings.bank_folder))
    if texter:
        tasks.append(lambda stop: text(settings, texter, stop))
    with _asked_to_stop() as stop, ThreadPoolExecutor(len(tasks)) as pool:
        threads = [pool.submit(_again_and_again, task, stop, rounds) for task in tasks]
        while not stop.is_set():
            # A signal that another thread got is seen only when this one wakes up.
            done, running = wait(threads, timeout=POLL, return_when=FIRST_EXCEPTION)
            # What nobody thought of ends the whole process, so that it is seen.
            if not running or any(thread.exception() for thread in done):
                stop.set()
    for thread in threads:
        thread.result()


class House:
    """The sheets at every look; once a minute the seals, and what is to be forgotten; once a day files that nothing names."""

    def __init__(self) -> None:
        self.sealed = self.swept = 0.0
        self.levels = Levels()

    def __call__(self, stop: threading.Event) -> float:
        _try(prepare_sheets)
        if time.monotonic() - self.sealed >= SEAL_EVERY or self.sealed == 0.0:
            self.sealed = time.monotonic()
            for task in (self.levels.look, *EACH_MINUTE):
                _try(task)
        if time.monotonic() - self.swept >= SWEEP_EVERY or self.swept == 0.0:
            self.swept = time.monotonic()
            _try(sweep)
        return POLL


def sweep() -> None:
    """Delete files of documents that no row names; mail and seals do not end for a folder that cannot be read."""
    try:
        remove_strays(at=clock())
    except OSError as trouble:
        log.warning("the folder of documents cannot be used: %s", trouble)


def jobs(stop: threading.Event) -> float:
    """One look for work that was too long for a page; a file of ten thousand lines takes some seconds."""
    _try(do_jobs)
    return POLL


def runs(stop: threading.Event) -> float:
    """One look for commission runs: what is due is begun, what waits is calculated, booked and told."""

    def now() -> datetime:
        # Asked to stop, the worker leaves the run after the chunk it is at; another one goes on with it.
        if stop.is_set():
            raise Lost
        return clock()

    def look() -> None:
        begin_due(at=clock())
        while not stop.is_set() and work_on_runs(now=now):
            pass

    _try(look)
    return POLL


def do_jobs() -> int:
    """Do the jobs that wait, one after the other; what a worker was interrupted in is begun anew."""
    done = 0
    while job := take_job(tuple(DONE_BY), at=clock()):
        DONE_BY[job.kind](job, at=clock())
        done += 1
    return done


DONE_BY = {QUEUED: book_queued, DOSSIER: make_queued, TRIAL: try_queued, NOTES: issue_queued}
"""What does a job of each kind."""


def mail(settings: Settings, sender: Sender, stop: threading.Event) -> float:
    """One look for mails."""
    try:
        _try(lambda: send_due(settings, sender, stop))
    except WayShut:
        return REST
    return POLL


def text(settings: Settings, texter: Texter, stop: threading.Event) -> float:
    """One look for text messages."""
    _try(lambda: text_due(settings, texter, stop))
    return POLL


def send_due(settings: Settings, sender: Sender, stop: threading.Event | None = None) -> int:
    """Send the mails that are due, each once; a failure is noted and tried again later. Raises WayShut."""

    def carry(message: Claimed) -> None:
        kind, address, language, facts = message[2:]
        sender.send(render(settings, kind, key=message.key, address=address, language=language, facts=facts))

    return _each("mail", carry, stop)


def text_due(settings: Settings, texter: Texter, stop: threading.Event | None = None) -> int:
    """Send the text messages that are due, each once; a failure is noted and tried again soon."""

    def carry(message: Claimed) -> None:
        texter.send(TextMessage(number_of(message), render_text(settings, message), digest(message.key)))

    return _each("sms", carry, stop)


def _each(channel: str, carry: Callable[[Claimed], None], stop: threading.Event | None) -> int:
    # No text, no number and no fact of a message stands in a log: they hold codes.
    count = 0
    for _ in range(AT_ONCE):
        message = None if stop and stop.is_set() else claim(channel, at=clock())
        if message is None:
            break
        try:
            carry(message)
        except WayShut as trouble:
            log.warning("the mail server cannot be used: %s", trouble)
            way_shut(message.id, error=str(trouble), at=clock())
            raise
        except OSError as trouble:
            log.warning("message %s could not be sent: %s", message.id, trouble)
            pause = asked_pause(trouble.retry_after, clock()) if isinstance(trouble, NotTaken) else None
            failed(message.id, error=str(trouble), at=clock(), pause=pause)
        else:
            sent(message.id, at=clock())
            count += 1
    return count


def prepare_sheets() -> int:
    """Hash the TANs of new sheets."""
    waiting = unready_sheets()
    for sheet in waiting:
        try:
            prepare_sheet(sheet, at=clock())
        except NotOurs:  # the audit names it too; mail and seals must not wait for it
            log.error("TAN sheet %s cannot be opened with this key file", sheet)
    return len(waiting)


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM and SIGINT; afterwards they do again what they did before."""
    stop = threading.Event()
    main = threading.current_thread() is threading.main_thread()
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)} if main else {}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _again_and_again(task: Task, stop: threading.Event, rounds: int | None) -> None:
    done = 0
    try:
        while not stop.is_set() and (rounds is None or done < rounds):
            done += 1
            pause = task(stop)
            if rounds is None:
                stop.wait(pause)
    finally:
        database.close()


def _try(task: Callable[[], object]) -> None:
    # A database that is away for a minute must not end the worker; everything else must be seen.
    try:
        connect()
        task()
    except (OperationalError, InterfaceError, Again) as trouble:
        log.warning("will be tried again: %s", trouble)
