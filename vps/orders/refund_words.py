"""Refunds in words: the goods that were given back."""

from vps.orders.models import Order
from vps.orders.models.refunds import goods_of


def goods_named(order: Order, written: str) -> list[tuple[int, str]]:
    """Quantity and name of what was given back; nothing where only an amount was."""
    goods = goods_of(written)
    return [(goods[line.n], line.name) for line in order.lines() if line.n in goods] if goods else []
