"""The office looks at transfers that were asked back and not given back within a week."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.hypermedia.pages import changed, found, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock
from vps.people.guards import for_staff, looked_at
from vps.people.session import my_actor
from vps.wallets.actions import close_case
from vps.wallets.models import Case, case_of, open_cases
from vps.wallets.models.asked_back import OUTCOMES
from vps.wallets.standing_forms import CaseForm

blueprint = for_staff(Blueprint("asked_office", __name__, url_prefix="/office/asked-back"))


@blueprint.get("")
def index() -> Response:
    return page("wallets/office_asked_back.html", cases=open_cases(clock()), now=clock())


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    case = asked(key)
    return looked_at(looked_at(_page(case, CaseForm(formdata=None).offer()), case.sender, "wallet"), case.recipient, "wallet")


@blueprint.post("/<int:key>")
def close(key: int) -> Response:
    form, case = CaseForm().offer(), asked(key)
    staff = ByStaff(my_actor())
    if not form.done(lambda: close_case(key, form.outcome.data, form.note.data or "", authorisation=staff, at=clock())):
        return _page(case, form, status=form.status)
    return changed(url_for(".index"))


def asked(key: int) -> Case:
    """A transfer that was asked back. Raises NotFound."""
    case = case_of(key)
    shown: Case = found(case if case and case.id is not None else None)
    return shown


def _page(case: Case, form: CaseForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"outcomes": OUTCOMES, "now": clock(), "waits": case.waits(clock())}
    return page("wallets/office_asked_back_case.html", case=case, form=form, status=status, **facts)
