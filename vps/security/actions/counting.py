"""Wrong codes are counted in a transaction of their own, or a rollback would forget them.

Source: SECURITY, throttle and lock-out; RTS Art. 4(3).
"""

from datetime import datetime, timedelta

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.ledger.actions import record
from vps.people.actions import note
from vps.security.actions.intents import Snapshot, intent_row
from vps.security.actions.refusals import CodeRefused, IntentCancelled, LastBeforeBlock, WrongTan, blocking
from vps.security.models import SHEET

TRIES = 3
"""Wrong answers until an intent is cancelled and its TAN burned."""
TRIES_IN_ROW = 5
"""Wrong answers in a row, over any number of intents, until the way is blocked. Source: RTS Art. 4(3)."""
TRIES_EVER = 100
"""Wrong answers over the whole life of a sheet or app: from then on every further one blocks, and no block ends by itself."""
REST = timedelta(hours=24)
"""How long a first block lasts."""


@action
def count_wrong(shown: Snapshot, ways: tuple[str, ...], *, actor: Actor, at: datetime) -> CodeRefused:
    """Count a wrong answer for each of these ways and say what follows from it; the strictest is what is said."""
    assert actor.person is not None
    intent = intent_row(shown, actor.person)
    said = [_count(shown, intent, way, actor=actor, person=actor.person, at=at) for way in ways]
    return max(said, key=lambda refusal: STRICT.index(type(refusal)) if type(refusal) in STRICT else len(STRICT))


def _count(shown: Snapshot, intent: int, way: str, *, actor: Actor, person: int, at: datetime) -> CodeRefused:
    now = micros(at)
    if not one("SELECT 1 FROM challenge WHERE intent_id = ? AND way = ?", intent, way):
        run(ASK, intent, way, *indexed(shown, way), None)
    counted = one(COUNT_TRY, intent, way, TRIES)
    if not counted:
        return IntentCancelled()
    in_row, ever = one(COUNT_WRONG, person, way, now, now, now)
    if counted[0] >= TRIES:
        run("UPDATE intent SET cancelled_at = ? WHERE id = ? AND posted_at IS NULL AND cancelled_at IS NULL", now, intent)
        if way == SHEET:
            run(BURN_TAN, now, shown.sheet, shown.n)
        record(actor, "three wrong codes", f"intent:{shown.nonce}", at=at)
    if in_row >= TRIES_IN_ROW or ever >= TRIES_EVER:
        opens = one(BLOCK, now, TRIES_EVER, micros(at + REST), person, way)[0]
        note(actor, "confirming blocked", person, at=at, after=way)
        return blocking(opens)
    if counted[0] >= TRIES:
        return IntentCancelled()
    return LastBeforeBlock() if in_row == TRIES_IN_ROW - 1 or ever == TRIES_EVER - 1 else WrongTan(left=TRIES - counted[0])


def indexed(shown: Snapshot, way: str) -> tuple[int | None, int | None]:
    """Sheet and index of what was asked, for the challenge's row."""
    return (shown.sheet, shown.n) if way == SHEET else (None, None)


STRICT = [WrongTan, LastBeforeBlock, IntentCancelled]
"""What is said when two codes are counted at once: the later one here; a block is said before all."""
ASK = "INSERT INTO challenge (intent_id, way, sheet_id, n, tries, used_at) VALUES (?, ?, ?, ?, 0, ?)"
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
BURN_TAN = "UPDATE tan SET burned_at = ? WHERE sheet_id = ? AND n = ? AND used_at IS NULL AND burned_at IS NULL"
