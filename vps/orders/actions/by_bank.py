"""A customer's own transfer or cheque pays his order: yellow while the bank can take it back, green by itself afterwards.

Source: seed VPS, "paid orders, payment can be recalled still (yellow)".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from vps.bank.actions import Found, Kind, Seen, Stuck, Taking, Undoing, among, join, means_of, recallable_until
from vps.kernel.clock import micros
from vps.kernel.database import insert, one, run
from vps.kernel.money import Money
from vps.kernel.numbers import find_domestic, find_order_references, find_references, order_id, order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import AlreadyReversed, Booked, book, company_account, record, reverse
from vps.orders.actions.debts import open_debt
from vps.orders.actions.pay_now import must_be_payable
from vps.orders.actions.telling import DEBT, PAID, RECALLED, tell_partner

NAME = "order"
REFERENCE = N_("The reference of order %(number)s stands in it.")
OVER = N_("The reference of order %(number)s stands in it; %(over)s is more than its price.")
NUMBER = N_("The number of order %(number)s stands in it, and the amount is its price.")
OTHER_AMOUNT = N_("The number %(number)s stands in it; the order of this number costs %(price)s.")
COSTS = N_("Order %(number)s costs %(price)s.")
MISSING = N_("The reference of order %(number)s stands in it, but %(missing)s is missing.")
OTHER_CURRENCY = N_("Order %(number)s stands in it, but is in another currency: %(price)s.")
PAID_TWICE = N_("Order %(number)s stands in it, but is paid already: perhaps it was paid twice.")
WAS_CANCELLED = N_("Order %(number)s stands in it, but was cancelled.")
UNKNOWN = N_("The reference of order %(number)s stands in it, but there is no such order.")
_NUMBER = re.compile(r"(?<![0-9])(?<![0-9][.,/-])[1-9][0-9]{3,17}(?![0-9]|[.,/-][0-9])")
"""A number that stands for itself: no part of an amount, a day or a longer one."""


class OtherPrice(Refused):
    """Facts: number, price (Money)."""

    says = N_("Order %(number)s costs %(price)s. Only a payment of exactly that can be booked for it.")
    field = "amount"


class CountsAlready(Refused):
    """Facts: number."""

    says = N_(
        "Order %(number)s is ready for commission, so its payment cannot be taken back here. If the bank takes it back, that becomes a debt."
    )
    status = 409


class RefundedAlready(Refused):
    """Facts: number."""

    says = N_(
        "Order %(number)s was refunded, whole or in part, so its payment cannot be taken back here. If the bank takes it back, that becomes a debt."
    )
    status = 409


class Known(NamedTuple):
    """What must be known of an order to say whether a line pays it."""

    id: int
    price: Money
    paid: bool
    cancelled: bool

    @property
    def number(self) -> str:
        return order_number(self.id)


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Sure: the order's reference and at least its price; or its bare number and exactly its price, of one order only. All while it is red."""
    named, bare = zip(*[numbers_in(line) if line.amount.is_positive else ([], []) for line in lines], strict=True)
    wanted = {key for numbers in (*named, *bare) for key in map(order_id, numbers) if key}
    known = {row[0]: Known(row[0], Money(row[1], row[2]), row[3] is not None, row[4] is not None) for row in among(ORDERS, wanted)}
    return [[*_named(line, numbers, known), *_bare(line, others, known)] for line, numbers, others in zip(lines, named, bare, strict=True)]


def seek(text: str, line: Seen) -> list[Found]:
    """The order of this number, if money came."""
    key = order_id(text.strip()) if line.amount.is_positive else None
    found = among(ORDERS, [key]) if key else []
    orders = [Known(row[0], Money(row[1], row[2]), row[3] is not None, row[4] is not None) for row in found]
    return [_against(line, order) or _of_other_price(line, order)._replace(says=COSTS) for order in orders]


def stuck(claims: Sequence[int], at: datetime) -> list[Stuck]:
    """Those whose payment is final, or was refunded."""
    found = [
        (claim, order_number(order), RefundedAlready if back else CountsAlready) for claim, order, back in among(FINAL, claims, micros(at))
    ]
    return [Stuck(claim, number, why.says, {"number": number}) for claim, number, why in found]


def take(taking: Taking) -> Booked:
    """Pay the order with it, until the end of its window recallably. Raises NotFound, OtherPrice, Cancelled, AlreadyPaid."""
    order, price, at = taking.target, taking.amount, micros(taking.at)
    means = means_of(taking.seen, taking.comment)
    final = max(taking.at, recallable_until(taking.seen, means))
    turned = one(TURN_YELLOW, at, micros(final), order, price.minor, price.currency)
    if not turned:
        raise _why_not(order, price)
    booked = book(
        key=taking.key,
        voucher=taking.voucher,
        motive="purchase",
        debit=taking.clarify,
        credit=company_account("purchases", price.currency),
        amount=price,
        at=taking.at,
        actor=taking.actor,
        value_date=taking.seen.valued,
    )
    insert(PAY, order, turned[0], means, price.minor, price.currency, booked.id, at, micros(final))
    record(taking.actor, "order paid", f"order:{order_number(order)}", at=taking.at, before="red", after=means)
    tell_partner(order, PAID[means], price, at=taking.at, until=final)
    return booked


def undo(undoing: Undoing) -> Booked:
    """The office clarified wrongly: the order is red again. Raises CountsAlready once the payment is final, RefundedAlready."""
    return _turned_red(undoing) or _refuse(undoing)


def recall(undoing: Undoing) -> Booked:
    """The bank took it back: a yellow order is red again; after that, or when it was refunded, the money is a debt, and the order stays as it is."""
    return _turned_red(undoing) or _indebted(undoing)


def numbers_in(line: Seen) -> tuple[list[str], list[str]]:
    """The numbers of the orders whose reference stands in a line, and numbers that might be an order's, where no reference of ours does."""
    texts = (*line.references, line.text)
    partners, orders = find_domestic("\n".join(line.references))
    named = dict.fromkeys([*orders, *_each(find_order_references, texts)])
    bare = [] if named or partners else list(dict.fromkeys(_each(_NUMBER.findall, texts)))
    return list(named), [] if bare and any(map(find_references, texts)) else bare


def _each(found_in: Callable[[str], list[str]], texts: Iterable[str]) -> list[str]:
    return [number for text in texts for number in found_in(text)]


def _named(line: Seen, numbers: list[str], known: dict[int, Known]) -> list[Found]:
    found = []
    for number in numbers:
        order = known.get(order_id(number) or 0)
        if order is None:
            found.append(Found(NAME, 0, line.amount, number, False, UNKNOWN, {"number": number}))
        else:
            found.append(_against(line, order) or _paying(line, order))
    return found


def _bare(line: Seen, numbers: list[str], known: dict[int, Known]) -> list[Found]:
    # A number in a text can be anything. It is sure with the exact price of a single order; what neither is open nor fits is not worth a word.
    orders = [known[key] for key in map(order_id, numbers) if key in known]
    open_ = [order for order in orders if not (order.paid or order.cancelled)]
    exact = [order for order in orders if order.price == line.amount]
    fitting = [order for order in exact if order in open_]
    alone = len(fitting) == 1
    found = [Found(NAME, order.id, order.price, order.number, alone, NUMBER, {"number": order.number}) for order in fitting]
    found += [said for order in exact if (said := _against(line, order))]
    return found + [_of_other_price(line, order) for order in open_ if order not in exact]


def _of_other_price(line: Seen, order: Known) -> Found:
    enough = order.price.currency == line.amount.currency and order.price < line.amount
    facts = {"number": order.number, "price": order.price}
    return Found(NAME, order.id, order.price if enough else line.amount, order.number, False, OTHER_AMOUNT, facts)


def _against(line: Seen, order: Known) -> Found | None:
    """What speaks against a line paying an order, whatever its amount."""
    facts = {"number": order.number}
    if order.cancelled:
        return Found(NAME, order.id, line.amount, order.number, False, WAS_CANCELLED, facts)
    if order.paid:
        return Found(NAME, order.id, line.amount, order.number, False, PAID_TWICE, facts)
    if order.price.currency != line.amount.currency:
        return Found(NAME, order.id, line.amount, order.number, False, OTHER_CURRENCY, {**facts, "price": order.price})
    return None


def _paying(line: Seen, order: Known) -> Found:
    over = line.amount - order.price
    if over.minor < 0:
        return Found(NAME, order.id, line.amount, order.number, False, MISSING, {"number": order.number, "missing": -over})
    says, more = (OVER, {"over": over}) if over.is_positive else (REFERENCE, {})
    return Found(NAME, order.id, order.price, order.number, True, says, {"number": order.number, **more})


def _why_not(order: int, price: Money) -> Refused:
    found = one("SELECT total, currency, paid_at, cancelled_at FROM orders WHERE id = ?", order)
    if found is None:
        return NotFound()
    costs = Money(found[0], found[1])
    must_be_payable(order, costs)
    return OtherPrice(number=order_number(order), price=costs)


def _turned_red(undoing: Undoing) -> Booked | None:
    # The order's row decides: whether it is final, and that it is paid by just this. None: by this, and finally.
    order, at = undoing.target, micros(undoing.at)
    if not one(TURN_RED, order, at, undoing.booking):
        if one("SELECT 1 FROM order_payment WHERE booking = ? AND recalled_at IS NULL", undoing.booking):
            return None
        raise AlreadyReversed
    run(RECALL, at, undoing.reason, undoing.booking)
    booked = reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)
    record(undoing.actor, "payment recalled", f"order:{order_number(order)}", at=undoing.at, before="yellow", after=undoing.reason)
    tell_partner(order, RECALLED, undoing.amount, at=undoing.at, reason=undoing.reason)
    return booked


def _refuse(undoing: Undoing) -> Booked:
    order = undoing.target
    refunded = one("SELECT 1 FROM orders WHERE id = ? AND refunded > 0", order)
    raise RefundedAlready(number=order_number(order)) if refunded else CountsAlready(number=order_number(order))


def _indebted(undoing: Undoing) -> Booked:
    booked = open_debt(undoing)
    tell_partner(undoing.target, DEBT, undoing.amount, at=undoing.at, reason=undoing.reason)
    return booked


ORDERS = "SELECT id, total, currency, paid_at, cancelled_at FROM orders WHERE id IN ({})"
TURN_YELLOW = (
    "UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ? AND total = ? AND currency = ? AND paid_at IS NULL AND cancelled_at IS NULL"
    " RETURNING (SELECT count(*) + 1 FROM order_payment p WHERE p.order_id = orders.id)"
)
PAY = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, booking, paid_at, final_at, reason)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')"
)
TURN_RED = (
    "UPDATE orders SET paid_at = NULL, final_at = NULL WHERE id = ? AND final_at > ? AND provisioned_at IS NULL AND refunded = 0"
    " AND EXISTS (SELECT 1 FROM order_payment p WHERE p.order_id = orders.id AND p.booking = ? AND p.recalled_at IS NULL) RETURNING id"
)
FINAL = (
    "SELECT c.id, c.target, o.refunded FROM line_claim c JOIN orders o ON o.id = c.target WHERE c.id IN ({})"
    " AND (o.final_at <= ? OR o.provisioned_at IS NOT NULL OR o.refunded > 0) ORDER BY c.id"
)
RECALL = "UPDATE order_payment SET recalled_at = ?, reason = ? WHERE booking = ? AND recalled_at IS NULL"

join(Kind(NAME, find, take, undo, once=True, recall=recall, seek=seek, stuck=stuck))
