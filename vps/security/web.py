"""The partner's and staff's own security: the second step of signing in, TAN sheet, app, and freezing a wallet from any phone."""

from typing import Any

from flask import Blueprint, Response, g, redirect, session, url_for
from markupsafe import Markup

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, page
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.kernel.refusals import N_, Refused
from vps.people.actions import FREEZE, Live, confirm_session, count_failure, must_not_wait, network, token_hash, who_freezes
from vps.people.guards import MustSignIn, for_everybody, instead, sign_in_page
from vps.people.models import Person
from vps.people.session import me, my_actor
from vps.security.actions import (
    Site,
    activate_sheet,
    add_passkey,
    asked_to_activate,
    begin_app,
    check_sign_in_code,
    confirm_app,
    creation_options,
    end_passkey,
    freeze,
    freeze_code_matches,
    may_add_passkey,
    provisioning_uri,
)
from vps.security.carrying import NOTHING, carried_on, carry
from vps.security.forms import CodeForm, FreezeForm, PasskeyForm, TwoCodesForm, fresh_challenge
from vps.security.models import App, TanSheet, frozen_since, passkeys_of

blueprint = for_everybody(Blueprint("security", __name__))
door = Blueprint("door", __name__)
"""Pages before one is signed in: the second step, and freezing."""


class NotFrozen(Refused):
    says = N_("Number and freeze code do not match. Please check both, or call the office.")
    field = "code"


@blueprint.get("/me/security")
def enrol() -> Response:
    person = me().id
    facts: dict[str, Any] = {
        "sheet": TanSheet.active(person),
        "waiting": TanSheet.waiting(person),
        "app": App.of(person),
        "frozen": frozen_since(person),
    }
    return page("security/enrol.html", form=Choice(), **facts)


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
    return page("security/app.html", form=TwoCodesForm(), **_secret(me()))


@blueprint.post("/me/app/codes")
def confirm_my_app() -> Response:
    form = TwoCodesForm()
    done = form.done(lambda: confirm_app(me().id, first=form.first.data, second=form.second.data, actor=my_actor(), at=clock()))
    if not done:
        return page("security/app.html", form=form, status=form.status, **_secret(me()))
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


@door.get("/sign-in/code")
def second_step() -> Response:
    live = _half()
    person = Person.get_by_id(live.person)
    if App.of(person.id) is None:
        return redirect(url_for(".first_app"))  # type: ignore[return-value]
    return page("security/second_step.html", form=CodeForm(), name=person.short_name, carried=NOTHING, again=False)


@door.post("/sign-in/code")
def confirm_sign_in() -> Response:
    return _second_step(_half(), again=False)


@door.post("/sign-in/again")
def confirm_again() -> Response:
    """A code once more, for what is sensitive in the office."""
    live = _whole()
    g.in_office = True
    return _second_step(live, again=True)


@door.get("/sign-in/app")
def first_app() -> Response:
    """A member of staff who just set the password enrols the app before the first page of the office."""
    person = Person.get_by_id(_half().person)
    return page("security/app.html", form=TwoCodesForm(), first_time=True, **_secret(person))


@door.post("/sign-in/app")
def create_first_app() -> Response:
    live = _half()
    begin_app(live.person, at=clock())
    return redirect(url_for(".first_app"), 303)  # type: ignore[return-value]


@door.post("/sign-in/app/codes")
def confirm_first_app() -> Response:
    form, live = TwoCodesForm(), _half()
    actor, at = Actor(live.person, g.address), clock()
    done = form.done(lambda: confirm_app(live.person, first=form.first.data, second=form.second.data, actor=actor, at=at))
    if not done:
        return page("security/app.html", form=form, first_time=True, status=form.status, **_secret(Person.get_by_id(live.person)))
    confirm_session(live.id, at=at)
    return redirect(url_for("home.index"), 303)  # type: ignore[return-value]


@door.get("/freeze")
def new_freeze() -> Response:
    return page("security/freeze.html", form=FreezeForm())


@door.post("/freeze")
def create_freeze() -> Response:
    form = FreezeForm()
    done = form.attempt(lambda: _freeze(form.number.data.strip(), form.code.data))
    return page("security/freeze.html", form=form, done=bool(done), status=200 if done else form.status)


@door.get("/freeze/<link>")
def show_freeze_link(link: str) -> Response:
    """The link of a notice: nothing is frozen by looking at it, as mail programs do."""
    return page("security/freeze.html", form=Choice(), link=link, whose=Person.get_by_id(who_freezes(link)).number)


@door.post("/freeze/<link>")
def create_freeze_by_link(link: str) -> Response:
    person = who_freezes(link)
    freeze(person, actor=Actor(person, g.address), at=clock())
    return page("security/freeze.html", form=Choice(), done=True)


def second_step_page() -> Response:
    """Who still owes the code is asked for it in place of the page, and loses nothing of what was typed."""
    live = _half()
    if App.of(live.person) is None:
        return redirect(url_for("door.first_app"), 303)  # type: ignore[return-value]
    return _ask_for_code(live, again=False)


def step_up_page() -> Response:
    """Who is signed in shows another code before what is sensitive, and goes on there. Without an app he signs in anew and sets one up."""
    live = _whole()
    return sign_in_page() if App.of(live.person) is None else _ask_for_code(live, again=True)


def is_half() -> bool:
    """Whether somebody gave the password but not yet the code."""
    live = getattr(session, "live", None)
    return live is not None and not live.confirmed


def _half() -> Live:
    """The session that still owes its second factor."""
    live: Live | None = getattr(session, "live", None)
    if live is None or live.confirmed:
        raise MustSignIn
    return live


def _whole() -> Live:
    """The session of somebody in the office who is signed in."""
    live: Live | None = getattr(session, "live", None)
    if live is None or not live.confirmed or not live.staff:
        raise MustSignIn
    return live


def _ask_for_code(live: Live, *, again: bool) -> Response:
    name = Person.get_by_id(live.person).short_name
    carried = carry(live)
    return instead(page("security/second_step.html", form=CodeForm(formdata=None), name=name, carried=carried, again=again, status=401))


def _second_step(live: Live, *, again: bool) -> Response:
    form, carried = CodeForm(), carried_on(live)
    if not form.done(lambda: check_sign_in_code(live.person, form.code.data, at=clock())):
        name, form.code.data = Person.get_by_id(live.person).short_name, ""  # a code is typed anew
        return page("security/second_step.html", form=form, name=name, carried=carried, again=again, status=form.status)
    confirm_session(live.id, at=clock())
    if carried.seal:
        return page("people/continue.html", form=Choice(formdata=None), kept=carried.kept, next=carried.next, again=again)
    return redirect(carried.next or url_for("home.index"), 303)  # type: ignore[return-value]


def _freeze(number: str, code: str) -> bool:
    asked = [(FREEZE, token_hash(number).hex()), (FREEZE, network(g.address))]
    must_not_wait(asked, clock())
    person = Person.by_number(number)
    if person is None or not freeze_code_matches(person.id, code):
        count_failure(asked, clock())
        raise NotFrozen
    freeze(person.id, actor=Actor(person.id, g.address), at=clock())
    return True


def _add_passkey(form: PasskeyForm) -> int:
    person, at = me().id, clock()
    facts: dict[str, Any] = {"challenge": form.asked(_session(), at), "site": Site.at(g.public_url), "name": form.name.data}
    return add_passkey(person, form.passkey.data or "", usable_from=may_add_passkey(person, at), actor=my_actor(), at=at, **facts)


def _passkeys(form: PasskeyForm, status: int = 200) -> Response:
    """His passkeys, and a fresh challenge for another one if he may add one."""
    person, now = me().id, clock()
    facts: dict[str, Any] = {"passkeys": passkeys_of(person), "now": now, "options": None, "why": None}
    form.challenge.data = fresh_challenge(_session(), now)
    try:
        may_add_passkey(person, now)
        facts["options"] = creation_options(person, Site.at(g.public_url), form.asked(_session(), now))
    except Refused as why:
        facts["why"] = why
    return page("security/passkeys.html", form=form, status=status, **facts)


def _session() -> int:
    return int(session.live.id)  # type: ignore[attr-defined]


def _waiting() -> dict[str, Any]:
    sheet = TanSheet.waiting(me().id)
    return {"sheet": sheet, "asked": asked_to_activate(sheet) if sheet else ()}


def _secret(person: Person) -> dict[str, Any]:
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
