"""The office looks at what partners claim and show, and decides."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.database import rows
from vps.people.guards import for_staff, looked_at, must_book, my_rights
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.trust.actions import accept_step, claim_document, end_step, forget_document, reject_step, see_picture
from vps.trust.identity_forms import AcceptForm, ContractForm, ReasonForm
from vps.trust.identity_words import age
from vps.trust.models import BIRTH, CONTRACT, IdentityDocument, IdentityStep, pictures_of, queue, steps_of

blueprint = for_staff(Blueprint("identity_office", __name__, url_prefix="/office"), sensitive=("create_acceptance", "end", "forget"))
PAGE = 50
PICTURE = {
    "Content-Type": "image/jpeg",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


@blueprint.get("/identity")
def index() -> Response:
    after = key_from(request.args.get("after"))
    return page("trust/queue.html", waiting=queue(after[0] if after else 0, PAGE + 1), limit=PAGE)


@blueprint.get("/identity/<int:key>")
def show(key: int) -> Response:
    claim = claim_of(key)
    return looked_at(
        _step(claim, AcceptForm(formdata=None, expires_on=claim.expires_on), ReasonForm(formdata=None)), claim.person_id, "identity"
    )


@blueprint.post("/identity/<int:key>/acceptance")
def create_acceptance(key: int) -> Response:
    form, claim = AcceptForm(), claim_of(key)
    done = form.attempt(lambda: (accept_step(key, expires_on=form.expires_on.data, actor=my_actor(), at=clock()),))
    if done is None:
        return _step(claim, form, ReasonForm(formdata=None), status=form.status)
    return changed(url_for(".index") if done[0] else url_for(".show", key=key))


@blueprint.post("/identity/<int:key>/rejection")
def create_rejection(key: int) -> Response:
    form, claim = ReasonForm(), claim_of(key)
    if not form.done(lambda: reject_step(key, form.reason.data, actor=my_actor(), at=clock())):
        return _step(claim, AcceptForm(formdata=None, expires_on=claim.expires_on), form, status=form.status)
    return changed(url_for(".index"))


@blueprint.post("/identity/<int:key>/end")
def end(key: int) -> Response:
    """What was accepted does not count any more."""
    form, claim = ReasonForm(), claim_of(key)
    if not form.done(lambda: end_step(key, form.reason.data, actor=my_actor(), at=clock())):
        return _step(claim, AcceptForm(formdata=None), form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/identity/documents/<int:document>/<int:n>")
def picture(document: int, n: int) -> Response:
    """A picture of a document, for who may book; who looked at which is written down."""
    must_book()
    content = found(see_picture(document, n, actor=my_actor(), at=clock()))
    answer = Response(content, headers=PICTURE | {"Content-Disposition": f'inline; filename="document-{document}-{n}.jpg"'})
    return looked_at(answer, IdentityDocument.get_by_id(document).person_id, "identity")


@blueprint.post("/identity/documents/<int:document>/end")
def forget(document: int) -> Response:
    form = ReasonForm()
    claim = found(IdentityStep.get_or_none(IdentityStep.document == document))
    if not form.done(lambda: forget_document(document, form.reason.data, actor=my_actor(), at=clock())):
        return _step(claim, AcceptForm(formdata=None), form, status=form.status)
    return changed(url_for(".show", key=claim.id))


@blueprint.get("/partners/<number>/identity")
def partner(number: str) -> Response:
    person = found(Person.by_number(number))
    return looked_at(_partner(person, ContractForm(formdata=None)), person.id, "identity")


@blueprint.post("/partners/<number>/identity/contract")
def create_contract(number: str) -> Response:
    """What only the office can bring: it waits like everything else until it is accepted."""
    form, person = ContractForm(), found(Person.by_number(number))
    if not form.done(lambda: _contract(person.id, form)):
        return _partner(person, form, status=form.status)
    return changed(url_for(".partner", number=number))


def claim_of(key: int) -> IdentityStep:
    claim: IdentityStep = found(IdentityStep.get_or_none(IdentityStep.id == key))
    return claim


def _contract(person: int, form: ContractForm) -> None:
    claim_document(person, CONTRACT, form.developed(me().id, clock()), note=form.note.data, actor=my_actor(), at=clock())


def _partner(person: Person, form: ContractForm, *, status: int = 200) -> Response:
    return page("trust/partner.html", person=person, steps=steps_of(person.id, clock()), form=form, status=status)


def _step(claim: IdentityStep, accepting: AcceptForm, reason: ReasonForm, *, status: int = 200) -> Response:
    today = day_in(clock(), company().zone)
    facts: dict[str, Any] = {
        "person": Person.with_id(claim.person_id),
        "pictures": pictures_of(claim.document_id) if claim.document_id and "book" in my_rights() else [],
        "by": dict(rows(NAMES, claim.seen_by, claim.accepted_by, claim.rejected_by)),
        "years": age(date.fromisoformat(claim.value), today) if claim.step == BIRTH else None,
        "document": claim.document,
        "two": company().identity_staff > 1,
    }
    return page("trust/decide.html", claim=claim, accepting=accepting, reason=reason, press=Choice(formdata=None), status=status, **facts)


NAMES = "SELECT id, name FROM person WHERE id IN (?, ?, ?)"
