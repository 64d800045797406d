"""The demo company's commissions: a plan of five levels on points, with ranks and a bonus for leaders, and the runs of its year.

A run a month at first, then one a week. Whatever the worker does every morning is done here by the story's clock.
"""

import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pyotp

from vps.cli.demo.cast import CURRENCY, STAFF, ZONE
from vps.cli.demo.story import DAY, Story
from vps.commissions.actions import approve_run, begin_due, follow_deliveries, set_mark, work_on_runs
from vps.commissions.actions.manual import confirm, propose
from vps.commissions.actions.manual_lines import one_provision
from vps.commissions.actions.notes import JOB, issue_corrections, issue_queued
from vps.commissions.actions.points import set_point_value
from vps.commissions.actions.taxes import read_details, set_taxes_of
from vps.commissions.actions.versions import keep_plan, propose_plan
from vps.commissions.models import HOLD
from vps.commissions.models.manual_shown import shown_of
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in
from vps.kernel.jobs import take_job
from vps.kernel.money import Money
from vps.kernel.rates import NANO
from vps.ledger.actions import free_due
from vps.wallets.models import MAIN

PLAN: dict[str, Any] = {
    "name": "Alpenkraut",
    "currency": CURRENCY,
    "active": {"own_points": "10"},
    "ranks": [
        {"code": "team", "needs": {"own_points": "30", "group_points": "200"}},
        {"code": "leiter", "needs": {"own_points": "50", "group_points": "800", "legs": {"count": "2", "rank": "team"}}},
    ],
    "bonuses": [
        {
            "code": "ebenen",
            "name": "Ebenenbonus",
            "kind": "unilevel",
            "of": "points",
            "level_1": "seller",
            "levels": ["50", "12", "8", "4", "2"],
            "needs": [None, None, None, "team", "team"],
            "compress": "inactive",
        },
        {"code": "leiter", "name": "Leiterbonus", "kind": "generation", "of": "points", "leader": "leiter", "levels": ["3", "1"]},
    ],
    "cap": {"payee": "5000.00"},
}


MONTHLY, WEEKLY = 320 * DAY, 42 * DAY
"""Before the end of the story: since when at the latest a run covers a month, since when a week."""
WEEK = 7 * DAY
TAXES = {
    "anna": ("DE", "vat", "181/815/08155", "DE136695976", "Rosenweg 3\n80331 München"),
    "ivana": ("HR", "small", "33392005961", "", "Ilica 21\n10000 Zagreb"),
    "jelena": ("RS", "small", "101134702", "", "Његошева 8\n21000 Нови Сад"),
}
PROVISION = ("emma", 75_00, "Vortrag auf der Messe in Augsburg")
"""Whom the office credited by hand, how many cents, and for what."""
HELD_BACK = ("boris", "Anschrift ist noch nicht nachgewiesen")
"""Whose commissions are calculated, but not paid out, and why."""


def plan_commissions(story: Story) -> None:
    """Put the worker's mornings, and what the office does about commissions, into the story."""
    first = (story.end - MONTHLY).replace(day=1, hour=5, minute=0, second=0)
    story.plan(first - DAY, partial(_begin, story))
    for day in range((story.end - first) // DAY + 1):
        story.plan(first + day * DAY, partial(_every_morning, story))
    story.plan(story.end - WEEKLY, lambda at: change_settings({"commission_when": "week"}, actor=HOUSE, at=at))
    story.plan(story.end - WEEKLY - 8 * DAY, partial(_provision, story))
    story.plan(story.end - WEEKLY - 2 * DAY, partial(_hold_back, story))


def work(at: datetime) -> None:
    """What the worker does for commissions: runs as far as they go, their notes, and what is free from now on."""
    while work_on_runs(now=lambda: at):
        pass
    while job := take_job((JOB,), at=at):
        issue_queued(job, at=at)
    issue_corrections(at=at)
    follow_deliveries(at=at)
    while free_due(at=at):
        pass


def put_plan_into_force(at: datetime) -> None:
    """The plan from the first day on. The office is one person, so one puts it into force."""
    first = day_in(at, ZONE)
    version = keep_plan(json.dumps(PLAN, ensure_ascii=False), "Erster Plan", actor=HOUSE, at=at)
    propose_plan(version, first, alone=True, actor=HOUSE, at=at)
    set_point_value(CURRENCY, NANO // 2, valid_from=first, actor=HOUSE, at=at)


def _begin(story: Story, at: datetime) -> None:
    change_settings({"commission_when": "month"}, actor=HOUSE, at=at)
    for username, details in TAXES.items():
        set_taxes_of(story.people[username].id, read_details(*details), "Unterlagen gesehen", actor=story.desk, at=at)


def _every_morning(story: Story, at: datetime) -> None:
    begun = begin_due(at=at)
    work(at)
    # The newest one waits for whoever looks at the demo.
    if begun is not None and at + WEEK < story.end:
        story.plan(at + DAY + timedelta(hours=4), lambda when: _approve(story, begun, when))


def _approve(story: Story, begun: int, at: datetime) -> None:
    approve_run(begun, actor=story.desk, at=at)
    work(at)


def _provision(story: Story, at: datetime) -> None:
    username, minor, text = PROVISION
    number = story.people[username].number or ""
    given = one_provision(number, Money(minor, CURRENCY), kind=MAIN, text=text, actor=story.desk)
    key = propose([given], name="", key="demo", actor=story.desk, at=at)
    shown = shown_of(key)
    assert shown
    code = pyotp.TOTP(story.key.app_secret(STAFF[1])).at(at)
    confirm(key, shown=shown.digest(1), code=code, actor=story.desk, at=at)
    work(at)


def _hold_back(story: Story, at: datetime) -> None:
    username, reason = HELD_BACK
    set_mark(story.people[username].id, HOLD, reason=reason, actor=story.desk, at=at)
