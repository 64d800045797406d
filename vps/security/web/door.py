"""Pages before one is signed in: the second step, staff's code once more, and freezing a wallet from any phone."""

from flask import Blueprint, Response, g, redirect, session, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import page
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.kernel.refusals import N_, Refused
from vps.people.actions import FREEZE, Live, confirm_session, count_failure, must_not_wait, network, renew_session, token_hash, who_freezes
from vps.people.guards import MustSignIn, instead, sign_in_page
from vps.people.models import Person
from vps.people.web import current_session
from vps.security.actions import (
    begin_app,
    check_sign_in_code,
    confirm_app,
    freeze,
    freeze_code_matches,
)
from vps.security.carrying import NOTHING, carried_on, carry
from vps.security.forms import CodeForm, FreezeForm, TwoCodesForm
from vps.security.models import App
from vps.security.web.ways import secret_of

door = Blueprint("door", __name__)


class NotFrozen(Refused):
    says = N_("Number and freeze code do not match. Please check both, or call the office.")
    field = "code"


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
    return page("security/app.html", form=TwoCodesForm(), first_time=True, **secret_of(person))


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
        return page("security/app.html", form=form, first_time=True, status=form.status, **secret_of(Person.get_by_id(live.person)))
    confirm_session(live.id, at=at)
    current_session().renew(renew_session(live.id))
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
    if not again:
        current_session().renew(renew_session(live.id))
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
