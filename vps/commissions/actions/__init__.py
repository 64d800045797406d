"""What is done with commissions: drafted, calculated, approved, booked."""

from vps.commissions.actions.booking import NotProven, OrdersChanged, booking_key
from vps.commissions.actions.claiming import Lost
from vps.commissions.actions.freeing import follow_deliveries
from vps.commissions.actions.marks import MarkedAlready, NotMarked, end_mark, set_mark
from vps.commissions.actions.reversing import take_back, would_take_back
from vps.commissions.actions.runs import (
    NeedsPeriod,
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
from vps.commissions.actions.working import begin_due, discarded_period, last_period, work_on_runs

__all__ = [
    "Lost",
    "MarkedAlready",
    "NeedsPeriod",
    "NoPlan",
    "NoReasonGiven",
    "NotADay",
    "NotInThatState",
    "NotMarked",
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
    "discarded_period",
    "draft_green",
    "draft_period",
    "end_mark",
    "follow_deliveries",
    "last_period",
    "plan_on",
    "set_mark",
    "stop_run",
    "take_back",
    "trouble_of",
    "work_on_runs",
    "would_take_back",
]
