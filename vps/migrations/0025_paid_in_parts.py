"""Orders paid from several wallets, and the currency in which a partner sees their total."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0025_paid_in_parts"):
        db.execute_sql(statement)
