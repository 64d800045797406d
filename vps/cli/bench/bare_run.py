"""The bare side of a commission run: the rows that it read and left behind, read and written again by plain sqlite3.

Nothing is calculated, looked up or checked here, nobody pays meanwhile, and only the statements and their commits are timed, in
transactions of the run's own sizes. What remains is what tables, indexes and the disk cost, in one process as a database has one writer.
"""

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from vps.cli.bench.bare import pragmas
from vps.cli.bench.figures import timed
from vps.commissions.actions import booking, calculating

SETUP = ("voucher", "bulk", "commission_run")
READ = ("SELECT id, sponsor_id FROM person", "SELECT id, partner_id, total, refunded, points, currency, final_at, delivered_at FROM orders")
FETCH = 20_000


class Step(NamedTuple):
    """Rows that the run writes together: what they are called, how many belong to a transaction, and how they are read and written."""

    name: str
    size: int
    statements: tuple[tuple[str, str], ...]


def bare_seconds(done: Path, before: Path) -> dict[str, float]:
    """Seconds for the same rows, by step. `done`: the database with the run, `before`: a copy of it from before the run, which is written to."""
    source, target = sqlite3.connect(done, isolation_level=None), sqlite3.connect(before, isolation_level=None)
    for name, value in pragmas().items():
        target.execute(f"PRAGMA {name} = {value}")
    target.execute("PRAGMA synchronous = NORMAL")
    for table in SETUP:
        _repeat(source, target, table)
    found = {"read": sum(timed(partial(_drain, target, sql)) for sql in READ)}
    for step in STEPS:
        found[step.name] = sum(_write(target, chunk) for chunk in _chunks(source, step))
    source.close()
    target.close()
    return {name: round(seconds, 4) for name, seconds in found.items()}


def _repeat(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    last = target.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    new = source.execute(f"SELECT * FROM {table} WHERE id > ?", (last,)).fetchall()
    target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(new[0]))})", new)


def _drain(target: sqlite3.Connection, sql: str) -> None:
    cursor = target.execute(sql)
    while cursor.fetchmany(FETCH):
        pass


def _chunks(source: sqlite3.Connection, step: Step) -> Iterator[list[tuple[str, list[Any]]]]:
    # The n-th chunk of every statement goes into one transaction, as in the run.
    cursors = [(write, source.execute(read)) for read, write in step.statements]
    while (chunk := [(write, cursor.fetchmany(step.size)) for write, cursor in cursors]) and chunk[0][1]:
        yield chunk


def _write(target: sqlite3.Connection, chunk: list[tuple[str, list[Any]]]) -> float:
    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        for sql, values in chunk:
            target.executemany(sql, values)
        target.execute("COMMIT")

    return timed(write)


def _same(table: str, columns: int, more: str = "") -> tuple[str, str]:
    return f"SELECT * FROM {table}{more}", f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


STEPS = (
    Step("orders", calculating.AT_ONCE, (_same("commission_run_order", 11),)),
    Step("lines", calculating.AT_ONCE, (_same("commission_line", 10),)),
    Step("shares", calculating.AT_ONCE, (_same("commission_share", 8),)),
    Step(
        "credits",
        booking.AT_ONCE,
        (
            _same("booking", 15, " WHERE motive = 'commission' ORDER BY id"),
            _same("hold", 9, " ORDER BY id"),
            _same("usage", 6, " WHERE kind = 'in:commission' ORDER BY rowid"),
            (
                "SELECT balance, reserved, id FROM account WHERE kind = 'wallet' AND reserved > 0 ORDER BY id",
                "UPDATE account SET balance = ?, reserved = ? WHERE id = ?",
            ),
        ),
    ),
    Step(
        "turned",
        booking.TURNED_AT_ONCE,
        (
            (
                "SELECT provisioned_at, id FROM orders WHERE provisioned_at > 0 ORDER BY id",
                "UPDATE orders SET provisioned_at = ? WHERE id = ?",
            ),
        ),
    ),
)
