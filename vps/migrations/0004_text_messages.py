"""The outbox serves two channels, mail and SMS, and gives up what has expired. What it holds till now is mail."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0004_text_messages"):
        db.execute_sql(statement)
