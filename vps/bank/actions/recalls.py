"""The bank takes money back that it had credited: a transfer that is recalled, a cheque that crashed.

The line that takes back claims what the earlier line's claim had booked, and mirrors that booking. So both lines stay clear and
both claims stay as they are: the one says what the money was, the other that it is gone.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from vps.bank.actions.matching import KINDS, Found, Kind, Seen, Stuck, Taking, Undoing, among, join
from vps.bank.actions.windows import comes_back
from vps.kernel.database import locked, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import AlreadyReversed, Booked

NAME = "recall"
EARLIER = N_("Takes back what came on %(day)s.")
SEVERAL = N_("Might take back what came on %(day)s; that fits more than once.")
LONGEST = timedelta(days=396)
"""For thirteen months a payment can be recalled."""


class NotTheWhole(Refused):
    """Facts: amount (Money)."""

    says = N_("What came must be taken back as a whole: %(amount)s. Nothing was booked.")
    field = "amount"


class StaysBack(Refused):
    says = N_("What the bank took back stays taken back. If the money comes once more, its line is booked as a new payment.")
    status = 409


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Sure: the line says that it takes back, and exactly one earlier line of that amount has its reference or the payer's account."""
    back = [line for line in lines if comes_back(line)]
    days = [line.day for line in back]
    span = [(min(days) - LONGEST).isoformat(), max(days).isoformat()] if days else []
    earlier = defaultdict(list)
    for row in among(CAME, (-line.amount.minor for line in back), *span):
        earlier[row[0], row[1], row[2]].append(row[3:])
    return [_found(line, earlier[line.account, line.amount.currency, -line.amount.minor]) if comes_back(line) else [] for line in lines]


def seek(text: str, line: Seen) -> list[Found]:
    """What came with just this amount from a payer, or for a partner, of this number or name."""
    if line.amount.is_positive:
        return []
    sought, money = text.strip().casefold(), Money(line.amount.minor, line.amount.currency)
    span = (line.day - LONGEST).isoformat(), line.day.isoformat()
    return [
        Found(NAME, claim, money, day, False, EARLIER, {"day": date.fromisoformat(day)})
        for account, currency, _, _, day, _, _, claim, minor, *names in among(CAME_FROM, [-money.minor], *span)
        if (account, currency, minor) == (line.account, line.amount.currency, -money.minor)
        and any(sought in (name or "").casefold() for name in names)
    ]


def take(taking: Taking) -> Booked:
    """Mirror what the earlier claim had booked. Raises NotFound, NotTheWhole, AlreadyReversed, and what its kind refuses."""
    earlier = one(locked(EARLIER_CLAIM), taking.target)
    if earlier is None or earlier[0] not in CAN_COME_BACK:
        raise NotFound
    kind, line, target, minor, currency, booking = earlier
    if taking.amount != Money(-minor, currency):
        raise NotTheWhole(amount=Money(minor, currency))
    if one(BACK, taking.target):
        raise AlreadyReversed
    reason = taking.seen.reason or taking.comment or taking.seen.text[:60]
    undoing = Undoing(
        *(taking.target, line, target, -taking.amount, booking, taking.key, taking.voucher, reason, True, taking.actor, taking.at)
    )
    return (KINDS[kind].recall or KINDS[kind].undo)(undoing)


def undo(undoing: Undoing) -> Booked:
    """Never: a mirror is not mirrored again. Raises StaysBack."""
    raise StaysBack


def stuck(claims: Sequence[int], at: datetime) -> list[Stuck]:
    """All of them."""
    return [Stuck(claim, "", StaysBack.says, {}) for claim in claims]


def _found(line: Seen, rows: list[Any]) -> list[Found]:
    first = (line.day - LONGEST).isoformat()
    near = [row for row in rows if first <= row[1] <= line.day.isoformat()]
    fitting = [row for row in near if _same(line, *row[2:4])]
    alone = len({row[0] for row in fitting}) == 1
    return [
        Found(NAME, claim, Money(-minor, line.amount.currency), day, alone, EARLIER if alone else SEVERAL, {"day": date.fromisoformat(day)})
        for _, day, _, _, claim, minor in fitting
    ]


def _same(line: Seen, account: str, references: str) -> bool:
    return bool(line.party_account and line.party_account == account) or bool(set(line.references) & set(references.split("\n")) - {""})


CAN_COME_BACK = ("top-up", "order", "debt")
"""Kinds of claims that credit somebody with money that came."""
_CAME = (
    "SELECT s.account, l.currency, l.amount, l.id, l.booked_on, l.party_account, l.refs, c.id, c.amount{} FROM bank_line l"
    " JOIN bank_statement s ON s.id = l.statement_id JOIN line_claim c ON c.line_id = l.id{}"
    " WHERE l.amount IN ({{}}) AND s.taken_back_at IS NULL AND c.undone_at IS NULL"
    " AND l.booked_on BETWEEN ? AND ? AND c.kind IN ('top-up', 'order', 'debt') AND NOT EXISTS (SELECT 1 FROM line_claim r"
    " WHERE r.kind = 'recall' AND r.target = c.id AND r.undone_at IS NULL) ORDER BY c.id"
)
CAME = _CAME.format("", "")
CAME_FROM = _CAME.format(", l.party, l.text, p.number, p.name", " LEFT JOIN person p ON c.kind = 'top-up' AND p.id = c.target")
EARLIER_CLAIM = (
    "SELECT c.kind, c.line_id, c.target, c.amount, l.currency, c.booking FROM line_claim c JOIN bank_line l ON l.id = c.line_id"
    " WHERE c.id = ? AND c.undone_at IS NULL"
)
BACK = "SELECT 1 FROM line_claim WHERE kind = 'recall' AND target = ? AND undone_at IS NULL"

join(Kind(NAME, find, take, undo, once=True, seek=seek, stuck=stuck))
