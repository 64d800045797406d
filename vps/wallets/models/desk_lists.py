"""What the office's pages about wallets show: kinds, rules, a partner's wallets, transfers that wait or were made."""

from datetime import datetime
from typing import Any, NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.ledger.models import HIDDEN
from vps.wallets.models.rows import WalletKind
from vps.wallets.models.transfers import Rule


class ListedWallet(NamedTuple):
    """One of a partner's wallets, open or closed. `plan`: the plan by which a debt of it is repaid."""

    id: int
    kind: str
    currency: str
    name: str
    booked: Money
    held: Money
    shortfall: Money
    frozen_at: datetime | None
    frozen_why: str
    closed_at: datetime | None
    plan: int | None


class End(NamedTuple):
    """One end of a transfer: a wallet of a partner (`number`), or an account of the company of this kind."""

    kind: str
    number: str
    name: str


class Asked(NamedTuple):
    """A transfer or reversal that the office asked for, with both ends and who decided."""

    id: int
    debit: End
    credit: End
    amount: Money
    reason: str
    reverses: int | None
    as_debt: bool
    asked_by: int
    asker: str
    asked_at: datetime
    approver: str
    approved_at: datetime | None
    refused_by: int | None
    refuser: str
    refused_at: datetime | None
    refused_why: str
    transfer: int | None
    accounts: tuple[int, int]
    people: tuple[int, ...]
    """The ledger accounts of both ends, and the partners it is about."""

    @property
    def waits(self) -> bool:
        return self.transfer is None and self.refused_at is None


class Made(NamedTuple):
    """A transfer as the office sees it. `people`: the partners it was between."""

    id: int
    kind: str
    debit: End
    credit: End
    amount: Money
    fee: Money
    got: Money
    rate: str
    message: str
    reason: str
    made_at: datetime
    reversed_at: datetime | None
    people: tuple[int, ...]


class ListedRule(NamedTuple):
    """A rule for transfers, and who set it."""

    kind: str
    whose: str
    currency: str
    rule: Rule
    since: datetime
    by: str
    in_force: bool


def kinds() -> list[WalletKind]:
    """All kinds of wallets, in the company's order, ended ones last."""
    return list(WalletKind.select().order_by(WalletKind.ended_at.is_null(False), WalletKind.position, WalletKind.code))


def rules_list(limit: int) -> list[ListedRule]:
    """The rules for transfers, newest first; of each kind, whose and currency the newest one is in force."""
    found, seen = [], set()
    for kind, whose, currency, least, most, multiple, fee, fee_bp, on_top, since, by in rows(RULES, limit):
        what = (kind, whose, currency)
        rule = Rule(least, most, multiple, fee, fee_bp, bool(on_top))
        found.append(ListedRule(*what, rule, instant(since), by or "", what not in seen))
        seen.add(what)
    return found


def wallets_of(person: int) -> list[ListedWallet]:
    """All wallets a partner has or had, open ones and main ones first."""
    return [_wallet(row) for row in rows(WALLETS, person)]


def asked_list(*, waiting: bool, before: int | None = None, limit: int) -> list[Asked]:
    """What waits for a colleague, oldest first; or what was decided, newest first."""
    return [_asked(row) for row in (rows(WAITING, limit) if waiting else rows(DECIDED, before or 2**62, limit))]


def asked(key: int) -> Asked | None:
    """One of them."""
    row = one(f"{ASKED} WHERE o.id = ?", key)
    return _asked(row) if row else None


def ends_at(debit: int, credit: int) -> tuple[End, End]:
    """Both ends by their ledger accounts."""
    row = one(ENDS, debit, credit)
    return End(*row[:3]), End(*row[3:])


def made(key: int) -> Made | None:
    """One transfer."""
    row = one(MADE, key)
    if row is None:
        return None
    key, kind, minor, currency, fee, got, into, rate, message, reason, at, back, sender, recipient, *ends = row
    amounts = Money(minor, currency), Money(fee, currency), Money(got, into)
    people = tuple(sorted({person for person in (sender, recipient) if person is not None}))
    both = End(*ends[:3]), End(*ends[3:])
    return Made(key, kind, *both, *amounts, rate, message, reason, instant(at), instant(back) if back is not None else None, people)


def _wallet(row: tuple[Any, ...]) -> ListedWallet:
    key, kind, currency, name, balance, reserved, floor, frozen, why, closed, plan = row
    booked, held, short = (Money(minor, currency) for minor in (balance, reserved, max(0, floor - balance)))
    since, until = (None if at is None else instant(at) for at in (frozen, closed))
    return ListedWallet(key, kind, currency, name, booked, held, short, since, why, until, plan)


def _asked(row: tuple[Any, ...]) -> Asked:
    (
        key,
        minor,
        currency,
        reason,
        reverses,
        as_debt,
        by,
        at,
        approved,
        refused_by,
        refused,
        why,
        transfer,
        asker,
        approver,
        refuser,
        *more,
    ) = row
    debit, credit, sender, recipient, *ends = more
    approved_at, refused_at = (None if when is None else instant(when) for when in (approved, refused))
    first = key, End(*ends[:3]), End(*ends[3:]), Money(minor, currency), reason, reverses, bool(as_debt), by, asker or "", instant(at)
    people = tuple(sorted({person for person in (sender, recipient) if person is not None}))
    decided = approver or "", approved_at, refused_by, refuser or "", refused_at, why, transfer
    return Asked(*first, *decided, (debit, credit), people)


_END = "coalesce({0}w.kind, {0}a.kind), coalesce({0}p.number, ''), coalesce({0}p.name, '')"
_JOIN = " JOIN account {0}a ON {0}a.id = {1}.{2} LEFT JOIN wallet {0}w ON {0}w.account_id = {0}a.id LEFT JOIN person {0}p ON {0}p.id = {0}w.person_id"
_ENDS = f"{_END.format('d')}, {_END.format('c')}"
RULES = (
    "SELECT r.kind, r.whose, r.currency, r.least, r.most, r.multiple, r.fee, r.fee_bp, r.on_top, r.since, p.name FROM transfer_rule r"
    ' LEFT JOIN person p ON p.id = r."by" ORDER BY r.id DESC LIMIT ?'
)
WALLETS = (
    f"SELECT w.id, w.kind, w.currency, w.name, a.balance - {HIDDEN.format('a.id', '')}, a.reserved - {HIDDEN.format('a.id', '')}, a.floor,"
    " w.frozen_at, w.frozen_why, w.closed_at,"
    " (SELECT p.id FROM debt_plan p WHERE p.account_id = a.id AND p.ended_at IS NULL) FROM wallet w JOIN account a ON a.id = w.account_id"
    " WHERE w.person_id = ? ORDER BY w.closed_at IS NOT NULL, w.kind <> 'main', w.id"
)
ASKED = (
    "SELECT o.id, o.amount, o.currency, o.reason, o.reverses_id, o.as_debt, o.asked_by, o.asked_at, o.approved_at, o.refused_by, o.refused_at,"
    f" o.refused_why, o.transfer_id, x.name, y.name, z.name, o.debit_id, o.credit_id, dw.person_id, cw.person_id, {_ENDS} FROM office_transfer o LEFT JOIN person x ON x.id = o.asked_by"
    " LEFT JOIN person y ON y.id = o.approved_by LEFT JOIN person z ON z.id = o.refused_by"
    f"{_JOIN.format('d', 'o', 'debit_id')}{_JOIN.format('c', 'o', 'credit_id')}"
)
WAITING = f"{ASKED} WHERE o.transfer_id IS NULL AND o.refused_at IS NULL ORDER BY o.id LIMIT ?"
DECIDED = f"{ASKED} WHERE (o.transfer_id IS NOT NULL OR o.refused_at IS NOT NULL) AND o.id < ? ORDER BY o.id DESC LIMIT ?"
ENDS = (
    f"SELECT {_ENDS} FROM (SELECT CAST(? AS bigint) AS debit_id, CAST(? AS bigint) AS credit_id) AS o"
    f"{_JOIN.format('d', 'o', 'debit_id')}{_JOIN.format('c', 'o', 'credit_id')}"
)
MADE = (
    "SELECT t.id, t.kind, t.amount, t.currency, t.fee, t.got, t.got_currency, t.rate, t.message, t.reason, t.made_at, t.reversed_at,"
    f" t.sender_id, t.recipient_id, {_ENDS} FROM transfer t{_JOIN.format('d', 't', 'debit_id')}{_JOIN.format('c', 't', 'credit_id')} WHERE t.id = ?"
)
