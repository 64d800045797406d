"""What the bank sent: files as they came, their statements, their lines, and where each line was booked."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from peewee import BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.security.models import Batch, batch_digest

UPLOAD = "bank statement"
"""The kind of batch that an uploaded file is."""


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


class StatementUpload(Row):
    """A file that the office uploaded and has not booked yet, with the batch its preview is. Once it is booked, its BankFile keeps it."""

    batch = key_to(Batch)
    name = TextField()
    content = BlobField(null=True)
    shown = TextField()
    """What the preview said, as the canonical text that the batch's digest covers."""

    class Meta:
        table_name = "statement_upload"


StatementUpload.add_index(StatementUpload.batch, name="statement_upload_batch")


class Upload(NamedTuple):
    """An upload as its page shows it. Everything but its key and its batch was read from the text that the digest covers."""

    id: int
    batch: int
    digest: str
    authorised_at: datetime | None
    name: str
    outcome: list[int]
    """Statements and lines to be booked, lines that find a wallet, statements known before."""
    sums: list[Money]
    """What finds a wallet, currency by currency."""
    statements: list["Previewed"]


class Previewed(NamedTuple):
    """A statement in a preview."""

    number: str
    account: str
    first: date | None
    last: date | None
    opening: Money | None
    closing: Money | None
    lines: int


def upload_of(key: int) -> Upload | None:
    """An upload and what its preview says."""
    row = one(UPLOADED, key)
    if row is None:
        return None
    upload, batch, digest, authorised, name, shown = row
    facts = json.loads(shown)
    sums = [Money(minor, currency) for currency, minor in sorted(facts["sums"].items())]
    at = None if authorised is None else instant(authorised)
    return Upload(
        upload, batch, bytes(digest).hex(), at, name, facts["outcome"], sums, [_previewed(**each) for each in facts["statements"]]
    )


def _previewed(
    *, number: str, account: str, currency: str, first: str | None, last: str | None, opening: int | None, closing: int | None, lines: int
) -> Previewed:
    begins, ends = (None if minor is None else Money(minor, currency) for minor in (opening, closing))
    return Previewed(number, account, _day(first), _day(last), begins, ends, lines)


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


def audit() -> Iterator[Problem]:
    """Check A9 for files: what was authorised is what was shown, and the file that was shown is the one that is kept. Facts: id."""
    for batch, subject, count, minor, currency, digest, shown in rows(AUTHORISED, UPLOAD):
        if batch_digest(UPLOAD, subject, count, minor, currency, shown) != bytes(digest):
            yield Problem(
                "A9", N_("Batch %(id)s was authorised, but what it showed was changed: its digest does not match."), {"id": batch}
            )
        elif not _is_kept(bytes.fromhex(subject)):
            yield Problem("A9", N_("Batch %(id)s was authorised for a file that is not kept as it was."), {"id": batch})


def _is_kept(digest: bytes) -> bool:
    found = one("SELECT content FROM bank_file WHERE digest = ?", digest)
    return found is not None and sha256(bytes(found[0])).digest() == digest


UPLOADED = (
    "SELECT u.id, b.id, b.digest, b.authorised_at, u.name, u.shown FROM statement_upload u JOIN batch b ON b.id = u.batch_id WHERE u.id = ?"
)
AUTHORISED = (
    "SELECT b.id, b.subject, b.count, b.amount, b.currency, b.digest, u.shown FROM batch b JOIN statement_upload u ON u.batch_id = b.id"
    " WHERE b.kind = ? AND b.authorised_at IS NOT NULL ORDER BY b.id"
)
STATEMENTS = (
    "SELECT s.id, s.number, s.account, s.closing, s.currency, s.closing_day, s.adds_up,"
    " (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id), (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id AND l.partner IS NOT NULL),"
    " f.imported_at, f.name FROM bank_statement s JOIN bank_file f ON f.id = s.file_id WHERE s.id < ? ORDER BY s.id DESC LIMIT ?"
)
LINES = (
    "SELECT l.n, l.booked_on, l.amount, l.currency, l.party, l.text, p.number FROM bank_line l LEFT JOIN person p ON p.id = l.partner"
    " WHERE l.statement_id = ? AND l.n > ? ORDER BY l.n LIMIT ?"
)
