"""Flags and cases; indexes by which transfers, top-ups, phones and shared browsers are found."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0020_watch"):
        db.execute_sql(statement)
