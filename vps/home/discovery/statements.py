"""The statements behind the parts of a dossier. Each speaks of `asked`, which is one row: whom, when, and after which key to go on."""

from vps.wallets.models import HIDDEN

SIGNED = (
    "'signed in', 'sign-in failed', 'new browser', 'signed out', 'session ended', 'session ended: address', 'sign-in refused: address',"
    " 'credential does not fit'"
)
"""What the trail says of signing in."""
ASKED = (
    "WITH asked (person, subject, email, since, until, after) AS (SELECT CAST(? AS bigint), CAST(? AS text), CAST(? AS text),"
    " CAST(? AS bigint), CAST(? AS bigint), CAST(? AS bigint))"
)
IDENTITY = (
    "SELECT p.id, p.number, p.name, p.bank_name, p.username, p.email, p.phone, p.language, p.zone, s.number, s.name, p.joined_at, p.closed_at"
    " FROM asked JOIN person p ON p.id = asked.person LEFT JOIN person s ON s.id = p.sponsor_id WHERE p.id > asked.after"
)
WALLETS = (
    f"SELECT w.id, a.code, w.kind, w.name, a.balance - {HIDDEN.format('a.id', '')}, w.currency, a.reserved - {HIDDEN.format('a.id', '')}, w.currency,"  # noqa: S608 - constants
    " w.opened_at, w.frozen_at, w.frozen_why, w.closed_at"
    " FROM asked JOIN wallet w ON w.person_id = asked.person JOIN account a ON a.id = w.account_id WHERE w.id > asked.after ORDER BY w.id"
)
_EVENTS = (
    " FROM asked JOIN event e ON {} LEFT JOIN person p ON p.id = e.actor"
    " WHERE e.id > asked.after AND e.at >= asked.since AND e.at < asked.until AND {} ORDER BY e.id"
)
_ACTOR = "coalesce(coalesce(p.number, p.username) || ' ' || p.name, '')"
HISTORY = f"SELECT e.id, e.at, e.verb, e.before, e.after, {_ACTOR}, e.address" + _EVENTS.format(
    "e.subject = asked.subject", f"e.verb NOT IN ('looked at', {SIGNED})"
)
SIGN_INS = "SELECT e.id, e.at, e.verb, e.after, e.address" + _EVENTS.format("e.subject = asked.subject", f"e.verb IN ({SIGNED})")
LOOKS = f"SELECT e.id, e.at, {_ACTOR}, e.after, e.address" + _EVENTS.format("e.subject = asked.subject", "e.verb = 'looked at'")
ACTS = "SELECT e.id, e.at, e.verb, e.subject, e.before, e.after, e.address" + _EVENTS.format(
    "e.actor = asked.person", "e.subject <> asked.subject"
)
SESSIONS = (
    "SELECT s.id, s.started_at, s.seen_at, s.ended_at, s.address, s.browser FROM asked JOIN session s ON s.person_id = asked.person"
    " WHERE s.id > asked.after AND s.seen_at >= asked.since AND s.started_at < asked.until ORDER BY s.id"
)
BROWSERS = (
    "SELECT b.id, b.family, b.name, b.first_at, b.seen_at, b.ended_at FROM asked JOIN browser b ON b.person_id = asked.person"
    " WHERE b.id > asked.after AND b.first_at < asked.until ORDER BY b.id"
)
CUSTOMERS = (
    "SELECT c.id, c.name, c.email, c.phone, c.street, c.postcode, c.city, c.country, c.made_at FROM asked"
    " JOIN customer c ON c.partner_id = asked.person WHERE c.id > asked.after AND c.made_at < asked.until ORDER BY c.id"
)
ORDERS = (
    "SELECT o.id, o.id, c.name, o.total, o.currency, o.made_at, o.paid_at, o.final_at, o.provisioned_at, o.cancelled_at,"
    " o.refunded, o.currency,"
    " o.street, o.postcode, o.city, o.country FROM asked JOIN orders o ON o.partner_id = asked.person JOIN customer c ON c.id = o.customer_id"
    " WHERE o.id > asked.after AND o.made_at >= asked.since AND o.made_at < asked.until ORDER BY o.id"
)
REFUNDS = (
    "SELECT r.id, r.order_id, r.n, c.name, r.amount, r.currency, r.way, r.reason, r.made_at, coalesce(s.name, ''), r.payout_id, r.done_at,"
    " r.signed, r.receipt, r.closed_why FROM asked JOIN order_refund r ON r.partner_id = asked.person JOIN orders o ON o.id = r.order_id"
    " JOIN customer c ON c.id = o.customer_id LEFT JOIN person s ON s.id = r.made_by"
    " WHERE r.id > asked.after AND r.made_at >= asked.since AND r.made_at < asked.until ORDER BY r.id"
)
WISHES = (
    "SELECT w.id, w.order_id, w.amount, w.currency, w.way, w.reason, w.asked_at, coalesce(a.name, ''), w.decided_at, coalesce(d.name, ''),"
    " w.refused_why FROM asked JOIN orders o ON o.partner_id = asked.person JOIN refund_wish w ON w.order_id = o.id"
    " LEFT JOIN person a ON a.id = w.asked_by LEFT JOIN person d ON d.id = w.decided_by"
    " WHERE w.id > asked.after AND w.asked_at >= asked.since AND w.asked_at < asked.until ORDER BY w.id"
)
TRANSFERS = (
    "SELECT t.id, t.id, t.made_at, t.kind, coalesce(s.number || ' ' || s.name, ''), coalesce(r.number || ' ' || r.name, ''), t.amount, t.currency,"
    " t.fee, t.currency, t.got, t.got_currency, t.rate, t.message, t.reason, t.booking, t.reversed_at FROM asked"
    " JOIN transfer t ON t.sender_id = asked.person OR t.recipient_id = asked.person"
    " LEFT JOIN person s ON s.id = t.sender_id LEFT JOIN person r ON r.id = t.recipient_id"
    " WHERE t.id > asked.after AND t.made_at >= asked.since AND t.made_at < asked.until ORDER BY t.id"
)
ACCOUNTS = (
    "SELECT k.id, k.holder, k.number, k.bic, k.country, k.made_at, k.usable_from, k.ended_at FROM asked"
    " JOIN payee_account k ON k.person_id = asked.person WHERE k.id > asked.after AND k.made_at < asked.until ORDER BY k.id"
)
PAYOUTS = (
    "SELECT o.id, o.id, o.asked_at, o.amount, o.currency, o.fee, o.currency, o.holder, o.number, o.bic, o.text, o.held_at, o.held_reason,"
    " o.approved_at, o.executed_at, o.returned_at, o.return_reason, o.refused_at, o.refuse_reason, o.withdrawn_at, o.booking FROM asked"
    " JOIN payout o ON o.person_id = asked.person"
    " WHERE o.id > asked.after AND o.asked_at >= asked.since AND o.asked_at < asked.until ORDER BY o.id"
)
_CLAIMED = (
    "SELECT c.line_id, c.kind, c.amount, c.made_at FROM asked JOIN line_claim c ON c.undone_at IS NULL AND c.kind = {} AND c.target {}"
)
_CLAIMS = " UNION ALL ".join(
    _CLAIMED.format(kind, whose)
    for kind, whose in (
        ("'top-up'", "= asked.person"),
        ("'order'", "IN (SELECT id FROM orders WHERE partner_id = asked.person)"),
        ("'pay-out'", "IN (SELECT id FROM payout WHERE person_id = asked.person)"),
    )
)
LINES = (
    "SELECT l.id, s.account, s.number, l.n, l.booked_on, l.amount, l.currency, found.kind, found.minor, l.currency, l.party, l.party_account,"  # noqa: S608
    " l.text, l.refs FROM asked JOIN (SELECT line_id, min(kind) AS kind, CAST(sum(amount) AS bigint) AS minor, min(made_at) AS made_at"
    f" FROM ({_CLAIMS}) AS claims GROUP BY line_id) AS found ON 1 = 1 JOIN bank_line l ON l.id = found.line_id"
    " JOIN bank_statement s ON s.id = l.statement_id"
    " WHERE l.id > asked.after AND found.made_at >= asked.since AND found.made_at < asked.until ORDER BY l.id"
)
WAYS = (
    "SELECT way.id, way.kind, way.named, way.made_at, way.since, way.ended_at FROM asked JOIN ("
    "SELECT id * 4 AS id, 'TAN sheet' AS kind, person_id, serial AS named, made_at, activated_at AS since, ended_at FROM tan_sheet"
    " UNION ALL SELECT id * 4 + 1, 'app', person_id, '', made_at, confirmed_at, NULL FROM app"
    " UNION ALL SELECT id * 4 + 2, 'passkey', person_id, name, made_at, usable_from, ended_at FROM passkey"
    " UNION ALL SELECT id * 4 + 3, 'sms', person_id, '…' || ending, made_at, verified_at, ended_at FROM phone"
    ") AS way ON way.person_id = asked.person WHERE way.id > asked.after AND way.made_at < asked.until ORDER BY way.id"
)
MESSAGES = (
    "SELECT m.id, m.made_at, m.channel, m.kind, CASE WHEN m.channel = 'mail' THEN m.address ELSE '' END, m.sent_at FROM asked"
    " JOIN outbox m ON m.person = asked.person AND m.channel = 'sms' OR m.address = asked.email AND asked.email <> '' AND m.channel = 'mail'"
    " WHERE m.id > asked.after AND m.made_at >= asked.since AND m.made_at < asked.until ORDER BY m.id"
)
QUESTIONS = (
    "SELECT q.id, q.asked_at, q.booking, q.text, q.answered_at, coalesce(q.answer, '') FROM asked JOIN question q ON q.person_id = asked.person"
    " WHERE q.id > asked.after AND q.asked_at >= asked.since AND q.asked_at < asked.until ORDER BY q.id"
)
LEVELS = (
    "SELECT l.id, l.since, l.level, l.source, l.reason FROM asked JOIN trust_level l ON l.person_id = asked.person"
    " WHERE l.id > asked.after AND l.since < asked.until ORDER BY l.id"
)
STEPS = (
    "SELECT t.id, t.asked_at, t.step, t.value, t.document_id, t.accepted_at, t.rejected_at, t.reason, t.expires_on, t.withdrawn_at, t.replaced_at"
    " FROM asked JOIN identity_step t ON t.person_id = asked.person WHERE t.id > asked.after AND t.asked_at < asked.until ORDER BY t.id"
)
DOCUMENTS = (
    "SELECT p.document_id, p.n, p.name, p.secret FROM identity_picture p JOIN identity_document d ON d.id = p.document_id"
    " WHERE d.person_id = ? AND d.added_at < ? AND p.secret IS NOT NULL ORDER BY p.document_id, p.n"
)
HOLDS = (
    "SELECT h.id, h.from_at, h.file_number, h.reason, h.ended_at, h.ended_why FROM asked JOIN legal_hold h ON h.person_id = asked.person"
    " WHERE h.id > asked.after AND h.from_at < asked.until ORDER BY h.id"
)
FLAGS = (
    "SELECT f.id, f.at, f.rule, f.booking, f.facts, f.case_id FROM asked JOIN flag f ON f.person_id = asked.person"
    " WHERE f.id > asked.after AND f.at >= asked.since AND f.at < asked.until ORDER BY f.id"
)
_COLLEAGUE = "coalesce((SELECT coalesce(p.number, p.username) || ' ' || p.name FROM person p WHERE p.id = {}), '')"
CASES = (
    f"SELECT c.id, c.id, c.opened_at, {_COLLEAGUE.format('c.opened_by')}, coalesce(c.closing_why, ''), coalesce(c.outcome, ''), c.closed_at,"  # noqa: S608
    f" {_COLLEAGUE.format('c.closed_by')} FROM asked JOIN watch_case c ON c.person_id = asked.person"
    " WHERE c.id > asked.after AND c.opened_at < asked.until ORDER BY c.id"
)
CASE_NOTES = (
    f"SELECT n.id, n.case_id, n.at, {_COLLEAGUE.format('n.by')}, n.text FROM asked JOIN watch_case c ON c.person_id = asked.person"  # noqa: S608
    " JOIN case_note n ON n.case_id = c.id WHERE n.id > asked.after AND n.at >= asked.since AND n.at < asked.until ORDER BY n.id"
)
