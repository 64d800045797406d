"""The ways somebody confirms with: TAN sheet, app, passkeys, and how it all stands."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, page
from vps.kernel.clock import clock
from vps.kernel.refusals import Refused
from vps.people.guards import for_everybody
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.security.actions import (
    activate_sheet,
    add_passkey,
    asked_to_activate,
    begin_app,
    confirm_app,
    creation_options,
    end_passkey,
    has_practised,
    must_be_permitted,
    provisioning_uri,
)
from vps.security.forms import LEVEL_WORDS, PasskeyForm, TwoCodesForm, fresh_challenge
from vps.security.models import BOUND, App, Phone, TanSheet, enrolled, has_permit, held, passkeys_of, standing, ways_of
from vps.security.session import session_id, site

blueprint = for_everybody(Blueprint("security", __name__))


@blueprint.get("/me/security")
def enrol() -> Response:
    facts: dict[str, Any] = {
        "sheet": TanSheet.active(me().id),
        "waiting": TanSheet.waiting(me().id),
        "app": App.of(me().id),
        "phones": Phone.verified(me().id),
        "practised": has_practised(me().id),
        "done": request.args.get("done"),
    }
    return page("security/enrol.html", form=Choice(), **facts, **_standing(me().id))


@blueprint.get("/me/sheet")
def new_sheet() -> Response:
    return page("security/activate.html", form=TwoCodesForm(), **_waiting())


@blueprint.post("/me/sheet")
def activate() -> Response:
    form = TwoCodesForm()
    done = form.done(lambda: activate_sheet(me().id, first=form.first.data, second=form.second.data, actor=my_actor(), at=clock()))
    if not done:
        return page("security/activate.html", form=form, status=form.status, **_waiting())
    return changed(url_for(".enrol"))


@blueprint.post("/me/app")
def create_app_secret() -> Response:
    begin_app(me().id, at=clock())
    return changed(url_for(".new_app"))


@blueprint.get("/me/app")
def new_app() -> Response:
    return page("security/app.html", form=TwoCodesForm(), **secret_of(me()))


@blueprint.post("/me/app/codes")
def confirm_my_app() -> Response:
    form = TwoCodesForm()
    done = form.done(lambda: confirm_app(me().id, first=form.first.data, second=form.second.data, actor=my_actor(), at=clock()))
    if not done:
        return page("security/app.html", form=form, status=form.status, **secret_of(me()))
    return changed(url_for(".enrol"))


@blueprint.get("/me/passkeys")
def passkeys() -> Response:
    return _passkeys(PasskeyForm())


@blueprint.post("/me/passkeys")
def create_passkey() -> Response:
    form = PasskeyForm()
    if not form.done(lambda: _add_passkey(form)):
        return _passkeys(form, status=form.status)
    return changed(url_for(".passkeys"))


@blueprint.post("/me/passkeys/<int:key>/end")
def end_my_passkey(key: int) -> Response:
    end_passkey(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".passkeys"))


def _add_passkey(form: PasskeyForm) -> int:
    person, at = me().id, clock()
    facts: dict[str, Any] = {"challenge": form.asked(session_id(), at), "site": site(), "name": form.name.data}
    return add_passkey(person, form.passkey.data or "", actor=my_actor(), at=at, **facts)


def _passkeys(form: PasskeyForm, status: int = 200) -> Response:
    """His passkeys, and a fresh challenge for another one if he may add one."""
    person, now = me().id, clock()
    facts: dict[str, Any] = {"passkeys": passkeys_of(person), "now": now, "options": None, "why": None}
    form.challenge.data = fresh_challenge(session_id(), now)
    try:
        must_be_permitted(person, now)
        facts["options"] = creation_options(person, site(), form.asked(session_id(), now))
    except Refused as why:
        facts["why"] = why
    return page("security/passkeys.html", form=form, status=status, **facts)


def _standing(person: int) -> dict[str, Any]:
    """What he has enrolled and what is in force, as the page shows it."""
    now, ways = clock(), enrolled(person)
    stands = standing(person, now)
    return {
        "frozen": stands.frozen,
        "held": held(person, now),
        "count": len(ways),
        "since": {way.way: way.usable_from for way in ways if way.usable_from and way.usable_from > now},
        "bound": any(way in BOUND for way in ways_of(person, now)),
        "may_add": not ways or has_permit(person, now),
        "codes_left": stands.codes_left,
        "level": LEVEL_WORDS[stands.level],
    }


def _waiting() -> dict[str, Any]:
    sheet = TanSheet.waiting(me().id)
    return {"sheet": sheet, "asked": asked_to_activate(sheet) if sheet else ()}


def secret_of(person: Person) -> dict[str, Any]:
    """The QR code of an app that is being enrolled; nothing once it is, and nothing before it was begun."""
    row = App.get_or_none(App.person == person, App.confirmed_at.is_null())
    if row is None:
        return {"uri": None, "qr": None, "enrolled": App.of(person.id) is not None}
    secret = begin_app(person.id, at=clock())
    uri = provisioning_uri(secret, account=person.number or person.username, issuer=company().name)
    return {"uri": uri, "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)), "qr": _qr(uri), "enrolled": False}


def _qr(text: str) -> Markup:
    """A QR code as inline SVG without style, so that the page's own policy lets it through."""
    import segno

    return Markup(segno.make(text, error="m").svg_inline(scale=5, svgclass="qr", lineclass=None, omitsize=False))  # noqa: S704 - no user text in it
