"""Mailing the customer's receipt."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.database import action
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.orders.models import Order
from vps.orders.models.receipt import receipt_of
from vps.post.actions import post


class NoEmail(Refused):
    says = N_("This customer has no e-mail address. Show or print the receipt instead.")


@action
def post_receipt(order: Order, *, actor: Actor, at: datetime) -> None:
    """Put the receipt into the outbox, at most one an hour for an order. Raises NotPaid, NoEmail."""
    receipt = receipt_of(order)
    if not receipt.email:
        raise NoEmail
    post(
        "receipt",
        key=f"receipt:{receipt.number}:{at:%Y%m%d%H}",
        address=receipt.email,
        language=receipt.language,
        facts={"order": order.id, "number": receipt.number},
        at=at,
    )
    record(actor, "receipt posted", f"order:{order.number}", at=at)
