"""Proof of the bank's side of the books."""

from collections.abc import Iterator
from hashlib import sha256

from vps.bank.models.audit_payfiles import audit_payfiles
from vps.bank.models.audit_payouts import audit_payouts
from vps.bank.models.proof import prove_lines
from vps.bank.models.rows import END, UPLOAD
from vps.kernel.database import one, rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.ledger.models import balance
from vps.security.models import batch_digest


def audit() -> Iterator[Problem]:
    """Every problem of statements (A12 and A17 among them), accounts of partners, and pay-outs."""
    yield from prove_lines()
    yield from _uploads()
    yield from _ends()
    yield from _lines()
    yield from _claims()
    yield from _clarify()
    yield from audit_payouts()
    yield from audit_payfiles()


def _uploads() -> Iterator[Problem]:
    """Check A9 for files: what was authorised is what was shown, and the file that was shown is the one that is kept. Facts: id."""
    for batch, subject, count, minor, currency, digest, shown, waits in rows(AUTHORISED, UPLOAD):
        if batch_digest(UPLOAD, subject, count, minor, currency, shown) != bytes(digest):
            yield Problem(
                "A9", N_("Batch %(id)s was authorised, but what it showed was changed: its digest does not match."), {"id": batch}
            )
        elif not (sha256(bytes(waits)).hexdigest() == subject if waits is not None else _is_kept(bytes.fromhex(subject))):
            yield Problem("A9", N_("Batch %(id)s was authorised for a file that is not kept as it was."), {"id": batch})


def _ends() -> Iterator[Problem]:
    for statement, batch, authorised, subject, count, minor, currency, digest, shown in rows(ENDED, END):
        if batch is None or authorised is None or subject != str(statement):
            yield Problem("A9", N_("Statement %(id)s was taken back, but nobody authorised that."), {"id": statement})
        elif batch_digest(END, subject, count, minor, currency, shown) != bytes(digest):
            says = N_("Batch %(id)s was authorised, but what it showed was changed: its digest does not match.")
            yield Problem("A9", says, {"id": batch})


def _lines() -> Iterator[Problem]:
    # Of a statement that was taken back nothing is unclear any more; its lines and claims are mirrored, one by one.
    for line, amount, claimed, unclear, gone in rows(UNCLEAR):
        if unclear != (0 if gone else amount - claimed) or (gone and claimed):
            yield Problem("A12", N_("Line %(id)s of a statement says something else to be clarified than its claims leave."), {"id": line})


def _claims() -> Iterator[Problem]:
    for claim, amount, currency, undone, booked, booked_in, back, mirrors, recalled in rows(CLAIMED):
        fits = (abs(amount), currency) == (booked, booked_in) and (back == booked if undone is not None else not mirrors or recalled)
        if not fits:
            yield Problem("A12", N_("Claim %(id)s of a line does not fit its booking."), {"id": claim})


def _clarify() -> Iterator[Problem]:
    unclear = dict(rows(SUMS))
    for account, currency in rows("SELECT id, currency FROM account WHERE kind = 'clarify'"):
        if balance(account) != unclear.get(currency, 0):
            says = N_("The account of what is to be clarified in %(currency)s is not the sum of the lines that are.")
            yield Problem("A12", says, {"currency": currency})


def _is_kept(digest: bytes) -> bool:
    found = one("SELECT content FROM bank_file WHERE digest = ?", digest)
    return found is not None and sha256(bytes(found[0])).digest() == digest


AUTHORISED = (
    "SELECT b.id, b.subject, b.count, b.amount, b.currency, b.digest, u.shown, u.content FROM batch b JOIN statement_upload u ON u.batch_id = b.id"
    " WHERE b.kind = ? AND b.authorised_at IS NOT NULL ORDER BY b.id"
)
UNCLEAR = (
    "SELECT l.id, l.amount, CAST(coalesce((SELECT sum(c.amount) FROM line_claim c WHERE c.line_id = l.id AND c.undone_at IS NULL), 0) AS bigint),"
    " l.unclear, s.taken_back_at FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id ORDER BY l.id"
)
# A claim that was taken back has a booking that does so; one that counts is mirrored by nothing but a recall of the bank.
CLAIMED = (
    "SELECT c.id, c.amount, l.currency, c.undone_at, b.amount, b.currency,"
    " CASE WHEN m.debit_id = b.credit_id OR m.credit_id = b.debit_id THEN m.amount END, r.id, (SELECT 1 FROM line_claim t WHERE t.kind = 'recall'"
    " AND t.target = c.id AND t.booking = r.id AND t.undone_at IS NULL) FROM line_claim c JOIN bank_line l ON l.id = c.line_id"
    " JOIN booking b ON b.id = c.booking LEFT JOIN booking m ON m.id = c.mirror LEFT JOIN booking r ON r.reverses = c.booking ORDER BY c.id"
)
SUMS = "SELECT currency, CAST(sum(unclear) AS bigint) FROM bank_line WHERE unclear <> 0 GROUP BY currency"
ENDED = (
    "SELECT s.id, b.id, b.authorised_at, b.subject, b.count, b.amount, b.currency, b.digest, e.shown FROM bank_statement s"
    " LEFT JOIN statement_end e ON e.statement_id = s.id LEFT JOIN batch b ON b.id = e.batch_id AND b.kind = ?"
    " WHERE s.taken_back_at IS NOT NULL ORDER BY s.id"
)
