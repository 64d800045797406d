"""Partners' own bank accounts, pay-outs, standing orders, and the files that take pay-outs to the bank."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0013_payouts"):
        db.execute_sql(statement)
