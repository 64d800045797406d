"""A house with any number of bookings, made by SQL: what years of business leave behind, in minutes, and true to the last digest.

One wallet takes part in a tenth of all bookings, one has the same few at any size, everybody else has about fifty. The audit
proves the result, so a wrong row here is found.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyotp

from vps.cli.bench.scratch import PURSE, Payer, give, new_house
from vps.kernel.clock import micros
from vps.kernel.database import action, database, one, rows, run
from vps.kernel.keys import keys
from vps.kernel.numbers import partner_number
from vps.ledger.actions import company_account, seal
from vps.ledger.models.seals import digest

ZONE = "UTC"
A_PARTNER = 50
"""Bookings for each partner, on the average."""
PAGES = 2_600
"""Bookings of the small wallet, and the least that the huge one has: a hundred pages and a little."""
HUGE, SMALL, FIRST = 1, 2, 3
"""Persons: who has the huge wallet, who the small one, and the first of all others."""
SPAN = timedelta(days=360)
LIVE = 1_000_000
"""Up to here rows go in with every index in place, as in daily life; above, indexes are made afterwards, which is faster."""


class Filled(NamedTuple):
    """One scratch database: its file, bookings, accounts of the two wallets, and partners all over it who can pay."""

    path: Path
    size: int
    huge: int
    small: int
    payers: list[Payer]


def fill(folder: Path, size: int, *, now: datetime, payers: int = 100) -> Filled:
    """Make a database with `size` bookings, sealed, and orders of every colour."""
    partners = max(size // A_PARTNER, 200)
    new_house(folder, at=now - SPAN - timedelta(days=2), name=f"{size}.db", zone=ZONE)
    connection: sqlite3.Connection = database.connection()
    for pragma in ("foreign_keys = 0", "synchronous = 0", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    first = _people(connection, partners, micros(now - SPAN))
    dropped = _drop_indexes(connection) if size > LIVE else []
    _bookings(connection, size, partners, first, now)
    _orders(connection, max(size // 5, 4_800), partners, micros(now))
    for statement in dropped:
        connection.execute(statement)
    found = _enrol(partners, payers, first, now)
    seal(at=now, zone=ZONE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return Filled(folder / f"{size}.db", size, first + HUGE - 1, first + SMALL - 1, found)


def _people(connection: sqlite3.Connection, partners: int, at: int) -> int:
    # Persons, customers, accounts and wallets 1 to `partners`; answers the account of the first wallet.
    first = int(one("SELECT max(id) + 1 FROM account")[0])
    with connection:
        connection.execute("BEGIN")
        numbers = ((n, partner_number(10_000 + n), f"Anna Bauer {n}", at) for n in range(1, partners + 1))
        connection.executemany(PERSON, numbers)
        connection.execute(CUSTOMER)
        connection.execute(ACCOUNT, (first, at))
        connection.execute(WALLET, (first,))
    return first


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    found = rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('booking', 'usage', 'orders', 'order_payment')"
    )
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _bookings(connection: sqlite3.Connection, size: int, partners: int, first: int, now: datetime) -> None:
    balances = [0] * partners
    with connection:
        connection.execute("BEGIN")
        connection.execute(VOUCHER, (size // 10 + 1, (now - SPAN).date().isoformat()))
        connection.executemany(BOOKING, _movements(size, partners, first, now, balances))
        connection.executemany("UPDATE account SET balance = ? WHERE id = ?", ((minor, first + n) for n, minor in enumerate(balances)))
        connection.execute(USAGE)


def _movements(size: int, partners: int, first: int, now: datetime, balances: list[int]) -> Iterator[tuple[object, ...]]:
    # Not from the bank: what stands on a bank account has a line of a statement behind it, and here there is none.
    opening, purchases, commission = (company_account(kind, "EUR") for kind in ("opening", "purchases", "commission"))
    begin, step = micros(now - SPAN), SPAN // timedelta(microseconds=1) // size
    days = [(now - SPAN + timedelta(days=n)).date().isoformat() for n in range(SPAN.days + 2)]
    start = begin - begin % 86_400_000_000
    for n, who in enumerate(_whose(size, partners)):
        at, amount, wallet = begin + n * step, 500 + n * 7919 % 9_500, first + who
        valued, person, key = days[(at - start) // 86_400_000_000], who + 1, f"order:{n + 1001}:payment:0"
        if n % 4 and balances[who] >= amount:
            balances[who] = after = balances[who] - amount
            facts: tuple[object, ...] = (
                key,
                n // 10 + 1,
                "transfer",
                wallet,
                purchases,
                amount,
                "EUR",
                at,
                valued,
                person,
                after,
                None,
                None,
            )
        else:
            amount = amount if balances[who] and n % 8 else amount * 40
            balances[who] = after = balances[who] + amount
            source, motive = (commission, "commission") if n % 8 else (opening, "top-up")
            facts = (key, n // 10 + 1, motive, source, wallet, amount, "EUR", at, valued, person, None, after, None)
        yield (*facts, digest(*facts))


def _whose(size: int, partners: int) -> Iterator[int]:
    # Whose wallet each booking moves, counted from nought: the two special ones evenly spread, the others as if by chance.
    huge = small = 0
    for n in range(size):
        huge += max(size // 10, PAGES)
        small += PAGES
        if huge >= size:
            huge -= size
            yield HUGE - 1
        elif small >= size:
            small -= size
            yield SMALL - 1
        else:
            yield FIRST - 1 + n * 7_368_787 % (partners - 2)


def _orders(connection: sqlite3.Connection, count: int, partners: int, now: int) -> None:
    with connection:
        connection.execute("BEGIN")
        connection.execute(ORDERS, {"count": count, "others": partners - 2, "every": count // 120, "now": now})
        connection.execute(PAYMENTS)


@action
def _enrol(partners: int, count: int, first: int, now: datetime) -> list[Payer]:
    # Partners all over the database get money and an app; their payments touch pages far from each other.
    found = []
    for n in range(count):
        person, secret = FIRST + n * (partners - 2) // count, pyotp.random_base32()
        run(APP, person, keys().encrypt(secret.encode(), owner=f"app:{person}"), micros(now), micros(now))
        run(RECOVERY, person, b"nobody knows", micros(now))
        give(person, PURSE, key=f"gift:{person}", at=now)
        found.append(Payer(person, first + person - 1, person, pyotp.TOTP(secret), 0, "", ""))
    return found


COUNT = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {})"
PERSON = (
    "INSERT INTO person (id, username, skeleton, number, name, bank_name, language, zone, email, phone, joined_at)"
    " VALUES (?1, ?2, ?2, ?2, ?3, ?3, 'de', 'Europe/Berlin', '', '', ?4)"
)
CUSTOMER = (
    "INSERT INTO customer (id, partner_id, name, email, phone, language, street, postcode, city, country, made_at)"
    " SELECT id, id, 'Maria Huber ' || id, '', '', 'de', '', '', '', '', joined_at FROM person"
)
ACCOUNT = (
    "INSERT INTO account (id, code, kind, currency, floor, balance, reserved, debt, opened_at)"
    " SELECT ?1 + id - 1, 'wallet:' || id || ':EUR', 'wallet', 'EUR', 0, 0, 0, 0, ?2 FROM person"
)
WALLET = (
    "INSERT INTO wallet (person_id, account_id, currency, opened_at, kind, name, frozen_why)"
    " SELECT id, ?1 + id - 1, 'EUR', joined_at, 'main', '', '' FROM person"
)
VOUCHER = f"{COUNT.format('?1')} INSERT INTO voucher (id, kind, ref, day, text) SELECT n, 'bench', n, ?2, 'Maria Huber' FROM c"
BOOKING = (
    "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
USAGE = (
    'INSERT INTO "usage" (account_id, kind, seq, at, cum_minor, cum_count)'
    " SELECT account, kind, row_number() OVER w, booked_at, sum(amount) OVER w, row_number() OVER w FROM ("
    "SELECT id, booked_at, amount, CASE WHEN debit_after IS NULL THEN credit_id ELSE debit_id END AS account,"
    " CASE WHEN debit_after IS NULL THEN 'in:' ELSE 'out:' END || motive AS kind FROM booking)"
    " WINDOW w AS (PARTITION BY account, kind ORDER BY id)"
)
# Red, yellow, green, blue in turn; a few of every colour belong to the partner with the small wallet, at any size.
ORDERS = f"""{COUNT.format(":count")} INSERT INTO orders (id, key, partner_id, customer_id, total, currency, points, made_at, changed_at,
    paid_at, final_at, provisioned_at, shipped_at, street, postcode, city, country)
  SELECT n, 'bench:' || n, who, who, 1250, 'EUR', 10, made, made,
    CASE WHEN n % 4 THEN made + 1000000 END,
    CASE n % 4 WHEN 1 THEN :now + 432000000000 + n WHEN 0 THEN NULL ELSE made + 2000000 END,
    CASE WHEN n % 4 = 3 THEN made + 3000000 END, CASE WHEN n % 4 > 1 AND n % 8 > 3 THEN made + 4000000 END, '', '', '', ''
  FROM (SELECT n, :now - 31104000000000 + n * (31000000000000 / :count) AS made,
    CASE WHEN n / 4 % :every = 0 THEN {SMALL} ELSE {FIRST} + n * 48271 % :others END AS who FROM c)"""
PAYMENTS = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, reason)"
    " SELECT id, 1, 'import', total, currency, paid_at, final_at, '' FROM orders WHERE paid_at IS NOT NULL"
)
RECOVERY = "INSERT INTO recovery_sheet (person_id, stop_code, made_at) VALUES (?, ?, ?)"
APP = "INSERT INTO app (person_id, secret, made_at, confirmed_at, last_step) VALUES (?, ?, ?, ?, 0)"
