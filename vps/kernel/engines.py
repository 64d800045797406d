"""The two engines, as peewee knows them: SQLite with one patient writer, PostgreSQL with row locks."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import peewee
from peewee import OperationalError, PostgresqlDatabase, SqliteDatabase

from vps.kernel.locks import ask_in, ask_until_free, is_empty, is_locked, let_pass, queue_of

NORMAL = 1
"""Of SQLite's `synchronous`: whole after a power cut, but perhaps without the last commits."""

BEGIN = "BEGIN IMMEDIATE"
"""How a writer begins: with the write lock, or it might be refused half-way."""

T = TypeVar("T")
Statements = Callable[[str, tuple[object, ...]], Any]
"""Runs one statement with its values and answers a cursor of tuples."""
as_peewee_says: Any = peewee.__exception_wrapper__  # type: ignore[attr-defined]
"""With this, what the driver raises is raised as peewee's own exception."""
memos: list[Callable[[], None]] = []
"""What empties each memo of rows; `on_configure` adds to it."""


def forget() -> None:
    """Empty every memo: another database is in use, or rows they were read from have never been."""
    for empty in memos:
        empty()


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
        start = partial(self.connection().execute, f"BEGIN {lock_type}" if lock_type else BEGIN)  # type: ignore[no-untyped-call]
        with as_peewee_says:
            try:
                start()
            except sqlite3.OperationalError as trouble:
                if not is_locked(trouble):
                    raise
                with queue_of(self.database) as queue:
                    ask_until_free(partial(ask_in, queue, start))

    def let_pass(self) -> None:
        """Between two transactions of many: as long as somebody waits to write, he goes before."""
        with queue_of(self.database) as queue:
            let_pass(queue)

    def somebody_waits(self) -> bool:
        """Whether anybody waits to write."""
        with queue_of(self.database) as queue:
            return not is_empty(queue)

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """Within it a commit does not wait for the disk: it is safe with the next one, of anybody, that does."""
        before = self.execute_sql("PRAGMA synchronous").fetchone()[0]
        self.execute_sql(f"PRAGMA synchronous = {min(before, NORMAL)}")
        try:
            yield
        finally:
            self.execute_sql(f"PRAGMA synchronous = {before}")

    def rollback(self) -> None:
        forget()
        super().rollback()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        try:
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        except OperationalError as trouble:
            if self.in_transaction() or not is_locked(trouble):
                raise
            return ask_until_free(lambda: super(Lite, self).execute_sql(sql, params))  # type: ignore[no-untyped-call]

    def run(self, sql: str, values: tuple[object, ...]) -> Any:
        """One statement written with `?`; answers a cursor."""
        state = self._state  # type: ignore[attr-defined]
        if not state.transactions:
            return self.execute_sql(sql, values)
        # Inside a transaction the lock is held: straight to the driver, which is half of what a booking costs beyond its writes.
        try:
            return state.conn.execute(sql, values)
        except sqlite3.Error:
            with as_peewee_says:
                raise

    def statements(self) -> Statements:
        """What runs statements written with `?` inside `whole`: the driver itself, whose errors are its own until the transaction ends."""
        return self._state.conn.execute  # type: ignore[attr-defined, no-any-return]

    def many(self, sql: str, values: Iterable[tuple[object, ...]]) -> None:
        """One statement written with `?`, inside a transaction, for each of many values."""
        try:
            self._state.conn.executemany(sql, values)  # type: ignore[attr-defined]
        except sqlite3.Error:
            with as_peewee_says:
                raise

    def insert(self, sql: str, values: tuple[object, ...]) -> int:
        """The id of the row that an INSERT written with `?` makes inside a transaction: what SQLite remembers anyway costs less than an answer."""
        return self._state.conn.execute(sql, values).lastrowid  # type: ignore[attr-defined, no-any-return]

    def whole(self, function: Callable[..., T], args: Any, kwargs: Any) -> T:
        """What `function` answers, run in one transaction: `atomic()` without its objects, which take longer than a booking's own Python."""
        state = self._state  # type: ignore[attr-defined]
        if state.closed:
            self.connect()
        execute = state.conn.execute
        try:
            execute(BEGIN)
        except sqlite3.OperationalError:
            self.begin()
        state.transactions.append(self)
        noted.values = {}
        done = False
        try:
            answer = function(*args, **kwargs)
            execute("COMMIT")
            done = True
        except sqlite3.Error:
            with as_peewee_says:
                raise
        finally:
            noted.values = None
            state.transactions.pop()
            if not done:
                self.rollback()
        return answer


class Postgres(PostgresqlDatabase):
    """PostgreSQL at READ COMMITTED: rows are locked in a fixed order, so nothing needs a stricter level."""

    def let_pass(self) -> None:
        """Nothing: only who writes to the same rows waits."""

    def somebody_waits(self) -> bool:
        """Always: whoever waits for a row cannot be seen, so that nobody keeps many for long."""
        return True

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """Within it a commit does not wait for the disk: it is safe with the next one, of anybody, that does."""
        self.run("SET synchronous_commit = off", ())
        try:
            yield
        finally:
            self.run("RESET synchronous_commit", ())

    def rollback(self) -> None:
        # Forgotten first: a lost connection cannot be told to roll back, but has.
        forget()
        super().rollback()

    def run(self, sql: str, values: tuple[object, ...]) -> Any:
        """One statement written with `?`; answers a cursor."""
        return self.execute_sql(_with_its_markers(sql), values)  # type: ignore[no-untyped-call]

    def statements(self) -> Statements:
        """What runs statements written with `?` inside `whole`."""
        return self.run

    def many(self, sql: str, values: Iterable[tuple[object, ...]]) -> None:
        """One statement written with `?`, inside a transaction, for each of many values."""
        with as_peewee_says, self.cursor() as cursor:  # type: ignore[no-untyped-call]
            cursor.executemany(_with_its_markers(sql), values)

    def insert(self, sql: str, values: tuple[object, ...]) -> int:
        """The id of the row that an INSERT written with `?` makes."""
        return int(self.run(f"{sql} RETURNING id", values).fetchone()[0])

    def whole(self, function: Callable[..., T], args: Any, kwargs: Any) -> T:
        """What `function` answers, run in one transaction."""
        with self.atomic():
            noted.values = {}
            try:
                return function(*args, **kwargs)
            finally:
                noted.values = None


class _Noted(threading.local):
    """What this thread has read in the action it runs and need not read again; None outside of actions."""

    values: dict[object, Any] | None = None


noted = _Noted()


def within_action(read: Callable[[], T]) -> Callable[[], T]:
    """Read once in an action what does not change while it runs, unless it changes it itself and says `changed_within_action`."""

    @wraps(read)
    def once() -> T:
        values = noted.values
        if values is None:
            return read()
        if read not in values:
            values[read] = read()
        return values[read]  # type: ignore[no-any-return]

    return once


@contextmanager
def noting() -> Iterator[None]:
    """Within it `within_action` reads once, too."""
    before = noted.values
    noted.values = {} if before is None else before
    try:
        yield
    finally:
        noted.values = before


def changed_within_action() -> None:
    """Read again what `within_action` has read: this action has changed it."""
    if noted.values:
        noted.values.clear()


@cache
def _with_its_markers(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


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


def postgres(url: str) -> Postgres:
    parts = urlsplit(url)
    options: dict[str, Any] = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        options[name] = unquote(value)
    given: dict[str, Any] = {name: unquote(value) if isinstance(value, str) else value for name, value in options.items() if value}
    return Postgres(parts.path.lstrip("/"), prefer_psycopg3=True, isolation_level="READ COMMITTED", **given)
