"""Lists of statements and lines, as tuples, paged by key."""

import json
from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number


class Imported(NamedTuple):
    """A statement in the office's list."""

    id: int
    number: str
    account: str
    closing: Money | None
    closing_day: date | None
    adds_up: str
    lines: int
    matched: int
    imported_at: object
    name: str
    taken_back_at: datetime | None


def imported(*, before: int | None = None, limit: int = 25) -> list[Imported]:
    """Statements newest first."""
    found = rows(STATEMENTS, before or 2**62, limit)
    return [
        Imported(
            key,
            number,
            account,
            None if closing is None else Money(closing, currency),
            _day(day),
            adds_up,
            lines,
            matched,
            instant(at),
            name,
            None if gone is None else instant(gone),
        )
        for key, number, account, closing, currency, day, adds_up, lines, matched, at, name, gone in found
    ]


class Shown(NamedTuple):
    """A line of a statement, and what it turned out to be: kind, what people call it, and signed amount of each claim."""

    id: int
    n: int
    day: date | None
    amount: Money
    party: str
    text: str
    unclear: Money
    claims: list[tuple[str, str, Money]]


def lines_of(statement: int, *, after: int = 0, limit: int = 100) -> list[Shown]:
    """A statement's lines in its own order."""
    found = [
        Shown(key, n, _day(day), Money(minor, currency), party, text, Money(unclear, currency), [])
        for key, n, day, minor, currency, party, text, unclear in rows(LINES, statement, after, limit)
    ]
    by_id = {line.id: line for line in found}
    claimed = rows(CLAIMED.format(", ".join("?" * len(by_id))), *by_id) if by_id else []
    for line, kind, ref, target, minor in claimed:
        label = order_number(target) if kind == "order" else str(target) if kind in NUMBERED else ref
        by_id[line].claims.append((kind, label, Money(minor, by_id[line].amount.currency)))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def statement_heading(statement: int) -> tuple[str, str, datetime | None] | None:
    """(number, account, when it was taken back) of a statement, or None."""
    row = one("SELECT number, account, taken_back_at FROM bank_statement WHERE id = ?", statement)
    return (row[0], row[1], None if row[2] is None else instant(row[2])) if row else None


NUMBERED = ("file", "pay-out", "returned", "sent back")
"""Kinds of claims whose target people know by its number."""


class Waiting(NamedTuple):
    """A file of the watched folder. `refused`: the sentence and the facts of what was wrong with it."""

    id: int
    name: str
    found_at: datetime
    refused: tuple[str, dict[str, str]] | None


def waiting_files(limit: int = 25) -> list[Waiting]:
    """Files that nobody booked or set aside yet, oldest first."""
    return [
        Waiting(key, name, instant(at), None if refused is None else tuple(json.loads(refused)))
        for key, name, at, refused in rows(WAITING, limit)
    ]


WAITING = (
    "SELECT w.id, w.name, w.found_at, w.refused FROM waiting_file w WHERE w.done_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM bank_file f WHERE f.digest = w.digest) ORDER BY w.found_at, w.id LIMIT ?"
)
STATEMENTS = (
    "SELECT s.id, s.number, s.account, s.closing, s.currency, s.closing_day, s.adds_up,"
    " (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id), (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id AND l.unclear = 0),"
    " f.imported_at, f.name, s.taken_back_at FROM bank_statement s JOIN bank_file f ON f.id = s.file_id WHERE s.id < ? ORDER BY s.id DESC LIMIT ?"
)
LINES = "SELECT id, n, booked_on, amount, currency, party, text, unclear FROM bank_line WHERE statement_id = ? AND n > ? ORDER BY n LIMIT ?"
CLAIMED = (
    "SELECT c.line_id, c.kind, coalesce(p.number, ''), c.target, c.amount FROM line_claim c"
    " LEFT JOIN person p ON p.id = c.target AND c.kind = 'top-up' WHERE c.undone_at IS NULL AND c.line_id IN ({}) ORDER BY c.id"
)
