"""Lists about wallets: what several partners have, and their questions."""

import json
from datetime import datetime
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.ledger.models import HIDDEN
from vps.people.models import Person
from vps.wallets.models.rows import Question


def questions_about(person: int, booking: int) -> list[Question]:
    """What a partner asked about a line, oldest first."""
    return list(Question.select().where(Question.person == person, Question.booking == booking).order_by(Question.id))


def open_questions(limit: int = 100) -> list[Question]:
    """Questions without an answer, the oldest first, with who asks."""
    return list(
        Question.select(Question, Person).join(Person).where(Question.answered_at.is_null()).order_by(Question.asked_at).limit(limit)
    )


class Held(NamedTuple):
    """Money of a wallet that is booked, but not available: why, and until when if that is known."""

    amount: Money
    reason: str
    until: datetime | None


def held_in(account: int, currency: str) -> list[Held]:
    """What is held in a wallet, oldest first; what is held for the same reason until the same time is one entry."""
    return [Held(Money(minor, currency), why, instant(until) if until else None) for minor, why, until in rows(HELD, account)]


def free_next(person: int, now: datetime) -> Held | None:
    """The commissions of a person that become free next, in the currency that comes first; None where nothing waits for a day."""
    row = one(NEXT, person, micros(now))
    return Held(Money(row[0], row[1]), "withdrawal", instant(row[2])) if row else None


def kind_names() -> dict[str, dict[str, str]]:
    """The names of every kind of wallet, by language."""
    return {code: json.loads(names) for code, names in rows("SELECT code, names FROM wallet_kind")}


def balances(people: list[int], currency: str) -> dict[int, Money]:
    """What several partners have in their main wallets, in one query."""
    found = rows(BALANCES.format(", ".join("?" * len(people))), currency, *people) if people else []
    return {person: Money(minor, currency) for person, minor in found}


BALANCES = (
    f"SELECT w.person_id, a.balance - {HIDDEN.format('a.id', '')} FROM wallet w JOIN account a ON a.id = w.account_id"
    " WHERE w.kind = 'main' AND w.currency = ? AND w.closed_at IS NULL AND w.person_id IN ({})"
)
HELD = (
    'SELECT CAST(sum(amount) AS bigint), reason, "until" FROM hold WHERE account_id = ? AND released_at IS NULL'
    " AND (bulk_id IS NULL OR bulk_id NOT IN (SELECT id FROM bulk WHERE closed_at IS NULL))"
    ' GROUP BY reason, "until" ORDER BY min(id)'
)
NEXT = (
    'SELECT CAST(sum(h.amount) AS bigint), w.currency, h."until" FROM wallet w JOIN hold h ON h.account_id = w.account_id'
    " AND h.released_at IS NULL WHERE w.person_id = ? AND h.reason = 'withdrawal' AND h.\"until\" > ?"
    " AND (h.bulk_id IS NULL OR h.bulk_id NOT IN (SELECT id FROM bulk WHERE closed_at IS NULL))"
    ' GROUP BY w.currency, h."until" ORDER BY h."until", w.currency LIMIT 1'
)
