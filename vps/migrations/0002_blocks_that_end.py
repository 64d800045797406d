"""The first block of a TAN way ends by itself; those that stood before wait for the office, as they were told."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0002_blocks_that_end"):
        db.execute_sql(statement)
