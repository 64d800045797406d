"""What somebody is about to confirm, exactly as it was shown, and its row."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import Again, one
from vps.kernel.money import Money
from vps.people.actions import must_be_allowed
from vps.security.actions.refusals import Frozen, IntentCancelled, IntentExpired, TanSpent, blocking
from vps.security.models import MOVES, SHEET, intent_digest

LIFE = timedelta(minutes=10)
THAW = "unfreeze"
"""The kind of intent that is confirmed in spite of a freeze, because it is to end it."""


class Snapshot(NamedTuple):
    """What the dialog showed, exactly; signed into the form, so that the answer is about this and nothing else.

    `amount` is None where no money moves. `also` is a second way that is asked together with `way`, or "".
    """

    nonce: str
    kind: str
    subject: str
    amount: Money | None
    payee: str
    way: str
    sheet: int | None
    n: int | None
    opened_at: datetime
    motive: str
    also: str

    @property
    def digest(self) -> bytes:
        minor, currency = (self.amount.minor, self.amount.currency) if self.amount else (None, None)
        return intent_digest(self.nonce, self.kind, self.subject, minor, currency, self.payee)

    @property
    def ways(self) -> tuple[str, ...]:
        return (self.way, self.also) if self.also else (self.way,)


def posted(nonce: str, person: int) -> bool:
    """Whether this intent already did what it was for: a resend finds the result instead of making a second one."""
    return one("SELECT 1 FROM intent WHERE nonce = ? AND person_id = ? AND posted_at IS NOT NULL", nonce, person) is not None


def must_be_open(shown: Snapshot, person: int, address: str, at: datetime) -> None:
    """Raise what stands in the way of answering: a freeze, a cancelled or old dialog, a blocked way, a TAN used meanwhile.

    And an address that payments are not accepted from.
    """
    now = micros(at)
    ways = shown.way, shown.also or shown.way
    frozen, cancelled, blocked, opens, listed = one(IN_THE_WAY, person, shown.nonce, person, *ways, now, person, *ways, person)
    if listed and shown.motive in MOVES:
        must_be_allowed(person, address)
    if frozen and shown.kind != THAW:
        raise Frozen
    if cancelled:
        raise IntentCancelled
    if at >= shown.opened_at + LIFE or shown.opened_at > at + timedelta(minutes=1):
        raise IntentExpired
    if blocked:
        raise blocking(opens)
    if shown.way == SHEET and not one(USABLE, shown.sheet, shown.n, person):
        raise TanSpent


def intent_row(shown: Snapshot, person: int) -> int:
    """The row of what was shown, made if it is the first to be needed."""
    found = one("SELECT id FROM intent WHERE nonce = ?", shown.nonce) or one(OPEN, *_facts(shown, person), None)
    if not found:
        raise Again
    return int(found[0])


def post_intent(shown: Snapshot, person: int, at: datetime) -> tuple[int, bool]:
    """Post what was shown, once: (its row, whether it was made by this). Raises IntentCancelled, IntentExpired."""
    # New, as nearly always: it is born posted. Known (a code was sent, or a wrong one came first): the conditional UPDATE lets one of several win.
    now = micros(at)
    made = one(OPEN, *_facts(shown, person), now)
    if made:
        return int(made[0]), True
    found = one("SELECT id, expires_at, cancelled_at, posted_at FROM intent WHERE nonce = ?", shown.nonce)
    if not one(POST, now, found[0], now):
        if found[2] is not None:
            raise IntentCancelled
        raise IntentExpired if found[1] <= now and found[3] is None else Again
    return int(found[0]), False


def _facts(shown: Snapshot, person: int) -> tuple[object, ...]:
    opened = micros(shown.opened_at)
    minor, currency = (shown.amount.minor, shown.amount.currency) if shown.amount else (None, None)
    return (
        *(shown.nonce, person, shown.kind, shown.subject, minor, currency, shown.payee),
        *(shown.digest, opened, micros(instant(opened) + LIFE)),
    )


OPEN = (
    "INSERT INTO intent (nonce, person_id, kind, subject, amount, currency, payee, digest, opened_at, expires_at, posted_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (nonce) DO NOTHING RETURNING id"
)
POST = "UPDATE intent SET posted_at = ? WHERE id = ? AND posted_at IS NULL AND cancelled_at IS NULL AND expires_at > ? RETURNING id"
IN_THE_WAY = (
    "SELECT EXISTS (SELECT 1 FROM wallet_freeze WHERE person_id = ? AND lifted_at IS NULL),"
    " EXISTS (SELECT 1 FROM intent WHERE nonce = ? AND cancelled_at IS NOT NULL),"
    " EXISTS (SELECT 1 FROM way WHERE person_id = ? AND way IN (?, ?) AND blocked_at IS NOT NULL AND (opens_at IS NULL OR opens_at > ?)),"
    " (SELECT max(opens_at) FROM way WHERE person_id = ? AND way IN (?, ?)),"
    " EXISTS (SELECT 1 FROM network WHERE person_id = ? AND ended_at IS NULL)"
)
USABLE = (
    "SELECT 1 FROM tan t JOIN tan_sheet s ON s.id = t.sheet_id WHERE t.sheet_id = ? AND t.n = ? AND s.person_id = ?"
    " AND s.activated_at IS NOT NULL AND s.ended_at IS NULL AND t.used_at IS NULL AND t.burned_at IS NULL"
)
