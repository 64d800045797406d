"""Refunds in the demo: one of each way, and one that a partner wants."""

from datetime import datetime

from vps.cli.demo.cast import CURRENCY
from vps.cli.demo.story import Story
from vps.commissions.actions import calculate_again
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.orders.actions import Wanted, refund_order, wish_refund

ACCOUNT = "DE75512108001245126199"
"""Of the customer who had paid by a transfer of her own."""
REFUNDS = (("wallet", "cash", 2), ("wallet", "wallet", 1), ("transfer", "bank", 2))
"""What was paid how, goes back which way, and which part of it: one of so many."""


def refund_some(story: Story, at: datetime) -> None:
    """All of the above, of the newest orders, green ones first; the run that waits is calculated again with what is left of them."""
    staff = ByStaff(story.desk)
    for means, way, part in REFUNDS:
        found = one(NEWEST, means, micros(at))
        if found:
            order, minor, customer, _ = found
            to = {"holder": customer, "account": ACCOUNT} if way == "bank" else {}
            what = Wanted(Money(minor // part, CURRENCY), "Ware zurückgegeben", way, **to)
            refund_order(f"demo:{way}", order, what, authorisation=staff, at=at)
    found = one(NEWEST, "wallet", micros(at))
    if found:
        order, _, _, partner = found
        wanted = Wanted(Money(5_00, CURRENCY), "Tiegel war beschädigt")
        wish_refund("demo", order, wanted, partner=partner, actor=Actor(partner), at=at)
    calculate_again(one(WAITING)[0], actor=story.desk, at=at)


NEWEST = (
    "SELECT o.id, o.total, c.name, o.partner_id FROM orders o JOIN customer c ON c.id = o.customer_id JOIN order_payment p ON p.order_id = o.id"
    " AND p.recalled_at IS NULL AND p.means = ? WHERE o.final_at <= ? AND o.refunded = 0 AND o.total > 500"
    " ORDER BY CASE WHEN o.provisioned_at IS NULL THEN 0 ELSE 1 END, o.final_at DESC, o.id DESC LIMIT 1"
)
WAITING = "SELECT id FROM commission_run WHERE kind = 'period' AND booked_at IS NULL AND discarded_at IS NULL"
