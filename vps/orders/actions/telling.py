"""The partner is told by mail what became of a payment of his customer: by the bank, or by a refund."""

from datetime import datetime

from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_
from vps.post.actions import post

PAID = {"transfer": "paid by transfer", "cheque": "paid by cheque"}
RECALLED, DEBT, DECLINED = "recalled", "debt", "refund refused"
REFUNDED = {"wallet": "refunded", "bank": "refunded by bank", "cash": "refunded in cash"}
TOLD = {
    PAID["transfer"]: N_("Order %(number)s was paid by bank transfer"),
    PAID["cheque"]: N_("Order %(number)s was paid by cheque"),
    RECALLED: N_("The payment of order %(number)s was taken back"),
    DEBT: N_("The payment of order %(number)s was taken back after it had counted"),
    REFUNDED["wallet"]: N_("Order %(number)s was refunded to your wallet"),
    REFUNDED["bank"]: N_("Order %(number)s is refunded to the customer by bank transfer"),
    REFUNDED["cash"]: N_("Order %(number)s was refunded: please return the cash to the customer"),
    DECLINED: N_("The office does not refund order %(number)s"),
}
"""What is told, in words for everybody."""


def tell_partner(order: int, what: str, amount: Money, *, at: datetime, until: datetime | None = None, reason: str = "") -> None:
    """Post the mail about an order's payment, once for each moment; nothing to who has no mailbox."""
    name, email, language, zone, customer = one(WHOSE, order)
    if email:
        ends = None if until is None or until <= at else micros(until)
        facts = {"name": name, "number": order_number(order), "customer": customer, "verb": what, "minor": amount.minor,
                 "currency": amount.currency, "until": ends, "reason": reason, "zone": zone}  # fmt: skip
        post("order", key=f"order:{order}:{what}:{micros(at)}", address=email, language=language, facts=facts, at=at)


WHOSE = (
    "SELECT p.name, p.email, p.language, p.zone, c.name FROM orders o JOIN person p ON p.id = o.partner_id"
    " JOIN customer c ON c.id = o.customer_id WHERE o.id = ?"
)
