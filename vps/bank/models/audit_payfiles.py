"""Proof of what went to the bank: each file is what was authorised and holds its pay-outs (A9), and what counts as executed or returned
is what the bank's lines say (A12).
"""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from vps.bank.accounts import serbian_iban
from vps.bank.models.paydesk import PREVIEW, reference, shown_text
from vps.bank.models.paydesk import members as members_of
from vps.bank.payfiles.batch import Line
from vps.bank.payfiles.files import check
from vps.kernel.database import one, rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_, Refused
from vps.security.models import batch_digest


def audit_payfiles() -> Iterator[Problem]:
    """Every problem of files and of what came of them. Facts: id of the file or pay-out."""
    for (key,) in rows("SELECT id FROM payout_file ORDER BY id"):
        says = _wrong(key)
        if says:
            yield Problem("A9", says, {"id": key})
    for sql, says in CHECKS:
        for (key,) in rows(sql):
            yield Problem("A12", says, {"id": key})


def _wrong(key: int) -> str | None:
    name, content, digest, count, amount, currency = one(FILE, key)
    try:
        lines = check(bytes(content), name)
    except Refused:
        return CHANGED
    if sha256(bytes(content)).digest() != bytes(digest):
        return CHANGED
    if len(lines) != count or sum(line.amount.minor for line in lines) != amount or {line.amount.currency for line in lines} != {currency}:
        return OTHER_SUM
    if not _holds(key, name, lines):
        return OTHER_PAYMENTS
    return None if _authorised(key, name, bytes(content)) else NOT_AUTHORISED


def _holds(key: int, name: str, lines: tuple[Line, ...]) -> bool:
    paid = {line.reference: line for line in lines}
    for payout, kind, number, minor in rows("SELECT id, kind, number, amount FROM payout WHERE file_id = ?", key):
        line = paid.get(reference(name, payout))
        account = serbian_iban(number) if kind == "rs" and name not in ("rs", "1c") else number
        if line is None or (line.account, line.amount.minor) != (account, minor):
            return False
    return True


def _authorised(key: int, name: str, content: bytes) -> bool:
    """Whether the code was given for just this: the text that was shown, put together anew from the file's own payments."""
    batch, subject, account, day, count, amount, currency, digest = one(BATCH, PREVIEW, key)
    if batch is None:
        return False
    found = [one("SELECT id, holder, number, amount, text FROM payout WHERE id = ?", payout) for payout in members_of(key)]
    if None in found:
        return False
    shown = shown_text(account, name, date.fromisoformat(day), b">INST<" in content, found)
    return batch_digest(PREVIEW, subject, count, amount, currency, shown) == bytes(digest)


CHANGED = N_("File of pay-outs no. %(id)s is not kept as it was made.")
OTHER_SUM = N_("File of pay-outs no. %(id)s pays another number or sum than it says.")
OTHER_PAYMENTS = N_("File of pay-outs no. %(id)s lacks one of its pay-outs, or pays it otherwise.")
NOT_AUTHORISED = N_("File of pay-outs no. %(id)s is not the one that was authorised.")
FILE = "SELECT format, content, digest, count, amount, currency FROM payout_file WHERE id = ?"
BATCH = (
    "SELECT b.id, b.subject, a.number, f.day, f.count, f.amount, f.currency, b.digest FROM payout_file f JOIN bank_account a"
    " ON a.id = f.bank_account_id LEFT JOIN batch b ON b.id = f.batch_id AND b.authorised_at IS NOT NULL AND b.kind = ? WHERE f.id = ?"
)
LIVE = "SELECT 1 FROM line_claim c WHERE c.undone_at IS NULL AND"
EXECUTED = f"(EXISTS ({LIVE} c.kind = 'pay-out' AND c.target = p.id) OR EXISTS ({LIVE} c.kind = 'file' AND c.target = p.file_id))"
RETURNED = f"EXISTS ({LIVE} c.kind = 'returned' AND c.target = p.id)"
CHECKS = (
    (
        f"SELECT p.id FROM payout p WHERE (p.executed_at IS NOT NULL) <> {EXECUTED} ORDER BY p.id",
        N_("Pay-out %(id)s is executed without a line of the bank, or the other way round."),
    ),
    (
        f"SELECT p.id FROM payout p WHERE (p.returned_at IS NOT NULL) <> {RETURNED} ORDER BY p.id",
        N_("Pay-out %(id)s came back without a line of the bank, or the other way round."),
    ),
    (
        "SELECT f.id FROM payout_file f WHERE f.voided_at IS NULL AND (f.executed_at IS NULL) <> EXISTS"
        " (SELECT 1 FROM payout p WHERE p.file_id = f.id AND p.executed_at IS NULL) ORDER BY f.id",
        N_("File of pay-outs no. %(id)s is executed before its pay-outs are, or the other way round."),
    ),
)
