"""Cents with a code, by which a partner's own bank account is confirmed."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0028_cent"):
        db.execute_sql(statement)
