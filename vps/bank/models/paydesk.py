"""The desk that sends money out: what waits and what holds it, file by file what went to the bank, and what a file pays."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.bank.accounts import PayeeAccount, shown
from vps.bank.models.payouts import country_of
from vps.bank.payfiles.files import check
from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money

PREVIEW = "pay-out file"
"""The kind of batch that a file is made by."""
FREE = ""
OWN, FROZEN, COUNTRY, RESTS, SHARED, LEAST = "held", "frozen", "country", "rests", "shared", "least"
"""Why a pay-out waits: somebody holds it, or a rule does. What is approved is no longer held for being shared or small."""


class Rules(NamedTuple):
    """By which pay-outs are held: `countries` that the company pays to, the smallest pay-out, and the moment."""

    countries: tuple[str, ...]
    least: Money
    now: datetime

    @property
    def values(self) -> tuple[object, ...]:
        """In the order of their marks in WAITING."""
        return (*self.countries, micros(self.now), self.least.currency, self.least.minor)


class Waiting(NamedTuple):
    """A pay-out that no file has taken yet. `why` is what holds it, nothing if it may go; `reason` what somebody wrote."""

    id: int
    person: int | None
    partner: str
    name: str
    language: str
    holder: str
    kind: str
    number: str
    bic: str
    amount: Money
    text: str
    asked_at: datetime
    day: date
    approved: bool
    why: str
    reason: str
    cent: bool
    """A coded cent, at the company's cost."""
    customer: bool
    """A refund to a customer."""

    @property
    def account(self) -> str:
        """The number in groups."""
        return shown(PayeeAccount(self.kind, self.number, country_of(self.kind, self.number)))


class Group(NamedTuple):
    """Pay-outs that wait, of one currency and kind of account, for one day, held for one reason or free."""

    currency: str
    kind: str
    day: date
    why: str
    approved: bool
    n: int
    amount: int


class Sent(NamedTuple):
    """A file in the office's list, and how many of its pay-outs are still in it."""

    id: int
    message_id: str
    account: str
    format: str
    day: date
    n: int
    amount: Money
    made_at: datetime
    executed_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    digest: str

    @property
    def is_open(self) -> bool:
        """Whether the bank may still book it."""
        return self.executed_at is None and self.voided_at is None


class Paid(NamedTuple):
    """A pay-out in a file as its page shows it."""

    id: int
    partner: str
    name: str
    holder: str
    number: str
    amount: Money
    executed_at: datetime | None
    returned_at: datetime | None
    cent: bool
    customer: bool


def waiting(
    rules: Rules, currency: str, kinds: tuple[str, ...], *, search: str = "", after: tuple[str, int] = ("", 0), limit: int = 10**6
) -> list[Waiting]:
    """What waits to be paid in a currency to accounts of these kinds, by the day it was asked for."""
    sought, number = search.strip(), search.replace(" ", "")
    words = (sought, sought, f"%{number}" if len(number) > 3 else "", f"%{sought}%") if sought else ()
    sql = WAITING.format(_marks(rules.countries), LISTED.format(_marks(kinds), FOUND if sought else ""))
    return [_waiting(row) for row in rows(sql, *rules.values, currency, *kinds, *words, *after, limit)] if kinds else []


def waits(rules: Rules, key: int) -> Waiting | None:
    """One pay-out that waits."""
    row = one(WAITING.format(_marks(rules.countries), "AND p.id = ?"), *rules.values, key)
    return _waiting(row) if row else None


def groups(rules: Rules) -> list[Group]:
    """Counts and sums of all that waits."""
    found = rows(GROUPS.format(_marks(rules.countries)), *rules.values)
    return [
        Group(currency, kind, date.fromisoformat(day), why, bool(approved), int(count), int(amount))
        for currency, kind, day, why, approved, count, amount in found
    ]


def sent_files(*, before: int | None = None, limit: int = 25) -> list[Sent]:
    """Files newest first."""
    return [_sent(row) for row in rows(f"{SENT} WHERE f.id < ? ORDER BY f.id DESC LIMIT ?", before or 2**62, limit)]


def sent_file(key: int) -> Sent | None:
    """One file."""
    row = one(f"{SENT} WHERE f.id = ?", key)
    return _sent(row) if row else None


def paid_from(file: int | None) -> tuple[int, str] | None:
    """Id and message id of the file that a pay-out is in."""
    row = one("SELECT id, message_id FROM payout_file WHERE id = ?", file) if file else None
    return (row[0], row[1]) if row else None


def paid_by_hand_as(payout: int) -> tuple[str, date] | None:
    """The bank's number and day of a pay-out that somebody made by hand."""
    row = one("SELECT number, day FROM payout_by_hand WHERE payout_id = ? AND ended_at IS NULL", payout)
    return (row[0], date.fromisoformat(row[1])) if row else None


def paid_by(file: int, *, after: int = 0, limit: int = 50) -> list[Paid]:
    """The pay-outs that are in a file."""
    return [
        Paid(
            key, partner or "", name or "", holder, number, Money(minor, currency), _at(executed), _at(returned), bool(cent), bool(customer)
        )
        for key, partner, name, holder, number, minor, currency, executed, returned, cent, customer in rows(PAID, file, after, limit)
    ]


def members(file: int) -> list[int]:
    """The pay-outs that a file pays by its own bytes, in its order; 0 for one that is not ours. Some may have left it since."""
    name, content, made = one("SELECT format, content, made_at FROM payout_file WHERE id = ?", file)
    lines = check(bytes(content), name)
    if name != "1c":
        return [next(iter(payouts_named((line.reference,))), 0) for line in lines]
    return [int(one(ORDERED, line.account, line.amount.minor, line.amount.currency, made, int(line.reference))[0] or 0) for line in lines]


def file_of_batch(digest: bytes) -> int | None:
    """The file that was made of a preview."""
    row = one("SELECT f.id FROM payout_file f JOIN batch b ON b.id = f.batch_id WHERE b.digest = ?", digest)
    return int(row[0]) if row else None


def reference(format_name: str, payout: int) -> str:
    """By which a file and the bank's answers name a pay-out. Orders in Russia have a number of six digits instead."""
    return str(payout % 10**6) if format_name == "1c" else f"VPS{payout}"


def shown_text(account: str, format_name: str, day: date, instant: bool, paid: Iterable[tuple[int, str, str, int, str]]) -> str:
    """What somebody confirms for a file, word for word: each pay-out's id, holder, account, amount and text among it."""
    facts = {
        "account": account,
        "format": format_name,
        "day": day.isoformat(),
        "instant": instant,
        "payouts": [list(each) for each in paid],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def payouts_named(texts: tuple[str, ...]) -> set[int]:
    """The pay-outs that references and texts name."""
    return {int(found) for text in texts for found in NAMED.findall(text)}


def files_named(texts: tuple[str, ...]) -> set[str]:
    """The files that references and texts name, by their message ids."""
    return {found for text in texts for found in MESSAGE.findall(text)}


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values)) or "''"


def _waiting(row: Any) -> Waiting:
    key, person, partner, name, language, *account, minor, currency, text, asked, day, approved, why, reason, cent, customer = row
    who, when, said = (partner or "", name or "", language or ""), (instant(asked), date.fromisoformat(day)), (why, reason)
    what = Money(minor, currency), text, *when, bool(approved), *said, bool(cent), bool(customer)
    return Waiting(key, person, *who, *account, *what)  # type: ignore[call-arg]


def _sent(row: tuple[int, str, str, str, str, int, int, str, int, int | None, int | None, str, bytes]) -> Sent:
    key, message, account, name, day, count, minor, currency, made, executed, voided, reason, digest = row
    facts = date.fromisoformat(day), count, Money(minor, currency), instant(made), _at(executed), _at(voided)
    return Sent(key, message, account, name, *facts, reason, bytes(digest).hex())


def _at(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


NAMED = re.compile(r"(?<![A-Za-z0-9])VPS([0-9]{1,15})(?![A-Za-z0-9-])")
MESSAGE = re.compile(r"(?<![A-Za-z0-9])VPS-[0-9]{8}-[0-9]{1,15}(?![A-Za-z0-9-])")
WHY = (
    "CASE WHEN p.held_at IS NOT NULL THEN 'held'"
    " WHEN EXISTS (SELECT 1 FROM wallet_freeze z WHERE z.person_id = p.person_id AND z.lifted_at IS NULL) THEN 'frozen'"
    " WHEN CASE p.kind WHEN 'rs' THEN 'RS' WHEN 'ru' THEN 'RU' ELSE substr(p.number, 1, 2) END NOT IN ({}) THEN 'country'"
    " WHEN k.usable_from > ? THEN 'rests' WHEN p.approved_at IS NOT NULL THEN ''"
    " WHEN EXISTS (SELECT 1 FROM payee_account o WHERE o.number = p.number AND o.person_id <> p.person_id AND o.ended_at IS NULL) THEN 'shared'"
    " WHEN p.person_id IS NOT NULL AND p.currency = ? AND p.amount < ? THEN 'least' ELSE '' END"
)
HERE = "p.file_id IS NULL AND p.executed_at IS NULL AND p.refused_at IS NULL AND p.withdrawn_at IS NULL"
BY_HAND = "SELECT 1 FROM payout_by_hand h WHERE h.payout_id = p.id AND h.ended_at IS NULL"
FROM = f"FROM payout p LEFT JOIN payee_account k ON k.id = p.payee_id LEFT JOIN person w ON w.id = p.person_id WHERE {HERE} AND NOT EXISTS ({BY_HAND})"
WHAT = "EXISTS (SELECT 1 FROM cent c WHERE c.payout_id = p.id), CASE WHEN p.cause IS NULL THEN 0 ELSE 1 END"
WAITING = (
    "SELECT p.id, p.person_id, w.number, w.name, w.language, p.holder, p.kind, p.number, p.bic, p.amount, p.currency, p.text, p.asked_at,"
    " p.day, CASE WHEN p.approved_at IS NULL THEN 0 ELSE 1 END,"
    f" {WHY}, p.held_reason, {WHAT} {FROM} {{}}"
)
LISTED = "AND p.currency = ? AND p.kind IN ({}){} AND (p.day, p.id) > (?, ?) ORDER BY p.day, p.id LIMIT ?"
FOUND = " AND (w.number = ? OR CAST(p.id AS TEXT) = ? OR p.number LIKE ? OR p.holder LIKE ?)"
GROUPS = (
    "SELECT currency, kind, day, why, approved, count(*), sum(amount) FROM (SELECT p.currency AS currency, p.kind AS kind, p.day AS day,"
    f" p.amount AS amount, CASE WHEN p.approved_at IS NULL THEN 0 ELSE 1 END AS approved, {WHY} AS why {FROM}) AS here"
    " GROUP BY currency, kind, day, why, approved"
)
SENT = (
    "SELECT f.id, f.message_id, a.number, f.format, f.day, f.count, f.amount, f.currency, f.made_at, f.executed_at, f.voided_at,"
    " f.void_reason, f.digest FROM payout_file f JOIN bank_account a ON a.id = f.bank_account_id"
)
ORDERED = "SELECT max(id) FROM payout WHERE number = ? AND amount = ? AND currency = ? AND asked_at <= ? AND id % 1000000 = ?"
PAID = (
    f"SELECT p.id, w.number, w.name, p.holder, p.number, p.amount, p.currency, p.executed_at, p.returned_at, {WHAT} FROM payout p"
    " LEFT JOIN person w ON w.id = p.person_id WHERE p.file_id = ? AND p.id > ? ORDER BY p.id LIMIT ?"
)
