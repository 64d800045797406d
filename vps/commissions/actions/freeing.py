"""When credited commissions become free: as the end of a hold by the office leaves it, and as deliveries turn out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from vps.commissions.actions.booking import booking_key
from vps.commissions.models import HELD, WITHDRAWAL, Run
from vps.commissions.models.delivered import Moved, Part, delivered_between, looked_upto, parts_of, parts_of_order, to_look_at
from vps.commissions.plans.cents import rounded, spread
from vps.company.models import company
from vps.kernel.clock import micros, midnight
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.money import Money
from vps.ledger.actions import hold, release
from vps.ledger.models import open_since
from vps.wallets.actions import settle_excess_of
from vps.wallets.models import locked_purses

AT_ONCE = 200
"""Orders of one look."""
CENTS = 100
"""Less than that can be what rounding left."""


class Kept(NamedTuple):
    """A hold that is open, of a share of a run."""

    id: int
    account: int
    minor: int
    currency: str
    key: str


@action
def free_kept_back(person: int, *, at: datetime) -> None:
    """Release what the office held back of somebody's commissions; what customers can still withdraw from is reserved until they cannot."""
    zone = company().zone
    locked_purses(person)  # before their accounts, as every payment does
    for kept in (Kept(*row) for row in rows(KEPT_BACK, person, HELD)):
        share = kept.key.rpartition(":hold")[0]  # the last one: a kind of wallet may be called so
        release(kept.id, at=at)
        days = _days_of(share, person)
        parts = [minor for _, minor in days]
        # Tax that was withheld meanwhile is missing from each day in proportion.
        for (day, _), part in zip(days, spread(min(kept.minor, sum(parts)), parts), strict=True):
            if day and part and midnight(day, zone) > at:
                _reserve(kept.account, Money(part, kept.currency), f"{share}:{day}", midnight(day, zone), at=at)
    settle_excess_of(person, at)


def _days_of(share: str, person: int) -> list[tuple[date | None, int]]:
    """What of a share, named by its booking's key, becomes free on which day, in order; without a day it is free."""
    this = Run.get_by_id(int(share.split(":")[1]))
    days: dict[date | None, int] = defaultdict(int)
    for part in parts_of(this, person):
        if booking_key(this, person, part.kind, part.currency) == share:
            days[part.day] += part.minor
    return sorted(days.items(), key=lambda each: each[0] or date.min)


def follow_deliveries(*, at: datetime) -> int:
    """Let the period count from deliveries that became known after the commission was calculated; answers how many orders were moved.

    The next look begins where this one ended; it waits for runs that are not booked yet, so that none of their orders is missed.
    """
    moved, upto = 0, to_look_at(at=at)
    while (place := looked_upto()) < (upto, 0) and not open_since():
        found = delivered_between(place, upto, limit=AT_ONCE)
        runs = {key: Run.get_by_id(key) for key in {each.run for each in found}}
        for each in found:
            if each.old not in (None, each.day):
                moved += move_order(runs[each.run], each, parts_of_order(runs[each.run], each.order), at=at)
        _looked(*((found[-1].delivered_at, found[-1].order) if len(found) == AT_ONCE else (upto, 0)))
    return moved


@action
def move_order(this: Run, order: Moved, parts: Sequence[Part], *, at: datetime) -> bool:
    """Reserve what this order brought everybody until another day, where it is still reserved; what is free already stays free."""
    one(locked("SELECT 1 FROM orders WHERE id = ?"), order.order)  # a refund of it goes before this, or after it
    if not run(MOVE, order.day.isoformat(), this.id, order.order, order.old and order.old.isoformat()).rowcount:
        return False
    shares: dict[str, int] = defaultdict(int)
    for part in parts:
        shares[booking_key(this, part.payee, part.kind, part.currency)] += part.minor
    for payee, kind, currency, minor in rows(TAKEN_BACK, this.id, order.order):
        shares[booking_key(this, payee, kind, currency)] -= minor
    _less_withheld(this, parts, shares)
    accounts = {share: one("SELECT credit_id FROM booking WHERE key = ?", share) for share in shares}
    # In the order of accounts, in which every payment locks them, too.
    for account, share in sorted((found[0], share) for share, found in accounts.items() if found):
        _move(account, share, order, Money(shares[share], one("SELECT currency FROM account WHERE id = ?", account)[0]), at)
    return True


def _less_withheld(this: Run, parts: Sequence[Part], shares: dict[str, int]) -> None:
    # The tax that was withheld with a note is no longer reserved: of each order its part is missing.
    people = sorted({part.payee for part in parts})
    notes = rows(WITHHELD.format(", ".join("?" * len(people))), this.id, *people) if people else []
    rates = {(payee, currency): (withheld, credited) for payee, currency, withheld, credited in notes}
    for payee, kind, currency in sorted({(part.payee, part.kind, part.currency) for part in parts}) if rates else ():
        share, (withheld, credited) = booking_key(this, payee, kind, currency), rates.get((payee, currency), (0, 1))
        shares[share] -= rounded(max(0, shares[share]) * withheld, credited, "half up")


def _move(account: int, share: str, order: Moved, amount: Money, at: datetime) -> None:
    assert order.old is not None
    zone = company().zone
    old, new = midnight(order.old, zone), midnight(order.day, zone)
    one(locked("SELECT 1 FROM account WHERE id = ?"), account)  # what others do to these holds meanwhile is seen below
    kept = [Kept(*row) for row in rows(OPEN, account, WITHDRAWAL, micros(old)) if _is_of(row[4], share)]
    there = sum(each.minor for each in kept)
    moving = min(amount.minor, there)
    if moving <= 0:
        return
    if 0 < there - moving < CENTS and not one(OTHERS, order.run, order.old.isoformat(), int(share.split(":")[3])):
        moving = there  # taxes were rounded otherwise: nothing else of his becomes free on that day
    for each in kept:
        release(each.id, at=at)
    rest = there - moving
    for minor, day, until in ((rest, order.old, old), (moving, order.day, new)):
        if minor and until > at:
            _reserve(account, Money(minor, amount.currency), f"{share}:{day}:{order.order}", until, at=at)


def _reserve(account: int, amount: Money, key: str, until: datetime, *, at: datetime) -> None:
    """Reserve it, or as much as a debt has left of it."""
    (free,) = one("SELECT balance - reserved - floor FROM account WHERE id = ?", account)
    if free > 0:
        hold(account, Money(min(amount.minor, free), amount.currency), reason=WITHDRAWAL, key=key, at=at, until=until)


def _is_of(key: str, share: str) -> bool:
    """Whether a hold's key is one of this share: its booking's key, a day, and perhaps an order that was moved."""
    return key.startswith(f"{share}:") and key[len(share) + 1 :][:1].isdigit()


@action
def _looked(upto: int, order: int) -> None:
    run(LOOKED, upto, order)


KEPT_BACK = (
    "SELECT h.id, h.account_id, h.amount, w.currency, h.key FROM wallet w JOIN hold h ON h.account_id = w.account_id"
    " AND h.released_at IS NULL WHERE w.person_id = ? AND h.reason = ? ORDER BY h.account_id, h.id"
)
OPEN = (
    "SELECT h.id, h.account_id, h.amount, a.currency, h.key FROM hold h JOIN account a ON a.id = h.account_id"
    ' WHERE h.account_id = ? AND h.released_at IS NULL AND h.reason = ? AND h."until" = ? ORDER BY h.id'
)
OTHERS = (
    "SELECT 1 FROM commission_line l JOIN commission_run_order t ON t.run_id = l.run_id AND t.order_id = l.order_id"
    " WHERE l.run_id = ? AND t.free_on = ? AND l.payee = ? LIMIT 1"
)
MOVE = "UPDATE commission_run_order SET free_on = ? WHERE run_id = ? AND order_id = ? AND free_on = ?"
TAKEN_BACK = (
    "SELECT payee, kind, currency, CAST(sum(amount) AS bigint) FROM commission_reversal WHERE run_id = ? AND order_id = ?"
    " GROUP BY payee, kind, currency"
)
WITHHELD = (
    "SELECT payee_id, currency, withheld, credited FROM commission_note WHERE run_id = ? AND payee_id IN ({}) AND corrects_id IS NULL"
    " AND withheld > 0"
)
LOOKED = (
    "INSERT INTO commission_look (name, at, upto) VALUES ('delivery', ?, ?)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at, upto = excluded.upto"
)
