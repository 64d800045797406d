"""Trying a plan on orders of the past: the worker calculates it and the plan in force, and keeps what each would pay. Nothing is booked."""

import json
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from vps.commissions.actions.calculating import values_on
from vps.commissions.actions.runs import plan_on
from vps.commissions.models.inputs import Left, Taken, carried_until, in_currency, network_on
from vps.commissions.models.places import width_of, with_places
from vps.commissions.models.rows import Plan
from vps.commissions.models.trials import Trial, orders_between
from vps.commissions.plans.calculate import calculate
from vps.commissions.plans.network import Network, Result, Sales
from vps.commissions.plans.plan import Plan as Rules
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros, midnight
from vps.kernel.database import action, many, one, reading, run
from vps.kernel.jobs import Taken as Job
from vps.kernel.jobs import enqueue, job_done, job_progress
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import record

TRIAL = "commission trial"
"""The kind of job that calculates one."""
AT_ONCE = 1_000
"""Rows of one transaction: who pays meanwhile waits for no more."""
KEPT = timedelta(days=30)
"""How long what each partner would get is kept; the sums stay."""
MOST_DAYS = 366
TOP = 25


class TrialEndsTooEarly(Refused):
    says = N_("The last day is before the first.")
    field = "last"


class TrialTooLong(Refused):
    """Facts: days."""

    says = N_("A plan is tried on %(days)s days at the most.")
    field = "last"


class Past(NamedTuple):
    """What a plan is tried on: the tree of the last day, the orders, and what the run before the first day left over."""

    network: Network
    positions: "array[int]"
    orders: list[Taken]
    carried: Left
    since: date
    day: date


class Paid(NamedTuple):
    """What a plan pays: by partner and currency, and of each bonus its code, name, currency, amount and number of lines."""

    shares: dict[tuple[int, str], int]
    bonuses: list[tuple[str, str, str, int, int]]
    sales: int
    currency: str


@action
def ask_trial(version: int, since: date, last: date, *, actor: Actor, at: datetime) -> int:
    """Let the worker try a version on the orders that became final on these days. Answers the trial's key.

    Raises NotFound, TrialEndsTooEarly, TrialTooLong.
    """
    if last < since:
        raise TrialEndsTooEarly
    if (last - since).days >= MOST_DAYS:
        raise TrialTooLong(days=MOST_DAYS)
    found = one("SELECT id FROM commission_plan WHERE version = ?", version)
    if found is None:
        raise NotFound
    against = plan_on(last)
    until = date.fromordinal(last.toordinal() + 1)
    made = Trial.create(plan=found[0], against=against, since=since, until=until, asked_at=at, asked_by=actor.person)
    enqueue(TRIAL, job_key(made.id), {"trial": made.id}, at=at)
    record(actor, "plan tried", f"plan:{version}", at=at, after=f"{since} – {last}")
    return int(made.id)


def try_queued(job: Job, *, at: datetime) -> None:
    """What the worker does: calculate by both plans and keep the result; interrupted, it begins anew."""
    trial: Trial = Trial.get_by_id(job.args["trial"])
    job_progress(job.id, "reading")
    _clear(trial.id)
    plans = [Plan.get_by_id(trial.plan_id).rules]
    if trial.against_id is not None and trial.against_id != trial.plan_id:
        plans.append(Plan.get_by_id(trial.against_id).rules)
    try:
        with reading():
            past = past_of(trial)
            pasts = [with_its_places(past, plan) for plan in plans]
        job_progress(job.id, "calculating")
        paid = [_paid(plan, each) for plan, each in zip(plans, pasts, strict=True)]
    except Refused as refusal:
        return job_done(job.id, at=at, refusal=refusal)
    job_progress(job.id, "writing")
    if trial.against_id == trial.plan_id:
        paid *= 2
    shares = _compared(paid, past.network)
    for piece in _pieces((trial.id, *share) for share in shares):
        _keep(piece)
    _finish(trial.id, job.id, _facts(paid, shares, len(past.orders)), at=at)
    return None


def past_of(trial: Trial) -> Past:
    """What a trial is calculated from, inside `reading()`."""
    begin, end = _begins(trial.since), _begins(trial.until)
    network, positions = network_on(trial.last_day, cutoff=end)
    orders = [order for order in orders_between(begin, end) if order.amount]
    return Past(network, positions, orders, {}, trial.since, trial.last_day)


def with_its_places(past: Past, plan: Rules) -> Past:
    """The same, everybody on the place that runs of such a plan gave him, or would give him, and with what was left over for it."""
    return past._replace(network=with_places(past.network, past.positions, width_of(plan)), carried=carried_until(past.since, plan))


def calculated(plan: Rules, past: Past) -> tuple[Sales, Result]:
    """What a plan makes of it, as a run over these days would."""
    turned, _ = in_currency(plan.currency, past.day)
    taken = [order._replace(amount=turned(order.amount, order.currency)) for order in past.orders]
    sales = Sales(
        array("q", [each.order for each in taken]),
        array("q", [past.positions[each.seller] for each in taken]),
        array("q", [each.amount for each in taken]),
        array("q", [each.points for each in taken]),
    )
    carried = {bonus: {past.positions[payee]: legs for payee, legs in each.items()} for bonus, each in past.carried.items()}
    return sales, calculate(plan, past.network, sales, point_values=values_on(plan, past.day), carried=carried)


@action
def forget_trials(*, at: datetime) -> None:
    """Forget what each partner would have got by trials of long ago; what was tried, and the sums, stay."""
    run(FORGET, micros(at - KEPT))


def job_key(trial: int) -> str:
    """The key of the job that calculates a trial."""
    return f"commission trial:{trial}"


def _begins(day: date) -> int:
    return micros(midnight(day, company().zone))


def _paid(plan: Rules, past: Past) -> Paid:
    sales, result = calculated(plan, past)
    currencies = [bonus.currency for bonus in plan.bonuses]
    shares: dict[tuple[int, str], int] = {}
    sums, counts = [0] * len(currencies), [0] * len(currencies)
    for payee, _, _, bonus, _, _, _, _, amount in result.lines:
        to = (payee, currencies[bonus])
        shares[to] = shares.get(to, 0) + amount
        sums[bonus] += amount
        counts[bonus] += 1
    bonuses = [(each.code, each.name, each.currency, sums[n], counts[n]) for n, each in enumerate(plan.bonuses)]
    return Paid(shares, bonuses, sum(sales.amounts), plan.currency)


def _compared(paid: list[Paid], network: Network) -> list[tuple[int, str, int, int]]:
    """What every partner would get and gets, by his id and the currency."""
    now, was = paid[0].shares, paid[1].shares if len(paid) > 1 else {}
    places = sorted(now.keys() | was.keys())
    return [(network.keys[place], currency, now.get((place, currency), 0), was.get((place, currency), 0)) for place, currency in places]


def _facts(paid: list[Paid], shares: list[tuple[int, str, int, int]], orders: int) -> dict[str, Any]:
    """What the page of a trial shows."""
    totals: dict[str, list[int]] = {}
    for _, currency, amount, before in shares:
        total = totals.setdefault(currency, [0, 0])
        total[0] += amount
        total[1] += before
    first = paid[0]
    now, was = ({(bonus[0], bonus[2]): bonus for bonus in each} for each in (first.bonuses, paid[1].bonuses if len(paid) > 1 else []))
    gone = [(*bonus[:3], 0, 0) for place, bonus in was.items() if place not in now]
    moved = [share for share in shares if share[2] != share[3]] if len(paid) > 1 else []
    return {
        "compared": len(paid) > 1,
        "orders": orders,
        "sales": [first.sales, first.currency],
        "partners": [sum(1 for share in shares if share[place]) for place in (2, 3)],
        "totals": [[currency, *total] for currency, total in sorted(totals.items())],
        "bonuses": [[*bonus, was[place][3] if (place := (bonus[0], bonus[2])) in was else 0] for bonus in (*first.bonuses, *gone)],
        "top": sorted(shares, key=lambda share: (-share[2], share[0]))[:TOP],
        "moved": sorted(moved, key=lambda share: (-abs(share[2] - share[3]), share[0]))[:TOP],
    }


def _pieces(found: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(found)
    while piece := list(islice(rest, AT_ONCE)):
        yield piece


@action
def _clear(trial: int) -> None:
    run("DELETE FROM commission_trial_share WHERE trial_id = ?", trial)


@action
def _keep(piece: list[tuple[Any, ...]]) -> None:
    many(KEEP, piece)


@action
def _finish(trial: int, job: int, facts: dict[str, Any], *, at: datetime) -> None:
    run(FINISH, json.dumps(facts, ensure_ascii=False), micros(at), trial)
    job_done(job, at=at)


KEEP = "INSERT INTO commission_trial_share (trial_id, payee, currency, amount, was) VALUES (?, ?, ?, ?, ?)"
FINISH = "UPDATE commission_trial SET facts = ?, done_at = ? WHERE id = ?"
FORGET = "DELETE FROM commission_trial_share WHERE trial_id IN (SELECT id FROM commission_trial WHERE asked_at < ?)"
