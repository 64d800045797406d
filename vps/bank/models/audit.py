"""Proof of the bank's side of the books."""

from collections.abc import Iterator
from hashlib import sha256

from vps.bank.models.audit_payfiles import audit_payfiles
from vps.bank.models.audit_payouts import audit_payouts
from vps.bank.models.proof import prove_lines
from vps.bank.models.rows import UPLOAD
from vps.kernel.database import one, rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.security.models import batch_digest


def audit() -> Iterator[Problem]:
    """Every problem of statements (A17 among them), accounts of partners, and pay-outs."""
    yield from prove_lines()
    yield from _uploads()
    yield from audit_payouts()
    yield from audit_payfiles()


def _uploads() -> Iterator[Problem]:
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


AUTHORISED = (
    "SELECT b.id, b.subject, b.count, b.amount, b.currency, b.digest, u.shown FROM batch b JOIN statement_upload u ON u.batch_id = b.id"
    " WHERE b.kind = ? AND b.authorised_at IS NOT NULL ORDER BY b.id"
)
