"""Manual provisions in lists: proposals, the lines of one, what one partner got, and what is to be taken back."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.ledger.models import Line, on_lines

PAPER = "commission run"
"""The kind of voucher that a run's bookings rest on."""
MANUAL_PROVISION = "manual provision"
"""What it is called where the run was one of manual provisions."""


class Listed(NamedTuple):
    """A proposal in a list."""

    id: int
    name: str
    lines: int
    total: Money
    several: bool
    """Whether there are other currencies besides."""
    drafted_at: datetime
    drafter: str
    confirmed: bool
    approved_at: datetime | None
    booked_at: datetime | None
    discarded_at: datetime | None
    withdrawn: bool


class Entry(NamedTuple):
    """A line of a proposal."""

    n: int
    number: str
    partner: str
    kind: str
    amount: Money
    text: str


class Got(NamedTuple):
    """What one partner got of a proposal into one wallet: one booking, and what came of it."""

    kind: str
    amount: Money
    held: bool
    """Not booked: his account was closed."""
    texts: tuple[str, ...]


class Mine(NamedTuple):
    """A manual provision in its partner's own list."""

    run: int
    n: int
    booked_at: datetime
    kind: str
    amount: Money
    text: str
    taken_back: bool


class Asked(NamedTuple):
    """Something that is to be taken back, or was, in a list."""

    id: int
    run: int
    number: str
    partner: str
    kind: str
    amount: Money
    reason: str
    asked_at: datetime
    asked_by: int
    asker: str
    done: bool
    refused_at: datetime | None
    refused_why: str
    withdrawn: bool

    @property
    def waits(self) -> bool:
        return not self.done and self.refused_at is None


def proposals(*, waiting: bool, before: int | None = None, limit: int) -> list[Listed]:
    """Those that wait, oldest first; or those that were decided, newest first."""
    found = rows(WAITING, limit) if waiting else rows(DECIDED, before or 2**62, limit)
    return [_listed(row) for row in found]


def entries(key: int, *, after: int = 0, limit: int) -> list[Entry]:
    """Lines of a proposal in their order."""
    found = rows(ENTRIES, key, after, limit)
    return [Entry(n, number, partner, kind, Money(minor, code), text) for n, number, partner, kind, minor, code, text in found]


def got(key: int, person: int) -> list[Got]:
    """What one partner got of a proposal, by wallet."""
    texts: dict[tuple[str, str], list[str]] = {}
    for kind, currency, text in rows(TEXTS, person, key):
        texts.setdefault((kind, currency), []).append(text)
    shares = rows(SHARES, key, person)
    return [Got(kind, Money(minor, currency), held != "", tuple(texts[kind, currency])) for kind, currency, minor, held in shares]


def provisions_of(person: int, *, before: tuple[int, int] | None = None, limit: int) -> list[Mine]:
    """A partner's own manual provisions, newest first."""
    run, n = before or (2**62, 0)
    found = rows(MINE, person, run, run, n, limit)
    return [Mine(row[0], row[1], instant(row[2]), row[3], Money(row[4], row[5]), row[6], row[7] is not None) for row in found]


def taken_back(*, run: int | None = None, person: int | None = None, limit: int = 50) -> list[Asked]:
    """What is to be taken back: all that waits; or all of one partner and proposal, decided or not."""
    found = rows(BACK_WAITS, limit) if run is None else rows(BACK_OF, run, person, limit)
    return [_asked(row) for row in found]


def receiving() -> list[str]:
    """The codes of the kinds of wallets that receive commissions, the main one first."""
    return [code for (code,) in rows(RECEIVING)]


@on_lines
def with_texts(lines: list[Line]) -> list[Line]:
    """Lines of statements; those of manual provisions with what they are for."""
    runs = [line for line in lines if line.voucher_kind == PAPER]
    texts = texts_of({line.voucher_ref for line in runs}, {line.account for line in runs})
    if not texts:
        return lines
    return [_told(line, texts.get((line.voucher_ref, line.account))) for line in lines]


def texts_of(refs: Collection[str], accounts: Collection[int]) -> dict[tuple[str, int], str]:
    """What these runs credited these accounts by hand for, by the reference of their vouchers and the account, in one question."""
    runs = sorted(int(ref) for ref in refs if ref.isdecimal())
    if not runs:
        return {}
    sql = OF_LINES.format(", ".join("?" * len(runs)), ", ".join("?" * len(accounts)))
    texts: dict[tuple[str, int], dict[str, None]] = {}
    for run, account, text in rows(sql, *runs, *sorted(accounts)):
        texts.setdefault((str(run), account), {})[text] = None
    return {place: " · ".join(each) for place, each in texts.items()}


def _told(line: Line, text: str | None) -> Line:
    if line.voucher_kind != PAPER or text is None:
        return line
    return line._replace(voucher_kind=MANUAL_PROVISION, voucher_text=text)


def _listed(row: tuple[object, ...]) -> Listed:
    key, facts, lines, minor, code, several, drafted_at, drafter, drafted_by, approved_at, booked_at, discarded_at, discarded_by = row
    known = json.loads(str(facts))
    makers = {drafted_by, known.get("confirmed_by")} - {None}
    approved, booked, discarded = (instant(each) if isinstance(each, int) else None for each in (approved_at, booked_at, discarded_at))
    assert isinstance(key, int) and isinstance(lines, int) and isinstance(minor, int) and isinstance(drafted_at, int)
    name, money, who = known["name"], Money(minor, str(code)), str(drafter or "")
    confirmed = known.get("confirmed_by") is not None
    withdrawn = discarded_by in makers
    return Listed(key, name, lines, money, bool(several), instant(drafted_at), who, confirmed, approved, booked, discarded, withdrawn)


def _asked(row: tuple[object, ...]) -> Asked:
    key, run, number, partner, kind, minor, code, reason, at, by, asker, done, refused_at, refused_by, why = row
    assert isinstance(minor, int) and isinstance(at, int)
    refused = instant(refused_at) if isinstance(refused_at, int) else None
    facts = key, run, number, partner, kind, Money(minor, str(code)), reason, instant(at), by, asker, done is not None, refused, why
    return Asked(*facts, refused is not None and refused_by == by)  # type: ignore[arg-type]


RECEIVING = "SELECT code FROM wallet_kind WHERE commission AND ended_at IS NULL ORDER BY position, id"
_LIST = (
    "SELECT r.id, r.facts, r.lines, r.total, r.currency, EXISTS (SELECT 1 FROM commission_share s WHERE s.run_id = r.id"
    " AND s.currency <> r.currency), r.drafted_at, d.name, r.drafted_by, r.approved_at, r.booked_at, r.discarded_at, r.discarded_by"
    " FROM commission_run r LEFT JOIN person d ON d.id = r.drafted_by WHERE r.kind = 'manual'"
)
WAITING = f"{_LIST} AND r.approved_at IS NULL AND r.discarded_at IS NULL ORDER BY r.id LIMIT ?"
DECIDED = f"{_LIST} AND (r.approved_at IS NOT NULL OR r.discarded_at IS NOT NULL) AND r.id < ? ORDER BY r.id DESC LIMIT ?"
ENTRIES = (
    "SELECT m.n, p.number, p.name, m.kind, m.amount, m.currency, m.text FROM manual_provision m JOIN person p ON p.id = m.person_id"
    " WHERE m.run_id = ? AND m.n > ? ORDER BY m.n LIMIT ?"
)
SHARES = "SELECT kind, currency, amount, held FROM commission_share WHERE run_id = ? AND payee = ? ORDER BY kind, currency"
TEXTS = "SELECT kind, currency, text FROM manual_provision WHERE person_id = ? AND run_id = ? ORDER BY n"
MINE = (
    "SELECT m.run_id, m.n, r.booked_at, m.kind, m.amount, m.currency, m.text, b.reversal FROM manual_provision m"
    " JOIN commission_run r ON r.id = m.run_id JOIN commission_share s ON s.run_id = m.run_id AND s.payee = m.person_id AND s.kind = m.kind"
    " AND s.currency = m.currency LEFT JOIN manual_provision_back b ON b.run_id = m.run_id AND b.person_id = m.person_id AND b.kind = m.kind"
    " AND b.currency = m.currency AND b.reversal IS NOT NULL WHERE m.person_id = ? AND (m.run_id < ? OR m.run_id = ? AND m.n < ?)"
    " AND r.booked_at IS NOT NULL AND s.held = '' ORDER BY m.run_id DESC, m.n DESC LIMIT ?"
)
_BACK = (
    "SELECT b.id, b.run_id, p.number, p.name, b.kind, b.amount, b.currency, b.reason, b.asked_at, b.asked_by, a.name, b.reversal,"
    " b.refused_at, b.refused_by, b.refused_why FROM manual_provision_back b JOIN person p ON p.id = b.person_id"
    " JOIN person a ON a.id = b.asked_by"
)
BACK_WAITS = f"{_BACK} WHERE b.reversal IS NULL AND b.refused_at IS NULL ORDER BY b.id LIMIT ?"
BACK_OF = f"{_BACK} WHERE b.run_id = ? AND b.person_id = ? ORDER BY b.id DESC LIMIT ?"
OF_LINES = (
    "SELECT m.run_id, w.account_id, m.text FROM wallet w JOIN manual_provision m ON m.person_id = w.person_id AND m.kind = w.kind"
    " AND m.currency = w.currency WHERE m.run_id IN ({}) AND w.account_id IN ({}) ORDER BY m.run_id, m.n"
)
