"""Money of the company that the bank took back after it had counted for commission: whose order it was, and how it ended."""

from datetime import datetime
from typing import NamedTuple

from peewee import SQL, BigIntegerField, Check, TextField

from vps.bank.models import LineClaim
from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.rows import Instant, Row, currency_field, key_to
from vps.orders.models.lists import CAP
from vps.orders.models.rows import Order, OrderPayment


class OrderDebt(Row):
    """A final payment that the bank took back. The order keeps its colour; the debt is settled, or written off with a reason.

    `claim` is what the payment was of its line, `booking` what the recall booked, `ended` what settled it or wrote it off.
    """

    order = key_to(Order)
    order_id: int
    payment = key_to(OrderPayment)
    claim = key_to(LineClaim)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    opened_at = Instant()
    reason = TextField()
    booking = BigIntegerField()
    settled_at = Instant(null=True)
    written_off_at = Instant(null=True)
    written_off_by = BigIntegerField(null=True)
    note = TextField(default="")
    ended = BigIntegerField(null=True)

    class Meta:
        table_name = "order_debt"
        immutable = ("id", "order_id", "payment_id", "claim_id", "amount", "currency", "opened_at", "reason", "booking")
        constraints = (
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (ended) REFERENCES booking (id)"),
            Check("settled_at IS NULL OR written_off_at IS NULL"),
            Check("(settled_at IS NULL AND written_off_at IS NULL) = (ended IS NULL)"),
            Check("(written_off_at IS NULL) = (note = '')"),
        )


OPEN = "settled_at IS NULL AND written_off_at IS NULL"
OrderDebt.add_index(OrderDebt.payment, unique=True, name="order_debt_payment")
OrderDebt.add_index(OrderDebt.order, name="order_debt_order")
OrderDebt.add_index(OrderDebt.opened_at, OrderDebt.id, where=SQL(OPEN), name="order_debt_open")


class Owed(NamedTuple):
    """A debt as the office sees it."""

    id: int
    order: str
    partner: str
    partner_id: int
    name: str
    customer: str
    amount: Money
    opened_at: datetime
    reason: str
    settled_at: datetime | None
    written_off_at: datetime | None
    note: str

    @property
    def is_open(self) -> bool:
        return self.settled_at is None and self.written_off_at is None

    @property
    def sort(self) -> str:
        """Its place in the list, the key of the next page."""
        return f"{micros(self.opened_at)}.{self.id}"


def open_debts(*, after: tuple[int, int] | None = None, limit: int = 50) -> list[Owed]:
    """What is neither settled nor written off, oldest first."""
    return [_owed(row) for row in rows(LIST, *(after or (-1, 0)), limit)]


def open_debt_count() -> int:
    """How many there are, not counted beyond `CAP`."""
    return int(one(f"SELECT count(*) FROM (SELECT 1 FROM order_debt WHERE {OPEN} LIMIT {CAP}) AS capped")[0])


def debt(key: int) -> Owed | None:
    """One debt, open or not."""
    row = one(f"{SELECT} WHERE d.id = ?", key)
    return _owed(row) if row else None


def debt_of(order: int) -> Owed | None:
    """The newest debt of an order."""
    row = one(f"{SELECT} WHERE d.order_id = ? ORDER BY d.id DESC LIMIT 1", order)
    return _owed(row) if row else None


def _owed(row: tuple) -> Owed:  # type: ignore[type-arg]
    key, order, partner, person, name, customer, minor, currency, opened, reason, settled, off, note = row
    settled_at, written_off_at = (None if at is None else instant(at) for at in (settled, off))
    facts = (key, order_number(order), partner, person, name, customer, Money(minor, currency), instant(opened), reason)
    return Owed(*facts, settled_at, written_off_at, note)


SELECT = (
    "SELECT d.id, d.order_id, p.number, p.id, p.name, c.name, d.amount, d.currency, d.opened_at, d.reason, d.settled_at, d.written_off_at,"
    " d.note FROM order_debt d JOIN orders o ON o.id = d.order_id JOIN person p ON p.id = o.partner_id JOIN customer c ON c.id = o.customer_id"
)
LIST = (
    f"{SELECT} WHERE d.settled_at IS NULL AND d.written_off_at IS NULL AND (d.opened_at, d.id) > (?, ?) ORDER BY d.opened_at, d.id LIMIT ?"
)
