"""The office makes partners and staff, and invites them."""

from flask import Blueprint, Response, g, request, url_for

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.database import rows
from vps.people.actions import (
    LIFE,
    add_network,
    change_person,
    close_person,
    end_network,
    invite_by_mail,
    networks_of,
    owner_may,
    register_staff,
)
from vps.people.forms import NetworkForm, PartnerChangeForm, StaffForm
from vps.people.guards import for_staff, my_rights
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.people.words import told

blueprint = for_staff(
    Blueprint("people_office", __name__, url_prefix="/office"), sensitive=("change_details", "create_staff", "create_invitation", "close")
)


@blueprint.get("/partners/<number>/details")
def details(number: str) -> Response:
    person = _partner(number)
    return page("people/partner_form.html", form=PartnerChangeForm(obj=person), person=person)


@blueprint.post("/partners/<number>/details")
def change_details(number: str) -> Response:
    form, person = PartnerChangeForm(), _partner(number)
    if not form.done(lambda: change_person(person, form.partner(), actor=my_actor(), at=clock())):
        return page("people/partner_form.html", form=form, person=person, status=form.status)
    return changed(url_for("home_office.partner", number=number))


@blueprint.get("/partners/<number>/history")
def partner_history(number: str) -> Response:
    person = _partner(number)
    lines, before = told(person, before=key_from(request.args.get("before")), office=True)
    return page("people/history.html", lines=lines, before=before, person=person, office=True)


@blueprint.get("/staff")
def staff() -> Response:
    return page("people/staff.html", people=rows(STAFF), form=Choice())


@blueprint.get("/staff/new")
def new_staff() -> Response:
    return page("people/staff_form.html", form=StaffForm(zone=company().zone, language=company().language))


@blueprint.post("/staff/new")
def create_staff() -> Response:
    form = StaffForm()
    person = form.attempt(lambda: register_staff(form.staff(), form.rights(), actor=my_actor(), at=clock()))
    if person is None:
        return page("people/staff_form.html", form=form, status=form.status)
    return changed(url_for(".staff"))


@blueprint.post("/people/<int:key>/invitation")
def create_invitation(key: int) -> Response:
    """A new link, posted by mail where there is an address, and shown once as a letter to print."""
    person = found(Person.get_or_none(Person.id == key))
    purpose = "password" if person.password else "join"
    token = invite_by_mail(person, purpose=purpose, actor=my_actor(), at=clock())
    link = g.public_url + url_for("people.welcome", token=token)
    return page("people/letter.html", person=person, purpose=purpose, link=link, until=clock() + LIFE)


@blueprint.post("/people/<int:key>/end")
def close(key: int) -> Response:
    person = found(Person.get_or_none(Person.id == key))
    close_person(person, actor=my_actor(), at=clock())
    return changed(url_for("home_office.partner", number=person.number) if person.number else url_for(".staff"))


@blueprint.get("/partners/<number>/networks")
def networks(number: str) -> Response:
    return _networks(_partner(number), NetworkForm())


@blueprint.post("/partners/<number>/networks")
def create_network(number: str) -> Response:
    return _add(_partner(number))


@blueprint.post("/partners/<number>/networks/<int:key>/end")
def close_network(number: str, key: int) -> Response:
    return _end(_partner(number), key)


@blueprint.get("/people/<int:key>/networks")
def staff_networks(key: int) -> Response:
    return _networks(_person(key), NetworkForm())


@blueprint.post("/people/<int:key>/networks")
def create_staff_network(key: int) -> Response:
    return _add(_person(key))


@blueprint.post("/people/<int:key>/networks/<int:network>/end")
def close_staff_network(key: int, network: int) -> Response:
    return _end(_person(key), network)


def _networks(person: Person, form: NetworkForm, *, status: int = 200) -> Response:
    may_add = "book" in my_rights() and (person.id != me().id or owner_may(person.id, "add"))
    return page(
        "people/networks.html",
        form=form,
        person=person,
        staff=person.rights(),
        networks=networks_of(person.id),
        may_add=may_add,
        office=True,
        status=status,
    )


def _add(person: Person) -> Response:
    form = NetworkForm()
    if not form.done(lambda: add_network(person.id, form.cidr.data, outside=form.outside.data, actor=my_actor(), at=clock())):
        return _networks(person, form, status=form.status)
    return changed(request.path)


def _end(person: Person, key: int) -> Response:
    end_network(person.id, key, actor=my_actor(), at=clock())
    return changed(request.path.rpartition(f"/{key}/")[0])


def _partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person


def _person(key: int) -> Person:
    person: Person = found(Person.get_or_none(Person.id == key))
    return person


STAFF = (
    "SELECT p.id, p.username, p.name, p.closed_at IS NOT NULL, p.password IS NOT NULL,"
    " EXISTS (SELECT 1 FROM person_right b WHERE b.person_id = p.id AND b.granted = 'book' AND b.withdrawn_at IS NULL) FROM person p"
    " WHERE EXISTS (SELECT 1 FROM person_right r WHERE r.person_id = p.id) ORDER BY p.name"
)
