"""Jobs of the worker, files that were found in a folder, statements that were taken back, and receipts found by their day, for lines that were booked by hand before."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0015_desk"):
        db.execute_sql(statement)
