"""Proof that the books of the bank are the bank's own (A17): every booking on a bank account rests on one line of a statement, and every line on one booking.

The seed's "for every incoming payment exactly one outgoing payment exists", from the bank's side.
"""

from collections.abc import Iterator

from vps.kernel.database import rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_


def prove_lines() -> Iterator[Problem]:
    """Check A17. Facts: id of the booking; n and number of the line and its statement; account."""
    for (booking,) in rows(ON_NOTHING):
        says = N_("Booking %(id)s stands on a bank account, but no line of a statement, no opening and no single receipt is behind it.")
        yield Problem("A17", says, {"id": booking})
    for number, n in rows(NOT_AS_WRITTEN):
        yield Problem("A17", N_("Line %(n)s of statement %(number)s is not booked as the bank wrote it."), {"n": n, "number": number})
    for number, n in rows(TAKEN_BACK_BY_HALF):
        says = N_("Line %(n)s of statement %(number)s was taken back in the books or in the statement, but not in both.")
        yield Problem("A17", says, {"n": n, "number": number})
    for number, account in rows(NOT_CLOSING):
        says = N_("Statement %(number)s of account %(account)s: its opening and its lines do not make its closing.")
        yield Problem("A17", says, {"number": number, "account": account})
    for (account,) in rows(OPENED_TWICE):
        yield Problem("A17", N_("What account %(account)s began with was booked more than once."), {"account": account})


# Mirrors rest on what they mirror, which A11 proves; so only what is no mirror is asked here. A payment between two accounts of
# the company is seen from both sides, and named once.
ON_BANK = (
    "SELECT b.id FROM account a JOIN booking b ON b.debit_id = a.id WHERE a.kind = 'bank' AND b.reverses IS NULL"
    " UNION SELECT b.id FROM account a JOIN booking b ON b.credit_id = a.id WHERE a.kind = 'bank' AND b.reverses IS NULL"
)
OPENINGS = (
    "SELECT b.id, a.number FROM voucher v JOIN booking b ON b.key = 'bank:' || replace(v.ref, '#', ':opening:') AND b.voucher_id = v.id"
    " JOIN bank_account a ON a.account_id IN (b.debit_id, b.credit_id) AND v.ref LIKE a.number || '#%'"
    " WHERE v.kind = 'bank opening' AND b.motive = 'opening'"
)
# A line that was booked before by hand is taken off the bank account again: a credit there where the line was one for us.
BEHIND = (
    "SELECT l.booking AS id FROM bank_line l"
    f" UNION ALL SELECT o.id FROM ({OPENINGS}) AS o"
    " UNION ALL SELECT b.id FROM voucher v JOIN booking b ON b.key = 'receipt:' || v.ref AND b.voucher_id = v.id"
    " JOIN account w ON w.id IN (b.debit_id, b.credit_id) AND w.kind = 'wallet' WHERE v.kind = 'receipt' AND b.motive IN ('top-up', 'pay-out')"
    " UNION ALL SELECT c.booking FROM line_claim c JOIN booking b ON b.id = c.booking AND b.amount = abs(c.amount)"
    " JOIN account a ON a.id = CASE WHEN c.amount > 0 THEN b.credit_id ELSE b.debit_id END AND a.kind = 'bank' WHERE c.kind = 'booked'"
)
ON_NOTHING = (
    f"SELECT o.id FROM ({ON_BANK}) AS o LEFT JOIN (SELECT id, count(*) AS n FROM ({BEHIND}) AS b GROUP BY id) AS r ON r.id = o.id"
    " WHERE coalesce(r.n, 0) <> 1 ORDER BY o.id"
)
NAME = "CASE s.number WHEN '' THEN CAST(s.id AS text) ELSE s.number END"
LINE = (
    "FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id LEFT JOIN bank_account a ON a.number = s.account AND a.currency = s.currency"
    " LEFT JOIN booking b ON b.id = l.booking AND b.key = 'bank:' || s.id || ':' || l.n AND b.currency = l.currency AND b.reverses IS NULL"
    " AND b.amount = abs(l.amount) AND CASE WHEN l.amount > 0 THEN b.debit_id ELSE b.credit_id END = a.account_id"
)
NOT_AS_WRITTEN = f"SELECT {NAME}, l.n {LINE} WHERE b.id IS NULL ORDER BY l.id"
TAKEN_BACK_BY_HALF = (
    f"SELECT {NAME}, l.n {LINE} LEFT JOIN booking m ON m.reverses = b.id"
    " WHERE b.id IS NOT NULL AND (m.id IS NULL) <> (s.taken_back_at IS NULL) ORDER BY l.id"
)
NOT_CLOSING = (
    f"SELECT {NAME}, s.account FROM bank_statement s LEFT JOIN bank_line l ON l.statement_id = s.id"
    " WHERE s.opening IS NOT NULL AND s.closing IS NOT NULL GROUP BY s.id, s.number, s.account, s.opening, s.closing"
    " HAVING s.opening + coalesce(sum(l.amount), 0) <> s.closing ORDER BY s.id"
)
OPENED_TWICE = (
    f"SELECT o.number FROM ({OPENINGS}) AS o LEFT JOIN booking m ON m.reverses = o.id WHERE m.id IS NULL"
    " GROUP BY o.number HAVING count(*) > 1 ORDER BY o.number"
)
