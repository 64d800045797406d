"""Cases as the office reads them: the list, and all that is known of one."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money


class Listed(NamedTuple):
    """A case of the list. `sort` and `id` are the key of the next page; `closing` says whether a colleague has to agree."""

    id: int
    sort: int
    number: str | None
    name: str
    opened_at: datetime
    closing: bool
    closed_at: datetime | None
    outcome: str | None
    rules: dict[str, int]
    """How often each rule noticed something."""


class Case(NamedTuple):
    """One case, with whom it is about and who proposed and agreed to its end."""

    id: int
    person: int
    number: str | None
    name: str
    opened_at: datetime
    opened_by: str | None
    closing_by: int | None
    proposer: str | None
    closing_at: datetime | None
    closing_why: str | None
    outcome: str | None
    closer: str | None
    closed_at: datetime | None


class Noticed(NamedTuple):
    """A flag and its evidence; amounts are Money again."""

    rule: str
    at: datetime
    booking: int | None
    facts: dict[str, Any]


class Note(NamedTuple):
    """What somebody wrote down."""

    name: str
    at: datetime
    text: str


class Moved(NamedTuple):
    """A booking that is evidence: when, why, how much, and between which partners (number, None where it is the company)."""

    id: int
    at: datetime
    motive: str
    amount: Money
    payer: str | None
    payee: str | None
    reverses: int | None


def open_cases(*, after: tuple[int, int] | None = None, limit: int) -> list[Listed]:
    """Open cases, the one that waits longest first, after this place."""
    return _listed(rows(OPEN, *(after or (-1, 0)), limit))


def closed_cases(*, before: tuple[int, int] | None = None, limit: int) -> list[Listed]:
    """Closed cases, the one that was closed last first, before this place."""
    return _listed(rows(CLOSED, *(before or (LAST, LAST)), limit))


def case_of(key: int) -> Case | None:
    """One case."""
    row = one(CASE, key)
    if row is None:
        return None
    _, person, number, name, opened, opener, closing_by, proposer, closing, why, outcome, closer, closed = row
    return Case(key, person, number, name, instant(opened), opener, closing_by, proposer, _at(closing), why, outcome, closer, _at(closed))


def cases_of(person: int) -> list[Listed]:
    """All cases about a person, the newest first."""
    return _listed(rows(OF_PERSON, person, MOST))


def flags_of(key: int) -> list[Noticed]:
    """What was noticed, the newest first."""
    return [Noticed(rule, instant(at), booking, _read(facts)) for rule, at, booking, facts in rows(FLAGS, key, MOST)]


def notes_of(key: int) -> list[Note]:
    """What was written down, in the order in which it was."""
    return [Note(name, instant(at), text) for name, at, text in rows(NOTES, key)]


def evidence(flags: list[Noticed]) -> dict[int, Moved]:
    """The bookings that the flags name, in one question."""
    ids = {each for flag in flags for each in flag.facts.get("bookings", [])} | {flag.booking for flag in flags if flag.booking}
    found = rows(BOOKINGS.format(", ".join("?" * len(ids))), *ids) if ids else []
    return {
        key: Moved(key, instant(at), motive, Money(minor, currency), payer, payee, reverses)
        for key, at, motive, minor, currency, payer, payee, reverses in found
    }


def people_in(flags: list[Noticed]) -> dict[int, tuple[str | None, str]]:
    """Number and name of the people whom the flags name, in one question."""
    ids = {each for flag in flags for each in flag.facts.get("people", [])}
    found = rows(f"SELECT id, number, name FROM person WHERE id IN ({', '.join('?' * len(ids))})", *ids) if ids else []
    return {key: (number, name) for key, number, name in found}


def _listed(found: list[Any]) -> list[Listed]:
    rules: dict[int, dict[str, int]] = {row[0]: {} for row in found}
    counted = rows(RULES_OF.format(", ".join("?" * len(rules))), *rules) if rules else []
    for key, rule, count in counted:
        rules[key][rule] = count
    return [
        Listed(key, sort, number, name, instant(opened), closing is not None, _at(closed), outcome, rules[key])
        for key, sort, number, name, opened, closing, closed, outcome in found
    ]


def _read(facts: str) -> dict[str, Any]:
    return {name: _fact(fact) for name, fact in json.loads(facts).items()}


def _fact(fact: Any) -> Any:
    amount = isinstance(fact, list) and len(fact) == 2 and isinstance(fact[1], str)
    return Money(fact[0], fact[1]) if amount else fact


def _at(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


LAST = 2**62
MOST = 200
"""Flags of a case, and cases of a person, that a page shows."""
LISTED = (
    "SELECT c.id, {}, p.number, p.name, c.opened_at, c.closing_by, c.closed_at, c.outcome"
    " FROM watch_case c JOIN person p ON p.id = c.person_id WHERE "
)
OPEN = LISTED.format("c.opened_at") + "c.closed_at IS NULL AND (c.opened_at, c.id) > (?, ?) ORDER BY c.opened_at, c.id LIMIT ?"
CLOSED = (
    LISTED.format("c.closed_at") + "c.closed_at IS NOT NULL AND (c.closed_at, c.id) < (?, ?) ORDER BY c.closed_at DESC, c.id DESC LIMIT ?"
)
OF_PERSON = LISTED.format("c.opened_at") + "c.person_id = ? ORDER BY c.id DESC LIMIT ?"
RULES_OF = "SELECT case_id, rule, count(*) FROM flag WHERE case_id IN ({}) GROUP BY case_id, rule ORDER BY case_id, min(id)"
CASE = (
    "SELECT c.id, c.person_id, p.number, p.name, c.opened_at, o.name, c.closing_by, b.name, c.closing_at, c.closing_why, c.outcome, d.name,"
    " c.closed_at FROM watch_case c JOIN person p ON p.id = c.person_id LEFT JOIN person o ON o.id = c.opened_by"
    " LEFT JOIN person b ON b.id = c.closing_by LEFT JOIN person d ON d.id = c.closed_by WHERE c.id = ?"
)
FLAGS = "SELECT rule, at, booking, facts FROM flag WHERE case_id = ? ORDER BY id DESC LIMIT ?"
NOTES = 'SELECT p.name, n.at, n.text FROM case_note n JOIN person p ON p.id = n."by" WHERE n.case_id = ? ORDER BY n.id'
BOOKINGS = (
    "SELECT b.id, b.booked_at, b.motive, b.amount, b.currency, d.number, c.number, b.reverses FROM booking b"
    " LEFT JOIN wallet dw ON dw.account_id = b.debit_id LEFT JOIN person d ON d.id = dw.person_id"
    " LEFT JOIN wallet cw ON cw.account_id = b.credit_id LEFT JOIN person c ON c.id = cw.person_id WHERE b.id IN ({}) ORDER BY b.id"
)
