"""Dialogs of payments that move nothing but the code, for tests about codes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import CODES, NOON, eur
from vps.kernel.authorisation import Actor
from vps.kernel.database import action
from vps.people.models import Person
from vps.security.actions import ByTan, Snapshot, ask, confirm, snapshot
from vps.security.actions.refusals import IntentCancelled, LastBeforeBlock, WayBlocked, WrongTan

STEP = timedelta(seconds=30)


def shown(person: Person, *, at: datetime = NOON, way: str | None = None, subject: str = "1001", amount: int = 49_90) -> Snapshot:
    return snapshot("order payment", subject, amount=eur(amount), payee="Alpenkraut GmbH", ask=ask(person.id, at=at, prefer=way), at=at)


def answer(dialog: Snapshot, person: Person, code: str | None = None, *, at: datetime = NOON) -> ByTan:
    return confirm(dialog, code=code or CODES[(dialog.n or 0) - 1], actor=Actor(person.id, "192.0.2.1"), at=at)


@action
def move(authorisation: ByTan, *, at: datetime = NOON, subject: str = "1001", amount: int = 49_90) -> None:
    """A movement that moves nothing but the code."""
    authorisation.use_up(subject=subject, amount=eur(amount), at=at)


def wrong(dialog: Snapshot, person: Person, *, at: datetime = NOON) -> Any:
    """What a wrong code is answered."""
    with pytest.raises((WrongTan, LastBeforeBlock, IntentCancelled, WayBlocked)) as refused:
        answer(dialog, person, "999999", at=at)
    return refused.value
