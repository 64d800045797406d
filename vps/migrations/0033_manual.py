"""Manual provisions: their lines, and what of them is taken back."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0033_manual"):
        db.execute_sql(statement)
