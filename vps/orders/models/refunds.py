"""Money of an order that goes back: what was asked for, what was booked, and what each wallet got of it."""

import re

from peewee import SQL, BigIntegerField, Check, IntegerField, TextField

from vps.bank.models import Payout
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.orders.models.rows import Order, OrderPayment
from vps.people.models import Person

WALLET, BANK, CASH = "wallet", "bank", "cash"
WAYS = (WALLET, BANK, CASH)
"""Back into the wallets that paid; to the customer's bank account; or into the wallets, and the partner owes it to the customer in cash."""
_WAY = f"way IN ({', '.join(repr(way) for way in WAYS)})"
_GOODS = re.compile("([0-9]+):([0-9]+)")


class OrderRefund(Row):
    """One refund of an order, whole or in part: booked when it is made, and never taken back.

    `payout` takes it to the customer's bank, the newest one if one came back; else its parts say what was booked. `goods` are the
    lines given back: number and quantity.
    """

    order = key_to(Order)
    order_id: int
    partner = key_to(Person)
    partner_id: int
    n = IntegerField(constraints=[Check("n > 0")])
    payment = key_to(OrderPayment)
    payment_id: int
    way = TextField(constraints=[Check(_WAY)])
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    goods = TextField()
    reason = TextField(constraints=[Check("reason <> ''")])
    key = TextField(unique=True)
    made_at = Instant()
    made_by = BigIntegerField()
    payout = key_to(Payout, null=True, unique=True)
    payout_id: int | None
    done_at = Instant(null=True)
    """When the partner's task to return cash was closed."""
    done_by = BigIntegerField(null=True)
    done_on = Day(null=True)
    signed = TextField(default="")
    """Who received the cash, as written on the receipt."""
    receipt = TextField(default="")
    closed_why = TextField(default="")
    """Why the office closed the task without a receipt."""

    class Meta:
        table_name = "order_refund"
        immutable = (
            *(
                "id",
                "order_id",
                "partner_id",
                "n",
                "payment_id",
                "way",
                "amount",
                "currency",
                "goods",
                "reason",
                "key",
                "made_at",
                "made_by",
            ),
        )
        indexes = ((("order", "n"), True),)
        constraints = (
            Check("(payout_id IS NULL) = (way <> 'bank')"),
            Check("way = 'cash' OR done_at IS NULL"),
            Check("(done_at IS NULL) = (done_by IS NULL)"),
            Check("CASE WHEN done_at IS NULL THEN signed = '' AND closed_why = '' ELSE (signed = '') <> (closed_why = '') END"),
            Check("(done_on IS NULL) = (signed = '')"),
        )

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def number(self) -> str:
        """As it stands on the customer's paper."""
        return f"{order_number(self.order_id)}-R{self.n}"

    @property
    def to_return(self) -> bool:
        """Whether the partner still owes the customer the cash."""
        return self.way == CASH and self.done_at is None


class RefundPart(Row):
    """What one wallet got of a refund: worth `amount`, `back` in its own currency.

    `booking` brought it into the wallet, `departure` took it out of the sales where it was exchanged in between. What is too little to
    be one unit of the wallet's currency is left for the next refund.
    """

    refund = key_to(OrderRefund)
    n = IntegerField(constraints=[Check("n > 0")])
    account = BigIntegerField(null=True)
    booking = BigIntegerField(null=True, unique=True)
    departure = BigIntegerField(null=True, unique=True)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    back = BigIntegerField(constraints=[Check("back >= 0")])
    currency = currency_field()

    class Meta:
        table_name = "refund_part"
        immutable = True
        indexes = ((("refund", "n"), True),)
        constraints = (
            Check("(booking IS NULL) = (back = 0)"),
            Check("(account IS NULL) = (back = 0)"),
            SQL("FOREIGN KEY (account) REFERENCES account (id)"),
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (departure) REFERENCES booking (id)"),
        )


class RefundWish(Row):
    """A refund that somebody wants: a partner for his customer, with no way yet; or the office, where it takes a second one."""

    key = TextField(unique=True)
    order = key_to(Order)
    order_id: int
    way = TextField(constraints=[Check(f"way = '' OR {_WAY}")])
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    goods = TextField()
    reason = TextField(constraints=[Check("reason <> ''")])
    holder = TextField()
    account = TextField()
    bic = TextField()
    asked_by = BigIntegerField()
    asked_at = Instant()
    decided_at = Instant(null=True)
    decided_by = BigIntegerField(null=True)
    refused_why = TextField(default="")
    refund = key_to(OrderRefund, null=True)
    refund_id: int | None

    class Meta:
        table_name = "refund_wish"
        immutable = (
            *("id", "key", "order_id", "way", "amount", "currency", "goods", "reason", "holder", "account", "bic"),
            *("asked_by", "asked_at"),
        )
        constraints = (
            Check("(decided_at IS NULL) = (decided_by IS NULL)"),
            Check("decided_at IS NOT NULL OR (refund_id IS NULL AND refused_why = '')"),
            Check("refund_id IS NULL OR refused_why = ''"),
        )

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def by_office(self) -> bool:
        """Whether a colleague wants it, who said how it is to be paid."""
        return bool(self.way)


_WAITS = "decided_at IS NULL"
_OWED = "way = 'cash' AND done_at IS NULL"
OrderRefund.add_index(OrderRefund.partner, OrderRefund.id, name="order_refund_partner")
OrderRefund.add_index(OrderRefund.id, where=SQL(_OWED), name="order_refund_to_return")
OrderRefund.add_index(OrderRefund.partner, OrderRefund.id, where=SQL(_OWED), name="order_refund_to_return_of_partner")
RefundWish.add_index(RefundWish.order, unique=True, where=SQL(f"{_WAITS} AND way = ''"), name="refund_wish_of_partner")
RefundWish.add_index(RefundWish.order, unique=True, where=SQL(f"{_WAITS} AND way <> ''"), name="refund_wish_of_office")
RefundWish.add_index(RefundWish.id, where=SQL(_WAITS), name="refund_wish_open")


def goods_of(written: str) -> dict[int, int]:
    """Line number and quantity of what is given back, as it is kept: "1:2 3:1"."""
    return {int(n): int(quantity) for n, quantity in _GOODS.findall(written)}


def written_goods(goods: dict[int, int]) -> str:
    """The same as it is kept."""
    return " ".join(f"{n}:{goods[n]}" for n in sorted(goods) if goods[n])
