"""Lines that nobody knows yet: the office's list, a line with all that is known of it, and what it turned out to be."""

from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.ledger.models import balance

MANY = 100
"""From here on the menu does not count any further."""


class Open(NamedTuple):
    """A line as the bank wrote it, and what of it is still unclear (signed). `number` is its statement's."""

    id: int
    statement: int
    n: int
    number: str
    account: str
    day: date
    valued: date
    amount: Money
    unclear: Money
    party: str
    party_account: str
    text: str
    references: tuple[str, ...]
    reason: str
    code: str
    reversal: bool


class Claim(NamedTuple):
    """What a line, or a part of it, turned out to be. `label` is what people call the target, where the bank knows it."""

    id: int
    kind: str
    target: int
    label: str
    amount: Money
    made_at: datetime
    made_by: str
    comment: str
    undone_at: datetime | None


def unclear_lines(*, after: tuple[str, int] | None = None, limit: int = 25) -> list[Open]:
    """Open lines, the oldest day first, after this day and line."""
    day, key = after or ("", 0)
    return [_open(row) for row in rows(UNCLEAR, day, key, limit)]


def unclear_count() -> int:
    """How many lines are open, counted up to MANY."""
    return int(one(COUNT, MANY)[0])


def unclear_sums() -> list[Money]:
    """What is to be clarified, currency by currency, as the ledger has it; nothing where it is zero."""
    sums = [Money(balance(account), currency) for account, currency in rows(ACCOUNTS)]
    return [each for each in sums if each.minor]


def open_line(key: int) -> Open | None:
    """A line of a statement that counts, clear or not."""
    row = one(LINE, key)
    return _open(row) if row else None


def claims_of(line: int) -> list[Claim]:
    """What a line turned out to be, in order, what was taken back included."""
    return [
        Claim(
            *(key, kind, target, order_number(target) if kind == "order" else label, Money(minor, currency), instant(made)),
            *(by, comment, None if undone is None else instant(undone)),
        )
        for key, kind, target, label, minor, currency, made, by, comment, undone in rows(CLAIMS, line)
    ]


def line_of_claim(claim: int) -> int | None:
    """The line that a live claim is of."""
    row = one("SELECT line_id FROM line_claim WHERE id = ? AND undone_at IS NULL", claim)
    return int(row[0]) if row else None


def _open(row: Any) -> Open:
    key, statement, n, number, account, day, valued, minor, currency, unclear, *texts, refs, reason, code, reversal = row
    days = date.fromisoformat(day), date.fromisoformat(valued)
    party, party_account, text = texts
    return Open(
        *(key, statement, n, number, account, *days, Money(minor, currency), Money(unclear, currency), party, party_account, text),
        *(tuple(refs.split("\n")) if refs else (), reason, code, bool(reversal)),
    )


COLUMNS = (
    "SELECT l.id, s.id, l.n, s.number, s.account, l.booked_on, l.value_date, l.amount, l.currency, l.unclear, l.party, l.party_account,"
    " l.text, l.refs, l.reason, l.code, l.reversal FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
)
UNCLEAR = f"{COLUMNS} WHERE l.unclear <> 0 AND (l.booked_on, l.id) > (?, ?) ORDER BY l.booked_on, l.id LIMIT ?"
LINE = f"{COLUMNS} WHERE l.id = ? AND s.taken_back_at IS NULL"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM bank_line WHERE unclear <> 0 LIMIT ?) AS found"
ACCOUNTS = "SELECT id, currency FROM account WHERE kind = 'clarify' ORDER BY currency"
CLAIMS = (
    "SELECT c.id, c.kind, c.target, coalesce(p.number, ''), c.amount, l.currency, c.made_at, coalesce(m.name, ''), c.comment, c.undone_at"
    " FROM line_claim c JOIN bank_line l ON l.id = c.line_id LEFT JOIN person p ON p.id = c.target AND c.kind = 'top-up'"
    " LEFT JOIN person m ON m.id = c.made_by WHERE c.line_id = ? ORDER BY c.id"
)
