"""On which day a standing order was not carried out because a limit stood in the way."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0026_skipped_orders"):
        db.execute_sql(statement)
