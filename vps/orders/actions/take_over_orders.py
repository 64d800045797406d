"""Orders from a file, with what was paid for them elsewhere. Nothing is booked: their money moved before this house stood.

Several lines with one reference are one order. An order that is here already stays as it is, but must not contradict the file.
"""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from vps.company.actions import must_be_language
from vps.company.models import company
from vps.kernel.amounts import MOST, TooMuch
from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import Empty, currency, maybe, moment, needed, price, whole
from vps.kernel.clock import micros
from vps.kernel.csvfile import Cleaner, Line, Outcome, Table, all_or_nothing, read_table
from vps.kernel.database import Again, one, rows, run
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_email, clean_name, clean_phone, clean_text
from vps.ledger.actions import record
from vps.orders.actions.enter import TwoCurrencies
from vps.orders.actions.take_over import NotYet, among, partner, sums_of
from vps.people.actions.register import NoSuchPartner
from vps.people.actions.take_over import take_over_customer

LONGEST_REFERENCE = 60
MOST_OF_ONE = 999
FACTS = ("paid_at", "final_at", "provisioned_at", "shipped_at", "delivered_at")
"""In the order in which they happen."""
ADDRESS = ("street", "postcode", "city", "country")
OF_THE_ORDER = ("partner", "customer", "customer_email", "customer_phone", "customer_language", "date", *FACTS, *ADDRESS)
OF_A_LINE = ("product", "quantity", "price", "currency")
REQUIRED = ("reference", "partner", "customer", "date", "product", "quantity")


Known = tuple[int, str, str, str]
"""A customer's partner, name, e-mail and phone."""


class NoSuchProduct(Refused):
    """Facts: code."""

    says = N_("There is no product with the code “%(code)s”. Import the products first.")


class Differs(Refused):
    """Facts: line."""

    says = N_("Line %(line)s is of the same order and says something else here. Write the same, or nothing.")


class ImportedOtherwise(Refused):
    """Facts: number."""

    says = N_("Order %(number)s was made from this reference, with something else here. An import does not change orders.")


class Needs(Refused):
    """Facts: column."""

    says = N_("This cannot be without the column %(column)s.")


class TooEarly(Refused):
    """Facts: column."""

    says = N_("This is earlier than the column %(column)s.")


class WrongCountry(Refused):
    says = N_("Please write the country in two capital letters, for example DE.")


class Sold(NamedTuple):
    """A product as it is sold today."""

    id: int
    name: str
    price: int
    currency: str
    points: int
    tax_rate: int


class Wanted:
    """An order of the file: the facts of its first line (none when they were refused), and its goods as (product, quantity, price)."""

    def __init__(self, line: Line, reference: dict[str, Any] | None, values: dict[str, Any] | None) -> None:
        self.line = line
        self.values = {**reference, **values} if reference and values else {}
        self.priced = True
        self.goods: list[tuple[Sold, int, int]] = []
        self.currency = ""

    @property
    def key(self) -> str:
        return f"import:{self.values['reference']}"

    @property
    def total(self) -> Money:
        return Money(sum(quantity * price for _, quantity, price in self.goods), self.currency)

    @property
    def points(self) -> int:
        return sum(quantity * product.points for product, quantity, _ in self.goods)


def take_over_orders(content: bytes, *, at: datetime, dry: bool = False) -> Outcome:
    """Make the orders of a file, each with the colour that its dates give. A payment has the means 'import' and no booking.

    Repeating a file changes nothing. Raises WrongLines, or what `read_table` raises about the whole file.
    """
    optional = [column for column in (*OF_THE_ORDER, *OF_A_LINE) if column not in REQUIRED]
    table = read_table(content, required=REQUIRED, optional=optional)
    return all_or_nothing(table, lambda: _orders(table, at), dry=dry)


def _orders(table: Table, at: datetime) -> Outcome:
    people = among(PARTNERS, {line["partner"] for line in table.lines})
    wanted = _wanted(table, at)
    known = among(KNOWN, {order.key for order in wanted})
    for order in wanted:
        if order.values["partner"] not in people:
            order.line.wrong("partner", NoSuchPartner(number=order.values["partner"]))
        elif order.key in known:
            _must_agree(order, people[order.values["partner"]][0], known[order.key])
    table.must_be_right()
    new = [order for order in wanted if order.key not in known]
    customers = _customers([row[0] for row in people.values()]) if new else {}
    for order in new:
        _make(order, people[order.values["partner"]], customers, at)
    return Outcome(
        len(table.lines),
        len(new),
        0,
        len(wanted) - len(new),
        sums_of(Money(*known[order.key][9:11]) if order.key in known else order.total for order in wanted),
    )


def _wanted(table: Table, at: datetime) -> list[Wanted]:
    cells = _cells()
    products = {code: Sold(*facts) for code, *facts in rows(PRODUCTS)}
    found: dict[str, Wanted] = {}
    for line in table.lines:
        reference = line.read(REFERENCE)
        order = found.get(reference["reference"]) if reference else None
        if order is None:
            order = Wanted(line, reference, line.read(cells))
            if order.values:
                _must_follow(line, order.values, at)
            if reference:
                found[reference["reference"]] = order
        elif differing := [column for column in OF_THE_ORDER if line[column] not in ("", order.line[column])]:
            line.wrong(differing[0], Differs(line=order.line.number))
        _add(order, line, _goods(line, products))
    return [order for order in found.values() if order.values and order.goods]


def _goods(line: Line, products: dict[str, Sold]) -> tuple[Sold, int, int, str] | None:
    """The product, how many, at what price, in which currency; without a price of its own the line has today's."""
    values = line.read({**GOODS, "price": maybe(partial(price, code=line["currency"]))})
    if not values:
        return None
    product = products.get(values["product"])
    if product is None:
        line.wrong("product", NoSuchProduct(code=values["product"]))
        return None
    if line["price"] and not line["currency"]:
        line.wrong("currency", Empty())
        return None
    each = values["price"] or Money(product.price, product.currency)
    return product, values["quantity"], each.minor, each.currency


def _add(order: Wanted, line: Line, goods: tuple[Sold, int, int, str] | None) -> None:
    if goods is None:
        return
    product, quantity, each, code = goods
    order.currency = order.currency or code
    order.priced = order.priced and bool(line["price"])
    if code != order.currency:
        line.wrong("currency" if line["currency"] else "product", TwoCurrencies())
        return
    order.goods.append((product, quantity, each))
    if order.total.minor > MOST:
        line.wrong("quantity", TooMuch(most=Money(MOST, code)))


def _must_follow(line: Line, values: dict[str, Any], at: datetime) -> None:
    """What was paid was paid at some time, and nothing is final, provisioned or sent before it was paid."""
    values["final_at"] = values["final_at"] or values["paid_at"]
    for column, needs in (
        ("final_at", "paid_at"),
        ("provisioned_at", "paid_at"),
        ("shipped_at", "paid_at"),
        ("delivered_at", "shipped_at"),
    ):
        if values[column] and not values[needs]:
            line.wrong(column, Needs(column=needs))
        elif values[column] and values[column] < values[needs]:
            line.wrong(column, TooEarly(column=needs))
    for column in ("date", *FACTS):
        if values[column] and values[column] > at and column != "final_at":
            line.wrong(column, NotYet())


def _must_agree(order: Wanted, person: int, known: tuple[Any, ...]) -> None:
    """An order that is here stands as it is, whatever became of it; but what the file says of its past must be true."""
    number = order_number(known[0])
    said = {"partner": person, "date": micros(order.values["date"])}
    said |= {column: micros(order.values[column]) for column in FACTS if order.line[column]}
    here = dict(zip(("partner", "date", *FACTS), known[1:8], strict=True))
    wrong = [column for column, value in said.items() if here[column] != value]
    # Without prices of its own the file says nothing about the sum; and what its partner changed since is his affair.
    if order.priced and known[8] == known[2] and Money(*known[9:11]) != order.total:
        wrong.append("quantity")
    for column in wrong:
        order.line.wrong(column, ImportedOtherwise(number=number))


def _customers(wanted: list[int]) -> dict[Known, int]:
    found = rows(CUSTOMERS) if len(wanted) > 500 else rows(f"{CUSTOMERS} WHERE partner_id IN ({', '.join('?' * len(wanted))})", *wanted)
    return {(partner, name, email, phone): key for key, partner, name, email, phone in found}


def _make(order: Wanted, partner: tuple[Any, ...], customers: dict[Known, int], at: datetime) -> None:
    (seller, language), values, total = partner, order.values, order.total
    who = (seller, values["customer"], values["customer_email"] or "", values["customer_phone"] or "")
    address = tuple(values[column] or "" for column in ADDRESS)
    if who not in customers:
        speaks = values["customer_language"] or language
        customers[who] = take_over_customer(seller, who[1:], language=speaks, address=address, at=at)
    made_at = micros(values["date"])
    dates = [values[column] and micros(values[column]) for column in FACTS]
    facts = (order.key, seller, customers[who], total.minor, total.currency, order.points, made_at, made_at, *dates, *address)
    made = one(ORDER, *facts)
    if not made:
        raise Again
    for n, (product, quantity, each) in enumerate(order.goods, 1):
        run(LINE, made[0], n, product.id, product.name, quantity, each, product.points, product.tax_rate)
    if values["paid_at"]:
        run(PAID, made[0], total.minor, total.currency, dates[0], dates[1])
    record(HOUSE, "order imported", f"order:{order_number(made[0])}", at=at, after=f"{values['reference']}, {total}")


def _cells() -> dict[str, Cleaner]:
    when = moment(company().zone)
    return {**ORDER_CELLS, "date": needed(when), **dict.fromkeys(FACTS, maybe(when))}


def _language(text: str) -> str:
    must_be_language(text)
    return text


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()):
        raise WrongCountry
    return text


_short = partial(clean_text, most=80)
REFERENCE: dict[str, Cleaner] = {"reference": needed(partial(clean_text, most=LONGEST_REFERENCE))}
ORDER_CELLS: dict[str, Cleaner] = {
    "partner": needed(partner),
    "customer": needed(clean_name),
    "customer_email": maybe(clean_email),
    "customer_phone": maybe(clean_phone),
    "customer_language": maybe(_language),
    "street": maybe(_short),
    "postcode": maybe(_short),
    "city": maybe(_short),
    "country": maybe(_country),
}
GOODS: dict[str, Cleaner] = {"product": needed(clean_name), "quantity": needed(whole(1, MOST_OF_ONE)), "currency": maybe(currency)}

PARTNERS = "SELECT number, id, language FROM person WHERE number IN ({})"
PRODUCTS = "SELECT code, id, name, price, currency, points, tax_rate FROM product"
CUSTOMERS = "SELECT id, partner_id, name, email, phone FROM customer"
KNOWN = (
    "SELECT key, id, partner_id, made_at, paid_at, final_at, provisioned_at, shipped_at, delivered_at, changed_at, total, currency"
    " FROM orders WHERE key IN ({})"
)
ORDER = (
    "INSERT INTO orders (key, partner_id, customer_id, total, currency, points, made_at, changed_at,"
    " paid_at, final_at, provisioned_at, shipped_at, delivered_at, street, postcode, city, country)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id"
)
LINE = "INSERT INTO order_line (order_id, n, product_id, name, quantity, price, points, tax_rate) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
PAID = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, booking, intent_id, paid_at, final_at, reason)"
    " VALUES (?, 1, 'import', ?, ?, NULL, NULL, ?, ?, '')"
)
