"""What was previewed as one batch, and who authorised it."""

import json
from hashlib import sha256

from peewee import SQL, BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.kernel.rows import Instant, Row, currency_field


class Batch(Row):
    """A preview that a member of staff may authorise with one code: its digest covers everything that was shown.

    `count` and `amount` are what it comes to; `address` is where it was authorised from. A batch that nobody authorised stays as it is.
    """

    kind = TextField()
    subject = TextField()
    digest = BlobField(constraints=[Check("length(digest) = 32")])
    count = IntegerField(constraints=[Check("count >= 0")])
    amount = BigIntegerField(constraints=[Check("amount >= 0")])
    currency = currency_field()
    made_by = BigIntegerField()
    made_at = Instant()
    authorised_by = BigIntegerField(null=True)
    authorised_at = Instant(null=True)
    address = TextField(null=True)

    class Meta:
        immutable = ("id", "kind", "subject", "digest", "count", "amount", "currency", "made_by", "made_at")
        constraints = (
            Check("(authorised_at IS NULL) = (authorised_by IS NULL)"),
            Check("(authorised_at IS NULL) = (address IS NULL)"),
        )


Batch.add_index(Batch.kind, Batch.subject, where=SQL("authorised_at IS NULL"), name="batch_open")


def batch_digest(kind: str, subject: str, count: int, minor: int, currency: str, content: str) -> bytes:
    """SHA-256 of everything that was shown: kept in the batch's row, worked out anew before it is done, and proved by the audit."""
    facts = json.dumps([kind, subject, count, minor, currency, content], ensure_ascii=False, separators=(",", ":"))
    return sha256(f"vps-batch-1\n{facts}".encode()).digest()
