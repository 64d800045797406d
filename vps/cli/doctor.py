"""Whether this machine is set up as docs/run.md says: every check in one line, every problem with what to do. Asks nobody but itself."""

import os
import sys
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from urllib.request import urlopen

import click

from vps.cli import NoDatabase, house, main, say
from vps.cli.chain import chain, peers
from vps.cli.doctor_bank import statements
from vps.cli.doctor_post import mail, outbox, sms
from vps.cli.documents import documents
from vps.cli.findings import LATE, LOOPBACK, Finding, Findings
from vps.cli.findings import ill as _ill
from vps.cli.findings import is_example as _is_example
from vps.cli.findings import parts_of as _parts
from vps.cli.findings import well as _well
from vps.cli.keeping import LAST_BACKUP
from vps.cli.trust import introduced
from vps.company.models import OtherKeys, keys_fit
from vps.home.web import LOW_BYTES, LOW_SHARE, low_disk
from vps.kernel.clock import clock, instant, micros
from vps.kernel.database import OperationalError, is_postgres, one, writable
from vps.kernel.keys import NoKeys, keys, read_keys
from vps.kernel.refusals import N_
from vps.kernel.schema import differences, pending
from vps.kernel.settings import Settings
from vps.kernel.vault import census

NIGHTLY = timedelta(hours=26)
"""The time between two backups, and two hours."""


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
    host = yield from _address(settings)
    yield from peers(settings)
    yield from mail(settings)
    yield from sms(settings)
    if not host:
        return
    public = host not in LOOPBACK
    if public:
        yield from _pages(settings)
    if settings.proxy_hops:
        yield from chain(settings)
    if public:
        yield from _backup(settings, now)


def _key_file(settings: Settings) -> Findings:
    path = settings.key_file
    try:
        read_keys(path)
    except NoKeys as refusal:
        yield _ill(refusal.says, **refusal.facts)
        return
    if path.stat().st_uid != os.geteuid():
        yield _ill(N_("The key file belongs to another user. Type: chown --reference=%(folder)s %(path)s"), path=path, folder=path.parent)
    elif path.stat().st_mode & 0o077:
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
    if writable():
        yield _well(N_("The database answers."))
    else:
        yield _ill(N_("The database cannot be written by this user, so nothing can be booked: see whom its file and folder belong to."))
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


def _keys(_: datetime) -> Findings:
    if not keys_fit():
        yield _ill(OtherKeys.says)
        return
    yield _well(N_("The key file is the one of these books."))
    older, lost = census()
    if lost:
        yield _ill(N_("Secrets that the key file does not open: %(n)s. Whose they are is told by: vps audit"), n=lost)
    if older:
        yield _ill(N_("Secrets that need an older key: %(n)s. Type: vps keys rotate"), n=older)
    elif len(keys().fernet) > 1:
        yield _ill(N_("Nothing needs the older key any more. Is the new key file printed and put away? Type: vps keys rotate --finish"))
    elif not lost:
        yield _well(N_("Every secret is encrypted with the newest key."))


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


def _disk(settings: Settings) -> Findings:
    folder = settings.data_dir
    if not folder.is_dir():
        yield _ill(N_("The data folder %(path)s does not exist. Type: vps init"), path=folder)
    elif low_disk(folder):
        facts = {"path": folder, "percent": int(LOW_SHARE * 100), "room": LOW_BYTES // 2**20}
        yield _ill(N_("The disk of %(path)s has less room than %(room)s MiB or %(percent)s percent: nothing is booked."), **facts)
    else:
        yield _well(N_("The disk of %(path)s has room."), path=folder)


def _address(settings: Settings) -> Generator[Finding, None, str]:
    """The name by which people reach this installation, when it is set as it should be; else nothing."""
    found = ""
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
    elif _is_example(parts):
        yield _ill(N_("%(name)s is still the example of docs/run.md: %(host)s"), name="VPS_PUBLIC_URL", host=parts.hostname)
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
        found = parts.hostname or ""
        yield _well(N_("The public address is %(url)s; proxies before VPS: %(hops)s"), url=settings.public_url, hops=settings.proxy_hops)
    return found


def _pages(settings: Settings) -> Findings:
    """Whether a visitor would get through: name, certificate, proxy and web server."""
    url = settings.public_url.rstrip("/")
    try:
        with urlopen(f"{url}/healthz", timeout=10):  # noqa: S310 - the address of this very installation
            yield _well(N_("The pages answer at %(url)s"), url=url)
    except (OSError, ValueError, HTTPException) as trouble:
        yield _ill(N_("The pages do not answer at %(url)s (%(why)s). Look at: journalctl -u vps-web -u caddy"), url=url, why=trouble)


def _backup(settings: Settings, now: datetime) -> Findings:
    mark = settings.data_dir / LAST_BACKUP
    made = datetime.fromtimestamp(mark.stat().st_mtime, UTC) if mark.exists() else None
    if made is None:
        yield _ill(N_("No backup was ever made. Type: systemctl enable --now vps-backup.timer; systemctl start vps-backup"))
    elif made < now - NIGHTLY:
        yield _ill(N_("The last backup is of %(when)s. Look at: journalctl -u vps-backup"), when=f"{made:%Y-%m-%d %H:%M} UTC")
    else:
        yield _well(N_("The last backup is of %(when)s."), when=f"{made:%Y-%m-%d %H:%M} UTC")


NEED_TABLES: tuple[Callable[[datetime], Findings], ...] = (_keys, _clock, _seals, statements, outbox, documents, introduced)
# The ids run with time, near enough: the newest thousand are looked at, not all.
NEWEST = "SELECT max(booked_at) FROM (SELECT booked_at FROM booking ORDER BY id DESC LIMIT 1000) AS newest"
UNSEALED = (
    "SELECT min(booked_at) FROM booking WHERE id > (SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'booking')",
    "SELECT min(at) FROM event WHERE id > (SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'event')",
)
