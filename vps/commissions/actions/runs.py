"""A run from its draft to its approval: over a period for the whole network, or over what is green now."""

import json
from datetime import date, datetime

from vps.commissions.models import NETWORK, Plan, Run
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros, midnight
from vps.kernel.database import action, insert, is_postgres, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record

PERIOD, GREEN, MANUAL = "period", "green", "manual"


class NoPlan(Refused):
    """Facts: day."""

    says = N_("No commission plan is in force on %(day)s.")


class RunIsLive(Refused):
    """Facts: id."""

    says = N_("Run %(id)s is not finished yet. It is booked or discarded before another one begins.")
    status = 409


class Overlaps(Refused):
    """Facts: since, last, id."""

    says = N_("Run %(id)s covers %(since)s to %(last)s already. Periods cannot overlap.")
    field = "since"


class NotADay(Refused):
    says = N_("The last day lies before the first one.")
    field = "until"


class NotOver(Refused):
    """Facts: last."""

    says = N_("%(last)s is not over yet, so nothing is calculated for it.")
    field = "until"


class NeedsPeriod(Refused):
    says = N_("The plan in force looks at a whole period: at volumes, ranks, pairs or caps. So it cannot be calculated order by order.")
    status = 409


class NotInThatState(Refused):
    """Facts: id."""

    says = N_("Run %(id)s is in another state by now. Please look at it again.")
    status = 409


class TakesAColleague(Refused):
    says = N_("You began this run yourself. Somebody else of the office approves it.")
    status = 403


class NoReasonGiven(Refused):
    says = N_("Please say why.")
    field = "reason"


@action
def draft_period(since: date, until: date, *, actor: Actor, at: datetime) -> int:
    """Begin a run over the days from `since` up to and without `until`, and answer its id; the worker calculates it.

    Every order counts that was final before its end and was not credited yet: none falls between two periods.
    Raises NotADay, NotOver, RunIsLive, Overlaps, NoPlan.
    """
    cutoff = midnight(until, company().zone)
    if until <= since:
        raise NotADay
    if cutoff > at:
        raise NotOver(last=date.fromordinal(until.toordinal() - 1))
    _must_be_alone()
    other = one(OVERLAPPING, until.isoformat(), since.isoformat())
    if other:
        last = date.fromordinal(date.fromisoformat(other[2]).toordinal() - 1)
        raise Overlaps(id=other[0], since=date.fromisoformat(other[1]), last=last)
    plan = plan_on(since)
    if plan is None:
        raise NoPlan(day=since)
    return _draft(PERIOD, since, until, cutoff, plan, actor, at)


@action
def draft_green(*, actor: Actor, at: datetime) -> int:
    """Begin a run over what is green now. Raises RunIsLive, NoPlan, NeedsPeriod."""
    _must_be_alone()
    today = day_in(at, company().zone)
    plan = plan_on(today)
    if plan is None:
        raise NoPlan(day=today)
    if plan.rules.needs_period:
        raise NeedsPeriod
    return _draft(GREEN, None, None, at, plan, actor, at)


@action
def calculate_again(key: int, *, actor: Actor, at: datetime) -> None:
    """Throw away what was calculated and begin anew with the orders, rates and marks of now. Raises NotFound, NotInThatState."""
    found = _over_orders(key)
    if found.booking_at is not None or (found.calculated_at is None and not found.trouble):
        raise NotInThatState(id=key)
    run(AGAIN, key)
    record(actor, "run calculated again", f"run:{key}", at=at)


@action
def approve_run(key: int, *, actor: Actor, at: datetime, shown: str | None = None) -> None:
    """Let the worker book it: what was `shown` (the digest of its lines), where somebody looked at it.

    Raises NotFound, NotInThatState, TakesAColleague.
    """
    found = _over_orders(key)
    if found.state == "approved" or found.state == "booking":
        return
    if found.calculated_at is None or found.trouble or shown not in (None, found.lines_digest):
        raise NotInThatState(id=key)
    if actor.person is not None and actor.person == found.drafted_by and company().commission_staff > 1:
        raise TakesAColleague
    run("UPDATE commission_run SET approved_at = ?, approved_by = ? WHERE id = ?", micros(at), actor.person, key)
    record(actor, "run approved", f"run:{key}", at=at, after=str(found.sum))


@action
def discard_run(key: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a run of which nothing is booked; its orders stay green. Raises NotFound, NotInThatState, NoReasonGiven."""
    why = clean_text(reason, most=200)
    if not why:
        raise NoReasonGiven
    found = _over_orders(key)
    if found.booking_at is not None:
        raise NotInThatState(id=key)
    run(DISCARD, micros(at), actor.person, why, key)
    record(actor, "run discarded", f"run:{key}", at=at, after=why)


@action
def stop_run(key: int, *, actor: Actor, at: datetime) -> None:
    """Whoever works on it stops after the chunk he is at; nothing is lost. Raises NotFound."""
    _live(key)
    if run("UPDATE commission_run SET stopped_at = ? WHERE id = ? AND stopped_at IS NULL", micros(at), key).rowcount:
        record(actor, "run stopped", f"run:{key}", at=at)


@action
def continue_run(key: int, *, actor: Actor, at: datetime) -> None:
    """Go on where it was stopped. Raises NotFound."""
    _live(key)
    if run("UPDATE commission_run SET stopped_at = NULL WHERE id = ? AND stopped_at IS NOT NULL", key).rowcount:
        record(actor, "run continued", f"run:{key}", at=at)


def plan_on(day: date) -> Plan | None:
    """The version in force on a day."""
    row = one(IN_FORCE, day.isoformat())
    return Plan.get_by_id(row[0]) if row else None


def trouble_of(found: Run) -> tuple[str, dict[str, str]] | None:
    """Why it cannot go on: a sentence and its facts."""
    return tuple(json.loads(found.trouble)) if found.trouble else None


def _draft(kind: str, since: date | None, until: date | None, cutoff: datetime, plan: Plan, actor: Actor, at: datetime) -> int:
    facts = (kind, NETWORK, since and since.isoformat(), until and until.isoformat(), micros(cutoff), plan.id, plan.rules.currency)
    key = insert(DRAFT, *facts, micros(at), actor.person)
    said = f"{since} – {date.fromordinal(until.toordinal() - 1)}" if since and until else kind
    record(actor, "run begun", f"run:{key}", at=at, after=said)
    return key


def _must_be_alone() -> None:
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10031)")  # of two at once, the second one sees the first one's run
    live = one("SELECT id FROM commission_run WHERE lane = ? AND booked_at IS NULL AND discarded_at IS NULL", NETWORK)
    if live:
        raise RunIsLive(id=live[0])


def _live(key: int) -> Run:
    if not one(locked("SELECT 1 FROM commission_run WHERE id = ?"), key):
        raise NotFound
    found: Run = Run.get_by_id(key)
    if found.booked_at is not None or found.discarded_at is not None:
        raise NotInThatState(id=key)
    return found


def _over_orders(key: int) -> Run:
    # Manual provisions have codes and approvals of their own.
    found = _live(key)
    if found.kind == MANUAL:
        raise NotInThatState(id=key)
    return found


OVERLAPPING = "SELECT id, since, until FROM commission_run WHERE kind = 'period' AND discarded_at IS NULL AND since < ? AND until > ? ORDER BY id LIMIT 1"
IN_FORCE = "SELECT plan_id FROM commission_plan_force WHERE agreed_at IS NOT NULL AND since <= ? ORDER BY since DESC, id DESC LIMIT 1"
DRAFT = (
    "INSERT INTO commission_run (kind, lane, since, until, cutoff, plan_id, currency, drafted_at, drafted_by, facts, orders_digest,"
    " lines_digest, orders, lines, partners, total, reason, attempt, claim, done, upto, turned, told, trouble)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', '', '', 0, 0, 0, 0, '', 1, '', 0, 0, 0, 0, '')"
)
AGAIN = (
    "UPDATE commission_run SET calculated_at = NULL, approved_at = NULL, approved_by = NULL, claim = '', touched_at = NULL,"
    " trouble = '', attempt = attempt + 1, done = 0 WHERE id = ?"
)
DISCARD = "UPDATE commission_run SET discarded_at = ?, discarded_by = ?, reason = ? WHERE id = ?"
