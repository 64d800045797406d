"""Entering an order for a customer, changing it while it is red, cancelling it. Source: the seed's internal shop."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import Again, action, one, rows, run
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.people.models import Customer, Person

MOST = 999
"""Of one product in one order."""


class Item(NamedTuple):
    """A product's id and how many of it."""

    product: int
    quantity: int


class Address(NamedTuple):
    """Where the goods go; `country` is a two-letter code (ISO 3166)."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


class NothingOrdered(Refused):
    says = N_("Choose at least one product.")
    field = "items"


class NotOffered(Refused):
    says = N_("One of these products is not offered any more. Please choose again.")
    field = "items"


class TwoCurrencies(Refused):
    says = N_("These products have prices in different currencies; please make one order for each.")
    field = "items"


class TooMany(Refused):
    """Facts: most."""

    says = N_("Order whole numbers of each product. Most of one: %(most)s.")
    field = "items"


class NotRed(Refused):
    """Facts: number."""

    says = N_("Order %(number)s is paid or cancelled, so it cannot be changed any more.")
    status = 409


@action
def enter_order(partner: Person, customer: Customer, items: list[Item], *, key: str, address: Address, actor: Actor, at: datetime) -> int:
    """Enter an order and answer its id. The form's `key` makes a resend find the order that the first one made.

    Raises NothingOrdered, TooMany, NotOffered, TwoCurrencies, and what cleaning the address raises.
    """
    assert customer.partner_id == partner.id
    known = one("SELECT id, partner_id FROM orders WHERE key = ?", key)
    if known:
        if known[1] != partner.id:
            raise NotFound
        return int(known[0])
    priced, total, points = _price(items)
    now = micros(at)
    made = one(ENTER, key, partner.id, customer.id, total.minor, total.currency, points, now, now, *_cleaned(address))
    if not made:
        raise Again
    _write_lines(made[0], priced)
    record(actor, "order entered", f"order:{order_number(made[0])}", at=at, after=str(total))
    return int(made[0])


@action
def change_order(order: int, items: list[Item], *, address: Address, partner: int, actor: Actor, at: datetime) -> None:
    """Replace the goods and the address of a red order; a payment that showed the old price is then refused.

    Raises NotFound, NotRed and what entering raises.
    """
    before = one("SELECT total, currency FROM orders WHERE id = ? AND partner_id = ?", order, partner)
    if not before:
        raise NotFound
    priced, total, points = _price(items)
    if not one(CHANGE, total.minor, total.currency, points, micros(at), *_cleaned(address), order, partner):
        raise NotRed(number=order_number(order))
    run("DELETE FROM order_line WHERE order_id = ?", order)
    _write_lines(order, priced)
    record(actor, "order changed", f"order:{order_number(order)}", at=at, before=str(Money(*before)), after=str(total))


@action
def cancel_order(order: int, *, partner: int, actor: Actor, at: datetime) -> None:
    """Cancel a red order; cancelling it twice changes nothing. Raises NotRed."""
    if one(CANCEL, micros(at), order, partner):
        record(actor, "order cancelled", f"order:{order_number(order)}", at=at)
        return
    found = one("SELECT cancelled_at FROM orders WHERE id = ? AND partner_id = ?", order, partner)
    if not found:
        raise NotFound
    if found[0] is None:
        raise NotRed(number=order_number(order))


def _price(items: list[Item]) -> tuple[list[tuple[object, ...]], Money, int]:
    wanted: Counter[int] = Counter()
    for item in items:
        wanted[item.product] += item.quantity
    wanted = Counter({product: quantity for product, quantity in wanted.items() if quantity})
    if not wanted:
        raise NothingOrdered
    if not all(0 < quantity <= MOST for quantity in wanted.values()):
        raise TooMany(most=MOST)
    offered = rows(OFFERED.format(", ".join("?" * len(wanted))), *wanted)
    if len(offered) != len(wanted):
        raise NotOffered
    currencies = {row[3] for row in offered}
    if len(currencies) > 1:
        raise TwoCurrencies
    lines: list[tuple[object, ...]] = [(key, name, wanted[key], price, points, tax) for key, name, price, _, points, tax in offered]
    total = sum(wanted[row[0]] * row[2] for row in offered)
    return lines, Money(total, currencies.pop()), sum(wanted[row[0]] * row[4] for row in offered)


def _write_lines(order: int, lines: list[tuple[object, ...]]) -> None:
    for n, line in enumerate(lines, 1):
        run(LINE, order, n, *line)


def _cleaned(address: Address) -> tuple[str, ...]:
    return tuple(clean_text(part, most=80) for part in address)


OFFERED = "SELECT id, name, price, currency, points, tax_rate FROM product WHERE offered AND id IN ({}) ORDER BY id"
LINE = "INSERT INTO order_line (order_id, n, product_id, name, quantity, price, points, tax_rate) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
CANCEL = "UPDATE orders SET cancelled_at = ? WHERE id = ? AND partner_id = ? AND paid_at IS NULL AND cancelled_at IS NULL RETURNING id"
ENTER = (
    "INSERT INTO orders (key, partner_id, customer_id, total, currency, points, made_at, changed_at, street, postcode, city, country)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id"
)
CHANGE = (
    "UPDATE orders SET total = ?, currency = ?, points = ?, changed_at = ?, street = ?, postcode = ?, city = ?, country = ?"
    " WHERE id = ? AND partner_id = ? AND paid_at IS NULL AND cancelled_at IS NULL RETURNING id"
)
