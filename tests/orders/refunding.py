"""An order that was paid and partly refunded, with the cash still to be returned, and one that a refund is wanted of."""

from types import SimpleNamespace

from tests.cast import eur, red_order
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import clock, micros
from vps.kernel.database import run
from vps.orders.actions import Wanted, refund_order, wish_refund
from vps.orders.models import Order
from vps.people.models import Person


def paid_before(cast: SimpleNamespace, partner: Person | None = None, *, quantity: int = 2) -> Order:
    """A green order that the old system noted as paid."""
    order, now = red_order(cast, partner, quantity=quantity), micros(clock())
    run("UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ?", now, now, order.id)
    run(PAID, order.id, order.total, now, now)
    return Order.get_by_id(order.id)


def some_refunds(cast: SimpleNamespace, partner: Person | None = None) -> tuple[Order, int, int]:
    """An order with both, the refund and the wish."""
    order, seller = paid_before(cast, partner), partner or cast.anna
    what = Wanted(eur(49_90), "Eine Packung war <offen>", "cash", {1: 1})
    refund = refund_order(f"test {order.id}", order.id, what, authorisation=ByStaff(Actor(cast.dragan.id)), at=clock())
    again = Wanted(eur(10_00), "Die andere auch")
    wish = wish_refund(f"test {order.id}", order.id, again, partner=seller.id, actor=Actor(seller.id), at=clock())
    return order, refund, wish


PAID = "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, reason) VALUES (?, 1, 'import', ?, 'EUR', ?, ?, '')"
