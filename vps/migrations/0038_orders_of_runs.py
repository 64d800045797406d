"""One index of a partner's paid orders, in which nothing changes when a run turns them blue; and an order of a run knows its payees."""

from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0038_orders_of_runs"):
        db.execute_sql(statement)
