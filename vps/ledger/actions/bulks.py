"""Many credits at once, in chunks between which others pay: seen by nobody until the last one is written, then by everybody.

Constant SQL for whole chunks; what it writes is what `book` would write, one by one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import action, insert, is_postgres, locked, many, one, rows, run
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions.booking import company_account
from vps.ledger.models.rows import MOST
from vps.ledger.models.seals import digest

LOCK = 10029
"""Of PostgreSQL: shared by what must not happen while a bulk is open, taken whole by who opens one."""


class BeingBooked(Refused):
    says = N_("Commissions are being booked just now. Nothing was changed; please try again in a minute.")
    status = 409


class Held(NamedTuple):
    """A part of a credit that is reserved, until a moment (microseconds) or, with None, until it is released."""

    minor: int
    until: int | None
    reason: str
    key: str


class Credit(NamedTuple):
    """One credit of a bulk, out of the company's account of a kind. What is not held is free as soon as the bulk is closed."""

    account: int
    minor: int
    currency: str
    key: str
    held: tuple[Held, ...] = ()


class OpenBulk(NamedTuple):
    """A bulk that can be written to: its voucher, and when it was opened."""

    id: int
    voucher: int
    opened_at: datetime


@action
def open_bulk(voucher: int, *, at: datetime) -> OpenBulk:
    """The bulk of this voucher, opened now if it is new. Raises BeingBooked while another one is open."""
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(?)", LOCK)
    found = one("SELECT id, voucher_id, opened_at FROM bulk WHERE closed_at IS NULL OR voucher_id = ?", voucher)
    if found and found[1] != voucher:
        raise BeingBooked
    if not found:
        after = one("SELECT coalesce(max(id), 0) FROM booking")[0]
        found = insert(OPEN, voucher, after, micros(at)), voucher, micros(at)
    return OpenBulk(found[0], found[1], instant(found[2]))


@action
def must_not_be_booked() -> None:
    """Raise BeingBooked while a bulk is open; until the caller's action ends, none is opened."""
    if is_postgres():
        run("SELECT pg_advisory_xact_lock_shared(?)", LOCK)
    if one("SELECT 1 FROM bulk WHERE closed_at IS NULL"):
        raise BeingBooked


@action
def credit_bulk(bulk: OpenBulk, credits: Sequence[Credit], *, source: str, motive: str, day: date, at: datetime, actor: Actor) -> None:
    """Write some of the bulk's credits: each account once, each credit reserved as a whole until the bulk is closed.

    `source`: the kind of the company's accounts that is debited. A key that was booked before is an error, not a resend: the caller
    knows how far he is, and keeps that in the same transaction.
    """
    accounts = {credit.account: credit for credit in credits}
    assert len(accounts) == len(credits)
    marks, kind, now, value, opened = ", ".join("?" * len(accounts)), f"in:{motive}", micros(at), day.isoformat(), micros(bulk.opened_at)
    debits = {currency: company_account(source, currency) for currency in {credit.currency for credit in credits}}
    bookings, balances, sums, holds = [], [], [], []
    for account, balance, currency, seq, latest, minor, count in rows(_of_accounts(marks), kind, kind, *sorted(accounts)):
        credit = accounts.pop(account)
        assert 0 < credit.minor <= MOST and currency == credit.currency
        facts = (credit.key, bulk.voucher, motive, debits[currency], account, credit.minor, currency, now,
                 value, actor.person, None, balance + credit.minor, None)  # fmt: skip
        bookings.append((*facts, digest(*facts)))
        balances.append((credit.minor, credit.minor, account))
        sums.append((account, kind, (seq or 0) + 1, max(now, latest or 0), (minor or 0) + credit.minor, (count or 0) + 1))
        holds += _holds(bulk.id, opened, credit, now)
    assert not accounts, "an account that does not exist"
    many(GIVE, balances)
    many(BOOK, bookings)
    many(COUNT, sums)
    many(HOLD, holds)


@action
def close_bulk(bulk: OpenBulk, *, at: datetime) -> None:
    """From now on everybody sees all of it."""
    run("UPDATE bulk SET closed_at = ? WHERE id = ? AND closed_at IS NULL", micros(at), bulk.id)


def _holds(bulk: int, opened: int, credit: Credit, now: int) -> list[tuple[object, ...]]:
    held: list[tuple[object, ...]] = [(credit.account, minor, reason, key, now, until, bulk) for minor, until, reason, key in credit.held]
    free = credit.minor - sum(part.minor for part in credit.held)
    assert free >= 0
    if free:  # over as soon as the bulk is
        held.append((credit.account, free, "bulk", credit.key, now, opened, bulk))
    return held


def _of_accounts(marks: str) -> str:
    # In the order of their ids, in which every payment locks them, too.
    return locked(ACCOUNTS.format(marks)) + (" OF a" if is_postgres() else "")


OPEN = "INSERT INTO bulk (voucher_id, kind, after, opened_at) VALUES (?, 'bulk', ?, ?)"
ACCOUNTS = (
    "SELECT a.id, a.balance, a.currency, u.seq, u.at, u.cum_minor, u.cum_count FROM account a LEFT JOIN usage u ON u.account_id = a.id"
    " AND u.kind = ? AND u.seq = (SELECT max(seq) FROM usage m WHERE m.account_id = a.id AND m.kind = ?) WHERE a.id IN ({}) ORDER BY a.id"
)
GIVE = "UPDATE account SET balance = balance + ?, reserved = reserved + ? WHERE id = ?"
BOOK = (
    "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
COUNT = "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, ?, ?, ?, ?)"
HOLD = 'INSERT INTO hold (account_id, amount, reason, key, held_at, "until", bulk_id) VALUES (?, ?, ?, ?, ?, ?, ?)'
