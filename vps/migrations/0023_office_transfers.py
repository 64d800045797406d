"""Transfers by the office, with a second one for large ones, and plans by which debts are repaid."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0023_office_transfers"):
        db.execute_sql(statement)
