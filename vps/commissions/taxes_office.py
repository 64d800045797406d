"""The office's side of taxes: a partner's details, and the company's terms and rates."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.commissions.actions.taxes import set_tax_rule, set_tax_terms, set_taxes_of
from vps.commissions.models.taxes import all_rules, history_of, profile_of
from vps.commissions.models.withheld import withheld_now
from vps.commissions.tax_forms import OfficeTaxForm, TaxRuleForm, TermsForm, words
from vps.commissions.taxes_web import address_of
from vps.company.models import company
from vps.hypermedia.formats import territory
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock, day_in
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor
from vps.wallets.desk_forms import basis_points

_RULES = ("create_rule", "create_terms")
blueprint = for_staff(Blueprint("taxes_office", __name__, url_prefix="/office"), managed=_RULES, sensitive=(*_RULES, "change"))


@blueprint.get("/partners/<number>/tax")
def show(number: str) -> Response:
    person = _partner(number)
    form = OfficeTaxForm.of(profile_of(person.id), address_of(person.id), reader().language)
    form.reason.data = ""
    return looked_at(_details(person, form), person.id, "details")


@blueprint.post("/partners/<number>/tax")
def change(number: str) -> Response:
    person, form = _partner(number), OfficeTaxForm().offer(reader().language)
    if not form.done(lambda: set_taxes_of(person.id, form.details(), form.reason.data, actor=my_actor(), at=clock())):
        return _details(person, form, status=form.status)
    return changed(url_for(".show", number=number))


@blueprint.get("/commissions/taxes")
def rules() -> Response:
    return _rules(_terms(), _rule())


@blueprint.post("/commissions/taxes/terms")
def create_terms() -> Response:
    form = TermsForm().offer(reader().language)
    if not form.done(lambda: set_tax_terms(form.country.data, form.mode.data, actor=my_actor(), at=clock())):
        return _rules(form, _rule(), status=form.status)
    return changed(url_for(".rules"))


@blueprint.post("/commissions/taxes/rules")
def create_rule() -> Response:
    form = TaxRuleForm().offer(reader().language)
    if not form.done(lambda: _set(form)):
        return _rules(_terms(), form, status=form.status)
    return changed(url_for(".rules"))


def _set(form: TaxRuleForm) -> None:
    rate = basis_points(form.percent.data or "", reader().language)
    facts = (form.country.data, form.what.data, form.kind.data, form.name.data or "", rate, form.since.data)
    set_tax_rule(*facts, actor=my_actor(), at=clock())


def _terms() -> TermsForm:
    ours = company()
    return TermsForm(formdata=None, country=ours.country, mode=ours.commission_vat).offer(reader().language)


def _rule() -> TaxRuleForm:
    today = day_in(clock(), company().zone)
    return TaxRuleForm(formdata=None, country=company().country, since=today).offer(reader().language)


def _rules(terms: TermsForm, rule: TaxRuleForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"terms": terms, "form": rule, "rules": all_rules(), "country": _country, "withheld": withheld_now()}
    return page("commissions/taxes.html", status=status, **facts, **words())


def _details(person: Person, form: OfficeTaxForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"person": person, "form": form, "history": history_of(person.id), "country": _country}
    return page("commissions/tax_office.html", status=status, **facts, **words())


def _country(code: str) -> str:
    return territory(code, reader().language)


def _partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person
