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
from vps.kernel.database import one
from vps.kernel.refusals import Refused
from vps.ledger.actions import BeingBooked


def work_on_runs(*, now: Callable[[], datetime]) -> int:
    """Do what waits, and answer how many steps were done."""
    done = 0
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
            refuse_run(key, refusal)
            if isinstance(refusal, OrdersChanged) and Run.get_by_id(key).by_itself:
                calculate_again(key, actor=HOUSE, at=now())
        finally:
            if mine:
                let_go(key, mine)
        _approve_what_is_green(key, at=now())
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
    when = company().commission_when
    try:
        if when == GREEN:
            return draft_green(actor=HOUSE, at=at) if one(ANY_GREEN, micros(at)) else None
        if when in ("week", "month"):
            since, until = last_period(day_in(at, company().zone), when)
            if not one(COVERED, until.isoformat(), since.isoformat()):
                return draft_period(since, until, actor=HOUSE, at=at)
    except (RunIsLive, NoPlan, NeedsPeriod):
        pass
    return None


def last_period(today: date, length: str) -> tuple[date, date]:
    """The week (from Monday) or month that was over last: its first day, and the day after its last one."""
    if length == "week":
        until = today - timedelta(days=today.weekday())
        return until - timedelta(days=7), until
    until = today.replace(day=1)
    return (until - timedelta(days=1)).replace(day=1), until


def _approve_what_is_green(key: int, *, at: datetime) -> None:
    # In real time nobody is asked; over a period somebody looks at it first.
    this = Run.get_by_id(key)
    if this.by_itself and this.state == "calculated" and not this.trouble:
        approve_run(key, actor=HOUSE, at=at)


STEPS = {"calculate": calculate_run, "book": book_run, "tell": tell_run}
ANY_GREEN = (
    "SELECT 1 FROM orders WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND provisioned_at IS NULL AND final_at < ?"
    " AND refunded < total LIMIT 1"
)
COVERED = "SELECT 1 FROM commission_run WHERE lane = 'network' AND kind = 'period' AND discarded_at IS NULL AND since < ? AND until > ?"
