"""Passkeys and codes by SMS, security levels, recovery; intents that move no money.

SQLite cannot take a rule away from a column, and other tables hold on to intents: so the text of the schema is edited in place, as
SQLite's own documentation of ALTER TABLE describes. No row changes by it.
"""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0009_more_ways"):
        db.execute_sql(statement)
