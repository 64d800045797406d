"""The customer's receipt: what was bought, the tax in it, that cash was received, and how to withdraw."""

from datetime import datetime
from typing import NamedTuple

from vps.kernel.money import Money, tax_in
from vps.kernel.refusals import N_, Refused
from vps.orders.models.rows import Order, OrderPayment


class NotPaid(Refused):
    """Facts: number."""

    says = N_("Order %(number)s is not paid, so there is no receipt yet.")
    status = 409


class Good(NamedTuple):
    """One line of the receipt; the tax rate in basis points."""

    name: str
    quantity: int
    each: Money
    total: Money
    tax_rate: int


class Tax(NamedTuple):
    """Basis points, the gross amount at this rate, and the tax contained in it."""

    rate: int
    gross: Money
    tax: Money


class Receipt(NamedTuple):
    """Everything on the paper; the same each time it is opened."""

    number: str
    paid_at: datetime
    means: str
    language: str
    customer: str
    email: str
    address: tuple[str, ...]
    partner: str
    partner_number: str
    goods: list[Good]
    taxes: list[Tax]
    total: Money


def receipt_of(order: Order) -> Receipt:
    """The receipt of a paid order, in the customer's language. Raises NotPaid."""
    payment = OrderPayment.get_or_none(OrderPayment.order == order, OrderPayment.recalled_at.is_null())
    if payment is None:
        raise NotPaid(number=order.number)
    goods = [
        Good(line.name, line.quantity, Money(line.price, order.currency), Money(line.price * line.quantity, order.currency), line.tax_rate)
        for line in order.lines()
    ]
    customer, partner = order.customer, order.partner
    place = (order.street, f"{order.postcode} {order.city}".strip(), order.country)
    return Receipt(
        f"{order.number}-{payment.n}",
        payment.paid_at,
        payment.means,
        customer.language,
        customer.name,
        customer.email,
        tuple(filter(None, place)),
        partner.name,
        partner.number,
        goods,
        _taxes(goods, order.currency),
        order.price,
    )


def _taxes(goods: list[Good], currency: str) -> list[Tax]:
    sums: dict[int, Money] = {}
    for good in goods:
        sums[good.tax_rate] = sums.get(good.tax_rate, Money.zero(currency)) + good.total
    return [Tax(rate, gross, tax_in(gross, rate)) for rate, gross in sorted(sums.items())]
