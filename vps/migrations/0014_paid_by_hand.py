"""Pay-outs that somebody made in the bank's own program, with the bank's number and day."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0014_paid_by_hand"):
        db.execute_sql(statement)
