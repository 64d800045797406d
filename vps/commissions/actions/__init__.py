"""What is done with commissions: drafted, calculated, approved, booked."""

from vps.commissions.actions.booking import NotProven, OrdersChanged, booking_key
from vps.commissions.actions.claiming import Lost
from vps.commissions.actions.runs import (
    NoPlan,
    NoReasonGiven,
    NotADay,
    NotInThatState,
    NotOver,
    Overlaps,
    RunIsLive,
    TakesAColleague,
    approve_run,
    calculate_again,
    continue_run,
    discard_run,
    draft_green,
    draft_period,
    plan_on,
    stop_run,
    trouble_of,
)
from vps.commissions.actions.working import begin_due, last_period, work_on_runs

__all__ = [
    "Lost",
    "NoPlan",
    "NoReasonGiven",
    "NotADay",
    "NotInThatState",
    "NotOver",
    "NotProven",
    "OrdersChanged",
    "Overlaps",
    "RunIsLive",
    "TakesAColleague",
    "approve_run",
    "begin_due",
    "booking_key",
    "calculate_again",
    "continue_run",
    "discard_run",
    "draft_green",
    "draft_period",
    "last_period",
    "plan_on",
    "stop_run",
    "trouble_of",
    "work_on_runs",
]
