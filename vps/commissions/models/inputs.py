"""What a run is calculated from, as columns: the tree of partners on a day, and the orders that are ready for commission."""

from array import array
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from vps.commissions.models.rows import Plan, Run
from vps.commissions.plans.network import NOBODY, Network, Sales
from vps.commissions.plans.plan import Binary
from vps.commissions.plans.plan import Plan as Rules
from vps.company.models import NoRate, rate_on
from vps.kernel.clock import day_in, instant
from vps.kernel.database import one, rows, run
from vps.kernel.money import digits
from vps.kernel.rates import NANO
from vps.people.models.tree import tree_on

FETCH = 20_000
QUARTER = 15 * 60 * 1_000_000
"""Microseconds."""
Left = dict[str, dict[int, tuple[int, int]]]
"""Volume that was not paired, by bonus and partner (ids): the left and the right leg."""


class Taken(NamedTuple):
    """An order as it stands when a run is calculated."""

    order: int
    seller: int
    amount: int
    points: int
    total: int
    refunded: int
    currency: str
    final_at: int


class Inputs(NamedTuple):
    """Everything a run is calculated from. `positions` finds the index of a partner by his id; `free` is each order's day, as an ordinal."""

    network: Network
    sales: Sales
    positions: "array[int]"
    free: "array[int]"
    digest: str
    totals: "array[int]"
    refunds: "array[int]"
    finals: "array[int]"
    currencies: list[str]


def network_on(day: date, *, cutoff: int) -> "tuple[Network, array[int]]":
    """The tree of all partners on a day, with who is stopped and who has left by then; and where to find each by his id."""
    ids, above = tree_on(day)
    positions = array("q", [NOBODY]) * ((ids[-1] if ids else 0) + 1)
    for place, person in enumerate(ids):
        positions[person] = place
    stopped = frozenset(positions[person] for (person,) in rows(STOPPED, cutoff, cutoff))
    closed = frozenset(positions[person] for (person,) in rows(CLOSED, cutoff))
    return Network(ids, above, stopped, closed), positions


def orders_until(cutoff: int) -> Iterator[tuple[Any, ...]]:
    """The orders that were final before a moment and not credited yet: `Taken`'s columns, and when each was delivered.

    Amounts are in each order's own currency; what was refunded is off.
    """
    for order, seller, total, refunded, points, currency, final_at, delivered_at in _streamed(READY, cutoff):
        amount = total - refunded
        points = _part(points, amount, total) if refunded else points
        yield order, seller, amount, points, total, refunded, currency, final_at, delivered_at


def in_currency(currency: str, day: date) -> tuple[Callable[[int, str], int], dict[str, Fraction]]:
    """What turns minor units of any currency into a run's currency, rounded half up; and the rates it has used, by currency."""
    rates: dict[str, Fraction] = {}

    def turned(minor: int, of: str) -> int:
        if of == currency:
            return minor
        if of not in rates:
            rate = rate_on(of, currency, day)
            if rate is None:
                raise NoRate(base=of, quote=currency, day=day)
            rates[of] = rate * Fraction(10) ** (digits(currency) - digits(of))
        exact = minor * rates[of]
        return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)

    return turned, rates


def free_on(final_at: int, delivered_at: int | None, zone: str, withdrawal: int, delivery: int) -> int:
    """The ordinal of the first day on which a customer can no more withdraw: counted from delivery, or from when it is assumed."""
    arrived = _day_of(delivered_at // QUARTER, zone) if delivered_at else _day_of(final_at // QUARTER, zone) + delivery
    return arrived + withdrawal + 1


def point_value(currency: str, day: date) -> Fraction | None:
    """What a point is worth on a day, in minor units; None where nobody said."""
    row = one(VALUE, currency, day.isoformat(), day.isoformat())
    return Fraction(row[0] * 10 ** digits(currency), NANO) if row else None


def digest_of(*columns: Any) -> str:
    """SHA-256 over columns of whole numbers."""
    found = sha256()
    for column in columns:
        found.update(b"%d\n" % len(column))
        found.update(column.tobytes())
    return found.hexdigest()


def changed_orders(key: int, limit: int = 20) -> list[int]:
    """Orders that are no more as this run was calculated with them."""
    return [order for (order,) in rows(CHANGED, key, limit)]


def carried_into(this: Run, plan: Rules) -> Left:
    """What the last booked run over a period left over for this one, where `plan` measures it alike."""
    return _left_by(one(LAST, this.id), plan)


def carried_until(day: date, plan: Rules) -> Left:
    """What the last booked run over a period that was over before a day left over, where `plan` measures it alike."""
    return _left_by(one(LAST_BEFORE, day.isoformat()), plan)


def _left_by(last: Any, plan: Rules) -> Left:
    found: dict[str, dict[int, tuple[int, int]]] = {}
    if last is None:
        return found
    before, now = (_measured(each) for each in (Plan.get_by_id(last[1]).rules, plan))
    for bonus, payee, leg, volume in rows(CARRIED, last[0]):
        if before.get(bonus) != now.get(bonus):
            continue
        left, right = found.setdefault(bonus, {}).get(payee, (0, 0))
        found[bonus][payee] = (left + volume, right) if leg == 0 else (left, right + volume)
    return found


def _measured(plan: Rules) -> dict[str, tuple[object, ...]]:
    """In what the volume of each binary bonus is measured, and how it is paired: cents are no points, and what is left of large pairs is many small ones."""
    return {each.code: (each.of, plan.currency, each.pair, each.ratio) for each in plan.bonuses if isinstance(each, Binary)}


def _part(whole: int, amount: int, total: int) -> int:
    return (2 * whole * amount + total) // (2 * total)


@cache
def _day_of(quarter: int, zone: str) -> int:
    # Asked once for all orders of a quarter of an hour: in every zone of today a day begins with one.
    return day_in(instant(quarter * QUARTER), zone).toordinal()


def _streamed(sql: str, *values: object) -> Iterator[Any]:
    cursor = run(sql, *values)
    while found := cursor.fetchmany(FETCH):
        yield from found


STOPPED = "SELECT person_id FROM commission_mark WHERE kind = 'stop' AND since < ? AND (ended_at IS NULL OR ended_at >= ?)"
CLOSED = "SELECT id FROM person WHERE closed_at < ? AND number IS NOT NULL"
READY = (
    "SELECT id, partner_id, total, refunded, points, currency, final_at, delivered_at FROM orders WHERE cancelled_at IS NULL"
    " AND paid_at IS NOT NULL AND provisioned_at IS NULL AND final_at < ? AND refunded < total ORDER BY +id"
)
"""The plus keeps SQLite from walking through all orders there ever were."""
CHANGED = (
    "SELECT t.order_id FROM commission_run_order t JOIN orders o ON o.id = t.order_id WHERE t.run_id = ? AND (o.total <> t.total"
    " OR o.refunded <> t.refunded OR o.currency <> t.currency OR o.partner_id <> t.seller OR o.final_at IS NULL OR o.final_at <> t.final_at"
    " OR o.provisioned_at IS NOT NULL OR o.cancelled_at IS NOT NULL) ORDER BY t.order_id LIMIT ?"
)
VALUE = (
    "SELECT nano FROM point_rate WHERE currency = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id DESC LIMIT 1"
)
LAST = "SELECT id, plan_id FROM commission_run WHERE id < ? AND kind = 'period' AND booked_at IS NOT NULL ORDER BY id DESC LIMIT 1"
LAST_BEFORE = "SELECT id, plan_id FROM commission_run WHERE until <= ? AND kind = 'period' AND booked_at IS NOT NULL ORDER BY until DESC, id DESC LIMIT 1"
CARRIED = "SELECT bonus, payee, leg, volume FROM commission_carried WHERE run_id = ?"
