"""Moving windows at flat cost: running sums per account and kind of movement, never a SUM over history."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused


class Limit(NamedTuple):
    """At most `most` minor units moved as `kind` ("out:purchase", "in:top-up" …) within the moving `window`."""

    kind: str
    window: timedelta
    most: int


NO_LIMITS: tuple[Limit, ...] = ()


class LimitReached(Refused):
    """Facts: limit, left (Money), frees (when the oldest movement leaves the window)."""

    says = N_("This would pass the limit of %(limit)s. %(left)s is left; more becomes free on %(frees)s. Nothing was booked.")


def count_movement(account: int, kind: str, amount: Money, *, at: int, limits: tuple[Limit, ...], back: bool) -> None:
    """Check the limits of this kind, then add the movement of `at` (microseconds) to the running sums. A reversal (`back`) takes it off again.

    Runs after the account's row is locked by the booking's own UPDATE, so the sums of one wallet are written one after another.
    """
    sign = -1 if back else 1
    if limits and not back:
        _, latest, minor, _ = one(LAST, account, kind) or (0, 0, 0, 0)
        for limit in limits:
            if limit.kind == kind:
                _check(account, limit, amount, minor, max(latest, at))
    added = run(ADD, at, at, sign * amount.minor, sign, account, kind)
    if not added.rowcount:
        run(FIRST, account, kind, at, sign * amount.minor, sign)


def moved(account: int, kind: str, *, since: datetime) -> int:
    """Minor units moved as `kind` after `since`, less what was reversed: the difference of two rows."""
    last = one(LAST, account, kind)
    return int(last[2] - _before(account, kind, micros(since))) if last else 0


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


LAST = "SELECT seq, at, cum_minor, cum_count FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
BEFORE = "SELECT cum_minor FROM usage WHERE account_id = ? AND kind = ? AND at <= ? ORDER BY at DESC, seq DESC LIMIT 1"
OLDEST = "SELECT at FROM usage WHERE account_id = ? AND kind = ? AND at > ? ORDER BY at, seq LIMIT 1"
# The next row is made of the newest one; time never runs back in it, whatever the clocks say.
ADD = (
    "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count)"
    " SELECT account_id, kind, seq + 1, CASE WHEN at > ? THEN at ELSE ? END, cum_minor + ?, cum_count + ?"
    " FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
)
FIRST = "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, 1, ?, ?, ?)"
