"""The bare side of a payment: the rows that a payment left behind, written again by plain sqlite3, every value known beforehand.

Nothing is looked up, checked or computed here; what remains is what the tables, indexes, triggers and the disk cost.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from vps.kernel.database import database, one, rows

Statement = tuple[str, tuple[object, ...]]
PAYMENT = ("intent", "challenge", "voucher", "usage", "booking", "order_payment", "event")
BOOKING = ("usage", "booking")
"""The tables that get one new row each."""
PRAGMAS = (
    "journal_mode",
    "synchronous",
    "foreign_keys",
    "recursive_triggers",
    "trusted_schema",
    "cache_size",
    "mmap_size",
    "wal_autocheckpoint",
)


def copied(folder: Path, name: str) -> Path:
    """A second file with everything that the open database holds now."""
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Path(shutil.copyfile(folder / "vps.db", folder / name))


def pragmas() -> dict[str, object]:
    """How the product's open connection is set."""
    return {name: one(f"PRAGMA {name}")[0] for name in PRAGMAS}


class Bare:
    """The twin database and how far it has followed the product's."""

    def __init__(self, path: Path, tables: Iterable[str] = (*PAYMENT, "orders")) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for name, value in pragmas().items():
            self.connection.execute(f"PRAGMA {name} = {value}")
        self.synchronous = int(self.connection.execute("PRAGMA synchronous").fetchone()[0])
        self.seen = {table: _last(table) for table in tables}
        self.marks = {table: len(database.get_columns(table)) for table in self.seen}

    def close(self) -> None:
        self.connection.close()

    def follow_orders(self) -> None:
        """Enter the orders that the product's database has got meanwhile; not a part of any measurement."""
        with self.connection:
            self.connection.execute("BEGIN")
            self.connection.executemany(self.insert("orders"), self.new("orders"))

    def payments(self) -> list[list[Statement]]:
        """The statements that repeat the newest payments, a list for each."""
        new = {table: self.new(table) for table in PAYMENT}
        orders = [row[1] for row in new["order_payment"]]
        steps = rows("SELECT i.person_id, i.opened_at / 30000000 FROM intent i WHERE i.id >= ? ORDER BY i.id", new["intent"][0][0])
        times = [row[8] for row in new["order_payment"]]
        return [
            [
                *((self.insert(table), new[table][n]) for table in PAYMENT),
                ("UPDATE app SET last_step = ? WHERE person_id = ?", (steps[n][1], steps[n][0])),
                ("UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ?", (times[n], times[n], orders[n])),
                _balance(new["booking"][n]),
            ]
            for n in range(len(orders))
        ]

    def bookings(self) -> list[list[Statement]]:
        """The statements that repeat the newest bookings that were made without a payment."""
        new = {table: self.new(table) for table in BOOKING}
        return [[_balance(row), *((self.insert(table), new[table][n]) for table in BOOKING)] for n, row in enumerate(new["booking"])]

    def commit(self, payments: Sequence[Sequence[Statement]]) -> None:
        """Write each payment in a transaction of its own."""
        execute = self.connection.execute
        for statements in payments:
            execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                execute(sql, values)
            execute("COMMIT")

    def new(self, table: str) -> list[tuple[object, ...]]:
        """The rows of a table that the product has got since this was last asked."""
        found = rows(f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid", self.seen[table])
        self.seen[table] = _last(table)
        return found

    def insert(self, table: str) -> str:
        """The statement that repeats a row of a table."""
        return f"INSERT INTO {table} VALUES ({', '.join('?' * self.marks[table])})"


def _last(table: str) -> int:
    return int(one(f"SELECT coalesce(max(rowid), 0) FROM {table}")[0])


def _balance(booking: tuple[object, ...]) -> Statement:
    return ("UPDATE account SET balance = ? WHERE id = ?", (booking[11], booking[4]))
