"""Taking a company over from files: its products, partners and opening balances. Repeating a file changes nothing.

Each function reads a CSV file, writes all of it or nothing, and answers an `Outcome`. Raises WrongLines with every mistake,
or what `read_table` raises about the whole file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.cells import amount, currency, day, maybe, needed, price, rate, whole, yes_or_no
from vps.kernel.clock import day_in
from vps.kernel.csvfile import Cleaner, Line, Outcome, Table, Twice, all_or_nothing, read_table
from vps.kernel.database import Again, one, rows, run
from vps.kernel.money import Money
from vps.kernel.numbers import is_partner_number
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_name
from vps.ledger.actions import Booked, company_account, record, voucher
from vps.people.actions.register import NoSuchPartner, NotANumber
from vps.people.actions.take_over import CELLS as PARTNER
from vps.people.actions.take_over import take_over_people
from vps.trust.actions.giving import take_over_levels
from vps.trust.models import levels
from vps.wallets.actions import credit, open_wallet

BATCH = 500
"""Keys asked for in one query."""
MOST_POINTS = 10**9


class NotBelowZero(Refused):
    says = N_("An opening balance cannot be less than zero. Import the others, and settle this one by hand.")


class OpenedOtherwise(Refused):
    """Facts: booked (Money)."""

    says = N_("The opening balance of this day was booked before, as %(booked)s. Nothing was booked now.")


class NotYet(Refused):
    says = N_("This lies in the future.")


class Offer(NamedTuple):
    """A product as the file has it; `offered` None leaves it as it is."""

    name: str
    price: int
    currency: str
    points: int
    tax_rate: int
    offered: bool | None


class Balance(NamedTuple):
    """What a partner had on a day."""

    person: int
    key: str
    money: Money
    day: date


def take_over_products(content: bytes, *, at: datetime, dry: bool = False) -> Outcome:
    """Make products, and change those that differ; orders keep the prices of their lines."""
    table = read_table(content, required=("code", "name", "price", "currency", "points", "tax_rate"), optional=("offered",))
    return all_or_nothing(table, lambda: _products(table, at), dry=dry)


def take_over_partners(content: bytes, *, at: datetime, dry: bool = False) -> Outcome:
    """Make partners with their wallets, in any order of sponsors, and change what differs."""
    optional = [column for column in PARTNER if column != "name"]
    table = read_table(content, required=("name",), optional=[*optional, "trust_level"])

    def write() -> Outcome:
        level = maybe(whole(0, len(levels()) - 1))
        read = {line.number: line.read({"trust_level": level}) for line in table.lines}
        new, changed, unchanged, of_line = take_over_people(table, actor=HOUSE, at=at)
        for person in (*new, *changed, *unchanged):
            open_wallet(person, company().currency, at=at)
        given = {of_line[n]: cells["trust_level"] for n, cells in read.items() if cells and cells["trust_level"] is not None}
        risen = take_over_levels(given, at=at).intersection(unchanged)
        return Outcome(len(table.lines), len(new), len(changed) + len(risen), len(unchanged) - len(risen))

    return all_or_nothing(table, write, dry=dry)


def take_over_balances(content: bytes, *, at: datetime, dry: bool = False) -> Outcome:
    """Book opening balances against the account *opening*, once for a partner, a currency and a day."""
    table = read_table(content, required=("partner", "currency", "amount", "day"))
    return all_or_nothing(table, lambda: _balances(table, at), dry=dry)


def _products(table: Table, at: datetime) -> Outcome:
    known = {code: (key, Offer(*facts)) for key, code, *facts in rows(PRODUCTS)}
    wanted = list(_products_of(table))
    table.must_be_right()
    new = changed = 0
    for code, product in wanted:
        key, before = known.get(code, (None, None))
        offered = product.offered if product.offered is not None else before.offered if before else True
        after = product._replace(offered=bool(offered))
        if before == after:
            continue
        if key is None:
            new += 1
            if not one(NEW_PRODUCT, code, *after):
                raise Again
        else:
            changed += 1
            run(CHANGED_PRODUCT, *after, key)
        record(HOUSE, "product changed" if before else "product made", f"product:{code}", at=at, before=_told(before), after=_told(after))
    return Outcome(len(wanted), new, changed, len(wanted) - new - changed, sums_of(Money(each.price, each.currency) for _, each in wanted))


def _products_of(table: Table) -> Iterator[tuple[str, Offer]]:
    seen: dict[str, int] = {}
    for line in table.lines:
        values = line.read({**PRODUCT, "price": needed(partial(price, code=line["currency"]))})
        if values and first_of(seen, values["code"], line, "code"):
            yield values.pop("code"), Offer(**values | {"price": values["price"].minor})


def _balances(table: Table, at: datetime) -> Outcome:
    people = among("SELECT number, id FROM person WHERE number IN ({})", {line["partner"] for line in table.lines})
    wanted = list(_balances_of(table, people, day_in(at, company().zone)))
    booked = among("SELECT key, amount FROM booking WHERE key IN ({})", {balance.key for _, balance in wanted})
    for line, balance in wanted:
        before = Money(booked.get(balance.key, (balance.money.minor,))[0], balance.money.currency)
        if before != balance.money:
            line.wrong("amount", OpenedOtherwise(booked=before))
    table.must_be_right()
    new = 0
    for _, balance in wanted:
        if balance.money.is_positive and balance.key not in booked:
            new += not _open(balance, at).again
    return Outcome(len(wanted), new, 0, len(wanted) - new, sums_of(balance.money for _, balance in wanted))


def _balances_of(table: Table, people: dict[str, tuple[Any, ...]], today: date) -> Iterator[tuple[Line, Balance]]:
    seen: dict[str, int] = {}
    for line in table.lines:
        values = line.read({**BALANCE, "amount": needed(partial(_not_below_zero, code=line["currency"]))})
        if not values:
            continue
        key = f"opening:{values['partner']}:{values['currency']}:{values['day']}"
        if values["partner"] not in people:
            line.wrong("partner", NoSuchPartner(number=values["partner"]))
        elif values["day"] > today:
            line.wrong("day", NotYet())
        elif first_of(seen, key, line, "partner"):
            yield line, Balance(people[values["partner"]][0], key, values["amount"], values["day"])


def _open(balance: Balance, at: datetime) -> Booked:
    return credit(
        balance.person,
        balance.money,
        source="opening",
        motive="opening",
        voucher=voucher("opening", balance.key.removeprefix("opening:"), day=balance.day),
        key=balance.key,
        at=at,
        authorisation=ByRule(HOUSE),
        day=balance.day,
    )


def among(sql: str, keys: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """The rows that a query finds for these keys, which take the place of `{}`, by their first column, which is left out."""
    wanted = sorted(keys)
    found: dict[str, tuple[Any, ...]] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        found.update((key, tuple(rest)) for key, *rest in rows(sql.format(", ".join("?" * len(batch))), *batch))
    return found


def first_of(seen: dict[str, int], key: str, line: Line, column: str) -> bool:
    """Whether no earlier line has this key; else the line is noted as wrong."""
    before = seen.setdefault(key, line.number)
    if before != line.number:
        line.wrong(column, Twice(line=before))
    return before == line.number


def partner(text: str) -> str:
    """A cell with a partner's number."""
    if not is_partner_number(text):
        raise NotANumber(number=text[:20])
    return text


def ours(text: str) -> str:
    """A cell with a currency in which the company keeps books."""
    company_account("purchases", currency(text))
    return text


def _not_below_zero(text: str, code: str) -> Money | None:
    if text.startswith("-"):
        raise NotBelowZero
    return amount(text, code)


def sums_of(money: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, to be compared with the list the file came from."""
    sums: Counter[str] = Counter()
    for each in money:
        sums[each.currency] += each.minor
    return tuple(Money(minor, code) for code, minor in sorted(sums.items()))


def _told(product: Offer | None) -> str:
    if product is None:
        return ""
    price_told, offered = Money(product.price, product.currency), "offered" if product.offered else "not offered"
    return f"{product.name}, {price_told}, {product.points}, {product.tax_rate}, {offered}"


PRODUCT: dict[str, Cleaner] = {
    "code": needed(clean_name),
    "name": needed(clean_name),
    "currency": needed(ours),
    "points": needed(whole(0, MOST_POINTS)),
    "tax_rate": needed(rate),
    "offered": maybe(yes_or_no),
}
BALANCE: dict[str, Cleaner] = {"partner": needed(partner), "currency": needed(ours), "day": needed(day)}

PRODUCTS = "SELECT id, code, name, price, currency, points, tax_rate, offered FROM product"
NEW_PRODUCT = (
    "INSERT INTO product (code, name, price, currency, points, tax_rate, offered) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (code) DO NOTHING RETURNING id"
)
CHANGED_PRODUCT = "UPDATE product SET name = ?, price = ?, currency = ?, points = ?, tax_rate = ?, offered = ? WHERE id = ?"
