"""Tax that the company withholds from commissions has an account of its own, and stands on the notes."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0037_withheld"):
        db.execute_sql(statement)
