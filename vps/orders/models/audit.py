"""Proof of the orders: their colour is what was paid (A16), and everything confirmed and booked for an order is one payment (A10)."""

from collections.abc import Iterator

from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.orders.models.audit_refunds import audit_refunds
from vps.orders.models.parts import wrong_parts


def audit() -> Iterator[Problem]:
    """Every problem of orders and their payments. Facts: number of the order, id of the intent or booking."""
    for (order,) in rows(WRONG_COLOUR):
        yield _order(N_("Order %(number)s shows another moment of payment than its payment."), order)
    for (order,) in rows(WRONG_PRICE):
        yield _order(N_("Order %(number)s costs something else than was paid for it."), order)
    for (order,) in rows(WRONG_BOOKING):
        yield _order(N_("Order %(number)s was paid from a wallet, but its booking does not say so."), order)
    for order in wrong_parts():
        yield _order(N_("Order %(number)s was paid from several wallets or in another currency, but its bookings do not say so."), order)
    for (order,) in rows(WRONG_TRANSFER):
        yield _order(N_("Order %(number)s was paid by bank, but no line of a statement says so, or says something else."), order)
    for (order,) in rows(WRONG_DEBT):
        yield _order(N_("Order %(number)s has a debt that the bookings do not say."), order)
    for currency, minor in rows(WRONG_DEBTS):
        yield Problem("A16", N_("The account of debts and the open debts differ by %(amount)s."), {"amount": Money(int(minor), currency)})
    for (order,) in rows(WRONG_INTENT):
        yield _order(N_("Order %(number)s was paid with a confirmation that was for something else."), order)
    for (intent,) in rows(INTENT_ALONE):
        yield Problem("A10", N_("Intent %(id)s was posted, but no order was paid by it."), {"id": intent})
    for (booking,) in rows(BOOKING_ALONE):
        yield Problem("A10", N_("Booking %(id)s is a purchase that no payment of an order belongs to."), {"id": booking})
    yield from audit_refunds()


def _order(says: str, order: int) -> Problem:
    return Problem("A16", says, {"number": order_number(order)})


LIVE = "LEFT JOIN order_payment p ON p.order_id = o.id AND p.recalled_at IS NULL"
WRONG_COLOUR = (
    f"SELECT o.id FROM orders o {LIVE}"
    " WHERE coalesce(o.paid_at, -1) <> coalesce(p.paid_at, -1) OR coalesce(o.final_at, -1) <> coalesce(p.final_at, -1) ORDER BY o.id"
)
WRONG_PRICE = (
    "SELECT o.id FROM orders o JOIN order_payment p ON p.order_id = o.id AND p.recalled_at IS NULL"
    " WHERE o.total <> p.amount OR o.currency <> p.currency ORDER BY o.id"
)
IN_PARTS = "EXISTS (SELECT 1 FROM payment_part q WHERE q.payment_id = p.id)"
WRONG_BOOKING = (
    "SELECT p.order_id FROM order_payment p JOIN orders o ON o.id = p.order_id"
    " LEFT JOIN booking b ON b.id = p.booking AND b.key = 'order:' || (o.id + 1000) || ':payment:' || p.n AND b.motive = 'purchase'"
    " AND b.amount = p.amount AND b.currency = p.currency AND b.reverses IS NULL"
    " LEFT JOIN wallet w ON w.account_id = b.debit_id AND w.person_id = o.partner_id AND w.kind = 'main'"
    " LEFT JOIN account a ON a.id = b.credit_id AND a.kind = 'purchases'"
    " LEFT JOIN voucher v ON v.id = b.voucher_id AND v.kind = 'order payment' AND v.ref = (o.id + 1000) || ':' || p.n"
    " WHERE p.means = 'wallet' AND (w.id IS NULL OR a.id IS NULL OR v.id IS NULL)"
    f" AND NOT {IN_PARTS} ORDER BY p.order_id"
)
WRONG_INTENT = (
    "SELECT p.order_id FROM order_payment p JOIN orders o ON o.id = p.order_id LEFT JOIN intent i ON i.id = p.intent_id"
    " AND i.kind = 'order payment' AND (i.subject = '' || (o.id + 1000)"
    f" OR (i.subject LIKE (o.id + 1000) || ' w%' AND {IN_PARTS})) AND i.amount = p.amount AND i.currency = p.currency"
    " AND i.person_id = o.partner_id AND i.posted_at = p.paid_at WHERE p.means = 'wallet' AND i.id IS NULL ORDER BY p.order_id"
)
# A payment by bank is a claim of a line: live while the payment is, else undone or recalled. One without a booking was noted by hand.
WRONG_TRANSFER = (
    "SELECT p.order_id FROM order_payment p LEFT JOIN line_claim c ON c.booking = p.booking AND c.kind = 'order' AND c.target = p.order_id"
    " AND c.amount = p.amount AND (p.recalled_at IS NULL) = (c.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM line_claim r"
    " JOIN booking m ON m.id = r.booking WHERE r.kind = 'recall' AND r.target = c.id AND r.undone_at IS NULL AND m.reverses = c.booking))"
    " LEFT JOIN booking b ON b.id = p.booking AND b.motive = 'purchase' AND b.amount = p.amount AND b.currency = p.currency"
    " AND b.reverses IS NULL LEFT JOIN account d ON d.id = b.debit_id AND d.kind = 'clarify'"
    " LEFT JOIN account k ON k.id = b.credit_id AND k.kind = 'purchases'"
    " WHERE p.means IN ('transfer', 'cheque') AND p.booking IS NOT NULL AND (c.id IS NULL OR d.id IS NULL OR k.id IS NULL) ORDER BY p.order_id"
)
WRONG_DEBT = (
    "SELECT d.order_id FROM order_debt d LEFT JOIN order_payment p ON p.id = d.payment_id AND p.order_id = d.order_id"
    " AND p.recalled_at IS NULL LEFT JOIN line_claim c ON c.id = d.claim_id AND c.booking = p.booking AND c.undone_at IS NULL"
    " LEFT JOIN line_claim r ON r.kind = 'recall' AND r.target = c.id AND r.booking = d.booking AND r.amount = -d.amount"
    " LEFT JOIN booking b ON b.id = d.booking AND b.motive = 'recall' AND b.amount = d.amount AND b.currency = d.currency"
    " LEFT JOIN booking e ON e.id = d.ended AND e.amount = d.amount AND e.currency = d.currency"
    " AND e.motive = CASE WHEN d.written_off_at IS NULL THEN 'recall' ELSE 'write-off' END"
    " WHERE r.id IS NULL OR b.id IS NULL OR (d.ended IS NOT NULL AND e.id IS NULL) ORDER BY d.order_id"
)
WRONG_DEBTS = (
    "SELECT currency, sum(minor) FROM ("
    "SELECT b.currency, b.amount AS minor FROM account a JOIN booking b ON b.debit_id = a.id WHERE a.kind = 'debts'"
    " UNION ALL SELECT b.currency, -b.amount FROM account a JOIN booking b ON b.credit_id = a.id WHERE a.kind = 'debts'"
    " UNION ALL SELECT currency, -amount FROM order_debt WHERE settled_at IS NULL AND written_off_at IS NULL"
    " UNION ALL SELECT currency, -amount FROM debt_plan WHERE written_off IS NULL"
    " UNION ALL SELECT p.currency, q.amount FROM debt_payment q JOIN debt_plan p ON p.id = q.plan_id AND p.written_off IS NULL"
    ") AS both_sides GROUP BY currency HAVING sum(minor) <> 0 ORDER BY currency"
)
INTENT_ALONE = (
    "SELECT i.id FROM intent i WHERE i.kind = 'order payment' AND i.posted_at IS NOT NULL"
    " AND (SELECT count(*) FROM order_payment p WHERE p.intent_id = i.id) <> 1 ORDER BY i.id"
)
BOOKING_ALONE = (
    "SELECT b.id FROM booking b LEFT JOIN order_payment p ON p.booking = b.id"
    " WHERE b.motive = 'purchase' AND b.reverses IS NULL GROUP BY b.id HAVING count(p.id) > 1 OR (count(p.id) = 0"
    " AND NOT EXISTS (SELECT 1 FROM payment_part q WHERE q.booking = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM payment_part q WHERE q.arrival = b.id)) ORDER BY b.id"
)
