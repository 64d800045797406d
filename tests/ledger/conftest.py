"""Fixtures of the ledger's tests."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY, ZONE, Books
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import is_postgres, rows, run
from vps.ledger.actions import hold, record, seal
from vps.ledger.models import audit as module
from vps.ledger.models.audit import audit


@pytest.fixture
def books(engine: str) -> Books:
    return Books()


@pytest.fixture
def clean() -> Callable[[], None]:
    """Call it to say that an audit finds nothing."""

    def check() -> None:
        assert list(audit(ZONE)) == []

    return check


@pytest.fixture
def overlook(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType, str], list[Any]]:
    """Let a module overlook, once, what the first statement that begins with `words` answers: somebody else's row is not seen yet."""

    def once(module: ModuleType, words: str) -> list[Any]:
        asked, overlooked = module.one, []

        def one_or_nothing(sql: str, *values: object) -> Any:
            found = asked(sql, *values)
            if overlooked or not sql.startswith(words):
                return found
            return overlooked.append(found)

        monkeypatch.setattr(module, "one", one_or_nothing)
        return overlooked

    return once


@pytest.fixture
def history(books):
    """Sealed bookings in two seals and over a new year, an unsealed tail with a reversal, an open hold and a sealed trail."""
    record(HOUSE, "set up", "books", at=NOON)
    for n in range(4):
        books.pay(n + 1, at=NOON + 12 * n * DAY)
    seal(at=NOON, zone=ZONE)
    record(Actor(7, "192.0.2.1"), "moved", "wallet:1", before="a", after="b", at=NOON)
    moved = books.move(books.anna, books.boris, 1_000)
    books.pay(5, motive="fee", at=NOON + 40 * DAY)
    seal(at=NOON, zone=ZONE)
    books.undo(moved.id)
    hold(books.anna, eur(300), reason="order:1", key="h", at=NOON)
    return books


@pytest.fixture
def unguarded(history, monkeypatch):
    """The same books in the hands of somebody with the database's password: no trigger and no foreign key stops him."""
    monkeypatch.setattr(module, "differences", lambda: [])
    if is_postgres():
        run("SET session_replication_role = replica")
    else:
        for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            run(f"DROP TRIGGER {name}")
        run("PRAGMA foreign_keys = 0")
    return history
