"""Checking a code against what was asked, and using it up with the movement it authorises.

A wrong code is counted in a transaction of its own, or a rollback would forget it. A right code is used up by a conditional
UPDATE inside the movement's transaction, so it pays once. Source: SECURITY, transaction authorisation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from vps.kernel.authorisation import Actor, Authorisation
from vps.kernel.clock import instant, micros
from vps.kernel.database import Again, action, database, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.people.actions import must_be_allowed, note
from vps.security.actions.codes import SPEND_STEP, app_step, read_code, seconds_to_next, sheet_code_matches
from vps.security.models import APP, SHEET, intent_digest, is_frozen

LIFE = timedelta(minutes=10)
TRIES = 3
"""Wrong answers until an intent is cancelled and its TAN burned."""
TRIES_IN_ROW = 5
"""Wrong answers in a row, over any number of intents, until the way is blocked. Source: RTS Art. 4(3)."""
TRIES_EVER = 100
"""Wrong answers over the whole life of a sheet or app: from then on every further one blocks, and no block ends by itself."""
REST = timedelta(hours=24)
"""How long a first block lasts."""


class Snapshot(NamedTuple):
    """What the dialog showed, exactly; signed into the form, so that the answer is about this and nothing else."""

    nonce: str
    kind: str
    subject: str
    amount: Money
    payee: str
    way: str
    sheet: int | None
    n: int | None
    opened_at: datetime

    @property
    def digest(self) -> bytes:
        return intent_digest(self.nonce, self.kind, self.subject, self.amount.minor, self.amount.currency, self.payee)


class CodeRefused(Refused):
    """Base of what can be wrong with a code; the page shows it at the field."""

    field = "tan"


class WrongTan(CodeRefused):
    """Facts: left."""

    says = N_("This code is not right; nothing was taken. Tries left for this payment: %(left)s.")


class LastBeforeBlock(CodeRefused):
    says = N_("This code is not right; nothing was taken. One more wrong code and this way of confirming is blocked.")


class WayBlocked(CodeRefused):
    says = N_("Too many wrong codes: this way of confirming is blocked. Nothing was taken. The office can help you.")


class WayResting(WayBlocked):
    """Facts: until."""

    says = N_("Too many wrong codes: this way of confirming is blocked until %(until)s. Nothing was taken. The office can help you sooner.")


class IntentCancelled(CodeRefused):
    says = N_("Three wrong codes: this payment was cancelled, nothing was taken. You can start it again.")
    status = 409


class IntentExpired(CodeRefused):
    says = N_("This took longer than ten minutes. Nothing was taken; please look at the amount again and confirm it.")
    status = 409


class TanSpent(CodeRefused):
    """A second window used this index meanwhile: the next one is asked, and no try is counted."""

    says = N_("This TAN has been used meanwhile. Nothing was taken; please enter the TAN that is asked for now.")
    status = 409


class TooSoon(CodeRefused):
    """Facts: seconds."""

    says = N_("This code of your app was used already; nothing was taken. Seconds until the next one: %(seconds)s.")


class Frozen(CodeRefused):
    says = N_("Payments from this wallet are frozen. The office can lift the freeze.")


@dataclass(frozen=True, slots=True)
class ByTan(Authorisation):
    """A right code for exactly this snapshot. Only `confirm` makes one; it is worth one movement."""

    kind: ClassVar[str] = "tan"
    snapshot: Snapshot
    step: int | None

    def use_up(self, *, subject: str, amount: Money, at: datetime) -> None:
        """Post the intent and spend its code, or raise; runs in the movement's transaction.

        Locks in the order intent, challenge, before the movement locks its order and accounts.
        """
        shown = self.snapshot
        assert database.in_transaction() and self.actor.person is not None
        assert (shown.subject, shown.amount) == (subject, amount), "a code authorises what was shown, nothing else"
        if is_frozen(self.actor.person):
            raise Frozen
        intent, is_new = _post(shown, self.actor.person, at)
        if is_new or not one(USE_CHALLENGE, micros(at), intent, shown.way, TRIES):
            run(ASK, intent, shown.way, shown.sheet, shown.n, micros(at))
        self._spend_code(intent, at)
        self._end_wrong_row(at)

    def _end_wrong_row(self, at: datetime) -> None:
        # The way may have been blocked since the code was checked: then a right code comes too late.
        found = one(locked(WAY_NOW), self.actor.person, self.snapshot.way)
        if found is None:
            return
        blocked, opens, in_row = found
        if blocked is not None and (opens is None or opens > micros(at)):
            raise blocking(opens)
        if in_row:
            run(START_ANEW, self.actor.person, self.snapshot.way)

    def _spend_code(self, intent: int, at: datetime) -> None:
        shown = self.snapshot
        if shown.way == SHEET:
            if not one(SPEND_TAN, micros(at), intent, shown.sheet, shown.n):
                raise TanSpent
        elif not one(SPEND_STEP, self.step, self.actor.person, self.step):
            raise TooSoon(seconds=seconds_to_next(at))


def posted(nonce: str, person: int) -> bool:
    """Whether this intent already did what it was for: a resend finds the result instead of making a second one."""
    return one("SELECT 1 FROM intent WHERE nonce = ? AND person_id = ? AND posted_at IS NOT NULL", nonce, person) is not None


def confirm(shown: Snapshot, *, code: str, actor: Actor, at: datetime) -> ByTan:
    """Check a code for what was shown. Raises a CodeRefused, AddressNotAllowed; a wrong guess is remembered even though we refuse."""
    assert not database.in_transaction(), "a rollback would forget the wrong guess"
    assert actor.person is not None
    if posted(shown.nonce, actor.person):
        return ByTan(actor, shown, None)
    try:
        return _checked(shown, read_code(code), actor=actor, person=actor.person, at=at)
    except CodeRefused:
        # Of two presses at once the other one may have gone through since we looked: "nothing was taken" would not be true.
        if posted(shown.nonce, actor.person):
            return ByTan(actor, shown, None)
        raise


def blocking(opens: int | None) -> WayBlocked:
    """What is said of a block that ends at `opens` (microseconds), or only by the office."""
    return WayBlocked() if opens is None else WayResting(until=instant(opens))


def _checked(shown: Snapshot, code: str, *, actor: Actor, person: int, at: datetime) -> ByTan:
    _must_be_open(shown, person, actor.address, at)
    step = None
    if shown.way == APP:
        step, last = app_step(person, code, at)
        if step is not None and step <= last:
            raise TooSoon(seconds=seconds_to_next(at))
        right = step is not None
    else:
        right = sheet_code_matches(person, shown.sheet, shown.n, code)
    if not right:
        raise _count_wrong(shown, actor=actor, at=at)
    return ByTan(actor, shown, step)


def _must_be_open(shown: Snapshot, person: int, address: str, at: datetime) -> None:
    now = micros(at)
    frozen, cancelled, blocked, opens, listed = one(IN_THE_WAY, person, shown.nonce, person, shown.way, now, person, shown.way, person)
    if listed:
        must_be_allowed(person, address)
    if frozen:
        raise Frozen
    if cancelled:
        raise IntentCancelled
    if at >= shown.opened_at + LIFE or shown.opened_at > at + timedelta(minutes=1):
        raise IntentExpired
    if blocked:
        raise blocking(opens)
    if shown.way == SHEET and not one(USABLE, shown.sheet, shown.n, person):
        raise TanSpent


@action
def _count_wrong(shown: Snapshot, *, actor: Actor, at: datetime) -> CodeRefused:
    assert actor.person is not None
    now = micros(at)
    intent = _intent(shown, actor.person)
    if not one("SELECT 1 FROM challenge WHERE intent_id = ? AND way = ?", intent, shown.way):
        run(ASK, intent, shown.way, shown.sheet, shown.n, None)
    counted = one(COUNT_TRY, intent, shown.way, TRIES)
    if not counted:
        return IntentCancelled()
    in_row, ever = one(COUNT_WRONG, actor.person, shown.way, now, now, now)
    if counted[0] >= TRIES:
        run("UPDATE intent SET cancelled_at = ? WHERE id = ? AND posted_at IS NULL", now, intent)
        if shown.way == SHEET:
            run(BURN_TAN, now, shown.sheet, shown.n)
        record(actor, "three wrong codes", f"intent:{shown.nonce}", at=at)
    if in_row >= TRIES_IN_ROW or ever >= TRIES_EVER:
        opens = one(BLOCK, now, TRIES_EVER, micros(at + REST), actor.person, shown.way)[0]
        note(actor, "confirming blocked", actor.person, at=at, after=shown.way)
        return blocking(opens)
    if counted[0] >= TRIES:
        return IntentCancelled()
    return LastBeforeBlock() if in_row == TRIES_IN_ROW - 1 or ever == TRIES_EVER - 1 else WrongTan(left=TRIES - counted[0])


def _intent(shown: Snapshot, person: int) -> int:
    found = one("SELECT id FROM intent WHERE nonce = ?", shown.nonce) or one(OPEN, *_facts(shown, person), None)
    if not found:
        raise Again
    return int(found[0])


def _post(shown: Snapshot, person: int, at: datetime) -> tuple[int, bool]:
    # New, as nearly always: it is born posted. Known (a wrong code came first): the conditional UPDATE lets one of several win.
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
    amount, opened = shown.amount, micros(shown.opened_at)
    return (
        *(shown.nonce, person, shown.kind, shown.subject, amount.minor, amount.currency, shown.payee),
        *(shown.digest, opened, micros(instant(opened) + LIFE)),
    )


OPEN = (
    "INSERT INTO intent (nonce, person_id, kind, subject, amount, currency, payee, digest, opened_at, expires_at, posted_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (nonce) DO NOTHING RETURNING id"
)
POST = "UPDATE intent SET posted_at = ? WHERE id = ? AND posted_at IS NULL AND cancelled_at IS NULL AND expires_at > ? RETURNING id"
ASK = "INSERT INTO challenge (intent_id, way, sheet_id, n, tries, used_at) VALUES (?, ?, ?, ?, 0, ?)"
USE_CHALLENGE = "UPDATE challenge SET used_at = ? WHERE intent_id = ? AND way = ? AND tries < ? AND used_at IS NULL RETURNING id"
COUNT_TRY = "UPDATE challenge SET tries = tries + 1 WHERE intent_id = ? AND way = ? AND tries < ? AND used_at IS NULL RETURNING tries"
# A block that has ended leaves its traces here until the next answer, which begins a new row of them.
COUNT_WRONG = (
    "INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks) VALUES (?, ?, 1, 1, 0) ON CONFLICT (person_id, way)"
    " DO UPDATE SET wrong_in_row = CASE WHEN way.opens_at <= ? THEN 1 ELSE way.wrong_in_row + 1 END, wrong_ever = way.wrong_ever + 1,"
    " blocked_at = CASE WHEN way.opens_at <= ? THEN NULL ELSE way.blocked_at END,"
    " opens_at = CASE WHEN way.opens_at <= ? THEN NULL ELSE way.opens_at END RETURNING wrong_in_row, wrong_ever"
)
# Answers that were on their way when the block came neither lengthen it nor count as another.
BLOCK = (
    "UPDATE way SET blocked_at = coalesce(blocked_at, ?),"
    " opens_at = CASE WHEN blocked_at IS NOT NULL THEN opens_at WHEN blocks = 0 AND wrong_ever < ? THEN CAST(? AS bigint) END,"
    " blocks = CASE WHEN blocked_at IS NULL THEN blocks + 1 ELSE blocks END WHERE person_id = ? AND way = ? RETURNING opens_at"
)
WAY_NOW = "SELECT blocked_at, opens_at, wrong_in_row FROM way WHERE person_id = ? AND way = ?"
START_ANEW = "UPDATE way SET wrong_in_row = 0, blocked_at = NULL, opens_at = NULL WHERE person_id = ? AND way = ?"
IN_THE_WAY = (
    "SELECT EXISTS (SELECT 1 FROM wallet_freeze WHERE person_id = ? AND lifted_at IS NULL),"
    " EXISTS (SELECT 1 FROM intent WHERE nonce = ? AND cancelled_at IS NOT NULL),"
    " EXISTS (SELECT 1 FROM way WHERE person_id = ? AND way = ? AND blocked_at IS NOT NULL AND (opens_at IS NULL OR opens_at > ?)),"
    " (SELECT opens_at FROM way WHERE person_id = ? AND way = ?), EXISTS (SELECT 1 FROM network WHERE person_id = ? AND ended_at IS NULL)"
)
SPEND_TAN = "UPDATE tan SET used_at = ?, intent_id = ? WHERE sheet_id = ? AND n = ? AND used_at IS NULL AND burned_at IS NULL RETURNING n"
BURN_TAN = "UPDATE tan SET burned_at = ? WHERE sheet_id = ? AND n = ? AND used_at IS NULL AND burned_at IS NULL"
USABLE = (
    "SELECT 1 FROM tan t JOIN tan_sheet s ON s.id = t.sheet_id WHERE t.sheet_id = ? AND t.n = ? AND s.person_id = ?"
    " AND s.activated_at IS NOT NULL AND s.ended_at IS NULL AND t.used_at IS NULL AND t.burned_at IS NULL"
)
