"""Proof of what moved between wallets (A19): every transfer is its bookings, every one of these bookings is a transfer's, and so are debts.

What a transfer says of itself never changes; so what does not agree was forged, in one place or the other.
"""

from collections.abc import Iterator
from fractions import Fraction

from vps.kernel.database import rows
from vps.kernel.money import digits
from vps.kernel.problems import Problem
from vps.kernel.rates import NANO
from vps.kernel.refusals import N_


def audit() -> Iterator[Problem]:
    """Every problem of transfers, of the office's among them, of closed wallets and of plans for debts. Facts: id."""
    for sql, says in CHECKS:
        for (key,) in rows(sql):
            yield Problem("A19", says, {"id": key})
    for key, minor, currency, got, into, rate in rows(EXCHANGED):
        if not _follows(minor, currency, got, into, rate):
            yield Problem("A19", N_("Transfer %(id)s was exchanged at another rate than it names."), {"id": key})


def _follows(minor: int, currency: str, got: int, into: str, rate: str) -> bool:
    """Whether a sum is what another one is at a rate that is written with nine decimals."""
    if not rate.replace(".", "", 1).isdecimal():
        return False
    scale, half = Fraction(10) ** (digits(into) - digits(currency)), Fraction(1, 2 * NANO)
    lowest, highest = (int(minor * max(Fraction(0), Fraction(rate) + off) * scale) for off in (-half, half))
    return lowest <= got <= highest


_BOOKINGS = (
    " LEFT JOIN booking b ON b.id = t.booking AND b.key = 'transfer:' || t.key AND b.debit_id = t.debit_id AND b.amount = t.amount"
    " AND b.currency = t.currency AND b.reverses IS NULL"
    " AND (b.motive = CASE t.kind WHEN 'own' THEN 'move' ELSE 'transfer' END"
    " OR t.kind = 'office' AND b.motive IN ('move', 'commission', 'fee', 'own'))"
    " LEFT JOIN account e ON e.id = b.credit_id"
    " LEFT JOIN booking a ON a.id = t.arrival AND a.key = 'transfer:' || t.key || ':in' AND a.credit_id = t.credit_id AND a.amount = t.got"
    " AND a.currency = t.got_currency AND a.motive = b.motive AND a.reverses IS NULL LEFT JOIN account x ON x.id = a.debit_id AND x.kind = 'exchange'"
    " LEFT JOIN booking f ON f.id = t.fee_booking AND f.key = 'transfer:' || t.key || ':fee' AND f.debit_id = t.debit_id"
    " AND f.amount = t.fee AND f.currency = t.currency AND f.motive = 'fee' AND f.reverses IS NULL"
    " LEFT JOIN account g ON g.id = f.credit_id AND g.kind = 'fees'"
)
WRONG_BOOKINGS = (
    f"SELECT t.id FROM transfer t{_BOOKINGS} WHERE b.id IS NULL OR (t.fee > 0 AND g.id IS NULL)"
    " OR (t.arrival IS NULL AND (b.credit_id <> t.credit_id OR t.got <> t.amount OR t.got_currency <> t.currency))"
    " OR (t.arrival IS NOT NULL AND (e.kind <> 'exchange' OR a.id IS NULL OR x.id IS NULL)) ORDER BY t.id"
)
WRONG_PEOPLE = (
    "SELECT t.id FROM transfer t LEFT JOIN wallet d ON d.account_id = t.debit_id LEFT JOIN wallet c ON c.account_id = t.credit_id"
    " WHERE coalesce(t.sender_id, 0) <> coalesce(d.person_id, 0) OR coalesce(t.recipient_id, 0) <> coalesce(c.person_id, 0)"
    " OR (t.kind = 'own' AND t.sender_id <> t.recipient_id) OR (t.kind = 'partner' AND t.sender_id = t.recipient_id)"
    " OR (t.kind <> 'office' AND (d.id IS NULL OR c.id IS NULL)) ORDER BY t.id"
)
BOOKING_ALONE = (
    "SELECT b.id FROM booking b JOIN voucher v ON v.id = b.voucher_id AND v.kind = 'transfer' LEFT JOIN transfer t ON t.key = v.ref"
    " AND b.id IN (t.booking, coalesce(t.arrival, 0), coalesce(t.fee_booking, 0)) WHERE t.id IS NULL ORDER BY b.id"
)
WRONG_REVERSAL = (
    "SELECT t.id FROM transfer t LEFT JOIN booking b ON b.reverses = t.booking LEFT JOIN booking a ON a.reverses = t.arrival"
    " LEFT JOIN booking f ON f.reverses = t.fee_booking WHERE (t.reversed_at IS NULL) <> (b.id IS NULL)"
    " OR (t.arrival IS NOT NULL AND (t.reversed_at IS NULL) <> (a.id IS NULL))"
    " OR (t.fee_booking IS NOT NULL AND (t.reversed_at IS NULL) <> (f.id IS NULL)) ORDER BY t.id"
)
INTENT_ALONE = (
    "SELECT i.id FROM intent i LEFT JOIN transfer t ON t.key = 'code:' || i.nonce AND t.sender_id = i.person_id AND t.currency = i.currency"
    " AND i.amount IN (t.amount, t.amount + t.fee) WHERE i.kind = 'transfer' AND i.posted_at IS NOT NULL AND t.id IS NULL ORDER BY i.id"
)
NO_INTENT = (
    "SELECT t.id FROM transfer t LEFT JOIN intent i ON i.nonce = substr(t.key, 6) AND i.kind = 'transfer' AND i.posted_at IS NOT NULL"
    " WHERE t.key LIKE 'code:%' AND i.id IS NULL ORDER BY t.id"
)
NO_OFFICE = (
    "SELECT t.id FROM transfer t LEFT JOIN office_transfer o ON o.transfer_id = t.id AND o.reverses_id IS NULL AND t.key = 'office:' || o.id"
    " AND o.debit_id = t.debit_id AND o.credit_id = t.credit_id AND o.amount = t.amount AND o.currency = t.currency AND o.reason = t.reason"
    " LEFT JOIN office_transfer r ON r.transfer_id = t.id AND r.reverses_id = t.id"
    " WHERE (t.kind = 'office' AND o.id IS NULL) OR (t.reversed_at IS NOT NULL AND r.id IS NULL) ORDER BY t.id"
)
WRONG_OFFICE = (
    "SELECT o.id FROM office_transfer o LEFT JOIN transfer t ON t.id = coalesce(o.transfer_id, o.reverses_id) WHERE o.approved_by = o.asked_by"
    " OR (o.approved_at IS NOT NULL AND o.transfer_id IS NULL) OR (o.refused_at IS NOT NULL AND o.transfer_id IS NOT NULL)"
    " OR o.asked_by IN (t.sender_id, t.recipient_id) OR o.approved_by IN (t.sender_id, t.recipient_id)"
    " OR (o.transfer_id IS NOT NULL AND o.reverses_id IS NOT NULL AND t.reversed_at IS NULL) ORDER BY o.id"
)
CLOSED = (
    "SELECT w.id FROM wallet w JOIN account a ON a.id = w.account_id WHERE w.closed_at IS NOT NULL AND (a.balance <> 0 OR a.reserved <> 0)"
    " ORDER BY w.id"
)
WRONG_PLAN = (
    "SELECT p.id FROM debt_plan p LEFT JOIN booking b ON b.id = p.booking AND b.motive = 'debt' AND b.credit_id = p.account_id"
    " AND b.amount = p.amount AND b.currency = p.currency AND b.reverses IS NULL LEFT JOIN account d ON d.id = b.debit_id AND d.kind = 'debts'"
    " LEFT JOIN (SELECT plan_id, sum(amount) AS paid FROM debt_payment GROUP BY plan_id) s ON s.plan_id = p.id"
    " LEFT JOIN booking w ON w.id = p.written_off AND w.motive = 'write-off' AND w.amount = p.amount - coalesce(s.paid, 0)"
    " WHERE d.id IS NULL OR (p.written_off IS NOT NULL AND w.id IS NULL) OR (p.written_off IS NULL AND"
    " CASE WHEN p.ended_at IS NULL THEN coalesce(s.paid, 0) >= p.amount ELSE coalesce(s.paid, 0) <> p.amount END) ORDER BY p.id"
)
WRONG_PAYMENT = (
    "SELECT q.id FROM debt_payment q JOIN debt_plan p ON p.id = q.plan_id LEFT JOIN booking b ON b.id = q.booking AND b.motive = 'debt'"
    " AND b.key = 'debt ' || q.key AND b.debit_id = p.account_id AND b.amount = q.amount AND b.reverses IS NULL"
    " LEFT JOIN account d ON d.id = b.credit_id AND d.kind = 'debts'"
    " LEFT JOIN intent i ON i.nonce = substr(q.key, 6) AND i.kind = 'debt plan' AND i.subject = '' || p.id AND i.amount = q.amount"
    " AND i.posted_at IS NOT NULL"
    " WHERE (q.booking IS NOT NULL AND d.id IS NULL) OR (q.key LIKE 'code:%' AND i.id IS NULL) ORDER BY q.id"
)
DEBT_ALONE = (
    "SELECT b.id FROM booking b LEFT JOIN debt_plan p ON p.booking = b.id LEFT JOIN debt_payment q ON q.booking = b.id"
    " WHERE b.motive = 'debt' AND p.id IS NULL AND q.id IS NULL ORDER BY b.id"
)
EXCHANGED = "SELECT id, amount, currency, got, got_currency, rate FROM transfer WHERE arrival IS NOT NULL ORDER BY id"
CHECKS = (
    (WRONG_BOOKINGS, N_("Transfer %(id)s is not what was booked for it.")),
    (WRONG_PEOPLE, N_("Transfer %(id)s names other partners than its wallets.")),
    (BOOKING_ALONE, N_("Booking %(id)s says that it is a transfer, but no transfer has it.")),
    (WRONG_REVERSAL, N_("Transfer %(id)s says something else about its reversal than its bookings.")),
    (INTENT_ALONE, N_("A transfer was confirmed (%(id)s), but none was made.")),
    (NO_INTENT, N_("Transfer %(id)s says that it was confirmed by a code, but it was not.")),
    (NO_OFFICE, N_("Transfer %(id)s was made or reversed by the office, but nobody asked for it.")),
    (WRONG_OFFICE, N_("Office transfer %(id)s was not decided by those who may decide.")),
    (CLOSED, N_("Wallet %(id)s is closed, but there is something in it.")),
    (WRONG_PLAN, N_("The plan %(id)s for a debt does not agree with what was booked and paid.")),
    (WRONG_PAYMENT, N_("Payment %(id)s of a debt is not what was booked or confirmed for it.")),
    (DEBT_ALONE, N_("Booking %(id)s is about a debt, but no plan has it.")),
)
