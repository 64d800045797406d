"""Orders whose delivery became known, and what of a run each of them brought whom."""

import json
from datetime import date, datetime, timedelta
from typing import NamedTuple

from vps.commissions.models.earned import rules
from vps.commissions.models.reversals import payees_of_order
from vps.commissions.models.rows import Run
from vps.company.models import company
from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import one, rows
from vps.wallets.models import MAIN

SETTLED = timedelta(minutes=1)
"""After which everything that happened at a moment is written."""


class Moved(NamedTuple):
    """An order of a booked run that was delivered: the day on which its commission was to be free, and the one it is now."""

    run: int
    order: int
    delivered_at: int
    """Microseconds."""
    old: date | None
    day: date


class Part(NamedTuple):
    """What a partner got into one kind of wallet, and the day on which that is free."""

    payee: int
    kind: str
    currency: str
    day: date | None
    minor: int


def looked_upto() -> tuple[int, int]:
    """The moment and the order up to which deliveries were looked at."""
    found = one("SELECT at, upto FROM commission_look WHERE name = 'delivery'")
    return (found[0], found[1]) if found else (0, 0)


def to_look_at(*, at: datetime) -> int:
    """The moment up to which deliveries can be looked at now: not of orders that a run may hold which is not booked yet."""
    (live,) = one("SELECT min(drafted_at) FROM commission_run WHERE booked_at IS NULL AND discarded_at IS NULL AND kind <> 'manual'")
    settled = micros(at - SETTLED)
    return settled if live is None else min(settled, live)


def delivered_between(place: tuple[int, int], upto: int, *, limit: int) -> list[Moved]:
    """Orders of booked runs that were delivered after this place and before this moment, in order."""
    zone, found = company().zone, []
    for key, order, delivered, free_on, facts in rows(DELIVERED, *place, upto, limit):
        days = json.loads(facts)["withdrawal_days"]
        day = day_in(instant(delivered), zone) + timedelta(days=days + 1)
        found.append(Moved(key, order, delivered, date.fromisoformat(free_on) if free_on else None, day))
    return found


def parts_of(this: Run, payee: int) -> list[Part]:
    """What one partner got of a run by whom it is free when."""
    if this.plan_id is None:
        return []
    wallets = {(payee, *row) for row in rows(SHARES, this.id, payee)}
    return [_part(this, wallets, *row) for row in rows(OF_PAYEE, this.id, payee)]


def parts_of_order(this: Run, order: int) -> list[Part]:
    """What an order brought everybody in a run, whatever was taken back since."""
    payees = payees_of_order(this.id, order)
    if not payees:
        return []
    marks = ", ".join("?" * len(payees))
    wallets = set(rows(SHARES_OF.format(marks), this.id, *payees))
    return [_part(this, wallets, *row) for row in rows(OF_ORDER.format(marks), this.id, order, *payees)]


def _part(this: Run, wallets: set[tuple[int, str, str]], payee: int, bonus: int, day: str | None, minor: int) -> Part:
    # Where a kind of wallet had ended when it was calculated, the main one got it.
    assert this.plan_id is not None
    rule = rules(this.plan_id).bonuses[bonus]
    kind = rule.wallet if (payee, rule.wallet, rule.currency) in wallets else MAIN
    return Part(payee, kind, rule.currency, date.fromisoformat(day) if day else None, minor)


_SUM = "CAST(sum(l.amount) AS bigint)"
_FROM = "FROM commission_line l JOIN commission_run_order t ON t.run_id = l.run_id AND t.order_id = l.order_id WHERE l.run_id = ?"
_BACK = (
    "CAST(sum(l.amount - coalesce((SELECT sum(b.amount) FROM commission_reversal b WHERE b.run_id = l.run_id AND b.order_id = l.order_id"
    " AND b.payee = l.payee AND b.n = l.n), 0)) AS bigint)"
)
OF_PAYEE = f"SELECT l.payee, l.bonus, t.free_on, {_BACK} {_FROM} AND l.payee = ? GROUP BY l.payee, l.bonus, t.free_on"
SHARES = "SELECT kind, currency FROM commission_share WHERE run_id = ? AND payee = ?"
SHARES_OF = "SELECT payee, kind, currency FROM commission_share WHERE run_id = ? AND payee IN ({})"
OF_ORDER = (
    f"SELECT l.payee, l.bonus, t.free_on, {_SUM} {_FROM} AND l.order_id = ? AND l.payee IN ({{}}) GROUP BY l.payee, l.bonus, t.free_on"
)
DELIVERED = (
    "SELECT t.run_id, o.id, o.delivered_at, t.free_on, r.facts FROM orders o JOIN commission_run_order t ON t.order_id = o.id"
    " JOIN commission_run r ON r.id = t.run_id AND r.booked_at IS NOT NULL WHERE o.delivered_at IS NOT NULL"
    " AND (o.delivered_at, o.id) > (?, ?) AND o.delivered_at < ? ORDER BY o.delivered_at, o.id LIMIT ?"
)
