"""Plans tried on orders of the past: how far the worker is, what would be paid and to whom, and all of it as a file. Nothing is booked."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.commissions import office_plans
from vps.commissions.actions.trials import ask_trial, job_key
from vps.commissions.models.rows import Plan
from vps.commissions.models.trials import Trial, people_named, shares_of
from vps.commissions.models.versions import version_of
from vps.commissions.plan_forms import ForceForm, TrialForm
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import say
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.kernel.csvout import written_lines
from vps.kernel.jobs import standing_of
from vps.kernel.money import Money
from vps.people.guards import for_staff
from vps.people.session import my_actor

blueprint = for_staff(Blueprint("trials_office", __name__, url_prefix="/office/commissions"), managed=("create",))
STEPS = ("", "reading", "calculating", "writing")
HEADER = ("partner", "name", "currency", "amount", "in_force", "difference")


@blueprint.post("/plans/<int:version>/trials")
def create(version: int) -> Response:
    form, plan = TrialForm(), found(version_of(version))
    key = form.attempt(lambda: ask_trial(version, form.first.data, form.last.data, actor=my_actor(), at=clock()))
    if key is None:
        return office_plans.shown(plan, ForceForm(formdata=None), Choice(formdata=None), trial=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/trials/<int:key>")
def show(key: int) -> Response:
    trial, facts = _trial(key)
    job = standing_of(job_key(key))
    if trial.done_at is None and job is not None:
        answer = page(
            "commissions/trial_waits.html", step=STEPS.index(job.progress), failed=job.error and say(job.error[0], **job.error[1]), **facts
        )
        if not job.done:
            answer.headers["Refresh"] = "2"  # the browser asks again by itself, without a script
        return answer
    said = trial.found
    people = people_named(sorted({share[0] for share in (*said["top"], *said["moved"])}))
    return page("commissions/trial.html", found=said, people=people, share=_share, **facts)


@blueprint.get("/trials/<int:key>/table.csv")
def table(key: int) -> Response:
    """What each partner would get, as machines read it."""
    trial, _ = _trial(key)
    found(trial.done_at)
    lines = (
        (number, name, code, *(Money(minor, code).plain for minor in (now, was, now - was)))
        for number, name, code, now, was in shares_of(key)
    )
    headers = {"Content-Disposition": f'attachment; filename="trial-{key}.csv"'}
    return Response(written_lines(HEADER, lines), content_type="text/csv; charset=utf-8", headers=headers)


def _trial(key: int) -> tuple[Trial, dict[str, Any]]:
    trial: Trial = found(Trial.get_or_none(Trial.id == key))
    named = {plan.id: plan.version for plan in Plan.select(Plan.id, Plan.version).where(Plan.id.in_([trial.plan_id, trial.against_id]))}
    return trial, {"trial": trial, "version": named[trial.plan_id], "against": named.get(trial.against_id)}


def _share(amount: int, whole: int) -> int:
    """Basis points."""
    return 10_000 * amount // whole if whole else 0
