"""Somebody with the database's password: no trigger and no foreign key stops him. For tests of the audit."""

from collections.abc import Callable, Iterator

from vps.kernel.database import database, is_postgres, rows, run
from vps.kernel.problems import Problem


def unguard() -> None:
    """Take away what keeps rows immutable and keys true, for this connection's database."""
    if is_postgres():
        run("SET session_replication_role = replica")
        return
    for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        run(f"DROP TRIGGER {name}")
    run("PRAGMA foreign_keys = 0")
    run("PRAGMA ignore_check_constraints = 1")


def lie(audit: Callable[[], Iterator[Problem]], *statements: str) -> list[str]:
    """What the audit says after these edits, each of which must hit a row; they are taken back afterwards."""
    with database.atomic() as transaction:
        for sql in statements:
            assert run(sql).rowcount >= 1, sql
        found = [problem.says % problem.facts for problem in audit()]
        transaction.rollback()
    return found
