"""The office's view of a partner: who he is, what he has, his orders, his ways to confirm. And the trail of everything."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.company.models import company
from vps.home.forms import TrailForm
from vps.home.trail import told
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.database import reading, rows
from vps.ledger.actions import search_trail
from vps.orders.models import partner_counts
from vps.people.forms import PartnerForm
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.models.search import find
from vps.people.models.tree import sponsor_of
from vps.people.session import my_actor
from vps.security.models import SMS, Phone, TanSheet, blocks_of, enrolled, standing
from vps.trust.models import steps_of, waiting_count
from vps.wallets.actions import join_partner
from vps.wallets.models import Wallet, balances

blueprint = for_staff(Blueprint("home_office", __name__, url_prefix="/office"), managed=("trail",))
PAGE = 50


@blueprint.get("/partners")
def partners() -> Response:
    asked = request.args.get("q", "").strip()[:200]
    people = _found(asked) if asked else rows(LIST, request.args.get("after", "")[:20], PAGE + 1)
    has = balances([person[0] for person in people], company().currency) if people else {}
    return page("home/partners.html", people=people, has=has, asked=asked, limit=PAGE, unseen=waiting_count(100))


@blueprint.get("/partners/new")
def new_partner() -> Response:
    return page("people/partner_form.html", form=PartnerForm(zone=company().zone, language=company().language))


@blueprint.post("/partners/new")
def create_partner() -> Response:
    form = PartnerForm()
    person = form.attempt(lambda: join_partner(form.partner(), currency=company().currency, actor=my_actor(), at=clock()))
    if person is None:
        return page("people/partner_form.html", form=form, status=form.status)
    return changed(url_for(".partner", number=person.number))


@blueprint.get("/partners/<number>")
def partner(number: str) -> Response:
    person = found(Person.by_number(number))
    with reading():
        ours = company()
        facts: dict[str, Any] = {"wallet": found(Wallet.of(person.id, ours.currency)), "counts": partner_counts(person.id, clock())}
        facts |= {"steps": steps_of(person.id, clock(), zone=ours.zone), **_security(person.id)}
        facts["sponsor"] = sponsor_of(person.id, day_in(clock(), ours.zone))
    shown = page("home/partner.html", person=person, form=Choice(), **facts)
    return looked_at(shown, person.id, "partner")


@blueprint.get("/trail")
def trail() -> Response:
    form, before = TrailForm(request.args), key_from(request.args.get("before"))
    sought = form.attempt(form.sought)
    lines, onward = search_trail(sought, before=before[0] if before else None, most=PAGE) if sought else ([], None)
    asked: dict[str, Any] = {field.name: request.args[field.name] for field in form if request.args.get(field.name)}
    older = url_for(".trail", before=onward, **asked) if onward else ""
    return page("home/trail.html", form=form, lines=told(lines), older=older, status=200 if sought else form.status)


def _security(person: int) -> dict[str, Any]:
    """How a partner confirms payments, and what stands in the way of it."""
    ways = [way.way for way in enrolled(person)]
    return {
        "ways": ways,
        "blocked": blocks_of(person, clock()),
        "sheet": TanSheet.active(person),
        "waiting": TanSheet.waiting(person),
        "phones": Phone.verified(person) if SMS in ways else [],
        "standing": standing(person, clock()),
    }


def _found(asked: str) -> list[Any]:
    ids = [row[0] for row in rows("SELECT id FROM person WHERE number = ?", asked)] + find("person", asked, limit=PAGE)
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    return rows(f"{SELECT} WHERE number IS NOT NULL AND id IN ({marks}) ORDER BY number", *ids)


SELECT = (
    "SELECT id, number, name, closed_at, EXISTS (SELECT 1 FROM wallet_freeze f WHERE f.person_id = person.id AND f.lifted_at IS NULL)"
    " FROM person"
)
LIST = f"{SELECT} WHERE number > ? ORDER BY number LIMIT ?"
