"""What the rules look at: the movement that was just booked, and the newest bookings of a wallet, never more than a few of them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money

Limits = tuple[tuple[str, int], ...]
"""Limits, as (kind, most minor units of the movement's currency). Kinds: transfer, received, pay-out, top-up."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Watch(NamedTuple):
    """From where on something is noticed. Percentages are whole; times are moving windows that end now."""

    near_percent: int = 90
    """M1: of a limit, from where on a movement lies just below it."""
    near_count: int = 3
    fast_count: int = 5
    """M2: so many transfers within an hour are still usual."""
    large_times: int = 10
    """M2: so many times one's own median is large."""
    median_since: timedelta = 90 * DAY
    median_of: int = 50
    median_least: int = 3
    """M2: of fewer movements there is no usual amount."""
    through_percent: int = 80
    """M3: of what was paid in."""
    kept_percent: int = 90
    """M4: of what went out, that came back."""
    circle_within: timedelta = 3 * DAY
    circle_looks: int = 20
    fan_count: int = 8
    """M5, M6: so many different partners."""
    fan_within: timedelta = 7 * DAY
    fan_looks: int = 50
    asleep: timedelta = 180 * DAY
    emptied_percent: int = 50
    """M7: more than this part of the balance."""
    member_days: int = 30
    stranger_units: int = 100
    """M9: whole units of the company's currency, above which a transfer without purchases is noticed from the first day on."""
    refunds_percent: int = 30
    """M11: more than this part of the purchases."""
    refunds_within: timedelta = 30 * DAY
    refunds_looks: int = 50


WATCH = Watch()


class Moved(NamedTuple):
    """One side of a booking: money that left (or came into) this person's wallet just now. `balance_before`: what was in it, in minor units."""

    person: int
    account: int
    booking_id: int
    motive: str
    incoming: bool
    amount: Money
    at: datetime
    balance_before: int

    def since(self, window: timedelta) -> int:
        """When a window that ends with this movement began, as the database keeps instants; it is no part of it any more."""
        return micros(self.at - window)


class Step(NamedTuple):
    """A transfer between partners, seen from one of its two wallets: the other wallet and whose it is. `at` is as the database keeps it:
    fifty instants made into dates would cost more than reading them."""

    id: int
    account: int
    person: int
    minor: int
    currency: str
    at: int


class Line(NamedTuple):
    """A booking on a wallet."""

    id: int
    motive: str
    minor: int
    at: int


def sent(account: int, upto: int, looks: int) -> list[Step]:
    """The newest transfers out of a wallet up to this booking, the newest first. What was reversed is in it, what reverses is not."""
    return list(map(Step._make, rows(SENT, account, upto, looks)))


def received(account: int, upto: int, looks: int) -> list[Step]:
    """The newest transfers into a wallet up to this booking, the newest first."""
    return list(map(Step._make, rows(RECEIVED, account, upto, looks)))


def lines_out(account: int, upto: int, looks: int) -> list[Line]:
    """The newest movements out of a wallet up to this booking, fees and reversals left out, the newest first."""
    return list(map(Line._make, rows(LINES_OUT, account, upto, looks)))


def top_ups(account: int, upto: int, looks: int) -> list[Line]:
    """The newest top-ups of a wallet up to this booking, the newest first."""
    return list(map(Line._make, rows(TOP_UPS, account, upto, looks)))


def turnover(account: int, kind: str, since: int) -> int:
    """Minor units moved as this kind ("out:purchase" …) after an instant, less what was reversed: the difference of two running sums."""
    return int(one(TURNOVER, account, kind, account, kind, since)[0])


def last_movement(account: int, before: datetime, booking: int) -> datetime | None:
    """When anything moved in or out of a wallet before this booking; what was booked in the same moment belongs to it."""
    (at,) = one(LAST, account, booking, account, booking, micros(before))
    return None if at is None else instant(at)


# The other side is a wallet; or, where money was exchanged on its way, the transfer says whose wallet it went to or came from.
SENT = (
    "SELECT lately.id, coalesce(w.account_id, t.credit_id), coalesce(w.person_id, t.recipient_id), lately.amount, lately.currency, lately.booked_at"
    " FROM (SELECT id, credit_id AS other, amount, currency, booked_at, reverses FROM booking"
    " WHERE debit_id = ? AND motive = 'transfer' AND id <= ? ORDER BY id DESC LIMIT ?) AS lately"
    " LEFT JOIN wallet w ON w.account_id = lately.other LEFT JOIN transfer t ON t.booking = lately.id AND w.id IS NULL"
    " WHERE lately.reverses IS NULL AND (w.id IS NOT NULL OR t.recipient_id IS NOT NULL) ORDER BY lately.id DESC"
)
RECEIVED = (
    "SELECT lately.id, coalesce(w.account_id, t.debit_id), coalesce(w.person_id, t.sender_id), lately.amount, lately.currency, lately.booked_at"
    " FROM (SELECT id, debit_id AS other, amount, currency, booked_at, reverses FROM booking"
    " WHERE credit_id = ? AND motive = 'transfer' AND id <= ? ORDER BY id DESC LIMIT ?) AS lately"
    " LEFT JOIN wallet w ON w.account_id = lately.other LEFT JOIN transfer t ON t.arrival = lately.id AND w.id IS NULL"
    " WHERE lately.reverses IS NULL AND (w.id IS NOT NULL OR t.sender_id IS NOT NULL) ORDER BY lately.id DESC"
)
LINES_OUT = (
    "SELECT id, motive, amount, booked_at FROM (SELECT id, motive, amount, booked_at, reverses FROM booking"
    " WHERE debit_id = ? AND id <= ? ORDER BY id DESC LIMIT ?) AS lately WHERE reverses IS NULL AND motive <> 'fee' ORDER BY id DESC"
)
TOP_UPS = (
    "SELECT id, motive, amount, booked_at FROM (SELECT id, motive, amount, booked_at, reverses FROM booking"
    " WHERE credit_id = ? AND motive = 'top-up' AND id <= ? ORDER BY id DESC LIMIT ?) AS lately WHERE reverses IS NULL ORDER BY id DESC"
)
TURNOVER = (
    "SELECT coalesce((SELECT cum_minor FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1), 0)"
    " - coalesce((SELECT cum_minor FROM usage WHERE account_id = ? AND kind = ? AND at <= ? ORDER BY at DESC, seq DESC LIMIT 1), 0)"
)
LAST = (
    "SELECT max(booked_at) FROM (SELECT booked_at FROM (SELECT booked_at FROM booking WHERE debit_id = ? AND id < ? ORDER BY id DESC LIMIT 3) AS went"
    " UNION ALL SELECT booked_at FROM (SELECT booked_at FROM booking WHERE credit_id = ? AND id < ? ORDER BY id DESC LIMIT 3) AS came) AS lately"
    " WHERE booked_at < ?"
)
