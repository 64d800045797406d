"""Standing transfers and what became of their days, and transfers that are asked back."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0024_standing"):
        db.execute_sql(statement)
