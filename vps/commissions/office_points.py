"""What a point is worth, and when commissions are calculated: everybody in the office reads it, who manages changes it."""

from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.commissions.actions.points import set_point_value
from vps.commissions.models.points import point_values, values_on
from vps.commissions.plan_forms import WHEN, CommissionSettingsForm, PointForm
from vps.company.actions import change_settings
from vps.company.models import company
from vps.hypermedia.languages import reader, say
from vps.hypermedia.pages import changed, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.rates import NANO, plain_rate
from vps.people.guards import for_staff
from vps.people.session import my_actor

_CHANGES = ("create_point", "change_settings_now")
blueprint = for_staff(Blueprint("points_office", __name__, url_prefix="/office/commissions"), managed=_CHANGES, sensitive=_CHANGES)
PAGE = 50


@blueprint.get("/points")
def points() -> Response:
    return _points(PointForm(formdata=None, valid_from=day_in(clock(), company().zone)).offer())


@blueprint.post("/points")
def create_point() -> Response:
    form = PointForm().offer()
    days: dict[str, Any] = {"valid_from": form.valid_from.data, "valid_to": form.valid_to.data}
    if not form.done(lambda: set_point_value(form.currency.data, form.nano(reader().language), **days, actor=my_actor(), at=clock())):
        return _points(form, status=form.status)
    return changed(url_for(".points"))


@blueprint.get("/settings")
def settings() -> Response:
    return _settings(CommissionSettingsForm.of(company()))


@blueprint.post("/settings")
def change_settings_now() -> Response:
    form = CommissionSettingsForm()
    if not form.done(lambda: change_settings(form.changes(), actor=my_actor(), at=clock())):
        return _settings(form, status=form.status)
    return changed(url_for(".settings"))


def _points(form: PointForm, *, status: int = 200) -> Response:
    before, language = key_from(request.args.get("before")), reader().language
    facts: dict[str, Any] = {
        "today": values_on(day_in(clock(), company().zone)),
        "values": point_values(before[0] if before else None, PAGE + 1),
        "limit": PAGE,
        "written": lambda nano: plain_rate(Fraction(nano, NANO), language),
    }
    return page("commissions/points.html", form=form, status=status, **facts)


def _settings(form: CommissionSettingsForm, *, status: int = 200) -> Response:
    return page("commissions/settings.html", form=form, when=say(WHEN.get(company().commission_when, WHEN["hand"])), status=status)
