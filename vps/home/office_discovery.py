"""Discovery, for who manages: somebody is found, his data are kept from being forgotten, and everything about him is put together.

Whoever reads a dossier leaves a line about the dossier, not about the partner: he must not learn from his own history that one exists.
"""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from vps.company.models import company
from vps.home.actions import must_be_done, note_search, read_dossier
from vps.home.discovery import building, paper, words
from vps.home.discovery.archive import heading, pictures
from vps.home.discovery.asked import asked_by
from vps.home.discovery.finding import WHY, kind_of, search
from vps.home.discovery.picture import CSP, draw
from vps.home.discovery.sections import SECTIONS, section_named
from vps.home.discovery.speaking import some_rows
from vps.home.discovery.telling import told_story
from vps.home.forms import DiscoveryForm, DossierForm, HoldEndForm, HoldForm
from vps.home.models import Dossier, dossiers
from vps.hypermedia.languages import Words, reader
from vps.hypermedia.pages import changed, found, key_from, page
from vps.hypermedia.typeset import pdf
from vps.kernel.clock import clock, day_in
from vps.kernel.database import reading
from vps.people.actions import end_hold, hold_data
from vps.people.guards import for_staff
from vps.people.models import Person
from vps.people.models.holds import LegalHold
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("discovery", __name__, url_prefix="/office/discovery"),
    managed=(
        "index",
        "show",
        "create_dossier",
        "create_hold",
        "new_end",
        "end",
        "dossier",
        "part",
        "story",
        "picture",
        "archive",
        "document",
    ),
    sensitive=("create_dossier", "create_hold", "end", "archive", "document"),
)
PAGE = 50


@blueprint.get("")
def index() -> Response:
    form = DiscoveryForm(request.args)
    asked = (form.q.data or "").strip()
    if asked and form.validate_on_submit():
        note_search(kind_of(asked), actor=my_actor(), at=clock())
        people = search(asked)
    else:
        people = []
    return page(
        "home/discovery.html", form=form, asked=asked, people=people, why=WHY, dossiers=dossiers(), status=422 if form.errors else 200
    )


@blueprint.get("/partners/<number>")
def show(number: str) -> Response:
    return _partner(found(Person.by_number(number)), DossierForm(), HoldForm())


@blueprint.post("/partners/<number>/dossiers")
def create_dossier(number: str) -> Response:
    form, person = DossierForm(), found(Person.by_number(number))
    asked: dict[str, Any] = {"from_day": form.from_day.data, "to_day": form.to_day.data, "reason": form.reason.data}
    made = form.attempt(lambda: building.make_dossier(person.id, **asked, actor=my_actor(), at=clock()))
    if made is None:
        return _partner(person, form, HoldForm(formdata=None), status=form.status)
    return changed(url_for(".dossier", key=made))


@blueprint.post("/partners/<number>/holds")
def create_hold(number: str) -> Response:
    form, person = HoldForm(), found(Person.by_number(number))
    typed: dict[str, Any] = {"file_number": form.file_number.data, "reason": form.reason.data}
    if not form.done(lambda: hold_data(person.id, **typed, actor=my_actor(), at=clock())):
        return _partner(person, DossierForm(formdata=None), form, status=form.status)
    return changed(url_for(".show", number=number))


@blueprint.get("/holds/<int:key>/end")
def new_end(key: int) -> Response:
    return page("home/hold_end.html", form=HoldEndForm(), hold=_hold(key))


@blueprint.post("/holds/<int:key>/end")
def end(key: int) -> Response:
    form, hold = HoldEndForm(), _hold(key)
    if not form.done(lambda: end_hold(key, reason=form.reason.data, actor=my_actor(), at=clock())):
        return page("home/hold_end.html", form=form, hold=hold, status=form.status)
    return changed(url_for(".show", number=hold.person.number))


@blueprint.get("/dossiers/<int:key>")
def dossier(key: int) -> Response:
    made = _dossier(key, "dossier")
    asked, lines = asked_by(made), heading(asked_by(made), building.about(made), _words())
    if made.done_at is None:
        answer = page("home/dossier_waits.html", dossier=made, lines=lines)
        answer.headers["Refresh"] = "2"
        return answer
    traced = building.flows_of(made)
    shown: dict[str, Any] = {"traced": traced, "pictures": list(pictures(asked, traced, _words())), "words": words, "paper": paper}
    return page("home/dossier.html", dossier=made, asked=asked, lines=lines, sections=SECTIONS, **shown)


@blueprint.get("/dossiers/<int:key>/parts/<name>")
def part(key: int, name: str) -> Response:
    section = found(section_named(name))
    made = _dossier(key, name)
    after = key_from(request.args.get("after"))
    with reading():
        shown = some_rows(section, asked_by(made), _words(), company().zone, after=after[0] if after else 0, most=PAGE)
    return page("home/dossier_part.html", dossier=made, shown=shown)


@blueprint.get("/dossiers/<int:key>/bookings/<int:booking>")
def story(key: int, booking: int) -> Response:
    made = _dossier(key, "story")
    told = found(told_story(asked_by(made), booking, _words()))
    return page("home/dossier_story.html", dossier=made, booking=booking, told=told, words=words)


@blueprint.get("/dossiers/<int:key>/<digest>.svg")
def picture(key: int, digest: str) -> Response:
    made = _dossier(key, "picture")
    shown = pictures(asked_by(made), building.flows_of(made), _words()) if made.done_at else iter(())
    facts = next((facts for _, _, facts in shown if facts.digest == digest), None)
    if facts is None:
        abort(404)
    answer = Response(draw(facts), content_type="image/svg+xml; charset=utf-8")
    answer.headers["Content-Security-Policy"] = CSP
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@blueprint.get("/dossiers/<int:key>/archive")
def archive(key: int) -> Response:
    made = _dossier(key, "archive")
    answer = Response(building.file_of(made), content_type="application/zip")
    answer.headers["Content-Length"] = str(made.size)
    return _attached(answer, f"dossier-{key}.zip")


@blueprint.get("/dossiers/<int:key>/document")
def document(key: int) -> Response:
    made = _dossier(key, "paper")
    must_be_done(made)
    ours = company()
    facts = paper.as_facts(
        asked_by(made), building.about(made), building.flows_of(made), building.words_of(made), company=ours.legal_name or ours.name
    )
    template = Path(current_app.root_path, str(current_app.template_folder), "home/dossier.typ")
    return _attached(Response(pdf(template, facts), content_type="application/pdf"), f"dossier-{key}.pdf")


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _partner(person: Person, form: DossierForm, hold_form: HoldForm, *, status: int = 200) -> Response:
    return page(
        "home/discovery_partner.html",
        person=person,
        form=form,
        hold_form=hold_form,
        holds=LegalHold.of(person.id),
        dossiers=dossiers(person=person.id),
        today=_today(),
        status=status,
    )


def _dossier(key: int, part: str) -> Dossier:
    # Written down before anything of it is shown.
    made: Dossier = found(Dossier.get_or_none(Dossier.id == key))
    read_dossier(key, part, actor=my_actor(), at=clock())
    return made


def _hold(key: int) -> LegalHold:
    hold: LegalHold = found(LegalHold.get_or_none(LegalHold.id == key, LegalHold.ended_at.is_null()))
    return hold


def _words() -> Words:
    return Words(reader().language)


def _today() -> date:
    return day_in(clock(), company().zone)
