"""What makes a data folder a demo: a key file beside the database, and a row inside it that knows that key.

Whoever has the demo key knows every TAN and every app of the demo, so nothing here touches a database that is not marked.
"""

import fcntl
import hmac
import os
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from peewee import DatabaseError

from vps.cli.running import make_house
from vps.kernel.clock import clock, micros
from vps.kernel.database import OperationalError, configure, connect, database, is_postgres, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.settings import Settings

KEY_FILE = "demo.key"
BEGUN, READY = "begun", "ready"


class NotADemo(Refused):
    """Facts: path."""

    says = N_("%(path)s is not a demo, so it is left alone. Choose another folder with VPS_DATA_DIR.")


class NotInAFile(Refused):
    says = N_("Only a demo on SQLite can be made afresh. Give this one an empty database instead.")


class BeingSeeded(Refused):
    """Facts: path."""

    says = N_("Somebody else is setting up the demo in %(path)s right now.")


@dataclass(frozen=True)
class DemoKey:
    """The secret of one demo folder, from which its TANs and app secrets follow."""

    secret: bytes

    @classmethod
    def read(cls, folder: Path) -> "DemoKey | None":
        """The key of this folder, or None where there is none that can be read."""
        try:
            secret = bytes.fromhex((folder / KEY_FILE).read_text().strip())
        except (OSError, ValueError):
            return None
        return cls(secret) if len(secret) == 32 else None

    def codes(self, serial: str, size: int) -> list[str]:
        """The TANs of a sheet, in the order of their indexes."""
        return [f"{self._number('tan', serial, str(n)) % 10**6:06d}" for n in range(1, size + 1)]

    def code(self, serial: str, n: int) -> str:
        """TAN number `n` of a sheet."""
        return self.codes(serial, n)[-1]

    def app_secret(self, username: str) -> str:
        """The base32 secret of somebody's authenticator app."""
        return b32encode(self._digest("app", username)[:20]).decode()

    @property
    def mark(self) -> str:
        """What the database keeps of this key."""
        return self._digest("mark").hex()

    def _number(self, *parts: str) -> int:
        return int.from_bytes(self._digest(*parts)[:8], "big")

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self.secret, "\n".join(parts).encode(), sha256)


def demo_key(settings: Settings) -> DemoKey:
    """The key of the demo that is open. Raises NotADemo."""
    key = DemoKey.read(settings.data_dir)
    if key is None or state(key) != READY:
        raise NotADemo(path=str(settings.data_dir))
    return key


@contextmanager
def being_seeded(settings: Settings) -> Iterator[DemoKey]:
    """The key of a folder that is a demo or may become one, while nobody else seeds it. Raises NotADemo, BeingSeeded."""
    if DemoKey.read(settings.data_dir) is None:
        _must_be_unused(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_key(settings.data_dir)
    with (settings.data_dir / KEY_FILE).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise BeingSeeded(path=str(settings.data_dir)) from busy
        key = DemoKey.read(settings.data_dir)
        assert key is not None
        yield key


def open_demo(settings: Settings, key: DemoKey, *, afresh: bool) -> bool:
    """Open the folder's database, made or emptied where that is called for; True when it has to be filled. Raises NotADemo, NotInAFile."""
    found = _look(settings, key)
    if found == READY and not afresh:
        make_house(settings.data_dir)
        return False
    if found in (READY, BEGUN):
        _delete(settings)
    make_house(settings.data_dir)
    mark(key, BEGUN)
    return True


def mark(key: DemoKey, word: str) -> None:
    """Write down how far the demo is."""
    run('INSERT INTO setting (key, value, since, "by") VALUES (?, ?, ?, NULL)', "demo", f"{word} {key.mark}", micros(clock()))


def state(key: DemoKey) -> str:
    """How far the open database's demo is: BEGUN, READY, or "" when it is not a demo of this key."""
    row = one("SELECT value FROM setting WHERE key = 'demo' ORDER BY id DESC LIMIT 1")
    word, _, known = str(row[0]).partition(" ") if row else ("", "", "")
    return word if hmac.compare_digest(known.encode(), key.mark.encode()) else ""


def _look(settings: Settings, key: DemoKey) -> str:
    path = _file(settings)
    if path is not None and not path.exists():
        return ""
    configure(settings.database_url)
    try:
        connect()
        tables = database.get_tables()
    except OperationalError:
        raise
    except DatabaseError as trouble:
        raise NotADemo(path=str(settings.data_dir)) from trouble
    found = state(key) if "setting" in tables else ""
    # Tables without a setting or a person in them are a seeding that broke off before its mark; nothing of anybody's is there.
    empty = not tables or ("setting" in tables and not one("SELECT 1 FROM setting UNION ALL SELECT 1 FROM person"))
    if not found and not empty:
        raise NotADemo(path=str(settings.data_dir))
    return found


def _must_be_unused(settings: Settings) -> None:
    path = _file(settings)
    if settings.key_file.exists() or (path is not None and path.exists()):
        raise NotADemo(path=str(settings.data_dir))


def _delete(settings: Settings) -> None:
    path = _file(settings)
    if path is None or is_postgres():
        raise NotInAFile
    database.close()
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), *(settings.data_dir / "outbox").glob("*.eml")):
        name.unlink(missing_ok=True)


def _file(settings: Settings) -> Path | None:
    scheme, _, rest = settings.database_url.partition(":///")
    return Path(rest) if scheme == "sqlite" else None


def _write_key(folder: Path) -> None:
    handle = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_bytes(32).hex() + "\n")
