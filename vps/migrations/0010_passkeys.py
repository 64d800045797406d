"""Passkeys: public keys whose signatures confirm what their owner was shown."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0010_passkeys"):
        db.execute_sql(statement)
