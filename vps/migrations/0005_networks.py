"""Lists of internet addresses from which somebody may act. Nobody has one yet."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0005_networks"):
        db.execute_sql(statement)
