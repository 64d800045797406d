"""Lists of orders by colour: tuples through the partial index of that colour, paged by key, never counted twice."""

from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from vps.kernel.clock import MICROSECOND, instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.orders.models.rows import Colour, colour_of, unseen_moment

CAP = 1_000
"""Up to here the company's counts are exact; beyond it a page says "1,000+"."""

FAR = 2**62
NEVER = -1


class Listed(NamedTuple):
    """One order of a list. `sort` and `id` are its place in the list, the key of the next page."""

    id: int
    sort: int
    price: Money
    colour: Colour
    made_at: datetime
    paid_at: datetime | None
    final_at: datetime | None
    provisioned_at: datetime | None
    customer: str
    partner_number: str
    partner: str
    means: str | None
    taken_back: str | None
    """Why the newest payment that was taken back was, if any."""
    refunded: Money

    @property
    def number(self) -> str:
        return order_number(self.id)

    @property
    def all_refunded(self) -> bool:
        """Whether nothing of it is left: it stands in no colour's list any more."""
        return self.refunded == self.price

    @property
    def last_recallable(self) -> datetime | None:
        """The last moment at which the payment can be taken back: a window ends with a day, so that its end is the next one."""
        return self.final_at and self.final_at - MICROSECOND


class Parcel(NamedTuple):
    """What is sent of an order, and where: lines of the address (none, where nobody gave one), and quantity and name of each product."""

    address: list[str]
    goods: list[tuple[int, str]]


class Counts(NamedTuple):
    """How many orders of each colour; `capped` where there are at least `CAP`."""

    red: int
    yellow: int
    green: int
    blue: int


def partner_list(partner: int, colour: Colour, *, now: datetime, before: tuple[int, int] | None = None, limit: int = 25) -> list[Listed]:
    """A partner's orders of one colour, newest first: red ones by number, all others by when they became final."""
    moment, unseen = micros(now), unseen_moment()
    clock: dict[Colour, tuple[int, ...]] = {
        Colour.RED: (),
        Colour.YELLOW: (moment,),
        Colour.GREEN: (unseen or NEVER, moment, _oldest_green() if unseen is None else 0),
        Colour.BLUE: (unseen or FAR,),
    }
    sort = SORT_OF_PARTNER[colour]
    return _listed_all(
        rows(page_sql(f"o.partner_id = ? AND {WHERE_OF_PARTNER[colour]}", sort), partner, *clock[colour], *_key(sort, before), limit),
        moment,
    )


def _oldest_green() -> int:
    # What a run turns is older: without this, a partner's green orders would be looked for among all his blue ones.
    return int(one(OLDEST_GREEN)[0] or FAR)


def company_list(colour: Colour, *, now: datetime, before: tuple[int, int] | None = None, limit: int = 50) -> list[Listed]:
    """All orders of one colour, newest first."""
    moment, unseen, sort = micros(now), unseen_moment(), SORT[colour]
    key, sql = _key(sort, before), page_sql(WHERE[colour], sort)
    found = rows(sql, *_clock(colour, moment, unseen), *key, limit)
    if unseen is not None and colour is Colour.GREEN:
        found = sorted([*found, *rows(page_sql(TURNED, sort), unseen, *key, limit)], key=itemgetter(1, 0), reverse=True)[:limit]
    return _listed_all(found, moment)


def to_send(*, before: tuple[int, int] | None = None, now: datetime, limit: int = 50) -> list[Listed]:
    """Paid orders that have not left the house, newest first."""
    top = before or (micros(now), FAR)
    return _listed_all(rows(page_sql(TO_SEND, "o.final_at"), *top, limit), micros(now))


def parcels(orders: list[int]) -> dict[int, Parcel]:
    """What has to be packed for these orders, in one query."""
    found: dict[int, Parcel] = {}
    marks = ", ".join("?" * len(orders))
    for order, street, postcode, city, country, quantity, name in rows(PACKED.format(marks), *orders) if orders else []:
        address = [line for line in (street, f"{postcode} {city}".strip(), country) if line]
        found.setdefault(order, Parcel(address, [])).goods.append((quantity, name))
    return found


def found_list(ids: list[int], *, now: datetime, partner: int | None = None, limit: int = 50) -> list[Listed]:
    """These orders, newest first; only those of one partner, where one is given."""
    if not ids:
        return []
    owner, values = ("o.partner_id = ? AND ", (partner,)) if partner is not None else ("", ())
    marks = ", ".join("?" * len(ids))
    sql = SELECT.format(sort="o.id") + f" WHERE {owner}o.cancelled_at IS NULL AND o.id IN ({marks}) ORDER BY o.id DESC LIMIT ?"
    return _listed_all(rows(sql, *values, *ids, limit), micros(now))


def newest_of(column: str, keys: list[int], *, limit: int = 50) -> list[int]:
    """The ids of the newest orders of these customers (`customer_id`) or partners (`partner_id`)."""
    assert column in ("customer_id", "partner_id")
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT id FROM orders WHERE {column} IN ({marks}) AND cancelled_at IS NULL ORDER BY made_at DESC, id DESC LIMIT ?"
    return [int(key) for (key,) in rows(sql, *keys, limit)] if keys else []


def partner_counts(partner: int, now: datetime) -> Counts:
    """Exact counts of a partner's orders by colour."""
    red, paid, yellow, blue = map(int, one(COUNTS_OF_PARTNER, partner, micros(now), unseen_moment() or FAR, partner))
    return Counts(red, yellow, paid - yellow - blue, blue)


def company_counts(now: datetime) -> Counts:
    """Counts of all orders by colour, none counted beyond `CAP`."""
    moment, unseen = micros(now), unseen_moment()
    counts = Counts(*(int(one(COUNT[colour], *_clock(colour, moment, unseen))[0]) for colour in Colour))
    if unseen is None:
        return counts
    # While a run is being booked, what it has turned blue already is green for whoever looks.
    return counts._replace(green=counts.green + int(one(COUNT_TURNED, unseen)[0]))


def page_sql(where: str, sort: str) -> str:
    """A page of the orders for which `where` holds, sorted by a column and then by id, newest first: behind a key, so many."""
    by_id = sort == "o.id"
    place, order = ("o.id < ?", "o.id DESC") if by_id else (f"({sort}, o.id) < (?, ?)", f"{sort} DESC, o.id DESC")
    return SELECT.format(sort=sort) + f" WHERE {where} AND {place} ORDER BY {order} LIMIT ?"


def _key(sort: str, before: tuple[int, int] | None) -> tuple[int, ...]:
    return (before or (FAR, FAR))[sort == "o.id" :]


def _listed_all(found: list[Any], moment: int) -> list[Listed]:
    unseen = unseen_moment()
    return [_listed(row, moment, unseen) for row in found]


def _clock(colour: Colour, moment: int, unseen: int | None) -> tuple[int, ...]:
    return {Colour.RED: (), Colour.BLUE: (unseen or FAR,)}.get(colour, (moment,))


def _listed(row: tuple, moment: int, unseen: int | None) -> Listed:  # type: ignore[type-arg]
    key, sort, total, currency, made, paid, final, provisioned, customer, number, partner, means, back, refunded = row
    provisioned = None if provisioned == unseen else provisioned
    colour = colour_of(paid, final, provisioned, moment)
    paid_at, final_at, provisioned_at = (None if value is None else instant(value) for value in (paid, final, provisioned))
    return Listed(
        *(
            key,
            sort,
            Money(total, currency),
            colour,
            instant(made),
            paid_at,
            final_at,
            provisioned_at,
            customer,
            number,
            partner,
            means,
            back,
            Money(refunded, currency),
        )
    )


_PAID = "o.cancelled_at IS NULL AND o.paid_at IS NOT NULL AND o.refunded < o.total"
WHERE = {
    Colour.RED: "o.cancelled_at IS NULL AND o.paid_at IS NULL",
    Colour.YELLOW: f"{_PAID} AND o.provisioned_at IS NULL AND o.final_at > ?",
    Colour.GREEN: f"{_PAID} AND o.provisioned_at IS NULL AND o.final_at <= ?",
    Colour.BLUE: "o.cancelled_at IS NULL AND o.refunded < o.total AND o.provisioned_at < ?",
}
WHERE_OF_PARTNER = WHERE | {
    Colour.GREEN: f"{_PAID} AND (o.provisioned_at IS NULL OR o.provisioned_at = ?) AND o.final_at <= ? AND o.final_at >= ?",
    Colour.BLUE: f"{_PAID} AND o.provisioned_at < ?",
}
SORT = {Colour.RED: "o.id", Colour.YELLOW: "o.final_at", Colour.GREEN: "o.final_at", Colour.BLUE: "o.provisioned_at"}
SORT_OF_PARTNER = SORT | {Colour.BLUE: "o.final_at"}
TURNED = "o.cancelled_at IS NULL AND o.refunded < o.total AND o.provisioned_at = ?"
"""Turned blue by a run that is still being booked."""
_CAPPED = f"SELECT count(*) FROM (SELECT 1 FROM orders o WHERE {{}} LIMIT {CAP}) AS capped"
COUNT = {colour: _CAPPED.format(where) for colour, where in WHERE.items()}
COUNT_TURNED = _CAPPED.format(TURNED)
OLDEST_GREEN = f"SELECT min(o.final_at) FROM orders o WHERE {_PAID} AND o.provisioned_at IS NULL"
# The second column of the index is named too: then it is chosen without anybody gathering statistics.
COUNTS_OF_PARTNER = (
    f"SELECT (SELECT count(*) FROM orders o WHERE o.partner_id = ? AND o.id > 0 AND {WHERE[Colour.RED]}), count(*),"
    " count(CASE WHEN o.provisioned_at IS NULL AND o.final_at > ? THEN 1 END), count(CASE WHEN o.provisioned_at < ? THEN 1 END)"
    f" FROM orders o WHERE o.partner_id = ? AND o.final_at > 0 AND {_PAID}"
)
TO_SEND = "o.cancelled_at IS NULL AND o.paid_at IS NOT NULL AND o.shipped_at IS NULL AND o.refunded < o.total"
PACKED = (
    "SELECT o.id, o.street, o.postcode, o.city, o.country, l.quantity, l.name FROM orders o JOIN order_line l ON l.order_id = o.id"
    " WHERE o.id IN ({}) ORDER BY o.id, l.n"
)
SELECT = (
    "SELECT o.id, {sort}, o.total, o.currency, o.made_at, o.paid_at, o.final_at, o.provisioned_at, c.name, p.number, p.name,"
    " (SELECT means FROM order_payment x WHERE x.order_id = o.id AND x.recalled_at IS NULL),"
    " (SELECT reason FROM order_payment x WHERE x.order_id = o.id AND x.recalled_at IS NOT NULL ORDER BY x.n DESC LIMIT 1), o.refunded FROM orders o"
    " JOIN customer c ON c.id = o.customer_id JOIN person p ON p.id = o.partner_id"
)
