"""What the office does for a partner's security: TAN sheets, lost phones, blocked ways, frozen wallets."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, request, url_for

from vps.company.actions import change_settings
from vps.company.models import STANDARD_GRADE, company
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.kernel.refusals import N_, NotFound
from vps.people.actions import accept_browsers
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor
from vps.security.actions import (
    approve_recovery,
    cancel_recovery,
    end_phones,
    freeze,
    fresh_codes,
    lift_freeze,
    lower_level,
    make_sheet,
    open_recovery,
    permit,
    printout,
    remove_app,
    unblock_way,
)
from vps.security.forms import DocumentForm, LevelForm, SettingsForm
from vps.security.models import WAYS, Recovery, TanSheet, held


class Preset(NamedTuple):
    """Settings that go together, and what they are called."""

    words: str
    settings: dict[str, str | int]


PRESETS = {
    "bank": Preset(
        N_("Bank grade"),
        {
            "security_level": 2,
            "security_matrix": "purchase 0 2; purchase 50001 3; transfer 0 3; transfer 50001 4; pay-out 0 3; pay-out 50001 4; change 0 3",
            "partner_idle": 5,
            "staff_idle": 5,
        },
    ),
    "standard": Preset(N_("Standard"), {"security_level": 2, "security_matrix": STANDARD_GRADE, "partner_idle": 30, "staff_idle": 10}),
    "light": Preset(
        N_("Light"),
        {
            "security_level": 1,
            "security_matrix": "purchase 0 1; transfer 0 1; transfer 50001 2; pay-out 0 1; pay-out 50001 2; change 0 3",
            "partner_idle": 60,
            "staff_idle": 20,
        },
    ),
}

settings = for_staff(
    Blueprint("security_settings", __name__, url_prefix="/office"), managed=("change_security",), sensitive=("change_security",)
)
"""What the company asks for at least."""
# Whoever is on the line with a partner can stop his wallet, at once; only who may book can open it again.
blueprint = for_staff(
    Blueprint("security_office", __name__, url_prefix="/office/partners/<number>"),
    readers_too=("create_freeze",),
    sensitive=(
        "create_sheet",
        "show_sheet",
        "end_app",
        "create_unblocking",
        "end_freeze",
        "create_permit",
        "accept_new_browsers",
        "end_phone",
        "set_level",
        "create_recovery",
        "approve",
    ),
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


@blueprint.post("/permit")
def create_permit(number: str) -> Response:
    """The partner is known on the line or at the desk: let him add one way himself."""
    permit(partner(number).id, "office", actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/browsers/acceptance")
def accept_new_browsers(number: str) -> Response:
    """The partner is known on the line: his new browsers pay at once."""
    accept_browsers(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/level")
def set_level(number: str) -> Response:
    """For a partner who cannot confirm a lower level himself; it rests all the same."""
    form, person = LevelForm().offer(), partner(number)
    if not form.done(lambda: lower_level(person.id, form.level.data, actor=my_actor(), at=clock())):
        raise NotFound
    return _back(number)


@blueprint.post("/phone/end")
def end_phone(number: str) -> Response:
    end_phones(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.get("/recovery")
def recovery(number: str) -> Response:
    return _recovery(number, DocumentForm(formdata=None))


@blueprint.post("/recovery")
def create_recovery(number: str) -> Response:
    form, person = DocumentForm(), partner(number)
    if not form.done(lambda: open_recovery(person.id, form.document.data, actor=my_actor(), at=clock())):
        return _recovery(number, form, status=form.status)
    return changed(url_for(".recovery", number=number))


@blueprint.post("/recovery/approval")
def approve(number: str) -> Response:
    approve_recovery(partner(number).id, actor=my_actor(), at=clock())
    return _back(number)


@blueprint.post("/recovery/end")
def end_recovery(number: str) -> Response:
    """Stopping is freezing too: whoever it was must not pay on."""
    person = partner(number)
    cancel_recovery(person.id, actor=my_actor(), at=clock())
    freeze(person.id, actor=my_actor(), at=clock())
    return _back(number)


@settings.get("/security")
def show_settings() -> Response:
    return page("security/settings.html", form=SettingsForm(obj=company()).fill(company(), reader().language), presets=PRESETS)


@settings.post("/security")
def change_security() -> Response:
    """A preset, or what was typed."""
    form, chosen = SettingsForm(), PRESETS.get(request.form.get("preset", ""))
    if chosen:
        change_settings(dict(chosen.settings), actor=my_actor(), at=clock())
    elif not form.done(lambda: change_settings(form.changes(reader().language), actor=my_actor(), at=clock())):
        return page("security/settings.html", form=form, presets=PRESETS, status=form.status)
    return changed(url_for(".show_settings"))


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


def _recovery(number: str, form: DocumentForm, *, status: int = 200) -> Response:
    person = partner(number)
    waiting = Recovery.open(person.id)
    opened_by = Person.with_id(waiting.opened_by) if waiting else None
    facts: dict[str, Any] = {"held": held(person.id, clock()), "two": company().recovery_staff > 1}
    shown = page("security/office_recovery.html", person=person, form=form, waiting=waiting, opened_by=opened_by, status=status, **facts)
    return looked_at(shown, person.id, "partner")


def _back(number: str) -> Response:
    return changed(url_for("home_office.partner", number=number))
