"""What one person of the office wants to change about limits, until a second one has seen it."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0027_trust_proposals"):
        db.execute_sql(statement)
