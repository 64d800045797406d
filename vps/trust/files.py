"""Where pictures of documents lie: beside the books, each encrypted with a key of its own, which the books keep encrypted in turn.

So a change of keys touches no file, and a file without its row is noise for ever.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken

from vps.kernel.keys import NotOurs, keys

FOLDER = "documents"
"""Its name in the data folder, and beside backups."""
YOUNG = timedelta(days=1)
"""A file that no row names is not removed before: its row may be written just now."""

_folder: list[Path] = []


class Kept(NamedTuple):
    """A file as its row names it: its name, its bytes on the disk, their SHA-256, and the encrypted key to it."""

    name: str
    size: int
    sha256: bytes
    secret: bytes


def use_folder(data: Path) -> None:
    """Say in which data folder the documents lie. Whoever opens a house does: the rules know no environment."""
    _folder[:] = [data / FOLDER]


def folder() -> Path:
    """Where they lie; there may be none yet."""
    assert _folder, "nobody said where documents lie"
    return _folder[-1]


def keep(content: bytes) -> Kept:
    """Encrypt and write a file that only its owner can read, under a name that says nothing; it is on the disk when this returns."""
    name, key = secrets.token_hex(16), Fernet.generate_key()
    token = Fernet(key).encrypt(content)
    with _opened() as here:
        with os.fdopen(os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(token)
            file.flush()
            os.fsync(file.fileno())
        os.fsync(here)
    return Kept(name, len(token), sha256(token).digest(), keys().encrypt(key, owner=_owner(name)))


def content_of(name: str, secret: bytes) -> bytes:
    """What is in a file. Raises NotOurs; FileNotFoundError when it is gone."""
    key = keys().decrypt(secret, owner=_owner(name))
    try:
        return Fernet(key).decrypt((folder() / name).read_bytes())
    except InvalidToken as wrong:
        raise NotOurs from wrong


def is_whole(name: str, size: int, digest: bytes) -> bool:
    """Whether the file is there as it was written."""
    try:
        found = (folder() / name).read_bytes()
    except OSError:
        return False
    return len(found) == size and sha256(found).digest() == bytes(digest)


def opens(name: str, secret: bytes) -> bool:
    """Whether the key to a file is its own, and ours."""
    try:
        keys().decrypt(secret, owner=_owner(name))
    except NotOurs:
        return False
    return True


def remove(names: list[str]) -> None:
    """Delete files; one that is gone already is well."""
    for name in names:
        (folder() / name).unlink(missing_ok=True)


def strays(known: set[str], at: datetime) -> list[str]:
    """Files that nothing known names, and that are not young."""
    before, found = (at - YOUNG).timestamp(), []
    if folder().is_dir():
        for path in folder().iterdir():
            with suppress(FileNotFoundError):
                if path.name not in known and path.stat().st_mtime < before:
                    found.append(path.name)
    return sorted(found)


@contextmanager
def alone() -> Iterator[None]:
    """What is done inside, one worker of this machine does at a time."""
    with _opened() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _owner(name: str) -> str:
    return f"document:{name}"


@contextmanager
def _opened() -> Iterator[int]:
    folder().mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder(), os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)
