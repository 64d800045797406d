"""Legal holds, dossiers and their files; and lines of statements found by the account of the other side."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0021_discovery"):
        db.execute_sql(statement)
