"""The house under test: a database of its own for every test, and the standing cast.

Anna (a partner in Germany, 250.00 EUR), Boris (a partner, nothing in his wallet), Clara (staff, may read), Dragan (staff, may book),
Elena (staff, may book and manage). Anna and Boris must never see what is the other's.
"""

import os
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher

from tests.cast import NOON, set_the_stage
from tests.postgres import Server
from vps.kernel import hashing
from vps.kernel.database import configure, connect, database
from vps.kernel.keys import Keys, use_keys
from vps.kernel.schema import migrate
from vps.post.models import offer_sms
from vps.trust.files import use_folder

# The real cost is measured elsewhere; a thousand tests need only the same algorithm.
hashing._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _keys() -> None:
    use_keys(KEYS)
    offer_sms(False)


# The same in every run: which TANs activate a sheet follows from the pepper.
KEYS = Keys(b"pepper of the tests, 32 bytes long"[:32], (b64encode(b"f" * 32).decode(),), b"s" * 32, "secret of the tests" * 2)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "vps.db"
    configure(f"sqlite:///{path}")
    migrate()
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def staged(empty_file: Path) -> tuple[Path, SimpleNamespace]:
    """The same with the cast in it, and the cast."""
    path = shutil.copyfile(empty_file, empty_file.with_name("cast.db"))
    use_keys(KEYS)
    configure(f"sqlite:///{path}")
    cast = set_the_stage()
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path, cast


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server for this run: the one of `VPS_TEST_PG_URL`, or one that is started here."""
    server = Server.start()
    yield server
    server.stop()


@pytest.fixture
def sqlite(empty_file: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    path = tmp_path / "vps.db"
    shutil.copyfile(request.getfixturevalue("staged")[0] if finds(request) == "cast" else empty_file, path)
    open_sqlite(path)
    use_folder(tmp_path)
    yield "sqlite"
    database.close()


def open_sqlite(path: Path) -> None:
    """Read and write this file from now on; it need not survive a power cut."""
    configure(f"sqlite:///{path}")
    database.obj.pragma("synchronous", "off", permanent=True)  # tests/kernel/test_database.py reads back what the program sets
    connect()


@pytest.fixture
def postgres(postgres_server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    lent = postgres_server.lend(kind := finds(request))
    configure(postgres_server.url(lent.name))
    connect()
    use_folder(tmp_path)
    yield "postgres"
    database.close()
    postgres_server.take_back(kind, lent)


def finds(request: pytest.FixtureRequest) -> str:
    """What a test finds in its database: the cast, when it asks for it, for a copy takes a twentieth of setting the stage."""
    return "cast" if {"cast", "house"} & set(request.fixturenames) else "empty"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other: every rule about money is tested on each."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def cast(engine: str, request: pytest.FixtureRequest) -> SimpleNamespace:
    """The cast on both engines."""
    if engine == "postgres":
        return deepcopy(request.getfixturevalue("postgres_server").cast_of("cast"))
    return deepcopy(request.getfixturevalue("staged")[1])


@pytest.fixture
def house(sqlite: str, staged: tuple[Path, SimpleNamespace]) -> SimpleNamespace:
    """The cast on SQLite only, for what does not depend on the engine."""
    return deepcopy(staged[1])


class Album:
    """Worlds as they were when they had just been made: what takes long is made once, and copied for each test that asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, SimpleNamespace] = {}

    def show(self, make: Callable[[SimpleNamespace], object], house: SimpleNamespace, here: Path) -> SimpleNamespace:
        """The house after `make`, in the folder of this test."""
        name = f"{make.__module__}.{make.__name__}"
        if name not in self.known:
            make(house)
            database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copytree(here, self.folder / name, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
            self.known[name] = deepcopy(house)
        else:
            database.close()
            shutil.copytree(self.folder / name, here, dirs_exist_ok=True)
            open_sqlite(here / "vps.db")
            vars(house).update(vars(deepcopy(self.known[name])))
        return house


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    return Album(tmp_path_factory.mktemp("album"))


@pytest.fixture
def noon() -> datetime:
    return NOON


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108 - only silences a warning of the test server
    assert datetime.now(UTC)
