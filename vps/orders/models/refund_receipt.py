"""The customer's paper about a refund: what she got back, the tax in it, and how."""

from datetime import datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import rows
from vps.kernel.money import Money, tax_in
from vps.orders.models.receipt import Good, Tax
from vps.orders.models.refunds import goods_of
from vps.orders.models.rows import Order, OrderLine
from vps.orders.models.shares import by_rate


class CreditNote(NamedTuple):
    """Everything on the paper; the same each time it is opened. `of` is the receipt it belongs to."""

    number: str
    of: str
    made_at: datetime
    way: str
    reason: str
    language: str
    customer: str
    address: tuple[str, ...]
    partner: str
    partner_number: str
    goods: list[Good]
    taxes: list[Tax]
    total: Money


def credit_note(order: Order, n: int) -> CreditNote:
    """The paper about an order's n-th refund, in the customer's language."""
    made = rows(REFUNDS, order.id)
    _, minor, written, way, reason, at, attempt = made[n - 1]
    lines, currency = {line.n: line for line in order.lines()}, order.currency
    customer, partner = order.customer, order.partner
    goods = [_good(lines[line], quantity, currency) for line, quantity in goods_of(written).items()]
    place = (order.street, f"{order.postcode} {order.city}".strip(), order.country)
    return CreditNote(
        f"{order.number}-R{n}",
        f"{order.number}-{attempt}",
        instant(at),
        way,
        reason,
        customer.language,
        customer.name,
        tuple(filter(None, place)),
        partner.name,
        partner.number,
        goods,
        _taxes(lines, [(row[1], row[2]) for row in made[:n]], currency),
        Money(minor, currency),
    )


def _good(line: OrderLine, quantity: int, currency: str) -> Good:
    return Good(line.name, quantity, Money(line.price, currency), Money(line.price * quantity, currency), line.tax_rate)


def _taxes(lines: dict[int, OrderLine], refunds: list[tuple[int, str]], currency: str) -> list[Tax]:
    # All refunds up to this one are worked out: together they take at each rate exactly what was bought at it.
    rates = sorted({line.tax_rate for line in lines.values()})
    grosses = [sum(line.price * line.quantity for line in lines.values() if line.tax_rate == rate) for rate in rates]
    given = [(amount, [_at_rate(lines, goods_of(written), rate) for rate in rates]) for amount, written in refunds]
    parts = by_rate(grosses, given)[-1]
    return [Tax(rate, Money(part, currency), tax_in(Money(part, currency), rate)) for rate, part in zip(rates, parts, strict=True) if part]


def _at_rate(lines: dict[int, OrderLine], goods: dict[int, int], rate: int) -> int:
    return sum(lines[n].price * quantity for n, quantity in goods.items() if lines[n].tax_rate == rate)


REFUNDS = (
    "SELECT r.id, r.amount, r.goods, r.way, r.reason, r.made_at, p.n FROM order_refund r JOIN order_payment p ON p.id = r.payment_id"
    " WHERE r.order_id = ? ORDER BY r.n"
)
