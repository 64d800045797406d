"""Commissions: plans, runs, lines and shares; batches of bookings that are seen when they are whole; what was refunded of an order."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0029_commissions"):
        db.execute_sql(statement)
