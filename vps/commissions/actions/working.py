"""What the worker does for runs: it calculates drafts, books what was approved, begins what is due, and tells whom was credited."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from vps.commissions.actions.booking import OrdersChanged, book_run
from vps.commissions.actions.calculating import calculate_run
from vps.commissions.actions.claiming import Lost, claim, let_go, refuse_run, waiting
from vps.commissions.actions.runs import GREEN, NeedsPeriod, NoPlan, RunIsLive, approve_run, calculate_again, draft_green, draft_period
from vps.commissions.actions.telling import tell_run
from vps.commissions.models import Run
from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in, micros
from vps.kernel.database import one, rows
from vps.kernel.refusals import Refused
from vps.ledger.actions import BeingBooked

Period = tuple[date, date]
"""A first day, and the day after the last one."""


def work_on_runs(*, now: Callable[[], datetime]) -> int:
    """Do what waits, and answer how many steps were done."""
    done = 0
    _approve_what_is_green(at=now())  # where a worker was stopped before he could
    for key, step in waiting():
        mine = None
        try:
            mine = claim(key, step, at=now())
            if mine is None:
                continue
            with _no_collecting():
                STEPS[step](key, mine, now=now)
            done += 1
        except (Lost, BeingBooked):
            pass
        except Refused as refusal:
            if isinstance(refusal, OrdersChanged) and Run.get_by_id(key).by_itself:
                calculate_again(key, actor=HOUSE, at=now())
            else:
                refuse_run(key, refusal)
        finally:
            if mine:
                let_go(key, mine)
        _approve_what_is_green(at=now())
    return done


@contextmanager
def _no_collecting() -> Iterator[None]:
    # Millions of rows pass by, and none of them knows itself: looking for circles among them took a quarter of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def begin_due(*, at: datetime) -> int | None:
    """Begin a run where the company says that it begins by itself: over what is green, or over the week or month that is over."""
    try:
        if company().commission_when == GREEN:
            return draft_green(actor=HOUSE, at=at) if one(ANY_GREEN, micros(at)) else None
        period = _period_due(at)
        if period and not _was_discarded(period):
            return draft_period(*period, actor=HOUSE, at=at)
    except (RunIsLive, NoPlan, NeedsPeriod):
        pass
    return None


def discarded_period(*, at: datetime) -> Period | None:
    """The week or month that would have begun by itself, had nobody discarded it: whoever did had a reason, and begins it by hand."""
    period = _period_due(at)
    return period if period and _was_discarded(period) else None


def last_period(today: date, length: str) -> Period:
    """The week (from Monday) or month that was over last: its first day, and the day after its last one."""
    if length == "week":
        until = today - timedelta(days=today.weekday())
        return until - timedelta(days=7), until
    until = today.replace(day=1)
    return (until - timedelta(days=1)).replace(day=1), until


def _period_due(at: datetime) -> Period | None:
    when = company().commission_when
    if when not in ("week", "month"):
        return None
    since, until = last_period(day_in(at, company().zone), when)
    return None if one(COVERED, until.isoformat(), since.isoformat()) else (since, until)


def _was_discarded(period: Period) -> bool:
    return one(DISCARDED, *(day.isoformat() for day in period)) is not None


def _approve_what_is_green(*, at: datetime) -> None:
    # In real time nobody is asked; over a period somebody looks at it first.
    for (key,) in rows(BY_ITSELF):
        approve_run(key, actor=HOUSE, at=at)


STEPS = {"calculate": calculate_run, "book": book_run, "tell": tell_run}
BY_ITSELF = (
    "SELECT id FROM commission_run WHERE kind = 'green' AND drafted_by IS NULL AND calculated_at IS NOT NULL AND approved_at IS NULL"
    " AND discarded_at IS NULL AND trouble = '' ORDER BY id"
)
ANY_GREEN = (
    "SELECT 1 FROM orders WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND provisioned_at IS NULL AND final_at < ?"
    " AND refunded < total LIMIT 1"
)
COVERED = "SELECT 1 FROM commission_run WHERE lane = 'network' AND kind = 'period' AND discarded_at IS NULL AND since < ? AND until > ?"
DISCARDED = "SELECT 1 FROM commission_run WHERE kind = 'period' AND discarded_at IS NOT NULL AND since = ? AND until = ? LIMIT 1"
