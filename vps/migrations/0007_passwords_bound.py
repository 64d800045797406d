"""A password is bound to its owner. Those from before are bound by `vps init`, which has the keys."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0007_passwords_bound"):
        db.execute_sql(statement)
