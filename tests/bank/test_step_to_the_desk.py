"""Books from before the bank desk: the accounts of a setting become rows, and a line that had found its wallet has its claim."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps.kernel import schema
from vps.kernel.database import configure, connect, database, is_postgres, one, rows, run

BEFORE = sorted(path.name.removesuffix(".py") for path in schema.MIGRATIONS.glob("00*.py") if path.name < "0011")
MADE = (
    "INSERT INTO setting (key, value, since) VALUES ('iban', 'DE89370400440532013000, de02120300000000202051', 1), ('currency', 'EUR', 1)",
    "INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) VALUES"
    " ('bank:EUR', 'bank', 'EUR', NULL, 0, 0, 0, 7), ('clarify:EUR', 'clarify', 'EUR', NULL, 0, 0, 0, 7), ('wallet:1:EUR', 'wallet', 'EUR', 0, 500, 0, 0, 7)",
    "INSERT INTO voucher (kind, ref, day, text) VALUES ('bank line', '1/1#1', '2026-11-20', ''), ('bank line', '1/2#1', '2026-11-20', '')",
    "INSERT INTO booking (voucher_id, key, motive, debit_id, credit_id, amount, currency, booked_at, value_date, credit_after, digest) VALUES"
    " (1, 'bank:1:1', 'top-up', 1, 3, 500, 'EUR', 9, '2026-11-20', 500, {digest}), (2, 'bank:1:2', 'receipt', 2, 1, 200, 'EUR', 9, '2026-11-20', NULL, {digest})",
    "INSERT INTO bank_file (digest, name, content, imported_at) VALUES ({digest}, 'day.xml', {digest}, 9)",
    "INSERT INTO bank_statement (file_id, identity, account, number, currency, adds_up) VALUES (1, 'x', 'DE89370400440532013000', '1', 'EUR', 'yes')",
    "INSERT INTO bank_line (statement_id, n, booked_on, value_date, amount, currency, party, text, partner, booking) VALUES"
    " (1, 1, '2026-11-20', '2026-11-20', 500, 'EUR', 'Anna', 'RF', 41, 1), (1, 2, '2026-11-20', '2026-11-20', -200, 'EUR', 'Bank', '', NULL, 2)",
)


@pytest.fixture
def before(engine: object, tmp_path: Path) -> Iterator[None]:
    """Books as they were: a file of their own, or a schema that is rolled back."""
    if not is_postgres():
        configure(f"sqlite:///{tmp_path}/before.db")
        connect()
    with database.atomic() as transaction:
        if is_postgres():
            run("CREATE SCHEMA before")
            run("SET LOCAL search_path TO before")
        for name in BEFORE:
            importlib.import_module(f"vps.migrations.{name}").up(None, database.obj)
        for statement in MADE:
            database.execute_sql(statement.format(digest="decode(repeat('ab', 32), 'hex')" if is_postgres() else "zeroblob(32)"))
        yield
        transaction.rollback()
    database.close()


def test_nothing_that_was_booked_is_lost(before):
    importlib.import_module("vps.migrations.0011_bank_desk").up(None, database.obj)

    assert rows("SELECT b.number, b.currency, a.code FROM bank_account b JOIN account a ON a.id = b.account_id ORDER BY b.id") == [
        ("DE89370400440532013000", "EUR", "bank:EUR"),
        ("DE02120300000000202051", "EUR", "bank:EUR:DE02120300000000202051"),
    ]
    assert rows("SELECT id, amount, unclear, party, refs, booking FROM bank_line ORDER BY id") == [
        (1, 500, 0, "Anna", "", 1),
        (2, -200, -200, "Bank", "", 2),
    ]
    assert rows("SELECT line_id, n, kind, target, amount, booking, made_at FROM line_claim") == [(1, 1, "top-up", 41, 500, 1, 9)]
    assert one("SELECT count(*) FROM account WHERE code = 'debts:EUR'")[0] == 1
