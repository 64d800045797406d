"""Fixtures of the ledger's tests."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.ledger.books import ZONE, Books
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
