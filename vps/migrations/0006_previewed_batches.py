"""Staff show a code again for what is sensitive, and authorise a previewed batch once; uploads wait for that."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0006_previewed_batches"):
        db.execute_sql(statement)
