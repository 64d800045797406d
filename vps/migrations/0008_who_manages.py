"""The right to manage, for everybody who could do so till now; a threshold for notices; and the trail by who and what."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0008_who_manages"):
        db.execute_sql(statement)
