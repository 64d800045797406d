"""Rates of exchange, each with the days it holds and who set it."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0018_rates"):
        db.execute_sql(statement)
