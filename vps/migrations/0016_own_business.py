"""What the company's account sees besides partners and orders has an account of its own."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0016_own_business"):
        db.execute_sql(statement)
