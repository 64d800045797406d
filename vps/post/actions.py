"""Posting: the action that changes something writes the message into the same transaction; the worker sends it later."""

import json
from datetime import datetime, timedelta
from typing import Any

from vps.kernel.clock import micros
from vps.kernel.database import action, database, rows, run

RETRY = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
"""How long to wait after each failure; after the last one every try waits as long as that."""


def post(kind: str, *, key: str, address: str, language: str, facts: dict[str, Any], at: datetime) -> None:
    """Write a message into the outbox, once per key. Facts are JSON: text, whole numbers, lists of them."""
    when = micros(at)
    run(INSERT, key, kind, address, language, json.dumps(facts, ensure_ascii=False), when, when)


def due(at: datetime, *, limit: int = 20) -> list[tuple[int, str, str, str, str, dict[str, Any]]]:
    """The oldest messages to send now: (id, key, kind, address, language, facts)."""
    return [(*row[:5], json.loads(row[5])) for row in rows(DUE, micros(at), limit)]


@action
def sent(message: int, *, at: datetime) -> None:
    """Note that a message went out, and forget its facts: a link in it is nobody's business any more."""
    run("UPDATE outbox SET sent_at = ?, error = '', facts = '{}' WHERE id = ?", micros(at), message)


@action
def failed(message: int, *, error: str, at: datetime) -> None:
    """Note a failure and when to try again."""
    assert database.in_transaction()
    ((tries,),) = rows("SELECT tries FROM outbox WHERE id = ?", message)
    again = at + RETRY[min(tries, len(RETRY) - 1)]
    run("UPDATE outbox SET tries = tries + 1, error = ?, due_at = ? WHERE id = ?", error[:500], micros(again), message)


INSERT = (
    "INSERT INTO outbox (key, kind, address, language, facts, made_at, due_at, tries, error) VALUES (?, ?, ?, ?, ?, ?, ?, 0, '')"
    " ON CONFLICT (key) DO NOTHING"
)
DUE = "SELECT id, key, kind, address, language, facts FROM outbox WHERE sent_at IS NULL AND due_at <= ? ORDER BY due_at LIMIT ?"
