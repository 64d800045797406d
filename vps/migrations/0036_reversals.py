"""What was taken back of commissions when their orders were refunded."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0036_reversals"):
        db.execute_sql(statement)
