"""The bank's rows: the company's accounts, files as they came, their statements, their lines, and what each line turned out to be."""

from typing import Any

from peewee import SQL, BigIntegerField, BlobField, BooleanField, Check, IntegerField, TextField

from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.ledger.models import Account, Booking
from vps.security.models import Batch

UPLOAD = "bank statement"
"""The kind of batch that an uploaded file is."""
END = "statement end"
"""The kind of batch by which a whole statement is taken back."""
PAY_FORMATS = ("pain.001.001.09", "pain.001.001.03", "rs", "1c")
"""What a bank takes payments out in."""
CLAIMS = ("top-up", "order", "file", "pay-out", "returned", "sent back", "recall", "debt", "booked", "own", "tax")
"""What a line, or a part of it, can turn out to be. The target is the id of what is named: a person, an order, a file of pay-outs, a
pay-out (executed, returned, or made to send money back), an earlier claim that is taken back, a debt, a booking made before; of what is the company's
own business, the line itself."""


def _one_of(column: str, words: tuple[str, ...]) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def _booking(name: str = "booking", **options: Any) -> Any:
    # The column keeps its short name, so that SQL reads as a sentence.
    return key_to(Booking, column_name=name, object_id_name=f"{name}_id", backref="+", **options)


class BankAccount(Row):
    """An account of the company at a bank, in one currency, and the ledger account that mirrors it.

    `number` is an IBAN or what the country has instead, without spaces. `cutoff` is in minutes after midnight, `pay_days` the weekdays
    (1 Monday … 7 Sunday) on which pay-outs go to the bank. `mapping` says how its CSV files are read.
    """

    number = TextField()
    currency = currency_field()
    account = key_to(Account, unique=True)
    account_id: int
    name = TextField(default="")
    bank = TextField(default="")
    bic = TextField(default="")
    correspondent = TextField(default="")
    pay_format = TextField(constraints=[_one_of("pay_format", PAY_FORMATS)])
    instant = BooleanField(default=False)
    cutoff = IntegerField(default=14 * 60, constraints=[Check("cutoff BETWEEN 0 AND 1439")])
    pay_days = TextField(default="5")
    shown = BooleanField(default=True)
    mapping = TextField(default="")
    opened_at = Instant()
    closed_at = Instant(null=True)

    class Meta:
        table_name = "bank_account"
        immutable = ("id", "number", "currency", "account_id", "opened_at")
        indexes = ((("number", "currency"), True),)


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
    """One statement of one account. Its identity, not the file's, says whether it was booked before; one that was taken back may come again."""

    file = key_to(BankFile)
    identity = TextField()
    account = TextField()
    number = TextField()
    currency = currency_field()
    opening = BigIntegerField(null=True)
    closing = BigIntegerField(null=True)
    closing_day = Day(null=True)
    adds_up = TextField(constraints=[Check("adds_up IN ('yes', 'no', 'unknown')")])
    opening_day = Day(null=True)
    taken_back_at = Instant(null=True)
    taken_back_by = BigIntegerField(null=True)

    class Meta:
        table_name = "bank_statement"
        immutable = (
            *("id", "file_id", "identity", "account", "number", "currency", "opening", "closing", "closing_day", "adds_up"),
            "opening_day",
        )


IN_FORCE = SQL("taken_back_at IS NULL")
BankStatement.add_index(BankStatement.identity, unique=True, where=IN_FORCE, name="bank_statement_identity")
BankStatement.add_index(
    BankStatement.account, BankStatement.currency, BankStatement.closing_day, where=IN_FORCE, name="bank_statement_days"
)


class BankLine(Row):
    """One line of a statement, at its place `n`, and the booking that took it to what is to be clarified.

    `unclear` is what of the signed amount no claim has taken yet, in minor units: 0 when all of it is clear.
    """

    statement = key_to(BankStatement)
    n = IntegerField()
    booked_on = Day()
    value_date = Day()
    amount = BigIntegerField(constraints=[Check("amount <> 0")])
    currency = currency_field()
    party = TextField()
    party_account = TextField()
    text = TextField()
    refs = TextField()
    """The references the bank named, one on each line."""
    reason = TextField()
    """The bank's code for why money came back, like AC04."""
    code = TextField()
    """The bank's code for what kind of movement it is."""
    reversal = BooleanField()
    booking = _booking()
    unclear = BigIntegerField()

    class Meta:
        table_name = "bank_line"
        immutable = (
            *("id", "statement_id", "n", "booked_on", "value_date", "amount", "currency", "party", "party_account", "text", "refs"),
            *("reason", "code", "reversal", "booking"),
        )
        indexes = ((("statement", "n"), True), (("booked_on", "amount"), False))
        constraints = (Check("unclear = 0 OR (unclear > 0 AND unclear <= amount) OR (unclear < 0 AND unclear >= amount)"),)


BankLine.add_index(BankLine.booked_on, BankLine.id, where=SQL("unclear <> 0"), name="bank_line_unclear")
BankLine.add_index(BankLine.party_account, BankLine.id, where=SQL("party_account <> ''"), name="bank_line_party")


class LineClaim(Row):
    """What a line, or a part of it, turned out to be, and the booking that says so. Undone, it keeps its row, and a mirror of its booking.

    `amount` is signed as the line is. A claim from before this table has the line's own booking.
    """

    line = key_to(BankLine)
    n = IntegerField(constraints=[Check("n > 0")])
    kind = TextField(constraints=[_one_of("kind", CLAIMS)])
    target = BigIntegerField()
    amount = BigIntegerField(constraints=[Check("amount <> 0")])
    booking = _booking()
    made_at = Instant()
    made_by = BigIntegerField(null=True)
    comment = TextField(default="")
    undone_at = Instant(null=True)
    undone_by = BigIntegerField(null=True)
    mirror = _booking("mirror", null=True)

    class Meta:
        table_name = "line_claim"
        immutable = ("id", "line_id", "n", "kind", "target", "amount", "booking", "made_at", "made_by", "comment")
        indexes = ((("line", "n"), True),)
        constraints = (Check("(undone_at IS NULL) = (mirror IS NULL)"),)


LineClaim.add_index(LineClaim.kind, LineClaim.target, where=SQL("undone_at IS NULL"), name="line_claim_target")


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


class StatementEnd(Row):
    """By which batch a statement was taken back, and what that page had shown, as the canonical text that the digest covers."""

    statement = key_to(BankStatement, unique=True)
    batch = key_to(Batch)
    shown = TextField()

    class Meta:
        table_name = "statement_end"
        immutable = True


class WaitingFile(Row):
    """A file that was found in the watched folder. `refused` is the sentence, with its facts as JSON, why it could not be read then.

    It waits until its BankFile is there, or until it was set aside.
    """

    digest = BlobField(unique=True, constraints=[Check("length(digest) = 32")])
    name = TextField()
    content = BlobField()
    found_at = Instant()
    refused = TextField(null=True)
    done_at = Instant(null=True)

    class Meta:
        table_name = "waiting_file"


WaitingFile.add_index(WaitingFile.found_at, where=SQL("done_at IS NULL"), name="waiting_file_open")
