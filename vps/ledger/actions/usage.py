"""Moving windows at flat cost: running sums per account and kind of movement, never a SUM over history."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import Statements, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions.holds import release_expired


class Limit(NamedTuple):
    """At most `most` minor units moved as `kind` ("out:purchase", "in:top-up" …) within the moving `window`."""

    kind: str
    window: timedelta
    most: int


NO_LIMITS: tuple[Limit, ...] = ()


class LimitReached(Refused):
    """Facts: limit, left (Money), frees (when the oldest movement leaves the window)."""

    says = N_("This would pass the limit of %(limit)s. %(left)s is left; more becomes free on %(frees)s. Nothing was booked.")


def count_movement(run: Statements, account: int, kind: str, amount: Money, at: int, limits: tuple[Limit, ...], back: bool) -> int:
    """Check the limits of this kind, then add the movement of `at` (microseconds) to the running sums. A reversal (`back`) takes it off again.

    Runs after the account's row is locked by the booking's own UPDATE, so the sums of one wallet are written one after another.
    Answers the account's balance, which it has to pass by anyway.
    """
    balance, reserved, seq, latest, minor, count = run(STANDS, (kind, account, kind, account)).fetchone()
    if reserved:
        release_expired(account, at)
    if seq is None:
        seq = latest = minor = count = 0
    at = max(at, latest)  # time never runs back in it, whatever the clocks say
    if not back:
        for limit in limits:
            if limit.kind == kind:
                _check(account, limit, amount, minor, at)
    sign = -1 if back else 1
    run(ADD, (account, kind, seq + 1, at, minor + sign * amount.minor, count + sign))
    return balance  # type: ignore[no-any-return]


def moved(account: int, kind: str, *, since: datetime) -> int:
    """Minor units moved as `kind` after `since`, less what was reversed: the difference of two rows."""
    last = one(LAST, account, kind)
    return int(last[0] - _before(account, kind, micros(since))) if last else 0


def _check(account: int, limit: Limit, amount: Money, minor: int, now: int) -> None:
    start = now - limit.window // timedelta(microseconds=1)
    left = limit.most - (minor - _before(account, limit.kind, start))
    if amount.minor > left:
        oldest = one(OLDEST, account, limit.kind, start)
        frees = instant((oldest[0] if oldest else now) + limit.window // timedelta(microseconds=1))
        raise LimitReached(limit=Money(limit.most, amount.currency), left=Money(max(0, left), amount.currency), frees=frees)


def _before(account: int, kind: str, start: int) -> int:
    row = one(BEFORE, account, kind, start)
    return int(row[0]) if row else 0


LAST = "SELECT cum_minor FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
BEFORE = "SELECT cum_minor FROM usage WHERE account_id = ? AND kind = ? AND at <= ? ORDER BY at DESC, seq DESC LIMIT 1"
OLDEST = "SELECT at FROM usage WHERE account_id = ? AND kind = ? AND at > ? ORDER BY at, seq LIMIT 1"
STANDS = (
    "SELECT a.balance, a.reserved, u.seq, u.at, u.cum_minor, u.cum_count FROM account a LEFT JOIN usage u ON u.account_id = a.id AND u.kind = ?"
    " AND u.seq = (SELECT max(seq) FROM usage WHERE account_id = ? AND kind = ?) WHERE a.id = ?"
)
ADD = "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, ?, ?, ?, ?)"
