"""Orders of every colour, painted straight into the database."""

from datetime import datetime, timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any

from tests.cast import NOON, red_order
from vps.kernel.clock import micros
from vps.kernel.database import rows, run
from vps.orders.models import Order
from vps.people.models import Person

MINUTE = timedelta(minutes=1)


class Stage(Enum):
    """How far an order has come at noon: (paid, final, provisioned, cancelled) as minutes from now, or None."""

    RED = (None, None, None, None)
    YELLOW = (-60, 60, None, None)
    GREEN = (-60, 0, None, None)
    BLUE = (-60, -30, 0, None)
    CANCELLED = (None, None, None, 0)


def painted(cast: SimpleNamespace, stage: Stage, *, partner: Person | None = None, minutes: int = 0, **more: Any) -> Order:
    """An order at this stage, `minutes` longer ago, without anything booked."""
    order = red_order(cast, partner, **more)
    moments = [None if offset is None else micros(moment(offset, minutes)) for offset in stage.value]
    run("UPDATE orders SET paid_at = ?, final_at = ?, provisioned_at = ?, cancelled_at = ? WHERE id = ?", *moments, order.id)
    return Order.get_by_id(order.id)


def moment(offset: int, minutes: int) -> datetime:
    return NOON + offset * MINUTE - minutes * MINUTE


def copies(order: Order, count: int) -> list[int]:
    """Many orders like this one, in groups of seven at one moment, each group a minute older; their ids."""
    run(COPY, count, order.id)
    return [int(key) for (key,) in rows("SELECT id FROM orders WHERE key LIKE ? ORDER BY id", f"copy of {order.id} %")]


COPY = (
    "INSERT INTO orders (key, partner_id, customer_id, total, currency, points, made_at, changed_at, street, postcode, city, country,"
    " paid_at, final_at, provisioned_at, cancelled_at) WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    " SELECT 'copy of ' || o.id || ' ' || n.i, partner_id, customer_id, total, currency, points, made_at, changed_at, street, postcode, city,"
    " country, paid_at - n.i / 7 * 60000000, final_at - n.i / 7 * 60000000, provisioned_at - n.i / 7 * 60000000, cancelled_at"
    " FROM n, orders o WHERE o.id = ? ORDER BY n.i"
)
