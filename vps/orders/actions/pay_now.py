"""The main job: the partner presses Pay Now, types a TAN, and the order turns green."""

from datetime import datetime
from typing import Any

from vps.company.models import company
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import record, voucher
from vps.security.actions import ByTan
from vps.wallets.actions import Funding, Paid, spend, spend_from

KIND = "order payment"
"""The kind of intent and of voucher."""


class AlreadyPaid(Refused):
    """Facts: number."""

    says = N_("Order %(number)s has already been paid.")
    status = 409


class Cancelled(Refused):
    """Facts: number."""

    says = N_("Order %(number)s was cancelled, so it cannot be paid.")
    status = 409


class PriceChanged(Refused):
    """Facts: number, price (Money)."""

    says = N_("Order %(number)s was changed meanwhile and now costs %(price)s. Nothing was taken; please look at it again.")
    status = 409


@action
def pay_now(order: int, *, authorisation: ByTan, at: datetime) -> int:
    """Settle the order from the payer's wallet and answer the payment's id.

    Wallet money cannot be recalled, so the payment is final and the order green at once. A resend finds the payment that the
    first one made. What was confirmed says which wallets pay, if not the main one.
    Source: seed VPS, "Pay Now". Raises AlreadyPaid, Cancelled, PriceChanged, PartsChanged, NotEnoughCredit, CodeRefused.
    """
    assert isinstance(authorisation, ByTan) and authorisation.actor.person is not None
    done = one("SELECT p.id FROM order_payment p JOIN intent i ON i.id = p.intent_id WHERE i.nonce = ?", authorisation.snapshot.nonce)
    if done:
        return int(done[0])
    number, price = order_number(order), authorisation.snapshot.amount
    named, _, parts = authorisation.snapshot.subject.partition(" ")
    assert price is not None and named == number
    authorisation.use_up(subject=authorisation.snapshot.subject, amount=price, at=at)
    attempt, customer = _turn_green(order, authorisation.actor.person, price, at)
    paper = voucher(KIND, f"{number}:{attempt}", day=day_in(at, company().zone), text=customer, by=authorisation.actor.person)
    key = f"order:{number}:payment:{attempt}"
    facts: dict[str, Any] = {"voucher": paper, "key": key, "at": at, "authorisation": authorisation}
    paid = spend_from(authorisation.actor.person, price, expected=parts, **facts) if parts else []
    booking = paid[0].settled if paid else spend(authorisation.actor.person, price, **facts).id
    payment = one(PAID, order, attempt, price.minor, price.currency, booking, micros(at), micros(at), authorisation.snapshot.nonce)
    for n, each in enumerate(paid, 1):
        _note_part(payment[0], n, each)
    record(authorisation.actor, "order paid", f"order:{number}", at=at, before="red", after="green")
    return int(payment[0])


def subject_of(number: str, funding: Funding | None) -> str:
    """What is confirmed beside the price: the order; and the wallets that pay, where it is not simply the main one."""
    return f"{number} {funding.written}".strip() if funding else number


def must_be_payable(order: int, price: Money) -> None:
    """Raise what stands in the way of paying this order at this price, before anybody is asked for a code."""
    total, currency, paid_at, cancelled_at = one("SELECT total, currency, paid_at, cancelled_at FROM orders WHERE id = ?", order)
    if cancelled_at is not None:
        raise Cancelled(number=order_number(order))
    if paid_at is not None:
        raise AlreadyPaid(number=order_number(order))
    if (total, currency) != (price.minor, price.currency):
        raise PriceChanged(number=order_number(order), price=Money(total, currency))


def _turn_green(order: int, payer: int, price: Money, at: datetime) -> tuple[int, str]:
    # One of several presses wins here; the booking's key is the second lock on the same door. Answers which attempt
    # to pay this is, and the customer's name.
    now = micros(at)
    turned: tuple[int, str] | None = one(TURN_GREEN, now, now, order, payer, price.minor, price.currency)
    if turned:
        return turned
    if not one(locked("SELECT 1 FROM orders WHERE id = ? AND partner_id = ?"), order, payer):
        raise NotFound
    must_be_payable(order, price)
    raise AssertionError("an order that can be paid was not paid")


def _note_part(payment: int, n: int, paid: Paid) -> None:
    part = paid.part
    facts = part.amount.minor, part.paid.minor, part.paid.currency, part.rate
    run(PART, payment, n, part.purse.account, paid.booking, paid.arrival, *facts)


TURN_GREEN = (
    "UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ? AND partner_id = ? AND total = ? AND currency = ?"
    " AND paid_at IS NULL AND cancelled_at IS NULL RETURNING"
    " (SELECT count(*) + 1 FROM order_payment p WHERE p.order_id = orders.id), (SELECT c.name FROM customer c WHERE c.id = orders.customer_id)"
)
PAID = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, booking, intent_id, paid_at, final_at, reason)"
    " SELECT ?, ?, 'wallet', ?, ?, ?, i.id, ?, ?, '' FROM intent i WHERE i.nonce = ? RETURNING id"
)
PART = (
    "INSERT INTO payment_part (payment_id, n, account, booking, arrival, amount, paid, currency, rate) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
