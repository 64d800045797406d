"""How far deliveries were looked at, and where they are found: from them the time counts until commissions are free."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0034_marks"):
        db.execute_sql(statement)
