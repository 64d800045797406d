"""A known browser gets another cookie at each sign-in, has a family and a name, and ends; a session says which it was opened with."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0003_known_browsers"):
        db.execute_sql(statement)
