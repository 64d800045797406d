"""One database under everything: SQLite by default, PostgreSQL by `VPS_DATABASE_URL`.

Peewee gives connections, transactions and rows; what moves money runs constant SQL through `run`,
written once with `?` and turned into the engine's own marker.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from peewee import DatabaseProxy, IntegrityError, InterfaceError, OperationalError, PostgresqlDatabase, SqliteDatabase
from peewee import __exception_wrapper__ as _as_peewee_says  # type: ignore[attr-defined]

PATIENCE = 10.0
"""Seconds a writer on SQLite keeps asking for the write lock before it gives up."""

OLD = 0.05
"""Seconds after which a waiting writer asks as often as it ever does."""

TRIES = 3
"""How often an action is tried when the database, not a rule, stood in its way."""

database: Any = DatabaseProxy()

P = ParamSpec("P")
T = TypeVar("T")
_texts: dict[str, str] = {}
_on_configure: list[Callable[[], None]] = []


class Again(Exception):  # noqa: N818 - not an error: somebody else did the same thing first
    """Start the action over: what it was about to write has been written meanwhile, and it will find it."""


class Lite(SqliteDatabase):
    """SQLite that asks for a busy lock again and again in small steps.

    SQLite's own busy handler starves one of several writers for seconds; asking every millisecond keeps the longest wait
    to a small part of that. Opening, and reads outside a transaction, can meet a lock too, while another process opens or
    closes the file.
    """

    def connect(self, reuse_if_open: bool = False) -> bool:
        return bool(ask_until_free(lambda: super(Lite, self).connect(reuse_if_open)))

    def begin(self, lock_type: str | None = None) -> None:
        # Straight to the driver: who waits asks a thousand times a second, and peewee's way of failing takes long.
        start = partial(self.connection().execute, f"BEGIN {lock_type or 'IMMEDIATE'}")  # type: ignore[no-untyped-call]
        try:
            start()
        except sqlite3.OperationalError:
            with _as_peewee_says:
                ask_until_free(start)

    def rollback(self) -> None:
        _forget()
        super().rollback()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        try:
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        except OperationalError as trouble:
            if self.in_transaction() or not is_locked(trouble):
                raise
            return ask_until_free(lambda: super(Lite, self).execute_sql(sql, params))  # type: ignore[no-untyped-call]


class Postgres(PostgresqlDatabase):
    """PostgreSQL at READ COMMITTED: rows are locked in a fixed order, so nothing needs a stricter level."""

    def rollback(self) -> None:
        # Forgotten first: a lost connection cannot be told to roll back, but has.
        _forget()
        super().rollback()


def ask_until_free(step: Callable[[], T]) -> T:
    """Run `step` until the lock it needs is free, or raise after `PATIENCE` seconds.

    Who has waited for long asks more often than who just came, so that nobody is passed over again and again.
    """
    begun = time.monotonic()
    while True:
        try:
            return step()
        except (OperationalError, sqlite3.OperationalError) as trouble:
            waited = time.monotonic() - begun
            if waited > PATIENCE or not is_locked(trouble):
                raise
            pause = 0.0005 + random.random() * 0.001  # noqa: S311 - spreads the askers, keeps no secret
            time.sleep(pause * max(0.05, 1 - waited / OLD))


def is_locked(trouble: Exception) -> bool:
    return "locked" in str(trouble) or "busy" in str(trouble)


def configure(url: str) -> None:
    """Point the house at `sqlite:////path/to/file` or `postgresql://user:password@host/name`; connects to nothing yet."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        database.initialize(lite(Path(unquote(parts.path)[1:])))
    else:
        database.initialize(_postgres(url))
    _texts.clear()
    _forget()


def lite(path: Path | str) -> Lite:
    """The SQLite database of a file, with every pragma that money needs."""
    return Lite(
        str(path),
        lock_type="IMMEDIATE",
        timeout=0,
        check_same_thread=True,
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",  # NORMAL loses acknowledged payments when the power goes
            "foreign_keys": 1,
            "recursive_triggers": 1,  # or INSERT OR REPLACE walks past the triggers that keep bookings immutable
            "trusted_schema": 0,
        },
    )


def _postgres(url: str) -> Postgres:
    parts = urlsplit(url)
    options: dict[str, Any] = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        options[name] = unquote(value)
    given: dict[str, Any] = {name: unquote(value) if isinstance(value, str) else value for name, value in options.items() if value}
    return Postgres(parts.path.lstrip("/"), prefer_psycopg3=True, isolation_level="READ COMMITTED", **given)


def on_configure(forget: Callable[[], None]) -> Callable[[], None]:
    """Register what must be forgotten when the house is pointed at another database (memos of row ids).

    A rollback forgets it too: rows it was read from may never have been, and SQLite gives their ids to others.
    """
    _on_configure.append(forget)
    return forget


def _forget() -> None:
    for forget in _on_configure:
        forget()


def is_postgres() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


def connect() -> None:
    """Open this thread's connection, or keep the one it has. Connections stay open: opening one costs more than most pages."""
    if is_postgres() and not database.is_closed() and not database.is_connection_usable():
        database.close()
    database.connect(reuse_if_open=True)


def run(sql: str, *values: object) -> Any:
    """Run one constant statement written with `?`; answers a cursor of tuples."""
    present = database.obj
    if isinstance(present, Lite):
        state = present._state  # type: ignore[attr-defined]
        if not state.transactions:
            return present.execute_sql(sql, values)
        # Inside a transaction the lock is held: straight to the driver, which is half of what a booking costs beyond its writes.
        try:
            return state.conn.execute(sql, values)
        except sqlite3.Error:
            with _as_peewee_says:
                raise
    text = _texts.get(sql)
    if text is None:
        text = _texts[sql] = sql.replace("%", "%%").replace("?", "%s")
    return database.execute_sql(text, values)


def one(sql: str, *values: object) -> Any:
    """The first row of a constant statement as a tuple, or None."""
    return run(sql, *values).fetchone()


def insert(sql: str, *values: object) -> int:
    """Run a constant INSERT of one row and answer its id."""
    if is_postgres():
        return int(one(f"{sql} RETURNING id", *values)[0])
    # What SQLite remembers anyway costs less than an answer.
    return int(run(sql, *values).lastrowid)


def rows(sql: str, *values: object) -> list[Any]:
    """All rows of a constant statement as tuples."""
    return list(run(sql, *values).fetchall())


class Whole:
    """One transaction on SQLite: `atomic()` without its callbacks and objects, which take longer than a booking's own Python."""

    __slots__ = ("lite", "state")

    def __init__(self, lite: Lite) -> None:
        self.lite = lite
        self.state = lite._state  # type: ignore[attr-defined]

    def __enter__(self) -> None:
        self.lite.begin()
        self.state.transactions.append(self)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.state.transactions.pop()
        if kind is not None:
            self.lite.rollback()
            return
        try:
            self.state.conn.execute("COMMIT")
        except sqlite3.Error:
            self.lite.rollback()
            with _as_peewee_says:
                raise


def action(function: Callable[P, T]) -> Callable[P, T]:
    """A use case: all of it in one transaction, or none of it.

    Called inside another action it is a part of that one. When the database stood in the way (a deadlock, a serialization
    failure, a lost connection, somebody who wrote the same thing first) it is tried again, up to three times: every action
    first looks for what it may already have done, so that a commit whose answer was lost counts as success.
    """

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        present = database.obj
        if present.in_transaction():
            return function(*args, **kwargs)
        left = TRIES
        while True:
            left -= 1
            try:
                with Whole(present) if isinstance(present, Lite) else present.atomic():
                    return function(*args, **kwargs)
            except (Again, OperationalError, InterfaceError) as trouble:
                if not left or not passes(trouble):
                    raise
                if isinstance(trouble, InterfaceError | OperationalError) and is_postgres():
                    connect()

    return whole


def passes(trouble: Exception) -> bool:
    """Whether trying again can help: 40001, 40P01, a lost connection, or `Again`."""
    if isinstance(trouble, Again | InterfaceError):
        return True
    cause = getattr(trouble, "orig", None) or trouble.__context__ or trouble
    code = getattr(cause, "sqlstate", None)
    return code in {"40001", "40P01", "57P01", "57P02", "57P03", "08006", "08003"} or (code is None and _is_lost(str(trouble)))


def _is_lost(words: str) -> bool:
    signs = ("server closed the connection", "connection is lost", "connection already closed", "connection is closed")
    return any(sign in words for sign in signs)


@contextmanager
def reading() -> Iterator[None]:
    """Several reads of one moment. Never `atomic()`: on SQLite that takes the only write lock."""
    with database.atomic("REPEATABLE READ" if is_postgres() else "DEFERRED"):
        yield


def locked(sql: str) -> str:
    """Add the row lock that PostgreSQL needs; SQLite's one writer needs none."""
    return f"{sql} FOR UPDATE" if is_postgres() else sql


__all__ = [
    "Again",
    "IntegrityError",
    "InterfaceError",
    "OperationalError",
    "action",
    "configure",
    "connect",
    "database",
    "insert",
    "is_postgres",
    "lite",
    "locked",
    "on_configure",
    "one",
    "passes",
    "reading",
    "rows",
    "run",
]
