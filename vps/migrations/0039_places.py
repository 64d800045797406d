"""A place is kept once somebody stands below another: no row for those at the top, and an older one may stand below a younger one."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0039_places"):
        db.execute_sql(statement)
