"""Requests for payments, and the indexes by which a recipient and one's own transfers are found."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0022_requests"):
        db.execute_sql(statement)
