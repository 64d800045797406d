"""What was in the books before its line came: booked by hand, or by the same line of another statement."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from vps.bank.actions.matching import Found, Kind, Seen, Stuck, Taking, Undoing, join
from vps.kernel.database import locked, one, rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Booked, book, reverse

NAME = "booked"
DAYS = timedelta(days=5)
"""How far the day on a receipt may lie from the day of the line."""
BY_HAND = N_("Receipt %(number)s of %(day)s was booked by hand with the same amount: %(text)s")
ANOTHER = N_("The same line stands in the statement %(number)s.")
NAMED_BY = N_("A line of another statement was named the same as line %(n)s. Take that back first.")


class OtherAmount(Refused):
    """Facts: amount (Money)."""

    says = N_("What was booked before is %(amount)s; it can only be that.")
    field = "amount"


class NamedAlready(Refused):
    says = N_("Another line was named the same as this booking already.")
    status = 409


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Never sure. Of lines that are not booked yet nothing is said: the plan of a file compares them with what came before."""
    asked = [line for line in lines if line.line is not None]
    if not asked:
        return [[] for _ in lines]
    hands, others = _by_hand(asked), _other_lines(asked)
    return [[*_hand_of(line, hands), *_others_of(line, others)] if line.line is not None else [] for line in lines]


def take(taking: Taking) -> Booked:
    """Mirror what the line moved between the bank and what is to be clarified. Raises OtherAmount, NamedAlready."""
    minor, currency = one(locked("SELECT amount, currency FROM booking WHERE id = ?"), taking.target)
    amount, bank = abs(taking.amount), one(BANK, taking.line)[0]
    if amount != Money(minor, currency):
        raise OtherAmount(amount=Money(minor, currency))
    if one(CLAIMED, taking.target):
        raise NamedAlready
    debit, credit = (taking.clarify, bank) if taking.amount.is_positive else (bank, taking.clarify)
    facts: dict[str, Any] = {"at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    return book(key=taking.key, voucher=taking.voucher, motive="receipt", debit=debit, credit=credit, amount=amount, **facts)


def undo(undoing: Undoing) -> Booked:
    """The line counts again."""
    return reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)


def named_by_others(statement: int) -> list[Stuck]:
    """Claims by which lines of other statements were named the same as one of this statement: without it they would be missing."""
    return [Stuck(claim, str(n), NAMED_BY, {"n": n}) for claim, n in rows(NAMERS, statement)]


def _by_hand(lines: list[Seen]) -> list[Any]:
    # (booking, signed minor units, currency, day, receipt, text) around the days of these lines.
    days = [line.day for line in lines]
    return rows(HANDS, (min(days) - DAYS).isoformat(), (max(days) + DAYS).isoformat())


def _hand_of(line: Seen, hands: list[Any]) -> list[Found]:
    return [
        Found(NAME, booking, line.amount, number, False, BY_HAND, {"number": number, "day": date.fromisoformat(day), "text": text})
        for booking, minor, currency, day, number, text in hands
        if (minor, currency) == (line.amount.minor, line.amount.currency) and abs(date.fromisoformat(day) - line.day) <= DAYS
    ]


def _other_lines(lines: list[Seen]) -> list[Any]:
    # (line, its statement, booking, the statement's number, …) of the same days and amounts, these lines themselves included.
    pairs = {(line.day.isoformat(), line.amount.minor) for line in lines}
    return rows(OTHERS.format(", ".join(["(?, ?)"] * len(pairs))), *(value for pair in sorted(pairs) for value in pair))


def _others_of(line: Seen, others: list[Any]) -> list[Found]:
    own = next((statement for key, statement, *_ in others if key == line.line), None)
    facts = line.account, line.day.isoformat(), line.amount.minor, line.amount.currency, line.party, line.text
    return [
        Found(NAME, booking, line.amount, number, False, ANOTHER, {"number": number})
        for key, statement, booking, number, *same in others
        if tuple(same) == facts and own is not None and key < line.line and statement != own
    ]


join(Kind(NAME, find, take, undo, once=True))

CLAIMED = "SELECT 1 FROM line_claim WHERE kind = 'booked' AND undone_at IS NULL AND target = ?"
BANK = (
    "SELECT CASE WHEN l.amount > 0 THEN b.debit_id ELSE b.credit_id END FROM bank_line l JOIN booking b ON b.id = l.booking WHERE l.id = ?"
)
HANDS = (
    "SELECT b.id, CASE WHEN d.kind = 'bank' THEN b.amount ELSE -b.amount END, b.currency, v.day, v.ref, v.text"
    " FROM voucher v JOIN booking b ON b.key = 'receipt:' || v.ref JOIN account d ON d.id = b.debit_id"
    " WHERE v.kind = 'receipt' AND v.day BETWEEN ? AND ?"
    " AND NOT EXISTS (SELECT 1 FROM booking r WHERE r.reverses = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM line_claim c WHERE c.kind = 'booked' AND c.undone_at IS NULL AND c.target = b.id) ORDER BY b.id"
)
OTHERS = (
    "SELECT l.id, s.id, l.booking, s.number, s.account, l.booked_on, l.amount, l.currency, l.party, l.text FROM bank_line l"
    " JOIN bank_statement s ON s.id = l.statement_id WHERE (l.booked_on, l.amount) IN (VALUES {}) AND s.taken_back_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM line_claim c WHERE c.kind = 'booked' AND c.undone_at IS NULL AND c.target = l.booking) ORDER BY l.id"
)
NAMERS = (
    "SELECT c.id, l.n FROM bank_line l JOIN line_claim c ON c.kind = 'booked' AND c.target = l.booking AND c.undone_at IS NULL"
    " JOIN bank_line o ON o.id = c.line_id WHERE l.statement_id = ? AND o.statement_id <> l.statement_id ORDER BY c.id"
)
