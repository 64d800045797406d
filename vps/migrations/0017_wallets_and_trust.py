"""Several wallets a person, transfers between wallets and their rules, and trust levels."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0017_wallets_and_trust"):
        db.execute_sql(statement)
