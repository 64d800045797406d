"""A partner's identification: every step with its state, and a page for each."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.hypermedia.forms import Choice, Form
from vps.hypermedia.pages import changed, page
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.trust.actions import (
    claim_address,
    claim_birth,
    claim_document,
    claim_email,
    claim_mobile,
    confirm_step_code,
    must_be_valid,
    send_step_code,
    withdraw_step,
)
from vps.trust.identity_forms import AddressForm, BirthForm, DocumentForm, MobileForm, SentCodeForm
from vps.trust.identity_words import called, claimed
from vps.trust.models import ADDRESS, BIRTH, BY_CODE, CONTRACT, DOCUMENT, EMAIL, IBAN, MOBILE, STEPS, steps_of

blueprint = for_partners(Blueprint("identity", __name__, url_prefix="/me/identity"))
blueprint.add_app_template_filter(called, "step")
blueprint.add_app_template_filter(claimed)

FORMS: dict[str, type[Form]] = {
    EMAIL: Choice,
    MOBILE: MobileForm,
    ADDRESS: AddressForm,
    BIRTH: BirthForm,
    DOCUMENT: DocumentForm,
    IBAN: Choice,
    CONTRACT: Choice,
}
"""What is asked at each step; for a bank account and a contract nothing is asked here."""


@blueprint.get("")
def index() -> Response:
    return page("trust/identity.html", steps=steps_of(me().id, clock()))


# The page of the mobile number is made in vps.home, which also knows the number that gets TANs.
def show(step: str) -> Response:
    return step_page(step)


for _step in STEPS:
    blueprint.add_url_rule(f"/{_step}", "show", show, defaults={"step": _step})


@blueprint.post("/email")
def create_email() -> Response:
    form = Choice()
    done = form.done(lambda: claim_email(me().id, actor=my_actor(), at=clock()))
    return changed(url_for(".show", step=EMAIL)) if done else step_page(EMAIL, form, status=form.status)


@blueprint.post("/mobile")
def create_mobile() -> Response:
    form = MobileForm()
    done = form.done(lambda: claim_mobile(me().id, form.number.data, actor=my_actor(), at=clock()))
    return changed(url_for(".show", step=MOBILE)) if done else step_page(MOBILE, form, status=form.status)


@blueprint.post("/address")
def create_address() -> Response:
    form = AddressForm()
    done = form.done(lambda: claim_address(me().id, form.parts(), actor=my_actor(), at=clock()))
    return changed(url_for(".index")) if done else step_page(ADDRESS, form, status=form.status)


@blueprint.post("/birth")
def create_birth() -> Response:
    form = BirthForm()
    done = form.done(lambda: claim_birth(me().id, form.birth.data, actor=my_actor(), at=clock()))
    return changed(url_for(".index")) if done else step_page(BIRTH, form, status=form.status)


@blueprint.post("/document")
def create_document() -> Response:
    form = DocumentForm()
    done = form.done(lambda: _show_document(form))
    return changed(url_for(".index")) if done else step_page(DOCUMENT, form, status=form.status)


@blueprint.post("/<any('email', 'mobile'):step>/code")
def create_proof(step: str) -> Response:
    form = SentCodeForm()
    done = form.done(lambda: confirm_step_code(me().id, step, form.code.data, actor=my_actor(), at=clock()))
    return changed(url_for(".index")) if done else step_page(step, form, status=form.status)


@blueprint.post("/<any('email', 'mobile'):step>/again")
def send_again(step: str) -> Response:
    form = Choice()
    done = form.done(lambda: send_step_code(me().id, step, actor=my_actor(), at=clock()))
    return changed(url_for(".show", step=step)) if done else step_page(step, form, status=form.status)


@blueprint.post("/<any('email', 'mobile', 'address', 'birth', 'document'):step>/end")
def end_claim(step: str) -> Response:
    withdraw_step(me().id, step, actor=my_actor(), at=clock())
    return changed(url_for(".index"))


def step_page(step: str, form: Form | None = None, *, status: int = 200, **facts: Any) -> Response:
    """The page of a step as it stands, with a form that was refused or a fresh one."""
    (stand,) = (each for each in steps_of(me().id, clock()) if each.step == step)
    asks_code = step in BY_CODE and stand.waiting is not None
    wanted = SentCodeForm if asks_code else FORMS[step]
    if not isinstance(form, wanted):  # what was refused may have ended what was asked
        fresh = wanted(formdata=None, number=me().phone)
        fresh.refusal, form = form.refusal if form else None, fresh
    return page("trust/step.html", stand=stand, form=form, press=Choice(formdata=None), asks_code=asks_code, status=status, **facts)


def _show_document(form: DocumentForm) -> None:
    must_be_valid(form.expires_on.data, clock())
    pictures = form.developed(me().id, clock())
    claim_document(me().id, form.kind.data, pictures, actor=my_actor(), at=clock(), expires_on=form.expires_on.data)
