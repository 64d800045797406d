"""Photos of documents in backups: files that never change, so each is copied once and serves all backups of a folder."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from vps.cli.findings import Findings, ill, well
from vps.kernel.refusals import N_
from vps.trust import files
from vps.trust.models.audit import pictures_kept


def keep_beside(copy: Path) -> int:
    """Copy what a backup names and its folder does not hold yet; answers how many files are gone.

    A photo that is deleted later stays in the folder, but the key to it is in older backups only: with the last of them it is noise.
    """
    return _fetch(copy, files.folder(), copy.parent / files.FOLDER)


def bring_back(source: Path, folder: Path) -> None:
    """Copy what a backup names from beside it into a data folder. What is gone is told by the audit."""
    _fetch(source, source.parent / files.FOLDER, folder / files.FOLDER)


def documents(_: datetime) -> Findings:
    """Whether the photos of documents are there, and nobody else's to read."""
    count, gone = pictures_kept()
    folder = files.folder()
    if gone:
        yield ill(N_("Photos of documents that are gone: %(n)s. Which they are is told by: vps audit"), n=gone)
    if folder.is_dir() and folder.stat().st_mode & 0o077:
        yield ill(N_("Others than its owner may look into the folder of documents. Type: chmod 700 %(path)s"), path=folder)
    elif count and not gone:
        yield well(N_("Photos of documents: %(n)s, all of them are there."), n=count)


def _fetch(books: Path, source: Path, target: Path) -> int:
    gone = 0
    for name in _named(books):
        if (target / name).exists():
            continue
        try:
            content = (source / name).read_bytes()
        except FileNotFoundError:
            gone += 1
            continue
        target.mkdir(mode=0o700, exist_ok=True)
        part = target / f"{name}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target / name)
    return gone


def _named(books: Path) -> Iterator[str]:
    # The names in it are ours, but it came from a disk: only a plain one is taken.
    with closing(sqlite3.connect(f"file:{quote(str(books.absolute()))}?mode=ro&immutable=1", uri=True)) as opened:
        if opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'identity_picture'").fetchone():
            found = opened.execute("SELECT name FROM identity_picture WHERE secret IS NOT NULL").fetchall()
            yield from (name for (name,) in found if name.isalnum())
