"""A partner's own tax details: shown, changed and confirmed by a code."""

from flask import Blueprint, Response, url_for

from vps.commissions.actions.taxes import KIND, TaxDetails, set_own_taxes
from vps.commissions.models.taxes import profile_of
from vps.commissions.tax_forms import KINDS, TaxForm
from vps.hypermedia.formats import territory
from vps.hypermedia.languages import reader, say
from vps.hypermedia.pages import changed, page
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.security.models import RENEWAL
from vps.trust.models import ADDRESS, steps_of

blueprint = for_partners(Blueprint("my_taxes", __name__, url_prefix="/me/tax"))


@blueprint.get("")
def show() -> Response:
    profile = profile_of(me().id)
    return page("commissions/tax.html", form=TaxForm.of(profile, address_of(me().id), reader().language), since=profile and profile.set_at)


@blueprint.post("")
def preview() -> Response:
    """What was typed is checked and shown, to be confirmed by a code; nothing is kept yet."""
    form = TaxForm().offer(reader().language)
    typed = form.attempt(form.details)
    if typed is None:
        return page("commissions/tax.html", form=form, since=None, status=form.status)
    return ask(_subject(typed), TanForm(formdata=None))


@blueprint.post("/confirmation")
def create() -> Response:
    _, again = answered(KIND, _told, lambda by: set_own_taxes(by, at=clock()))
    return again or changed(url_for(".show"))


def address_of(person: int) -> str:
    """The address that was proved, as a proposal."""
    step = next((each for each in steps_of(person, clock()) if each.step == ADDRESS), None)
    return step.claim.value if step and step.claim and step.claim.accepted_at else ""


def _told(shown: Snapshot) -> Subject:
    return _subject(TaxDetails.carried(shown.subject))


def _subject(details: TaxDetails) -> Subject:
    facts = {"details": details, "country": territory(details.country, reader().language), "business": say(KINDS[details.kind])}
    return Subject(KIND, RENEWAL, details.subject, None, "", "commissions/tax_confirm.html", facts)
