"""Orders. State is dated facts: an order has no status, it answers what colour it has now and why."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple, Self

from peewee import SQL, BigIntegerField, BooleanField, Check, IntegerField, TextField

from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.kernel.numbers import order_id, order_number
from vps.kernel.refusals import N_
from vps.kernel.rows import Instant, Row, columns, currency_field, key_to, made_of
from vps.ledger.models import open_since
from vps.people.models import Customer, Person
from vps.security.models import Intent


class Colour(Enum):
    """The seed's four colours; the value is the word on the chip."""

    RED = N_("not paid")
    YELLOW = N_("recallable")
    GREEN = N_("ready")
    BLUE = N_("credited")

    @property
    def css(self) -> str:
        return self.name.lower()

    @classmethod
    def named(cls, text: str | None, default: "Colour") -> "Colour":
        """The colour of an address; nonsense is the default."""
        return cls.__members__.get((text or "").upper(), default)


class Product(Row):
    """Something the company sells: gross price, points for commission, tax rate in basis points."""

    code = TextField(unique=True)
    name = TextField()
    price = BigIntegerField(constraints=[Check("price > 0")])
    currency = currency_field()
    points = BigIntegerField(constraints=[Check("points >= 0")])
    tax_rate = IntegerField(constraints=[Check("tax_rate BETWEEN 0 AND 10000")])
    offered = BooleanField(default=True)

    @property
    def gross(self) -> Money:
        return Money(self.price, self.currency)


class Order(Row):
    """What a customer bought from the company through a partner. `paid_at` and `final_at` repeat the live attempt to pay."""

    key = TextField(unique=True)
    partner = key_to(Person)
    partner_id: int
    customer = key_to(Customer)
    total = BigIntegerField(constraints=[Check("total > 0")])
    currency = currency_field()
    points = BigIntegerField(default=0)
    made_at = Instant()
    changed_at = Instant()
    paid_at = Instant(null=True)
    final_at = Instant(null=True)
    provisioned_at = Instant(null=True)
    cancelled_at = Instant(null=True)
    shipped_at = Instant(null=True)
    delivered_at = Instant(null=True)
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    country = TextField(default="")
    refunded = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    """What the customer got back of the price, in minor units: commission is for the rest."""

    class Meta:
        table_name = "orders"
        immutable = ("id", "key", "partner_id", "made_at")
        constraints = (
            Check("(paid_at IS NULL) = (final_at IS NULL)"),
            Check("provisioned_at IS NULL OR final_at IS NOT NULL"),
            Check("cancelled_at IS NULL OR paid_at IS NULL"),
            Check("refunded BETWEEN 0 AND total"),
        )

    @property
    def number(self) -> str:
        return order_number(self.id)

    @property
    def price(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def given_back(self) -> Money:
        """What was refunded of it."""
        return Money(self.refunded, self.currency)

    @property
    def all_refunded(self) -> bool:
        """Whether all of the price was refunded: it keeps its colour, but stands in no list of that colour, and counts for nothing."""
        return self.refunded == self.total

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    def colour(self, now: datetime) -> Colour:
        """Red until something live pays it, yellow until that is final, green until its commission is credited, then blue."""
        return colour_of(self.paid_at, self.final_at, self.provisioned_at and seen(micros(self.provisioned_at)), now)

    def why(self, now: datetime) -> "Why":
        """Why the order has its colour, and when that changes."""
        live = OrderPayment.get_or_none(OrderPayment.order == self, OrderPayment.recalled_at.is_null())
        recalled = (
            OrderPayment.select()
            .where(OrderPayment.order == self, OrderPayment.recalled_at.is_null(False))
            .order_by(OrderPayment.n.desc())
            .first()
        )
        return Why(self.colour(now), live, None if live else recalled)

    @classmethod
    def seen_by(cls, partner: Person, number: str) -> Self | None:
        """The partner's own order with this number, with its customer; another partner's is not there for him."""
        return cls._with_people("o.id = ? AND o.partner_id = ?", order_id(number) or 0, partner.id)

    @classmethod
    def numbered(cls, number: str) -> Self | None:
        """Any order, for the office."""
        return cls._with_people("o.id = ?", order_id(number) or 0)

    @classmethod
    def _with_people(cls, condition: str, *values: object) -> Self | None:
        row = one(f"{WITH_PEOPLE} WHERE {condition}", *values)
        if row is None:
            return None
        own = len(cls._meta.sorted_fields)
        theirs = own + len(Customer._meta.sorted_fields)
        order = made_of(cls, row[:own])
        order.customer, order.partner = made_of(Customer, row[own:theirs]), made_of(Person, row[theirs:])
        return order

    def lines(self) -> "list[OrderLine]":
        return list(OrderLine.select(OrderLine, Product).join(Product).where(OrderLine.order == self).order_by(OrderLine.n))


WITH_PEOPLE = (
    f"SELECT {columns(Order, 'o')}, {columns(Customer, 'c')}, {columns(Person, 'p')} FROM orders o"
    " JOIN customer c ON c.id = o.customer_id JOIN person p ON p.id = o.partner_id"
)

# Partial indexes that do not mention the clock keep each colour's list flat, for the company and for one partner. When a run turns orders
# blue, nothing changes in those of partners: each of its orders would be on a page of its own there.
LIVE = "cancelled_at IS NULL AND "
for _name, _where, _columns in (
    ("red", "paid_at IS NULL", (Order.id,)),
    ("paid", "paid_at IS NOT NULL AND provisioned_at IS NULL AND refunded < total", (Order.final_at, Order.id)),
    ("blue", "provisioned_at IS NOT NULL", (Order.provisioned_at, Order.id)),
    ("red_of_partner", "paid_at IS NULL", (Order.partner, Order.id)),
    ("paid_of_partner", "paid_at IS NOT NULL", (Order.partner, Order.final_at, Order.id)),
):
    Order.add_index(*_columns, where=SQL(LIVE + _where), name=f"orders_{_name}")
Order.add_index(Order.customer, Order.id, name="orders_customer")
Order.add_index(Order.partner, Order.made_at, Order.id, name="orders_partner")
Order.add_index(
    Order.final_at, Order.id, where=SQL("cancelled_at IS NULL AND paid_at IS NOT NULL AND shipped_at IS NULL"), name="orders_to_send"
)
Order.add_index(Order.delivered_at, Order.id, where=SQL("delivered_at IS NOT NULL"), name="orders_delivered")


class OrderLine(Row):
    """One product of an order, at the price, points and tax rate it had when it was entered."""

    order = key_to(Order)
    n = IntegerField()
    product = key_to(Product)
    product_id: int
    name = TextField()
    quantity = IntegerField(constraints=[Check("quantity BETWEEN 1 AND 999")])
    price = BigIntegerField(constraints=[Check("price > 0")])
    points = BigIntegerField()
    tax_rate = IntegerField()

    class Meta:
        table_name = "order_line"
        indexes = ((("order", "n"), True),)


class OrderPayment(Row):
    """One attempt to pay an order. At most one is live; a recalled one keeps its row and its reason."""

    order = key_to(Order)
    n = IntegerField(constraints=[Check("n > 0")])
    means = TextField(constraints=[Check("means IN ('wallet', 'transfer', 'cheque', 'import')")])
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    booking = BigIntegerField(null=True)
    intent = key_to(Intent, null=True)
    paid_at = Instant()
    final_at = Instant()
    recalled_at = Instant(null=True)
    reason = TextField(default="")

    class Meta:
        table_name = "order_payment"
        immutable = ("id", "order_id", "n", "means", "amount", "currency", "booking", "intent_id", "paid_at", "final_at")
        indexes = ((("order", "n"), True),)
        constraints = (SQL("FOREIGN KEY (booking) REFERENCES booking (id)"), Check("means <> 'wallet' OR booking IS NOT NULL"))


OrderPayment.add_index(OrderPayment.order, unique=True, where=SQL("recalled_at IS NULL"), name="order_payment_live")
OrderPayment.add_index(OrderPayment.intent, unique=True, where=SQL("intent_id IS NOT NULL"), name="order_payment_intent")


class Why(NamedTuple):
    """A colour, the attempt to pay that gives it, and the newest one that was recalled while nothing pays the order."""

    colour: Colour
    payment: OrderPayment | None
    recalled: OrderPayment | None


def seen(provisioned_at: int, unseen: int | None = None) -> int | None:
    """The moment at which commission was credited, or None while its run is still being booked: then nobody sees any of it.

    `unseen`: the moment the open run carries (`unseen_moment`), where it has been asked for already.
    """
    hidden = unseen if unseen is not None else unseen_moment()
    return None if provisioned_at == hidden else provisioned_at


def unseen_moment() -> int | None:
    """What the orders of a run that is being booked carry as their moment; None while none is."""
    since = open_since()
    return micros(since) if since else None


def colour_of(paid_at: object, final_at: datetime | int | None, provisioned_at: object, now: datetime | int) -> Colour:
    """The colour that three dated facts give at a moment; instants and microseconds alike."""
    if provisioned_at is not None:
        return Colour.BLUE
    if paid_at is None or final_at is None:
        return Colour.RED
    return Colour.GREEN if final_at <= now else Colour.YELLOW  # type: ignore[operator]
