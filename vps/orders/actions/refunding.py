"""What a refund would be, and what stands in its way: by the same words for the preview, the wish of a partner and the booking.

Whoever credited something for an order hears of its refunds here, and says beforehand what he would take back.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from vps.bank.actions import goes_out, read_account
from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_name, clean_text
from vps.orders.models.refunds import BANK, CASH, WALLET, goods_of
from vps.orders.models.shares import Share, Stake, shared
from vps.wallets.actions import NoReason, must_be_nobody_of, needs_second
from vps.wallets.models import MAIN

WAYS_OF = {"wallet": (CASH, WALLET), "transfer": (BANK,), "cheque": (BANK,), "import": (BANK, CASH, WALLET)}
"""How an order can be refunded, by the means it was paid with, the likely way first. What the old system noted says nothing of the means."""


class NothingToRefund(Refused):
    """Facts: number."""

    says = N_("Order %(number)s is not paid, so there is nothing to refund.")
    status = 409


class MoreThanPaid(Refused):
    """Facts: left (Money)."""

    says = N_("Of this order %(left)s can still be refunded, and not more.")
    field = "amount"


class NothingWanted(Refused):
    says = N_("Please say how much is to be refunded.")
    field = "amount"


class NotThatWay(Refused):
    says = N_("This order was paid otherwise. It is refunded the way it was paid.")
    field = "way"


class MoneyGone(Refused):
    """Facts: number."""

    says = N_("The bank took the payment of order %(number)s back. First see to the debt; until it is settled there is nothing to refund.")
    status = 409


class NotThatMany(Refused):
    """Facts: name, left."""

    says = N_("Of %(name)s %(left)s can be given back.")
    field = "amount"


class Wanted(NamedTuple):
    """What somebody asks for: how much, which way, why; the goods given back (line number and quantity), and the customer's account."""

    amount: Money
    reason: str
    way: str = ""
    goods: dict[int, int] = {}  # noqa: RUF012 - never changed
    holder: str = ""
    account: str = ""
    bic: str = ""


class Refunding(NamedTuple):
    """A refund as those hear of it who credited something for the order; `refund` is missing while it is only looked at."""

    order: int
    refund: int | None
    amount: Money
    refunded_before: Money
    refunded_after: Money
    total: Money
    was_blue: bool
    at: datetime
    actor: Actor


class Back(NamedTuple):
    """What one wallet would get: its kind and currency, its part of the payment, whether money is exchanged."""

    n: int
    kind: str
    share: Share
    currency: str
    exchanged: bool
    name: str = ""
    """What its owner calls it."""

    @property
    def money(self) -> Money:
        return Money(self.share.back, self.currency)


class Plan(NamedTuple):
    """A refund before it is booked. `recallable` is until when the bank can still take the payment back by itself."""

    what: Refunding
    wanted: Wanted
    partner: int
    customer: str
    payment: int
    parts: list[Back]
    commission: list[tuple[int, Money]]
    recallable: datetime | None
    second: bool


_reversals: list[Callable[[Refunding], object]] = []
_previews: list[Callable[[Refunding], list[tuple[int, Money]]]] = []


def on_refund(act: Callable[[Refunding], object]) -> None:
    """From now on call this inside every refund's transaction, after it was booked."""
    _reversals.append(act)


def on_refund_preview(tell: Callable[[Refunding], list[tuple[int, Money]]]) -> None:
    """From now on ask this what a refund would take back, and of whom (a person's id)."""
    _previews.append(tell)


def announce(refunding: Refunding) -> None:
    """Tell all of them."""
    for act in _reversals:
        act(refunding)


class Paid(NamedTuple):
    """What must be known of an order to refund it."""

    partner: int
    customer: str
    total: Money
    refunded: int
    payment: int
    means: str
    booking: int | None
    final_at: datetime
    blue: bool
    debt: str

    @property
    def ways(self) -> tuple[str, ...]:
        # A debt that was settled was settled from a wallet or by the customer.
        return WAYS_OF["import"] if self.debt == "settled" else WAYS_OF[self.means]

    @property
    def left(self) -> Money:
        return Money(self.total.minor - self.refunded, self.total.currency)


def paid_order(order: int) -> Paid:
    """What is known of a paid order. Raises NotFound, NothingToRefund, MoneyGone."""
    row = one(PAID, order)
    if row is None:
        raise NotFound
    partner, customer, total, currency, refunded, provisioned, payment, means, booking, final, debt = row
    if payment is None:
        raise NothingToRefund(number=order_number(order))
    if debt == "lost":
        raise MoneyGone(number=order_number(order))
    facts = payment, means, booking, instant(final), provisioned is not None, debt or ""
    return Paid(partner, customer, Money(total, currency), refunded, *facts)


def must_be_possible(order: int, wanted: Wanted) -> Paid:
    """What is wanted, tested but for the way. Raises NothingWanted, MoreThanPaid, NotThatMany, and what `paid_order` raises."""
    paid = paid_order(order)
    if not wanted.amount.is_positive:
        raise NothingWanted
    if wanted.amount > paid.left:
        raise MoreThanPaid(left=paid.left)
    _must_be_there(order, wanted.goods)
    return paid


def plan_refund(order: int, wanted: Wanted, *, actor: Actor, at: datetime) -> Plan:
    """What it would be. Raises NoReason, NotThatWay, NotYourOwn, NoBankForIt, what reading an account refuses, and the above."""
    paid = must_be_possible(order, wanted)
    must_be_nobody_of(actor, paid.partner)
    wanted = cleaned(wanted)
    if wanted.way not in paid.ways:
        raise NotThatWay
    if wanted.way == BANK:
        clean_name(wanted.holder)
        goes_out(read_account(wanted.account.strip(), wanted.bic), wanted.amount.currency, at=at)
    before = Money(paid.refunded, paid.total.currency)
    what = Refunding(order, None, wanted.amount, before, before + wanted.amount, paid.total, paid.blue, at, actor)
    parts = [] if wanted.way == BANK else shares_of(paid.payment, paid.means, what)
    taken = [each for tell in _previews for each in tell(what)]
    until = paid.final_at if paid.means in ("transfer", "cheque") and paid.final_at > at else None
    second = needs_second(actor, wanted.amount, what="refund", at=at)
    return Plan(what, wanted, paid.partner, paid.customer, paid.payment, parts, taken, until, second)


def cleaned(wanted: Wanted) -> Wanted:
    """As it is kept. Raises NoReason, and what cleaning raises."""
    why = clean_text(wanted.reason, most=200)
    if not why:
        raise NoReason
    return wanted._replace(reason=why)


def shares_of(payment: int, means: str, what: Refunding) -> list[Back]:
    """What each wallet that paid gets; the main one where no wallet did."""
    stakes = rows(STAKES, payment) if means == "wallet" else []
    if not stakes:
        stakes = [(1, MAIN, what.total.minor, what.total.minor, what.total.currency, "", "")]
    found = shared([Stake(amount, paid) for _, _, amount, paid, *_ in stakes], what.refunded_before.minor, what.refunded_after.minor)
    return [
        Back(n, kind, share, currency, bool(rate), name)
        for (n, kind, _, _, currency, rate, name), share in zip(stakes, found, strict=True)
        if share.amount
    ]


def payer_of(payment: int) -> tuple[str, str]:
    """Name and account by which a bank's line paid it; nothing where none did."""
    row = one(PAYER, payment)
    return (row[0], row[1]) if row else ("", "")


def _must_be_there(order: int, goods: dict[int, int]) -> None:
    if not goods:
        return
    gone: dict[int, int] = {}
    for (written,) in rows("SELECT goods FROM order_refund WHERE order_id = ?", order):
        for n, quantity in goods_of(written).items():
            gone[n] = gone.get(n, 0) + quantity
    lines = {n: (name, quantity - gone.get(n, 0)) for n, name, quantity in rows(LINES, order)}
    for n, quantity in goods.items():
        name, left = lines.get(n, ("", 0))
        if not 0 < quantity <= left:
            raise NotThatMany(name=name, left=left)


PAID = (
    "SELECT o.partner_id, c.name, o.total, o.currency, o.refunded, o.provisioned_at, p.id, p.means, p.booking, p.final_at,"
    " (SELECT CASE WHEN d.settled_at IS NULL THEN 'lost' ELSE 'settled' END FROM order_debt d WHERE d.payment_id = p.id)"
    " FROM orders o JOIN customer c ON c.id = o.customer_id"
    " LEFT JOIN order_payment p ON p.order_id = o.id AND p.recalled_at IS NULL WHERE o.id = ?"
)
LINES = "SELECT n, name, quantity FROM order_line WHERE order_id = ?"
STAKES = (
    "SELECT q.n, w.kind, q.amount, q.paid, q.currency, q.rate, w.name FROM payment_part q JOIN wallet w ON w.account_id = q.account"
    " WHERE q.payment_id = ? ORDER BY q.n"
)
PAYER = (
    "SELECT l.party, l.party_account FROM order_payment p JOIN line_claim c ON c.booking = p.booking JOIN bank_line l ON l.id = c.line_id"
    " WHERE p.id = ?"
)
