"""The office looks after partners; who manages looks after the staff."""

from collections import defaultdict

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
    change_rights,
    close_person,
    end_network,
    invite_by_mail,
    must_be_a_colleague,
    must_be_staff,
    networks_of,
    owner_may,
    register_staff,
)
from vps.people.forms import NetworkForm, PartnerChangeForm, RightsForm, StaffForm
from vps.people.guards import for_staff, looked_at, must_book, must_manage, my_rights
from vps.people.models import RIGHTS, Person
from vps.people.session import me, my_actor
from vps.people.words import allowed, told

# Whether it is a partner, for whom one must be allowed to book, or a colleague, the view sees.
blueprint = for_staff(
    Blueprint("people_office", __name__, url_prefix="/office"),
    readers_too=("create_invitation", "close"),
    managed=(
        "staff",
        "new_staff",
        "create_staff",
        "rights",
        "create_rights",
        "staff_networks",
        "create_staff_network",
        "close_staff_network",
    ),
    sensitive=("change_details", "create_staff", "create_rights", "create_invitation", "close"),
)
blueprint.add_app_template_filter(allowed)


@blueprint.get("/partners/<number>/details")
def details(number: str) -> Response:
    person = _partner(number)
    return looked_at(page("people/partner_form.html", form=PartnerChangeForm(obj=person), person=person), person.id, "details")


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
    return looked_at(page("people/history.html", lines=lines, before=before, person=person, office=True), person.id, "history")


@blueprint.get("/staff")
def staff() -> Response:
    given: dict[int, list[str]] = defaultdict(list)
    for person, right in rows(RIGHTS_OF_ALL):
        given[person].append(right)
    return page("people/staff.html", people=rows(STAFF), given=given, form=Choice())


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


@blueprint.get("/people/<int:key>/rights")
def rights(key: int) -> Response:
    person = _colleague(key)
    given = person.rights()
    return page("people/rights.html", person=person, form=RightsForm(**{f"may_{right}": right in given for right in RIGHTS}))


@blueprint.post("/people/<int:key>/rights")
def create_rights(key: int) -> Response:
    form, person = RightsForm(), _colleague(key)
    if not form.done(lambda: change_rights(person, form.rights(), actor=my_actor(), at=clock())):
        return page("people/rights.html", person=person, form=form, status=form.status)
    return changed(url_for(".staff"))


@blueprint.post("/people/<int:key>/invitation")
def create_invitation(key: int) -> Response:
    """A new link, posted by mail where there is an address, and shown once as a letter to print."""
    person = _cared_for(key)
    purpose = "password" if person.password else "join"
    token = invite_by_mail(person, purpose=purpose, actor=my_actor(), at=clock())
    link = g.public_url + url_for("people.welcome", token=token)
    return page("people/letter.html", person=person, purpose=purpose, link=link, until=clock() + LIFE)


@blueprint.post("/people/<int:key>/end")
def close(key: int) -> Response:
    person = _cared_for(key)
    close_person(person, actor=my_actor(), at=clock())
    return changed(url_for("home_office.partner", number=person.number) if person.number else url_for(".staff"))


@blueprint.get("/partners/<number>/networks")
def networks(number: str) -> Response:
    person = _partner(number)
    return looked_at(_networks(person, NetworkForm()), person.id, "details")


@blueprint.post("/partners/<number>/networks")
def create_network(number: str) -> Response:
    return _add(_partner(number))


@blueprint.post("/partners/<number>/networks/<int:key>/end")
def close_network(number: str, key: int) -> Response:
    return _end(_partner(number), key)


@blueprint.get("/people/<int:key>/networks")
def staff_networks(key: int) -> Response:
    return _networks(_member(key), NetworkForm())


@blueprint.post("/people/<int:key>/networks")
def create_staff_network(key: int) -> Response:
    return _add(_member(key))


@blueprint.post("/people/<int:key>/networks/<int:network>/end")
def close_staff_network(key: int, network: int) -> Response:
    return _end(_member(key), network)


def _networks(person: Person, form: NetworkForm, *, status: int = 200) -> Response:
    may_add = ("book" if person.is_partner else "manage") in my_rights() and (person.id != me().id or owner_may(person.id, "add"))
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


def _member(key: int) -> Person:
    person: Person = found(Person.with_id(key))
    must_be_staff(person)
    return person


def _colleague(key: int) -> Person:
    person: Person = found(Person.with_id(key))
    must_be_a_colleague(person, my_actor())
    return person


def _cared_for(key: int) -> Person:
    """Somebody whom the reader looks after: partners are for who books, colleagues for who manages, who is both for who does both."""
    person = Person.with_id(key)
    if person is None or person.is_partner:
        must_book()
    if person is not None and (not person.is_partner or person.rights()):
        must_manage()
    return found(person)  # type: ignore[no-any-return]


STAFF = (
    "SELECT id, username, name, closed_at IS NOT NULL, password IS NOT NULL FROM person"
    " WHERE id IN (SELECT person_id FROM person_right) ORDER BY name"
)
RIGHTS_OF_ALL = "SELECT person_id, granted FROM person_right WHERE withdrawn_at IS NULL ORDER BY granted"
