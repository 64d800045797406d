"""Counting failures, not requests: in the database, shared by all workers, not forgotten by a restart.

Source: SECURITY, throttle and lock-out.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.refusals import N_, Refused

LONGEST = timedelta(hours=24)
SECOND = timedelta(seconds=1)


class Rule(NamedTuple):
    """`most` failures within `window` close the door for `pause`, twice as long each time when `doubles`."""

    scope: str
    most: int
    window: timedelta
    pause: timedelta
    doubles: bool = False


BROWSER = Rule("browser", 10, timedelta(minutes=15), timedelta(minutes=15))
ACCOUNT = Rule("account", 5, timedelta(minutes=15), timedelta(minutes=15), doubles=True)
NETWORK = Rule("network", 50, timedelta(hours=1), timedelta(hours=1))
EVERYBODY = Rule("everybody", 1_000, timedelta(minutes=5), timedelta(minutes=5))
RESET = Rule("reset", 3, timedelta(hours=1), timedelta(hours=1))
FREEZE = Rule("freeze", 5, timedelta(minutes=15), timedelta(minutes=15), doubles=True)
CODE = Rule("code", 5, timedelta(minutes=15), timedelta(minutes=15), doubles=True)


class TooManyTries(Refused):
    """Facts: minutes."""

    says = N_("Too many tries. Please wait; minutes until the next try: %(minutes)s.")
    status = 429


def must_not_wait(asked: list[tuple[Rule, str]], at: datetime) -> None:
    """Raise TooManyTries while one of these doors is closed."""
    for rule, subject in asked:
        row = one("SELECT blocked_until FROM throttle WHERE scope = ? AND subject = ?", rule.scope, subject)
        if row and row[0] is not None and row[0] > micros(at):
            raise TooManyTries(minutes=1 + (row[0] - micros(at)) // 60_000_000)


@action
def count_failure(asked: list[tuple[Rule, str]], at: datetime) -> None:
    """Add a failure to each of these, and close the door of those that have had too many."""
    now = micros(at)
    for rule, subject in asked:
        failures, doublings = one(COUNT, rule.scope, subject, now, *(now - rule.window // (SECOND / 1_000_000),) * 2)
        if failures >= rule.most:
            # No further than LONGEST: a month of attacks would double past what a timedelta can hold.
            pause = min(rule.pause * (2 ** min(doublings, 10) if rule.doubles else 1), LONGEST)
            run(CLOSE, now + pause // (SECOND / 1_000_000), rule.scope, subject)


@action
def forget_failures(asked: list[tuple[Rule, str]]) -> None:
    """It was the right person after all."""
    for rule, subject in asked:
        run("DELETE FROM throttle WHERE scope = ? AND subject = ?", rule.scope, subject)


COUNT = (
    "INSERT INTO throttle (scope, subject, failures, since, doublings) VALUES (?, ?, 1, ?, 0) ON CONFLICT (scope, subject) DO UPDATE SET"
    " failures = CASE WHEN throttle.since < ? THEN 1 ELSE throttle.failures + 1 END,"
    " since = CASE WHEN throttle.since < ? THEN excluded.since ELSE throttle.since END RETURNING failures, doublings"
)
CLOSE = "UPDATE throttle SET blocked_until = ?, failures = 0, doublings = doublings + 1 WHERE scope = ? AND subject = ?"
