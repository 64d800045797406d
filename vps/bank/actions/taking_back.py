"""A whole statement is taken back: what that would do is shown first, one code does just that, and the same file can come again.

Source: DESIGN, "a mistake gets a reversing booking", "staff authorise one previewed batch with one code".
"""

import json
from collections import Counter, defaultdict
from datetime import datetime
from typing import NamedTuple

from vps.bank.actions.claiming import undo_claim
from vps.bank.actions.known import named_by_others
from vps.bank.actions.matching import KINDS, Stuck
from vps.bank.models import END
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, locked, one, reading, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record, reverse, voucher
from vps.security.actions import BatchChanged, BatchDone, ByBatch, UsedCode, authorise_batch, open_batch
from vps.security.models import batch_digest
from vps.wallets.actions import NoReason


class StaysBooked(Refused):
    says = N_("Something of this statement cannot be taken back, so nothing was.")
    status = 409


TAKEN_ALREADY = N_("The bank itself took back what line %(n)s brought; both stay in the books.")


class Ending(NamedTuple):
    """What taking a statement back would do. `short`: wallets that would lack money, by number and name; `stuck`: why it cannot be done."""

    number: str
    account: str
    currency: str
    lines: int
    sums: list[tuple[str, int, Money]]
    """What is taken back: kind of claim, how often, and signed sum."""
    short: list[tuple[str, str, Money]]
    stuck: list[Stuck]
    content: str
    digest: str
    amount: Money


def ending_of(statement: int, *, at: datetime) -> Ending | None:
    """What taking it back would do now; None for one that is not there, or was taken back."""
    row = one(STATEMENT, statement)
    if row is None or row[3] is not None:
        return None
    number, account, currency, _, lines = row
    claims = rows(CLAIMS, statement)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for _, kind, _, minor in claims:
        sums[kind].update(n=1, minor=minor)
    taken = [(kind, each["n"], Money(each["minor"], currency)) for kind, each in sorted(sums.items())]
    short = [(partner, name, Money(minor, currency)) for partner, name, minor in rows(SHORT, *[statement] * 4)]
    stuck = _stuck(statement, claims, at)
    content = json.dumps([account, number, currency, lines, claims, [[each[0], each[2].minor] for each in short]], separators=(",", ":"))
    amount = sum((abs(each[3]) for each in claims), 0)
    digest = batch_digest(END, str(statement), lines, amount, currency, content).hex()
    return Ending(number, account, currency, lines, taken, short, stuck, content, digest, Money(amount, currency))


def take_statement_back(statement: int, *, reason: str, shown: str, code: str, actor: Actor, at: datetime) -> None:
    """Mirror every booking of a statement as it was shown, by a code of the app; pressed twice, it is done once.

    `shown` is the digest of what the page showed, in hex. Wallets that spent the money fall below zero, as it said.
    Raises NotFound, NoReason, StaysBooked, BatchChanged, and what a code can be refused for.
    """
    why = clean_text(reason, most=200)
    with reading():  # one look: half of what a colleague is doing would be another digest
        ending = ending_of(statement, at=at)
    if ending is None:
        if one(STATEMENT, statement) is None:
            raise NotFound
        return
    if not why:
        raise NoReason
    if ending.stuck:
        raise StaysBooked
    if shown != ending.digest:
        raise BatchChanged
    batch = open_batch(END, str(statement), ending.content, count=ending.lines, amount=ending.amount, actor=actor, at=at)
    try:
        _take_back(statement, why, authorise_batch(batch, code=code, actor=actor, at=at), at=at)
    except (BatchDone, UsedCode):
        # The code was used up by the first of two presses, or a colleague was quicker.
        if ending_of(statement, at=at):
            raise


@action
def _take_back(statement: int, why: str, by: ByBatch, *, at: datetime) -> None:
    # Of two clerks the second one waits here, and finds what the first one did.
    if one(locked("SELECT taken_back_at FROM bank_statement WHERE id = ?"), statement)[0] is not None:
        raise BatchDone
    ending = ending_of(statement, at=at)
    assert ending is not None
    if ending.stuck:
        raise StaysBooked
    by.use_up(subject=ending.digest, amount=ending.amount, at=at)
    for claim, *_ in reversed(rows(CLAIMS, statement)):
        undo_claim(claim, reason=why, as_debt=True, actor=by.actor, at=at)
    paper = voucher("bank correction", f"statement:{statement}", day=day_in(at, company().zone), text=why, by=by.actor.person)
    for key, booking, *_ in [*rows(LINES, statement, statement), *_opening(statement)]:
        reverse(booking, key=key, voucher=paper, at=at, actor=by.actor, as_debt=True)
    run("UPDATE bank_line SET unclear = 0 WHERE statement_id = ?", statement)
    run("UPDATE bank_statement SET taken_back_at = ?, taken_back_by = ? WHERE id = ?", micros(at), by.actor.person, statement)
    run(KEEP, statement, by.batch, ending.content)
    record(by.actor, "statement taken back", f"statement:{statement}", at=at, before=f"{ending.lines} / {ending.amount}", after=why)


def _stuck(statement: int, claims: list[tuple[int, str, int, int]], at: datetime) -> list[Stuck]:
    found = named_by_others(statement) + [Stuck(claim, str(n), TAKEN_ALREADY, {"n": n}) for claim, n in rows(RECALLED, statement)]
    for name, kind in KINDS.items():
        mine = [claim for claim, each, _, _ in claims if each == name]
        if mine and kind.stuck:
            found.extend(kind.stuck(mine, at))
    return found


def _opening(statement: int) -> list[tuple[str, int]]:
    # The books of a bank begin with its first statement. While another one counts they have begun; with the last one they end.
    if one(OTHERS, statement, statement, statement):
        return []
    return [(f"bank:undo:opening:{booking}", booking) for (booking,) in rows(OPENINGS, statement)]


STATEMENT = (
    "SELECT s.number, s.account, s.currency, s.taken_back_at, (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id)"
    " FROM bank_statement s WHERE s.id = ?"
)
CLAIMS = (
    "SELECT c.id, c.kind, c.target, c.amount FROM bank_line l JOIN line_claim c ON c.line_id = l.id"
    " WHERE l.statement_id = ? AND c.undone_at IS NULL ORDER BY c.id"
)
# Every booking of a live claim is mirrored, so whoever was credited is debited; what came back of a pay-out went on to the wallet by a
# booking of its own; and a cheque that is taken back frees what was reserved for it.
LIVE = "FROM bank_line l JOIN line_claim c ON c.line_id = l.id AND c.undone_at IS NULL AND l.statement_id = ?"
SHORT = (
    "SELECT number, name, CAST(missing AS bigint) FROM (SELECT p.number, p.name, a.floor - a.balance + a.reserved + sum(t.minor) AS missing"  # noqa: S608 - constants only
    f" FROM (SELECT b.credit_id AS account, b.amount AS minor {LIVE} JOIN booking b ON b.id = c.booking"
    f" UNION ALL SELECT b.debit_id, -b.amount {LIVE} JOIN booking b ON b.id = c.booking"
    f" UNION ALL SELECT k.account_id, o.amount {LIVE} JOIN payout o ON o.id = c.target"
    " JOIN booking z ON z.id = o.booking JOIN wallet k ON k.account_id = z.debit_id AND k.person_id = o.person_id WHERE c.kind = 'returned'"
    f" UNION ALL SELECT h.account_id, -h.amount {LIVE} JOIN hold h ON h.key = 'cheque:' || c.booking AND h.released_at IS NULL) AS t"
    " JOIN account a ON a.id = t.account JOIN wallet w ON w.account_id = a.id JOIN person p ON p.id = w.person_id"
    " GROUP BY p.number, p.name, a.id, a.floor, a.balance, a.reserved) AS wallets WHERE missing > 0 ORDER BY number"
)
# A claim from before there were claims has the line's own booking. Undone, its money went from the wallet to what is to be clarified;
# that is mirrored first, so that the line's own mirror takes it from the wallet once.
LINES = (
    "SELECT 'bank:undo:undone:' || c.id, c.mirror, l.n, 1 FROM bank_line l JOIN line_claim c ON c.line_id = l.id AND c.booking = l.booking"
    " WHERE l.statement_id = ? UNION ALL SELECT 'bank:undo:line:' || l.id, l.booking, l.n, 2 FROM bank_line l WHERE l.statement_id = ?"
    " ORDER BY 3, 4"
)
RECALLED = (
    "SELECT c.id, l.n FROM bank_line l JOIN line_claim c ON c.line_id = l.id AND c.undone_at IS NULL JOIN line_claim r ON r.kind = 'recall'"
    " AND r.target = c.id AND r.undone_at IS NULL WHERE l.statement_id = ? ORDER BY c.id"
)
OTHERS = (
    "SELECT 1 FROM bank_statement WHERE id <> ? AND taken_back_at IS NULL AND account = (SELECT account FROM bank_statement WHERE id = ?)"
    " AND currency = (SELECT currency FROM bank_statement WHERE id = ?) LIMIT 1"
)
OPENINGS = (
    "SELECT b.id FROM bank_statement o JOIN bank_statement s ON s.account = o.account AND s.currency = o.currency"
    " JOIN booking b ON b.key = 'bank:' || s.account || ':opening:' || s.id"
    " WHERE o.id = ? AND NOT EXISTS (SELECT 1 FROM booking r WHERE r.reverses = b.id)"
)
KEEP = "INSERT INTO statement_end (statement_id, batch_id, shown) VALUES (?, ?, ?)"
