"""Orders that customers paid by bank, and what the bank took back."""

from datetime import datetime
from types import SimpleNamespace

from tests.bank.test_import import file, line
from tests.bank.test_recalls import back_line
from tests.cast import red_order
from vps.bank.actions import import_file
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import run
from vps.kernel.numbers import order_reference
from vps.orders.models import Order
from vps.people.models import Person


def three_by_bank(cast: SimpleNamespace, at: datetime, partner: Person | None = None) -> tuple[Order, Order, Order]:
    """Three orders of Anna's, or another partner's: yellow for years; red again, as its payment was taken back; green, and what was paid for it is a debt."""
    yellow, red, green = orders = [red_order(cast, partner, customer=name) for name in ("Maria Huber", "Jan <Novák>", "Đorđe Живковић")]
    lines = [line("49.90", ref=order_reference(order.number), end=f"E2E-{order.id}", text="Danke") for order in orders]
    import_file(file(*lines, number="901"), "901.xml", actor=HOUSE, at=at)
    for table, key in (("orders", "id"), ("order_payment", "order_id")):
        run(f"UPDATE {table} SET final_at = CASE WHEN {key} = ? THEN 1 ELSE ? END WHERE {key} IN (?, ?, ?)", green.id, FAR, *(order.id for order in orders))  # fmt: skip
    recalls = (back_line("49.90", end=f"E2E-{order.id}") for order in (red, green))
    import_file(file(*recalls, number="902"), "902.xml", actor=HOUSE, at=at)
    return yellow, red, green


FAR = 4_102_441_200_000_000
"""Midnight in Berlin, when the year 2100 begins."""
