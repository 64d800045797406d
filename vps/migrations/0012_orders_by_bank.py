"""Debts of orders: final payments that the bank took back."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0012_orders_by_bank"):
        db.execute_sql(statement)
