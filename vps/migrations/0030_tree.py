"""Who brought a partner never changes; to whom he was given since then is written down, and no circle can be closed."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0030_tree"):
        db.execute_sql(statement)
