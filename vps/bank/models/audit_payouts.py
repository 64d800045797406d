"""Proof of the pay-outs: each was confirmed, for this account and amount, and booked as such (A10); what is on its way is what is open (A12)."""

from collections.abc import Iterator

from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.ledger.models.sums import balance


def audit_payouts() -> Iterator[Problem]:
    """Every problem of pay-outs, standing orders and partners' accounts. Facts: id of the row; booked and open (Money)."""
    for sql, says in CHECKS:
        for (key,) in rows(sql):
            yield Problem("A10", says, {"id": key})
    opened = dict(rows(OPEN))
    for account, currency in rows("SELECT id, currency FROM account WHERE kind = 'transit' ORDER BY id"):
        booked, due = balance(account), opened.get(currency, 0)
        if booked != due:
            facts: dict[str, object] = {"booked": str(Money(booked, currency)), "open": str(Money(int(due), currency))}
            yield Problem("A12", N_("On its way out is %(booked)s by the books, but the open pay-outs make %(open)s."), facts)


# Whoever has several wallets was paid out from one of them; one that was closed since counts, too.
HIS = "IN (SELECT w.account_id FROM wallet w WHERE w.person_id = p.person_id AND w.currency = p.currency)"
OPEN = (
    "SELECT currency, sum(amount) FROM payout WHERE executed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL GROUP BY currency"
)
WRONG_REQUEST = (
    # Money that goes back to a sender was booked with the line it came by.
    "SELECT p.id FROM payout p LEFT JOIN booking b ON b.id = p.booking AND b.amount = p.amount AND b.currency = p.currency"
    " AND b.reverses IS NULL AND (p.person_id IS NULL OR (b.key = 'payout:' || p.id || ':request' AND b.motive = 'pay-out'"
    f" AND b.debit_id {HIS}))"
    " LEFT JOIN account a ON a.id = b.credit_id AND a.kind = 'transit'"
    " LEFT JOIN voucher v ON v.id = b.voucher_id AND (p.person_id IS NULL OR (v.kind = 'pay-out' AND v.ref = '' || p.id))"
    " WHERE a.id IS NULL OR v.id IS NULL ORDER BY p.id"
)
# It is the company's own money, and goes to an account that its owner had in time.
WRONG_CENT = (
    "SELECT c.payout_id FROM cent c JOIN payout p ON p.id = c.payout_id JOIN payee_account k ON k.id = c.payee_id"
    " LEFT JOIN booking b ON b.id = p.booking AND b.key = 'payout:' || p.id || ':cent' AND b.motive = 'own' AND b.amount = p.amount"
    " AND b.currency = p.currency LEFT JOIN account a ON a.id = b.debit_id AND a.kind = 'own'"
    " LEFT JOIN voucher v ON v.id = b.voucher_id AND v.kind = 'pay-out' AND v.ref = '' || p.id WHERE a.id IS NULL OR v.id IS NULL"
    " OR p.person_id IS NOT NULL OR p.amount <> 1 OR p.fee <> 0 OR p.asked_at <> c.asked_at OR k.person_id <> c.person_id OR k.kind <> p.kind"
    " OR k.number <> p.number OR k.bic <> p.bic OR k.holder <> p.holder OR k.usable_from > c.asked_at ORDER BY p.id"
)
# Out of the sales, and to somebody whom an order says so of: the orders' own proof looks at that.
WRONG_REFUND = (
    "SELECT p.id FROM payout p LEFT JOIN booking b ON b.id = p.booking AND b.key = p.cause AND b.motive = 'refund'"
    " LEFT JOIN account a ON a.id = b.debit_id AND a.kind = 'purchases' WHERE p.cause IS NOT NULL AND (a.id IS NULL OR p.fee <> 0) ORDER BY p.id"
)
NOBODYS = (
    "SELECT p.id FROM payout p WHERE p.person_id IS NULL AND p.cause IS NULL AND NOT EXISTS (SELECT 1 FROM cent c WHERE c.payout_id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM line_claim l WHERE l.kind = 'sent back' AND l.target = p.id AND l.booking = p.booking) ORDER BY p.id"
)
UNPROVED = (
    "SELECT c.payout_id FROM cent c JOIN payee_account k ON k.id = c.payee_id WHERE c.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1"
    " FROM identity_step s WHERE s.person_id = c.person_id AND s.step = 'iban' AND s.value = k.number AND s.accepted_at = c.confirmed_at)"
    " ORDER BY c.payout_id"
)
PROVED_BY_NOTHING = (
    "SELECT s.id FROM identity_step s WHERE s.step = 'iban' AND s.accepted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cent c"
    " JOIN payee_account k ON k.id = c.payee_id WHERE c.person_id = s.person_id AND k.number = s.value AND c.confirmed_at = s.accepted_at)"
    " ORDER BY s.id"
)
WRONG_FEE = (
    "SELECT p.id FROM payout p LEFT JOIN booking b ON b.id = p.fee_booking AND b.key = 'payout:' || p.id || ':fee'"
    f" AND b.motive = 'fee' AND b.amount = p.fee AND b.currency = p.currency AND b.debit_id {HIS} AND b.reverses IS NULL"
    " WHERE (p.fee > 0) <> (b.id IS NOT NULL) OR (b.id IS NULL AND p.fee_booking IS NOT NULL) ORDER BY p.id"
)
WRONG_CONFIRMATION = (
    "SELECT p.id FROM payout p LEFT JOIN intent i ON i.id = p.intent_id AND i.kind = 'pay-out' AND i.subject = p.number || ' ' || p.fee"
    " AND i.amount = p.amount AND i.currency = p.currency AND i.person_id = p.person_id AND i.payee = p.holder AND i.posted_at = p.asked_at"
    " LEFT JOIN payout_rule r ON r.id = p.rule_id AND r.person_id = p.person_id AND r.payee_id = p.payee_id AND r.currency = p.currency"
    " AND r.made_at <= p.asked_at WHERE p.person_id IS NOT NULL AND i.id IS NULL AND r.id IS NULL ORDER BY p.id"
)
WRONG_ACCOUNT = (
    "SELECT p.id FROM payout p JOIN payee_account k ON k.id = p.payee_id WHERE k.person_id <> p.person_id OR k.kind <> p.kind"
    " OR k.number <> p.number OR k.bic <> p.bic OR k.holder <> p.holder OR k.usable_from > p.asked_at ORDER BY p.id"
)
WRONG_END = (
    "SELECT p.id FROM payout p LEFT JOIN booking m ON m.id = p.ended_booking AND m.reverses = p.booking"
    " LEFT JOIN booking f ON f.reverses = p.fee_booking WHERE (p.ended_booking IS NOT NULL AND m.id IS NULL)"
    " OR (p.fee_booking IS NOT NULL AND (f.id IS NOT NULL) <> (p.refused_at IS NOT NULL OR p.withdrawn_at IS NOT NULL)) ORDER BY p.id"
)
WRONG_RULE = (
    "SELECT r.id FROM payout_rule r JOIN payee_account k ON k.id = r.payee_id LEFT JOIN intent i ON i.id = r.intent_id"
    " AND i.kind = 'pay-out rule' AND i.subject = k.number || ' ' || r.above || ' ' || r.currency || ' ' || r.weekday"
    " AND i.person_id = r.person_id AND i.payee = k.holder AND i.posted_at = r.made_at"
    " WHERE i.id IS NULL OR k.person_id <> r.person_id ORDER BY r.id"
)
CONFIRMED = (
    "i.kind = 'account' AND i.subject = trim(k.number || ' ' || k.bic) AND i.payee = k.holder AND i.person_id = k.person_id"
    " AND i.posted_at = k.made_at"
)
WRONG_PAYEE = (
    "SELECT k.id FROM payee_account k WHERE k.made_by = k.person_id"
    f" AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.person_id = k.person_id AND {CONFIRMED}) ORDER BY k.id"
)
INTENT_ALONE = (
    "SELECT i.id FROM intent i WHERE i.posted_at IS NOT NULL AND"
    " ((i.kind = 'pay-out' AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.intent_id = i.id))"
    " OR (i.kind = 'pay-out rule' AND NOT EXISTS (SELECT 1 FROM payout_rule r WHERE r.intent_id = i.id))"
    f" OR (i.kind = 'account' AND NOT EXISTS (SELECT 1 FROM payee_account k WHERE {CONFIRMED}))) ORDER BY i.id"
)
BOOKING_ALONE = (
    "SELECT b.id FROM booking b JOIN account d ON d.id = b.debit_id AND d.kind = 'wallet' JOIN account c ON c.id = b.credit_id"
    " AND c.kind = 'transit' LEFT JOIN payout p ON p.booking = b.id WHERE b.motive = 'pay-out' AND b.reverses IS NULL AND p.id IS NULL"
    " ORDER BY b.id"
)
CHECKS = (
    (WRONG_REQUEST, N_("Pay-out %(id)s is not booked as what was asked for.")),
    (WRONG_CENT, N_("Confirmation cent %(id)s is not what the owner of its account asked for, or not booked as the company's own.")),
    (WRONG_REFUND, N_("Pay-out %(id)s gives a customer money back, but is not booked as a refund.")),
    (NOBODYS, N_("Pay-out %(id)s has no partner, and no line of the bank that it takes back.")),
    (UNPROVED, N_("Confirmation cent %(id)s was confirmed, but no step of identification came of it.")),
    (PROVED_BY_NOTHING, N_("Step of identification %(id)s accepts a bank account that no cent confirmed.")),
    (WRONG_FEE, N_("The fee of pay-out %(id)s is not booked as it was asked for.")),
    (WRONG_CONFIRMATION, N_("Pay-out %(id)s was confirmed as something else, or not at all.")),
    (WRONG_ACCOUNT, N_("Pay-out %(id)s goes to another account than its owner's, or to one that rested.")),
    (WRONG_END, N_("Pay-out %(id)s came back, but what it took did not, or not all of it.")),
    (WRONG_RULE, N_("Standing order %(id)s was confirmed as something else, or not at all.")),
    (WRONG_PAYEE, N_("Bank account no. %(id)s of a partner was not confirmed by him.")),
    (INTENT_ALONE, N_("Intent %(id)s was posted, but there is no pay-out, standing order or account by it.")),
    (BOOKING_ALONE, N_("Booking %(id)s took money out of a wallet for a pay-out that is not there.")),
)
