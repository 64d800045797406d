"""Refunds of orders: what was wanted, what was booked and for which wallet; and pay-outs to customers."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0031_refunds"):
        db.execute_sql(statement)
