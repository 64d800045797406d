"""What the office does for a partner's security: TAN sheets, lost phones, blocked ways, frozen wallets."""

from flask import Blueprint, Response, url_for

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor
from vps.security.actions import freeze, fresh_codes, lift_freeze, make_sheet, printout, remove_app, unblock_way
from vps.security.models import WAYS, TanSheet

# Whoever is on the line with a partner can stop his wallet, at once; only who may book can open it again.
blueprint = for_staff(
    Blueprint("security_office", __name__, url_prefix="/office/partners/<number>"),
    readers_too=("create_freeze",),
    sensitive=("create_sheet", "show_sheet", "end_app", "create_unblocking", "end_freeze"),
)


@blueprint.post("/sheet")
def create_sheet(number: str) -> Response:
    person = partner(number)
    make_sheet(person.id, fresh_codes(company().sheet_size), actor=my_actor(), at=clock())
    return changed(url_for(".show_sheet", number=number))


@blueprint.get("/sheet")
def show_sheet(number: str) -> Response:
    """The TANs themselves, so that looking is as sensitive as making them."""
    person = partner(number)
    sheet = found(TanSheet.waiting(person.id))
    return looked_at(page("security/sheet.html", person=person, sheet=sheet, printout=printout(sheet), form=Choice()), person.id, "sheet")


@blueprint.post("/app/end")
def end_app(number: str) -> Response:
    remove_app(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/unblocking")
def create_unblocking(number: str) -> Response:
    person = partner(number)
    for way in WAYS:
        unblock_way(person.id, way, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/freeze")
def create_freeze(number: str) -> Response:
    freeze(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/freeze/end")
def end_freeze(number: str) -> Response:
    lift_freeze(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


def partner(number: str) -> Person:
    """Any partner, for the office."""
    person: Person = found(Person.by_number(number))
    return person


def _back(number: str) -> Response:
    return changed(url_for("home_office.partner", number=number))
