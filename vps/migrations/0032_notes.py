"""Commission notes with their numbers, what was taken back of them, and the tax details and rules they are made with."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0032_notes"):
        db.execute_sql(statement)
