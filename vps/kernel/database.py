"""One database under everything: SQLite by default, PostgreSQL by `VPS_DATABASE_URL`.

Peewee gives connections, transactions and rows; what moves money runs constant SQL through `run`,
written once with `?` for both engines.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from peewee import DatabaseProxy, IntegrityError, InterfaceError, OperationalError, PostgresqlDatabase

from vps.kernel.engines import Statements, changed_within_action, forget, lite, memos, noting, postgres, within_action

TRIES = 3
"""How often an action is tried when the database, not a rule, stood in its way."""

database: Any = DatabaseProxy()

P = ParamSpec("P")
T = TypeVar("T")


class Again(Exception):  # noqa: N818 - not an error: somebody else did the same thing first
    """Start the action over: what it was about to write has been written meanwhile, and it will find it."""


def configure(url: str) -> None:
    """Point the house at `sqlite:////path/to/file` or `postgresql://user:password@host/name`; connects to nothing yet."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        database.initialize(lite(Path(unquote(parts.path)[1:])))
    else:
        database.initialize(postgres(url))
    forget()


def on_configure(empty: Callable[[], None]) -> Callable[[], None]:
    """Register what must be forgotten when the house is pointed at another database (memos of row ids).

    A rollback forgets it too: rows it was read from may never have been, and SQLite gives their ids to others.
    """
    memos.append(empty)
    return empty


def is_postgres() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


def connect() -> None:
    """Open this thread's connection, or keep the one it has. Connections stay open: opening one costs more than most pages."""
    if is_postgres() and not database.is_closed() and not _answers():
        database.close()
    database.connect(reuse_if_open=True)


def _answers() -> bool:
    # A server that was restarted closed our connection without telling us.
    try:
        return bool(database.is_connection_usable()) and database.execute_sql("SELECT 1") is not None
    except (OperationalError, InterfaceError):
        return False


def writable() -> bool:
    """Whether this user may write the database; PostgreSQL answers that when it lets somebody in."""
    if is_postgres():
        return True
    file = Path(database.obj.database)
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def run(sql: str, *values: object) -> Any:
    """Run one constant statement written with `?`; answers a cursor of tuples."""
    return database.obj.run(sql, values)


def one(sql: str, *values: object) -> Any:
    """The first row of a constant statement as a tuple, or None."""
    return database.obj.run(sql, values).fetchone()


def insert(sql: str, *values: object) -> int:
    """Inside an action: run a constant INSERT of one row and answer its id."""
    return database.obj.insert(sql, values)  # type: ignore[no-any-return]


def many(sql: str, values: Iterable[tuple[Any, ...]]) -> None:
    """Inside an action: run a constant statement once for each of many values."""
    database.obj.many(sql, values)


def let_pass() -> None:
    """Between two actions of many: let whoever waits to write go before."""
    database.obj.let_pass()


def until_waited(write: Callable[[T], object], pieces: Iterable[T]) -> int:
    """Inside an action of many pieces: write one after the other until somebody waits for this transaction's end. Answers how many."""
    done = 0
    for piece in pieces:
        write(piece)
        done += 1
        if database.obj.somebody_waits():
            break
    return done


def unsynced() -> AbstractContextManager[None]:
    """Around actions that nobody is told of before a last one outside of it: a power cut may take them back, in the order they came."""
    return database.obj.unsynced()  # type: ignore[no-any-return]


def rows(sql: str, *values: object) -> list[Any]:
    """All rows of a constant statement as tuples."""
    return list(database.obj.run(sql, values).fetchall())


def action(function: Callable[P, T]) -> Callable[P, T]:
    """A use case: all of it in one transaction, or none of it.

    Called inside another action it is a part of that one. When the database stood in the way (a deadlock, a serialization
    failure, a lost connection, somebody who wrote the same thing first) it is tried again, up to three times: every action
    first looks for what it may already have done, so that a commit whose answer was lost counts as success.
    """

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        present = database.obj
        if present._state.transactions:  # what in_transaction() looks at
            return function(*args, **kwargs)
        left = TRIES
        while True:
            left -= 1
            try:
                return present.whole(function, args, kwargs)  # type: ignore[no-any-return]
            except (Again, IntegrityError, OperationalError, InterfaceError) as trouble:
                if not left or not passes(trouble):
                    raise
                if isinstance(trouble, InterfaceError | OperationalError) and is_postgres():
                    connect()

    return whole


def passes(trouble: Exception) -> bool:
    """Whether trying again can help: `Again`, a row that somebody else wrote since we looked, 40001, 40P01, a lost connection."""
    if isinstance(trouble, Again | InterfaceError):
        return True
    cause = getattr(trouble, "orig", None) or trouble.__context__ or trouble
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return code in PASSING or (code is None and _is_lost(str(trouble)))


PASSING = {
    "SQLITE_CONSTRAINT_UNIQUE",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "23505",
    "40001",
    "40P01",
    "57P01",
    "57P02",
    "57P03",
    "08006",
    "08003",
}


def _is_lost(words: str) -> bool:
    signs = ("server closed the connection", "connection is lost", "connection already closed", "connection is closed")
    return any(sign in words for sign in signs)


@contextmanager
def reading() -> Iterator[None]:
    """Several reads of one moment. Never `atomic()`: on SQLite that takes the only write lock."""
    with database.atomic("REPEATABLE READ" if is_postgres() else "DEFERRED"), noting():
        yield


def locked(sql: str) -> str:
    """Add the row lock that PostgreSQL needs; SQLite's one writer needs none."""
    return f"{sql} FOR UPDATE" if is_postgres() else sql


__all__ = [
    "Again",
    "IntegrityError",
    "InterfaceError",
    "OperationalError",
    "Statements",
    "action",
    "changed_within_action",
    "configure",
    "connect",
    "database",
    "insert",
    "is_postgres",
    "let_pass",
    "lite",
    "locked",
    "many",
    "on_configure",
    "one",
    "passes",
    "reading",
    "rows",
    "run",
    "unsynced",
    "until_waited",
    "within_action",
    "writable",
]
