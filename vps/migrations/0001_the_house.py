"""The first schema: kernel to orders. Later steps are files of their own; this one never changes again."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0001_the_house"):
        db.execute_sql(statement)
