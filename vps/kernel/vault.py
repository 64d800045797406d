"""Columns that hold secrets: found wherever a table has one, counted by key, and encrypted anew after a change of keys."""

from collections.abc import Iterator
from typing import NamedTuple

from peewee import BlobField

from vps.kernel.database import action, locked, rows, run
from vps.kernel.keys import NotOurs, keys
from vps.kernel.rows import Row

BATCH = 100
"""Secrets in one transaction: nobody who pays waits for longer than these take."""


class SecretField(BlobField):
    """What `Keys.encrypt` made. To declare such a column is all it takes: a change of keys finds it."""


class Census(NamedTuple):
    """How many secrets were encrypted with an older key than the newest, and how many none of our keys opens."""

    older: int
    lost: int


def census() -> Census:
    """Look at every secret of the books. The tables' rows must have been imported."""
    older = lost = 0
    for table, column in _columns():
        after = 0
        while batch := rows(_some(table, column), after, BATCH):
            ages = [_age(token) for _, token in batch]
            older += sum(bool(age) for age in ages)
            lost += ages.count(None)
            after = batch[-1][0]
    return Census(older, lost)


def renew_secrets() -> int:
    """Encrypt with the newest key what an older one still opens; answers how many.

    In small transactions: broken off, it goes on where it stood. What no key opens stays as it is, for the audit to name.
    """
    count = 0
    for table, column in _columns():
        after: int | None = 0
        while after is not None:
            after, renewed = _renew_some(table, column, after)
            count += renewed
    return count


@action
def _renew_some(table: str, column: str, after: int) -> tuple[int | None, int]:
    batch = run(locked(_some(table, column)), after, BATCH).fetchall()
    older = [(keys().renewed(token), key) for key, token in batch if _age(token)]
    for fresh, key in older:
        run(f"UPDATE {table} SET {column} = ? WHERE id = ?", fresh, key)  # noqa: S608 - names of our own tables
    return (batch[-1][0] if batch else None), len(older)


def _age(token: bytes) -> int | None:
    try:
        return keys().age(token)
    except NotOurs:
        return None


def _columns() -> Iterator[tuple[str, str]]:
    for row in Row._kinds:
        yield from ((row._meta.table_name, field.column_name) for field in row._meta.sorted_fields if isinstance(field, SecretField))


def _some(table: str, column: str) -> str:
    return f"SELECT id, {column} FROM {table} WHERE id > ? AND {column} IS NOT NULL ORDER BY id LIMIT ?"  # noqa: S608
