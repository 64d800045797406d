"""What an order was paid with where that was not simply its price out of the main wallet: one row for each wallet. And the proof of it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from peewee import SQL, BigIntegerField, Check, IntegerField, TextField

from vps.kernel.database import rows
from vps.kernel.money import Money, digits
from vps.kernel.rows import Row, currency_field, key_to
from vps.orders.models.rows import OrderPayment


class PaymentPart(Row):
    """One wallet's part of a payment: `paid` left it, in its currency, and was worth `amount` of the price.

    `booking` took it out of the wallet. Where money was exchanged, at `rate` for one of the price's, `arrival` paid the company.
    """

    payment = key_to(OrderPayment)
    n = IntegerField(constraints=[Check("n > 0")])
    account = BigIntegerField()
    booking = BigIntegerField(unique=True)
    arrival = BigIntegerField(null=True, unique=True)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    paid = BigIntegerField(constraints=[Check("paid > 0")])
    currency = currency_field()
    rate = TextField()

    class Meta:
        table_name = "payment_part"
        immutable = True
        indexes = ((("payment", "n"), True),)
        constraints = (
            Check("(arrival IS NULL) = (rate = '')"),
            SQL("FOREIGN KEY (account) REFERENCES account (id)"),
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (arrival) REFERENCES booking (id)"),
        )


class PaidPart(NamedTuple):
    """A part as people see it: which wallet, what left it, and at which rate."""

    kind: str
    name: str
    paid: Money
    rate: str


def parts_of(payment: int) -> list[PaidPart]:
    """The wallets that paid; none where the main one paid the price."""
    return [PaidPart(kind, name, Money(minor, currency), rate) for kind, name, minor, currency, rate in rows(PARTS_OF, payment)]


def wrong_parts() -> Iterator[int]:
    """Orders whose payment in parts is not what was confirmed and booked."""
    for (order, price), found in groupby(rows(PARTS), key=itemgetter(0, 1)):
        parts = list(found)
        if sum(part[4] for part in parts) != price or not all(_is_right(part, n) for n, part in enumerate(parts, 1)):
            yield order


def _is_right(part: Sequence[object], n: int) -> bool:
    _, _, currency, number, amount, paid, own, rate, first, confirmed, left, arrived = part
    wrote = str(confirmed).partition(" ")[2].split("+")
    return bool(
        number == n
        and left
        and (arrived if rate else not arrived and (own, paid) == (currency, amount))
        and (first or n > 1)
        and len(wrote) >= n
        and wrote[n - 1] == f"w{left}:{paid}"
        and (not rate or _fits(amount, str(currency), paid, str(own), str(rate)))
    )


def _fits(amount: object, currency: str, paid: object, own: str, rate: str) -> bool:
    """Whether the rate, as far as it is written, turns one into the other, rounded up."""
    assert isinstance(amount, int) and isinstance(paid, int)
    scale = Decimal(10) ** (digits(own) - digits(currency))
    exact, blur = amount * Decimal(rate) * scale, amount * Decimal("5e-10") * scale
    return exact - blur <= paid < exact + blur + 1


_KEY = "'order:' || (o.id + 1000) || ':payment:' || p.n || CASE q.n WHEN 1 THEN '' ELSE ':' || q.n END"
_PAPER = "JOIN voucher {v} ON {v}.id = {b}.voucher_id AND {v}.kind = 'order payment' AND {v}.ref = (o.id + 1000) || ':' || p.n"
# Of each part: the wallet where its booking and voucher say what they must, and whether what was exchanged arrived.
PARTS = (
    "SELECT p.order_id, p.amount, p.currency, q.n, q.amount, q.paid, q.currency, q.rate,"
    " p.booking = coalesce(q.arrival, q.booking), i.subject,"
    " (SELECT w.id FROM booking b"
    " JOIN wallet w ON w.account_id = b.debit_id AND w.person_id = o.partner_id JOIN account a ON a.id = b.credit_id"
    f" {_PAPER.format(v='v', b='b')}"
    " WHERE b.id = q.booking AND b.debit_id = q.account AND b.motive = 'purchase' AND b.reverses IS NULL"
    " AND b.amount = q.paid AND b.currency = q.currency"
    " AND a.kind = CASE WHEN q.arrival IS NULL THEN 'purchases' ELSE 'exchange' END"
    f" AND b.key = {_KEY} || CASE WHEN q.arrival IS NULL THEN '' ELSE ':from' END),"
    " (SELECT 1 FROM booking c JOIN account e ON e.id = c.debit_id JOIN account g ON g.id = c.credit_id"
    f" {_PAPER.format(v='u', b='c')}"
    " WHERE c.id = q.arrival AND e.kind = 'exchange' AND g.kind = 'purchases' AND c.motive = 'purchase' AND c.reverses IS NULL"
    f" AND c.amount = q.amount AND c.currency = p.currency AND c.key = {_KEY})"
    " FROM payment_part q JOIN order_payment p ON p.id = q.payment_id JOIN orders o ON o.id = p.order_id"
    " LEFT JOIN intent i ON i.id = p.intent_id ORDER BY p.order_id, p.id, q.n"
)
PARTS_OF = (
    "SELECT w.kind, w.name, q.paid, q.currency, q.rate FROM payment_part q JOIN wallet w ON w.account_id = q.account"
    " WHERE q.payment_id = ? ORDER BY q.n"
)
