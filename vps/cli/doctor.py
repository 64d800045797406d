"""Whether this machine is set up as docs/run.md says: every check in one line, every problem with what to do. Asks no network."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import click

from vps.cli import NoDatabase, house, main, say
from vps.home.web import LOW_BYTES, LOW_SHARE, low_disk
from vps.kernel.clock import clock, instant, micros
from vps.kernel.database import OperationalError, is_postgres, one
from vps.kernel.keys import NoKeys, read_keys
from vps.kernel.refusals import N_
from vps.kernel.schema import differences, pending
from vps.kernel.settings import Settings

LATE = timedelta(minutes=15)
"""A worker that works has sent and sealed by then."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Finding(NamedTuple):
    """One line: a sentence, its facts, and whether all is well."""

    well: bool
    says: str
    facts: dict[str, object]


Findings = Iterator[Finding]


@main.command()
def doctor() -> None:
    """Look at keys, database, disk, clock, worker and settings, and say in words what is missing."""
    settings, now, ill = Settings.from_environment(), clock(), 0
    for finding in examine(settings, now):
        ill += not finding.well
        words = say(finding.says, **finding.facts) if finding.facts else say(finding.says)
        click.echo(f"{'✓' if finding.well else '✗'} {words}")
    click.echo(say(N_("Problems: %(n)s"), n=ill))
    sys.exit(1 if ill else 0)


def examine(settings: Settings, now: datetime) -> Findings:
    """Every finding about this installation. What needs the database is left out when there is none."""
    yield from _key_file(settings)
    reached = yield from _database()
    if reached:
        yield from _engine()
        stale = yield from _schema()
        if not stale:
            for check in NEED_TABLES:
                yield from check(now)
    yield from _disk(settings)
    yield from _address(settings)
    yield from _mail(settings)


def _well(says: str, **facts: object) -> Finding:
    return Finding(True, says, facts)


def _ill(says: str, **facts: object) -> Finding:
    return Finding(False, says, facts)


def _key_file(settings: Settings) -> Findings:
    path = settings.key_file
    try:
        read_keys(path)
    except NoKeys as refusal:
        yield _ill(refusal.says, **refusal.facts)
        return
    if path.stat().st_mode & 0o077:
        yield _ill(N_("Others than its owner may read the key file. Type: chmod 600 %(path)s"), path=path)
    else:
        yield _well(N_("The key file %(path)s is readable, by its owner alone."), path=path)


def _database() -> Generator[Finding, None, bool]:
    """Whether it answers."""
    try:
        house()
        one("SELECT 1")
    except NoKeys:
        return False
    except NoDatabase as refusal:
        yield _ill(refusal.says)
        return False
    except OperationalError as trouble:
        yield _ill(N_("The database does not answer: %(what)s"), what=str(trouble).strip())
        return False
    yield _well(N_("The database answers."))
    return True


def _engine() -> Findings:
    """Whether what was answered with "paid" survives a power cut."""
    if is_postgres():
        found = {name: str(one(f"SHOW {name}")[0]) for name in ("fsync", "synchronous_commit")}  # the two names above
        wanted = {"fsync": ("on",), "synchronous_commit": ("on", "remote_write", "remote_apply")}
    else:
        found = {name: str(one(f"PRAGMA {name}")[0]) for name in ("journal_mode", "synchronous", "foreign_keys")}
        wanted = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
    for name, value in found.items():
        if value not in wanted[name]:
            yield _ill(N_("The database setting %(name)s is %(value)s, so a power cut could lose payments."), name=name, value=value)
    if all(value in wanted[name] for name, value in found.items()):
        yield _well(N_("The database writes every booking to the disk before it is confirmed."))


def _schema() -> Generator[Finding, None, bool]:
    """Whether it lacks a migration."""
    missing = pending()
    for step in missing:
        yield _ill(N_("The migration %(step)s is missing. Type: vps init"), step=step)
    if missing:
        return True
    found = differences()
    for what in found:
        yield _ill(N_("The schema differs from the release: %(what)s."), what=what)
    if not found:
        yield _well(N_("The database is at this release."))
    return False


def _clock(now: datetime) -> Findings:
    (newest,) = one(NEWEST)
    if newest is not None and newest > micros(now + timedelta(minutes=1)):
        when = f"{instant(newest):%Y-%m-%d %H:%M} UTC"
        yield _ill(N_("The newest booking is of %(when)s, which lies in the future: was the clock of this machine set back?"), when=when)
    else:
        yield _well(N_("No booking lies in the future."))


def _seals(now: datetime) -> Findings:
    waiting = [row[0] for chain in UNSEALED for row in [one(chain)] if row[0] is not None]
    if waiting and min(waiting) < micros(now - LATE):
        when = f"{instant(min(waiting)):%Y-%m-%d %H:%M} UTC"
        yield _ill(N_("Nothing has been sealed since %(when)s. Is the worker running? Seal now with: vps seal"), when=when)
        return
    sealed = one("SELECT max(sealed_at) FROM seal")[0]
    if sealed is None:
        yield _well(N_("Nothing waits to be sealed."))
    else:
        yield _well(N_("The newest seal is of %(when)s."), when=f"{instant(sealed):%Y-%m-%d %H:%M} UTC")


def _outbox(now: datetime) -> Findings:
    stuck, oldest = one(STUCK, micros(now - LATE))
    failing, error = one(FAILING)
    if stuck:
        yield _ill(
            N_("Messages that nobody tried to send: %(n)s, the oldest of %(when)s. Is the worker running?"),
            n=stuck,
            when=f"{instant(oldest):%Y-%m-%d %H:%M} UTC",
        )
    if failing:
        yield _ill(N_("Messages that could not be sent: %(n)s. The last error: %(error)s"), n=failing, error=error)
    if not stuck and not failing:
        yield _well(N_("No message waits longer than it should."))


def _disk(settings: Settings) -> Findings:
    folder = settings.data_dir
    if not folder.is_dir():
        yield _ill(N_("The data folder %(path)s does not exist. Type: vps init"), path=folder)
    elif low_disk(folder):
        facts = {"path": folder, "percent": int(LOW_SHARE * 100), "room": LOW_BYTES // 2**20}
        yield _ill(N_("The disk of %(path)s has less room than %(room)s MiB or %(percent)s percent: nothing is booked."), **facts)
    else:
        yield _well(N_("The disk of %(path)s has room."), path=folder)


def _address(settings: Settings) -> Findings:
    hops, parts = os.environ.get("VPS_PROXY_HOPS", "0"), _parts(settings.public_url)
    if not hops.isdecimal():
        yield _ill(N_("VPS_PROXY_HOPS is not a whole number: %(hops)s"), hops=hops[:20])
    elif not settings.public_url:
        if settings.proxy_hops:
            yield _ill(N_("VPS_PROXY_HOPS is set, but VPS_PUBLIC_URL is not: the address people type is missing."))
        else:
            yield _well(N_("There is no public address: VPS serves this machine only."))
    elif not parts or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query:
        yield _ill(N_("VPS_PUBLIC_URL must be like https://wallet.example.com and is: %(url)s"), url=settings.public_url)
    elif parts.scheme != "https" and parts.hostname not in LOOPBACK:
        yield _ill(
            N_("VPS_PUBLIC_URL does not begin with https, so passwords could be read on their way: %(url)s"), url=settings.public_url
        )
    elif parts.scheme == "https" and not settings.proxy_hops:
        yield _ill(
            N_(
                "VPS_PROXY_HOPS is 0, but a proxy must stand before VPS for https: all visitors would seem to be one. Set it to 1 for Caddy."
            )
        )
    else:
        yield _well(N_("The public address is %(url)s; proxies before VPS: %(hops)s"), url=settings.public_url, hops=settings.proxy_hops)


def _mail(settings: Settings) -> Findings:
    url = _parts(settings.mail_url)
    if not settings.mail_url:
        yield _well(
            N_("VPS_MAIL_URL is not set: no mail is sent, messages are kept as files in %(path)s."), path=settings.data_dir / "outbox"
        )
    elif not url or url.scheme not in ("smtp", "smtps"):
        # Not shown: it holds a password.
        yield _ill(N_("VPS_MAIL_URL must be like smtp://user:password@mail.example.com:587"))
    else:
        yield _well(N_("Mail goes out by %(host)s."), host=url.hostname)


def _parts(url: str) -> SplitResult | None:
    """An address with a host and, if any, a port that can be; else None."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


NEED_TABLES: tuple[Callable[[datetime], Findings], ...] = (_clock, _seals, _outbox)
# The ids run with time, near enough: the newest thousand are looked at, not all.
NEWEST = "SELECT max(booked_at) FROM (SELECT booked_at FROM booking ORDER BY id DESC LIMIT 1000) AS newest"
UNSEALED = (
    "SELECT min(booked_at) FROM booking WHERE id > (SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'booking')",
    "SELECT min(at) FROM event WHERE id > (SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'event')",
)
STUCK = "SELECT count(*), min(due_at) FROM outbox WHERE sent_at IS NULL AND tries = 0 AND due_at < ?"
FAILING = "SELECT count(*), max(error) FROM outbox WHERE sent_at IS NULL AND tries > 0"
