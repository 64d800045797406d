"""Who works on a run, and whether he may go on: the next chunk is refused to whoever lost his claim or was stopped."""

import json
import secrets
from datetime import datetime, timedelta

from vps.kernel.clock import micros
from vps.kernel.database import action, rows, run
from vps.kernel.refusals import Refused

SILENCE = timedelta(seconds=20)
"""After which a run that nobody touched is taken up by the next worker; also one that was touched so far ahead: the clock was put back."""


class Lost(Exception):  # noqa: N818 - not an error: somebody else goes on with it, or it was stopped
    """This worker has no business with the run any more."""


@action
def claim(key: int, step: str, *, at: datetime) -> str | None:
    """A claim on a run for a step, or None while another one works on it, or where the run is past it or was set back since one looked."""
    mine = secrets.token_hex(8)
    taken = run(CLAIM, mine, micros(at), key, micros(at - SILENCE), micros(at + SILENCE), step).rowcount
    return mine if taken else None


def touch(key: int, mine: str, *, at: datetime, done: int) -> None:
    """Inside a chunk's transaction: say that one is at it, and how far. Raises Lost."""
    if not run(TOUCH, micros(at), done, key, mine).rowcount:
        raise Lost


@action
def let_go(key: int, mine: str) -> None:
    """Others may go on with it at once."""
    run("UPDATE commission_run SET claim = '', touched_at = NULL WHERE id = ? AND claim = ?", key, mine)


@action
def refuse_run(key: int, refusal: Refused) -> None:
    """Write down why it cannot go on; somebody of the office decides what is done."""
    said = json.dumps([refusal.says, {name: str(fact) for name, fact in refusal.facts.items()}])
    run("UPDATE commission_run SET trouble = ? WHERE id = ?", said, key)


def waiting() -> list[tuple[int, str]]:
    """Runs that wait for a worker, with what is to be done: 'calculate', 'book' or 'tell'."""
    return [(key, step) for key, step in rows(WAITING)]


STEP = "CASE WHEN booked_at IS NOT NULL THEN 'tell' WHEN calculated_at IS NULL THEN 'calculate' ELSE 'book' END"
WAITS = "told_at IS NULL AND discarded_at IS NULL AND stopped_at IS NULL AND trouble = '' AND (calculated_at IS NULL OR approved_at IS NOT NULL)"
CLAIM = (
    "UPDATE commission_run SET claim = ?, touched_at = ? WHERE id = ? AND (touched_at IS NULL OR touched_at < ? OR touched_at > ?)"  # noqa: S608 - constants
    f" AND {WAITS} AND {STEP} = ?"
)
TOUCH = "UPDATE commission_run SET touched_at = ?, done = ? WHERE id = ? AND claim = ? AND stopped_at IS NULL AND discarded_at IS NULL"
WAITING = f"SELECT id, {STEP} FROM commission_run WHERE {WAITS} ORDER BY id LIMIT 10"  # noqa: S608 - constants
