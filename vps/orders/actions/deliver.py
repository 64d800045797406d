"""Sending goods: dated facts beside the colour. Only what is paid leaves the house."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record


class NotPaidYet(Refused):
    """Facts: number."""

    says = N_("Order %(number)s is not paid, so it is not sent.")


class RefundedWhole(Refused):
    """Facts: number."""

    says = N_("Order %(number)s was refunded whole, so it is not sent.")
    status = 409


class NotSentYet(Refused):
    """Facts: number."""

    says = N_("Order %(number)s has not been sent yet.")


@action
def ship(order: int, *, actor: Actor, at: datetime) -> None:
    """Note that the goods left; a second time changes nothing. Raises NotPaidYet, RefundedWhole."""
    if one(SHIP, micros(at), order):
        record(actor, "order sent", f"order:{order_number(order)}", at=at)
    elif not one("SELECT 1 FROM orders WHERE id = ? AND shipped_at IS NOT NULL", order):
        refunded = one("SELECT 1 FROM orders WHERE id = ? AND refunded = total", order)
        raise RefundedWhole(number=order_number(order)) if refunded else NotPaidYet(number=order_number(order))


@action
def deliver(order: int, *, actor: Actor, at: datetime) -> None:
    """Note that the goods arrived; a second time changes nothing. Raises NotSentYet."""
    if one(DELIVER, micros(at), order):
        record(actor, "order delivered", f"order:{order_number(order)}", at=at)
    elif not one("SELECT 1 FROM orders WHERE id = ? AND delivered_at IS NOT NULL", order):
        raise NotSentYet(number=order_number(order))


SHIP = "UPDATE orders SET shipped_at = ? WHERE id = ? AND paid_at IS NOT NULL AND shipped_at IS NULL AND refunded < total RETURNING id"
DELIVER = "UPDATE orders SET delivered_at = ? WHERE id = ? AND shipped_at IS NOT NULL AND delivered_at IS NULL RETURNING id"
