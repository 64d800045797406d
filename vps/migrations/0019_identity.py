"""Steps of identification, and the documents that are shown for them."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0019_identity"):
        db.execute_sql(statement)
