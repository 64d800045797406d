"""Trials of commission plans: what a plan would pay, compared with the one in force."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0035_plans"):
        db.execute_sql(statement)
