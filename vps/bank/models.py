"""What the bank sent: files as they came, their statements, their lines, and where each line was booked."""

from datetime import date
from typing import NamedTuple

from peewee import BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to


class BankFile(Row):
    """A file as the bank made it, with its SHA-256."""

    digest = BlobField(unique=True, constraints=[Check("length(digest) = 32")])
    name = TextField()
    content = BlobField()
    imported_at = Instant()
    imported_by = BigIntegerField(null=True)

    class Meta:
        table_name = "bank_file"
        immutable = True


class BankStatement(Row):
    """One statement of one account. Its identity, not the file's, says whether it was booked before."""

    file = key_to(BankFile)
    identity = TextField(unique=True)
    account = TextField()
    number = TextField()
    currency = currency_field()
    opening = BigIntegerField(null=True)
    closing = BigIntegerField(null=True)
    closing_day = Day(null=True)
    adds_up = TextField(constraints=[Check("adds_up IN ('yes', 'no', 'unknown')")])

    class Meta:
        table_name = "bank_statement"
        immutable = True


class BankLine(Row):
    """One line of a statement, at its place `n`, and the booking it became."""

    statement = key_to(BankStatement)
    n = IntegerField()
    booked_on = Day()
    value_date = Day()
    amount = BigIntegerField(constraints=[Check("amount <> 0")])
    currency = currency_field()
    party = TextField()
    text = TextField()
    partner = BigIntegerField(null=True)
    booking = BigIntegerField()

    class Meta:
        table_name = "bank_line"
        immutable = True
        indexes = ((("statement", "n"), True), (("booked_on", "amount"), False))


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
        )
        for key, number, account, closing, currency, day, adds_up, lines, matched, at, name in found
    ]


def lines_of(statement: int, *, after: int = 0, limit: int = 100) -> list[tuple[int, date | None, Money, str, str, str | None]]:
    """(n, day, amount, party, text, partner's number) of a statement's lines in its own order."""
    return [(row[0], _day(row[1]), Money(row[2], row[3]), *row[4:]) for row in rows(LINES, statement, after, limit)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def statement_heading(statement: int) -> tuple[str, str] | None:
    """(number, account) of a statement, or None."""
    row = one("SELECT number, account FROM bank_statement WHERE id = ?", statement)
    return (row[0], row[1]) if row else None


STATEMENTS = (
    "SELECT s.id, s.number, s.account, s.closing, s.currency, s.closing_day, s.adds_up,"
    " (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id), (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id AND l.partner IS NOT NULL),"
    " f.imported_at, f.name FROM bank_statement s JOIN bank_file f ON f.id = s.file_id WHERE s.id < ? ORDER BY s.id DESC LIMIT ?"
)
LINES = (
    "SELECT l.n, l.booked_on, l.amount, l.currency, l.party, l.text, p.number FROM bank_line l LEFT JOIN person p ON p.id = l.partner"
    " WHERE l.statement_id = ? AND l.n > ? ORDER BY l.n LIMIT ?"
)
