"""Proof of the commissions: every line stands as it was calculated, every share is its lines, every credit its share (A9), and blue is booked (A16)."""

from array import array
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain

from vps.kernel.database import rows, run
from vps.kernel.numbers import order_number
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_

FETCH = 20_000


def audit() -> Iterator[Problem]:
    """Every problem of runs that are booked. Facts: id of the run, number of the partner or order."""
    for key, digest in rows(RUNS):
        if lines_digest(key) != digest:
            yield Problem("A9", N_("The lines of commission run %(id)s are not those that were calculated."), {"id": key})
    for key, number in rows(WRONG_SUM):
        yield Problem(
            "A9", N_("Commission run %(id)s: the sum of partner %(number)s is not that of his lines."), {"id": key, "number": number}
        )
    for (key,) in rows(WRONG_COUNT):
        yield Problem("A9", N_("The lines of commission run %(id)s are not those that were calculated."), {"id": key})
    for (key,) in rows(HALF_BOOKED):
        says = N_("Commission run %(id)s says something else of having been booked than its bookings.")
        yield Problem("A9", says, {"id": key})
    for key, order in rows(WRONG_ORDER):
        says = N_("Commission run %(id)s: what is kept of order %(number)s is not the order it was calculated from.")
        yield Problem("A9", says, {"id": key, "number": order_number(order)})
    for key, order in rows(UNNAMED):
        says = N_("Commission run %(id)s: order %(number)s does not name everybody to whom it brought a commission.")
        yield Problem("A9", says, {"id": key, "number": order_number(order)})
    for key, number in rows(WRONG_BOOKING):
        yield Problem(
            "A9",
            N_("Commission run %(id)s: the wallet of partner %(number)s was not credited with his sum."),
            {"id": key, "number": number},
        )
    for (booking,) in rows(BOOKING_ALONE):
        yield Problem("A9", N_("Booking %(id)s is a commission that no run knows."), {"id": booking})
    for key, order, number in rows(WRONG_REVERSAL):
        says = N_(
            "Commission run %(id)s: what was taken back of partner %(partner)s is not in proportion to what was refunded of order %(number)s."
        )
        yield Problem("A9", says, {"id": key, "partner": number, "number": order_number(order)})
    for (booking,) in rows(REVERSAL_ALONE):
        yield Problem("A9", N_("Booking %(id)s takes commission back that no refund knows, or another sum."), {"id": booking})
    for key, order in rows(NOT_BLUE):
        yield Problem(
            "A16", N_("Commission run %(id)s was booked, but its order %(number)s is not blue."), {"id": key, "number": order_number(order)}
        )


def lines_digest(key: int) -> str:
    """SHA-256 over a run's lines as they stand, as the calculation made it."""
    digest, cursor = sha256(), run(LINES, key)
    while found := cursor.fetchmany(FETCH):
        digest.update(array("q", chain.from_iterable(found)).tobytes())
    return digest.hexdigest()


RUNS = "SELECT id, lines_digest FROM commission_run WHERE booked_at IS NOT NULL AND kind <> 'manual' ORDER BY id"
LINES = "SELECT run_id, payee, order_id, n, bonus, level, via, base, rate, amount FROM commission_line WHERE run_id = ? ORDER BY payee, order_id, n"
WRONG_SUM = (
    "SELECT s.run_id, p.number FROM (SELECT run_id, payee, sum(amount) AS minor, sum(lines) AS lines FROM commission_share GROUP BY run_id, payee) s"
    " JOIN commission_run r ON r.id = s.run_id AND r.calculated_at IS NOT NULL AND r.kind <> 'manual' JOIN person p ON p.id = s.payee"
    " LEFT JOIN (SELECT run_id, payee, sum(amount) AS minor, count(*) AS lines FROM commission_line GROUP BY run_id, payee) l"
    " ON l.run_id = s.run_id AND l.payee = s.payee WHERE l.minor IS NULL OR l.minor <> s.minor OR l.lines <> s.lines ORDER BY 1, 2"
)
WRONG_COUNT = (
    "SELECT r.id FROM commission_run r LEFT JOIN (SELECT run_id, count(DISTINCT payee) AS partners, sum(lines) AS lines FROM commission_share"
    " GROUP BY run_id) s ON s.run_id = r.id WHERE r.booked_at IS NOT NULL AND r.kind <> 'manual'"
    " AND (coalesce(s.partners, 0) <> r.partners OR coalesce(s.lines, 0) <> r.lines"
    " OR r.orders <> (SELECT count(*) FROM commission_run_order t WHERE t.run_id = r.id)) ORDER BY 1"
)
HALF_BOOKED = (
    "SELECT r.id FROM commission_run r LEFT JOIN voucher v ON v.kind = 'commission run'"
    " AND v.ref = CASE WHEN r.attempt = 1 THEN CAST(r.id AS text) ELSE r.id || '.' || r.attempt END LEFT JOIN bulk b ON b.voucher_id = v.id"
    " WHERE (r.booked_at IS NOT NULL) <> (b.closed_at IS NOT NULL) ORDER BY 1"
)
WRONG_ORDER = (
    "SELECT t.run_id, t.order_id FROM commission_run_order t JOIN commission_run r ON r.id = t.run_id AND r.booked_at IS NOT NULL"
    " JOIN orders o ON o.id = t.order_id WHERE o.total <> t.total OR o.currency <> t.currency OR o.partner_id <> t.seller"
    " OR o.final_at IS NULL OR o.final_at <> t.final_at OR o.refunded < t.refunded"
    " UNION SELECT l.run_id, l.order_id FROM commission_line l JOIN commission_run r ON r.id = l.run_id AND r.booked_at IS NOT NULL"
    " LEFT JOIN commission_run_order t ON t.run_id = l.run_id AND t.order_id = l.order_id WHERE t.order_id IS NULL ORDER BY 1, 2"
)
UNNAMED = (
    "SELECT DISTINCT l.run_id, l.order_id FROM commission_line l JOIN commission_run_order t ON t.run_id = l.run_id AND t.order_id = l.order_id"
    " WHERE ' ' || t.payees || ' ' NOT LIKE '% ' || l.payee || ' %' ORDER BY 1, 2"
)
KEY = (
    "'run:' || s.run_id || ':partner:' || s.payee || CASE WHEN s.kind = 'main' AND s.currency = r.currency THEN '' ELSE ':' || s.kind END"
    " || CASE WHEN s.currency = r.currency THEN '' ELSE ':' || s.currency END"
)
WRONG_BOOKING = (
    "SELECT s.run_id, p.number FROM commission_share s JOIN commission_run r ON r.id = s.run_id AND r.booked_at IS NOT NULL"
    " JOIN person p ON p.id = s.payee"
    f" LEFT JOIN booking b ON b.key = {KEY} AND b.amount = s.amount AND b.currency = s.currency AND b.motive = 'commission' AND b.reverses IS NULL"
    " LEFT JOIN wallet w ON w.account_id = b.credit_id AND w.person_id = s.payee LEFT JOIN account a ON a.id = b.debit_id AND a.kind = 'commission'"
    " WHERE (s.held = '') <> (w.id IS NOT NULL AND a.id IS NOT NULL) ORDER BY 1, 2"
)
BOOKING_ALONE = (
    "SELECT b.id FROM booking b JOIN voucher v ON v.id = b.voucher_id AND v.kind = 'commission run'"
    f" LEFT JOIN (SELECT CAST({KEY} AS text) AS key FROM commission_share s JOIN commission_run r ON r.id = s.run_id AND r.booking_at IS NOT NULL) known"
    " ON known.key = b.key WHERE known.key IS NULL AND b.reverses IS NULL ORDER BY b.id"
)
WRONG_REVERSAL = (
    "SELECT DISTINCT l.run_id, l.order_id, p.number FROM commission_run r"
    " JOIN commission_run_order t ON t.run_id = r.id JOIN orders o ON o.id = t.order_id AND o.refunded > t.refunded"
    " JOIN commission_line l ON l.run_id = t.run_id AND l.order_id = t.order_id JOIN person p ON p.id = l.payee"
    " LEFT JOIN (SELECT run_id, payee, order_id, n, CAST(sum(amount) AS bigint) AS minor FROM commission_reversal GROUP BY run_id, payee, order_id, n) b"
    " ON b.run_id = l.run_id AND b.payee = l.payee AND b.order_id = l.order_id AND b.n = l.n WHERE r.booked_at IS NOT NULL"
    " AND coalesce(b.minor, 0) <> (2 * l.amount * (o.refunded - t.refunded) + t.total - t.refunded) / (2 * (t.total - t.refunded)) ORDER BY 1, 2, 3"
)
REVERSAL_ALONE = (
    "SELECT b.id FROM booking b JOIN voucher v ON v.id = b.voucher_id AND v.kind = 'commission refund'"
    " LEFT JOIN (SELECT booking, sum(amount) AS minor FROM commission_reversal GROUP BY booking) r ON r.booking = b.id"
    " WHERE b.reverses IS NULL AND (r.minor IS NULL OR r.minor <> b.amount) ORDER BY b.id"
)
NOT_BLUE = (
    "SELECT t.run_id, t.order_id FROM commission_run_order t JOIN commission_run r ON r.id = t.run_id AND r.booked_at IS NOT NULL"
    " JOIN orders o ON o.id = t.order_id WHERE o.provisioned_at IS NULL ORDER BY 1, 2"
)
