"""Backups of the company's books, and the way back from one."""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from vps.cli import NotWritten, house, main, must_be_owner, say, told_why
from vps.cli.bank import NoSuchFile
from vps.cli.books import problems_of, tell
from vps.cli.documents import bring_back, keep_beside
from vps.company.models import keys_fit
from vps.kernel.clock import clock
from vps.kernel.database import configure, connect, database, is_postgres
from vps.kernel.keys import read_keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.schema import migrate
from vps.kernel.settings import Settings
from vps.people.actions import bind_passwords
from vps.trust.files import use_folder

SIDES = (".sha256", ".json")
"""What lies beside a backup: its checksum, and what is in it."""


LAST_BACKUP = "last-backup"
"""An empty file in the data folder, as old as the last backup; PostgreSQL's own backup touches it, too."""


class UsePgDump(Refused):
    says = N_("These books are in PostgreSQL, which has its own way: pg_dump --format=custom. See “With PostgreSQL” in docs/run.md.")


class Damaged(Refused):
    """Facts: file, what."""

    says = N_("%(file)s is damaged: %(what)s")


class NotABackup(Refused):
    """Facts: file."""

    says = N_("%(file)s is not a backup that “vps backup” made.")


class WrongChecksum(Refused):
    """Facts: file."""

    says = N_("%(file)s is not what was backed up: its checksum differs. Nothing was restored; take another backup.")


class SomethingThere(Refused):
    """Facts: file."""

    says = N_("%(file)s is there already and is not overwritten. Restore into an empty folder.")


class OtherKeys(Refused):
    """Facts: file."""

    says = N_("%(file)s is another key file than the one given. Nothing was restored.")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write a consistent copy of the books into DIR while the house runs, read it back, and put its checksum beside it.

    The key file is not in it: put that away elsewhere.
    """
    settings = house()
    if is_postgres():
        raise UsePgDump
    copy = folder / f"vps-{clock():%Y%m%d-%H%M%S}.db"
    if copy.exists():
        raise SomethingThere(file=str(copy))
    facts = _back_up(copy)
    with told_why(copy.parent):
        lost = keep_beside(copy)
    with told_why(settings.data_dir):
        (settings.data_dir / LAST_BACKUP).touch()
    click.echo(say(N_("The backup is %(path)s"), path=copy))
    click.echo(say(N_("Bookings in it: %(n)s"), n=facts["bookings"]))
    if lost:
        click.echo(
            say(N_("Photos of documents that are gone and could not be copied: %(n)s. Which they are is told by: vps audit"), n=lost),
            err=True,
        )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="An empty folder, or one that holds only the key file.",
)
@click.option("--keys", "key_file", metavar="FILE", type=click.Path(path_type=Path), help="The key file, when it does not lie in DIR.")
def restore(file: Path, folder: Path, key_file: Path | None) -> None:
    """Put the books of a backup into DIR, bring them to this release, and prove them as "vps audit" does."""
    folder = folder.absolute()
    settings = replace(Settings.from_environment(folder), database_url=f"sqlite:///{folder / 'vps.db'}")
    must_be_owner(settings)
    source = file.with_suffix("") if file.suffix in SIDES else file
    for there in (folder / name for name in ("vps.db", "vps.db-wal", "vps.db-shm")):
        if there.exists():
            raise SomethingThere(file=str(there))
    checksum = _checksum_of(source)
    contents(source)
    with _written(folder / "vps.db"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _lay_keys(settings, key_file)
        _copy(source, folder / "vps.db", checksum)
    with told_why(folder):
        bring_back(source, folder)
    configure(settings.database_url)
    use_folder(folder)
    migrate()
    connect()
    if keys_fit():
        bind_passwords(at=clock())  # a backup from before they were bound
    click.echo(say(N_("The books are in %(path)s"), path=folder / "vps.db"))
    problems = problems_of()
    tell(problems)
    sys.exit(1 if problems else 0)


def contents(copy: Path) -> dict[str, Any]:
    """What a backup holds, found by reading the whole file: the number of bookings and trail lines, and the newest seals.

    Raises Damaged, NotABackup.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(copy.absolute()))}?mode=ro&immutable=1", uri=True)) as opened:
            words = opened.execute("PRAGMA quick_check").fetchone()[0]
            if words != "ok":
                raise Damaged(file=str(copy), what=words)
            bookings, events = opened.execute("SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM event)").fetchone()
            seals = {chain: {"upto": upto, "digest": digest.hex()} for chain, upto, digest in opened.execute(SEALS)}
    except sqlite3.OperationalError as trouble:
        raise NotABackup(file=str(copy)) from trouble
    except sqlite3.DatabaseError as trouble:
        if "not a database" in str(trouble):
            raise NotABackup(file=str(copy)) from trouble
        raise Damaged(file=str(copy), what=str(trouble)) from trouble
    return {"bookings": bookings, "events": events, "seals": seals}


def _back_up(copy: Path) -> dict[str, Any]:
    part = copy.with_suffix(".part")
    with _written(part):
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(part)) as target:
            # All pages in one step: readers of a WAL never hold a writer up, while smaller steps begin anew after every booking.
            database.connection().backup(target)
        facts = contents(part)
        checksum = _digest(part)
        whole = {
            "file": copy.name,
            "made_at": f"{clock():%Y-%m-%dT%H:%M:%SZ}",
            "version": version("vps-wallet"),
            "size": part.stat().st_size,
        }
        _write(_beside(copy, ".sha256"), f"{checksum}  {copy.name}\n")
        _write(_beside(copy, ".json"), json.dumps({**whole, "sha256": checksum, **facts}, indent=1) + "\n")
        now = clock().timestamp()
        os.utime(part, (now, now))
        for side in SIDES:  # older than the backup, so that `ls -t` names that first; the disk's own clock is too coarse
            os.utime(_beside(copy, side), (now - 1, now - 1))
        _sync(part)
        part.rename(copy)
        _sync(copy.parent)
    return facts


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """What is written here is whole or not there; raises NotWritten when the disk refuses it."""
    try:
        yield
    except (OSError, sqlite3.Error) as trouble:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise NotWritten(file=str(file), why=getattr(trouble, "strerror", None) or str(trouble)) from trouble
    except Refused:
        file.unlink(missing_ok=True)
        raise


def _beside(copy: Path, side: str) -> Path:
    return copy.with_name(copy.name + side)


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _checksum_of(source: Path) -> str | None:
    """The checksum that was written beside a backup; it may have been lost on the way. Raises NoSuchFile, WrongChecksum."""
    try:
        found = _digest(source)
        beside = _beside(source, ".sha256")
        known = beside.read_text().partition(" ")[0].strip() if beside.exists() else None
    except (OSError, UnicodeDecodeError) as trouble:
        raise NoSuchFile(file=str(source), why=getattr(trouble, "strerror", None) or str(trouble)) from trouble
    if known is None:
        click.echo(say(N_("No checksum lies beside this backup; the audit alone must tell whether it is whole.")), err=True)
    elif known != found:
        raise WrongChecksum(file=str(source))
    return found


def _lay_keys(settings: Settings, given: Path | None) -> None:
    """See to it that the key file can be read, before anything is restored. Raises NoKeys, OtherKeys."""
    if given is None:
        read_keys(settings.key_file)
        return
    read_keys(given)
    there = settings.data_dir / "keys.json"
    if there.exists() and there.read_bytes() != given.read_bytes():
        raise OtherKeys(file=str(there))
    if not there.exists():
        _write(there, given.read_text())


def _copy(source: Path, target: Path, checksum: str | None) -> None:
    part = target.with_suffix(".part")
    with _written(part):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with source.open("rb") as old, os.fdopen(handle, "wb") as new:
            while piece := old.read(2**20):
                new.write(piece)
        if _digest(part) != checksum:
            raise WrongChecksum(file=str(source))
        _sync(part)
        part.rename(target)
        _sync(target.parent)


SEALS = "SELECT chain, upto, digest FROM seal s WHERE upto = (SELECT max(upto) FROM seal n WHERE n.chain = s.chain) ORDER BY chain"
