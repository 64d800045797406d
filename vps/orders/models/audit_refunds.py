"""Proof of the refunds: an order's sum is that of its refunds, each went back the way its row says, and every wallet has its share (A16)."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from vps.kernel.database import rows
from vps.kernel.numbers import order_number
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.orders.models.shares import Stake, shared


def audit_refunds() -> Iterator[Problem]:
    """Every problem of refunds. Facts: number of the order, id of the booking."""
    for sql, says in CHECKS:
        for (order,) in rows(sql):
            yield Problem("A16", says, {"number": order_number(order)})
    for order in _wrong_shares():
        yield Problem(
            "A16", N_("Order %(number)s was refunded, but its wallets did not get their shares."), {"number": order_number(order)}
        )
    for (booking,) in rows(ALONE):
        yield Problem("A16", N_("Booking %(id)s is a refund that no refund of an order belongs to."), {"id": booking})


def _wrong_shares() -> Iterator[int]:
    # Worked out anew, refund by refund, from what each wallet had paid.
    stakes = {payment: [row[1:] for row in found] for payment, found in groupby(rows(STAKES), key=itemgetter(0))}
    for (order, payment, price), found in groupby(rows(REFUNDED), key=itemgetter(0, 1, 2)):
        had, refunded = stakes.get(payment, [(1, price, price)]), 0
        for (_, way, amount), parts in groupby(found, key=itemgetter(3, 4, 5)):
            due = shared([Stake(worth, paid) for _, worth, paid in had], refunded, refunded + amount)
            refunded += amount
            got = {n: (worth, back) for *_, n, worth, back in parts}
            if way != "bank" and got != {stake[0]: share for stake, share in zip(had, due, strict=True) if share.amount}:
                yield order
                break


WRONG_SUM = (
    "SELECT o.id FROM orders o LEFT JOIN (SELECT order_id, sum(amount) AS back, min(currency) AS least, max(currency) AS most"
    " FROM order_refund GROUP BY order_id) r ON r.order_id = o.id"
    " WHERE o.refunded <> coalesce(r.back, 0) OR (r.back IS NOT NULL AND (r.least <> o.currency OR r.most <> o.currency)) ORDER BY o.id"
)
# Of the order's live payment, and its own partner's. A payment that the bank took back afterwards keeps its row.
WRONG_PAYMENT = (
    "SELECT r.order_id FROM order_refund r JOIN order_payment p ON p.id = r.payment_id JOIN orders o ON o.id = r.order_id"
    " WHERE p.order_id <> r.order_id OR p.recalled_at IS NOT NULL OR o.partner_id <> r.partner_id OR r.made_at < p.paid_at ORDER BY r.order_id"
)
_KEY = "'order:' || (r.order_id + 1000) || ':refund:' || r.n"
WRONG_PAYOUT = (
    "SELECT r.order_id FROM order_refund r LEFT JOIN payout p ON p.id = r.payout_id AND p.amount = r.amount AND p.currency = r.currency"
    f" AND (p.cause = {_KEY} OR p.cause LIKE {_KEY} || ':again:%') WHERE r.way = 'bank' AND p.id IS NULL"
    # Of several pay-outs of one refund only the newest is not given back, or is given back last.
    " UNION SELECT r.order_id FROM order_refund r JOIN payout p ON p.cause = "
    f"{_KEY} AND p.id <> r.payout_id AND p.ended_booking IS NULL ORDER BY 1"
)
_PARTS_KEY = f"{_KEY} || CASE q.n WHEN 1 THEN '' ELSE ':' || q.n END"
_PAPER = "JOIN voucher {v} ON {v}.id = {b}.voucher_id AND {v}.kind = 'order refund' AND {v}.ref = (r.order_id + 1000) || '-R' || r.n"
WRONG_PART = (
    "SELECT r.order_id FROM refund_part q JOIN order_refund r ON r.id = q.refund_id LEFT JOIN ("
    "SELECT b.id AS id, b.key AS key, b.amount AS amount, b.currency AS currency, b.credit_id AS credit_id, a.kind AS source, w.person_id AS person"
    " FROM booking b JOIN account a ON a.id = b.debit_id JOIN wallet w ON w.account_id = b.credit_id"
    " WHERE b.motive = 'refund' AND b.reverses IS NULL) g"
    f" ON g.id = q.booking AND g.key = {_PARTS_KEY} || CASE WHEN q.departure IS NULL THEN '' ELSE ':to' END AND g.amount = q.back"
    " AND g.currency = q.currency AND g.credit_id = q.account AND g.person = r.partner_id"
    " AND g.source = CASE WHEN q.departure IS NULL THEN 'purchases' ELSE 'exchange' END"
    " LEFT JOIN (SELECT b.id AS id, b.key AS key, b.amount AS amount, b.currency AS currency FROM booking b JOIN account d ON d.id = b.debit_id"
    " JOIN account c ON c.id = b.credit_id WHERE d.kind = 'purchases' AND c.kind = 'exchange' AND b.motive = 'refund' AND b.reverses IS NULL) s"
    f" ON s.id = q.departure AND s.key = {_PARTS_KEY} AND s.amount = q.amount AND s.currency = r.currency"
    " WHERE r.way = 'bank' OR (q.back > 0 AND g.id IS NULL) OR (q.departure IS NOT NULL AND s.id IS NULL)"
    " OR (q.departure IS NULL AND q.back <> q.amount) ORDER BY r.order_id"
)
WRONG_WISH = (
    "SELECT w.order_id FROM refund_wish w JOIN order_refund r ON r.id = w.refund_id WHERE r.order_id <> w.order_id"
    " OR (w.way <> '' AND (r.way <> w.way OR r.amount <> w.amount OR r.made_by = w.asked_by)) ORDER BY w.order_id"
)
CHECKS = (
    (WRONG_SUM, N_("Order %(number)s says another sum was refunded than its refunds come to.")),
    (WRONG_PAYMENT, N_("Order %(number)s has a refund of another payment, or of another partner's.")),
    (WRONG_PAYOUT, N_("Order %(number)s was refunded by bank transfer, but its pay-out does not say so.")),
    (WRONG_PART, N_("Order %(number)s was refunded to a wallet, but the bookings do not say so.")),
    (WRONG_WISH, N_("Order %(number)s was refunded otherwise than two people agreed.")),
)
STAKES = "SELECT payment_id, n, amount, paid FROM payment_part ORDER BY payment_id, n"
REFUNDED = (
    "SELECT r.order_id, r.payment_id, p.amount, r.n, r.way, r.amount, q.n, q.amount, q.back FROM order_refund r"
    " JOIN order_payment p ON p.id = r.payment_id LEFT JOIN refund_part q ON q.refund_id = r.id"
    " ORDER BY r.order_id, r.payment_id, r.n, q.n"
)
ALONE = (
    "SELECT b.id FROM booking b WHERE b.motive = 'refund' AND b.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.booking = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM refund_part q WHERE q.booking = b.id) AND NOT EXISTS (SELECT 1 FROM refund_part q WHERE q.departure = b.id)"
    " ORDER BY b.id"
)
