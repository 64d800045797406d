"""Signing in and out, setting a password, choosing a language, and what a person sees of his own account's safety."""

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException

from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import known
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.people.actions import (
    MyBrowser,
    accept,
    add_network,
    address_changes,
    browsers_of,
    cannot_sign_in,
    change_password,
    check_password,
    choose_language,
    end_browser,
    end_network,
    end_session,
    end_sessions,
    invited,
    must_be_let_in,
    networks_of,
    open_session,
    owner_may,
    rename_browser,
    where_signed_in,
)
from vps.people.forms import (
    BrowserNameForm,
    CannotSignInForm,
    LanguageForm,
    NetworkForm,
    NewPasswordForm,
    PasswordForm,
    SignInForm,
)
from vps.people.guards import for_everybody
from vps.people.models import FAMILIES, Person
from vps.people.session import BrowserSession, me, my_actor, somebody
from vps.people.words import told

blueprint = Blueprint("people", __name__)
mine = for_everybody(Blueprint("mine", __name__, url_prefix="/me"))
"""Pages of whoever is signed in, about his own account."""


@blueprint.get("/sign-in")
def sign_in() -> Response:
    if somebody():
        return redirect(url_for("home.index"))  # type: ignore[return-value]
    return page("people/sign_in.html", form=SignInForm(), next=safe_next(request.args.get("next")), kept=[])


@blueprint.post("/sign-in")
def create_session() -> Response:
    form, onward = SignInForm(), safe_next(request.form.get("next"))
    kept = kept_fields()
    person = form.attempt(lambda: begin_session(_with_password(form)))
    if person is None:
        return page("people/sign_in.html", form=form, next=onward, kept=kept, status=form.status)
    if kept and onward:
        return page("people/continue.html", form=Choice(formdata=None), kept=kept, next=onward, name=person.short_name)
    return redirect(onward or url_for("home.index"), 303)  # type: ignore[return-value]


@blueprint.get("/sign-out")
def leaving() -> Response:
    return page("people/sign_out.html", form=Choice())


@blueprint.post("/sign-out")
def end_my_session() -> Response:
    mine = current_session()
    if mine.live:
        end_session(mine.live.id, actor=Actor(mine.live.person, g.address), at=clock())
    mine.end()
    answer = redirect(url_for(".sign_in"), 303)
    # Only the storage: with "cache" the next sign-in would have to fetch everything again over a bad line.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer  # type: ignore[return-value]


@blueprint.get("/sign-in/help")
def cannot() -> Response:
    return page("people/cannot.html", form=CannotSignInForm())


@blueprint.post("/sign-in/help")
def create_reset() -> Response:
    form = CannotSignInForm()
    sent = form.done(lambda: cannot_sign_in(form.username.data, address=g.address, at=clock()))
    return page("people/cannot.html", form=form, sent=sent, status=200 if sent else form.status)


@blueprint.get("/welcome/<token>")
def welcome(token: str) -> Response:
    return page("people/welcome.html", form=PasswordForm(), invitation=invited(token, at=clock()))


@blueprint.post("/welcome/<token>")
def create_password(token: str) -> Response:
    form, invitation = PasswordForm(), invited(token, at=clock())
    person = form.attempt(lambda: _with_link(token, form, invitation.person))
    if person is None:
        return page("people/welcome.html", form=form, invitation=invitation, status=form.status)
    begin_session(person)
    return redirect(url_for("home.index") if person.rights() else url_for("security.enrol"), 303)  # type: ignore[return-value]


@blueprint.get("/language/<code>")
def language(code: str) -> Response:
    """Remember a language in a cookie: nothing of anybody's is changed."""
    answer = redirect(safe_next(request.args.get("next")) or url_for(".sign_in"), 303)
    if known(code):
        name, secure = current_app.config["LANGUAGE_COOKIE_NAME"], current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(name, str(known(code)), max_age=31_536_000, samesite="Lax", secure=secure, httponly=True)
    return answer  # type: ignore[return-value]


@blueprint.post("/me/language")
def change_language() -> Response:
    form = LanguageForm()
    if somebody() and form.validate_on_submit():
        choose_language(me().id, form.language.data)
    return redirect(url_for("home.more"), 303)  # type: ignore[return-value]


@mine.get("/sessions")
def sessions() -> Response:
    return page("people/sessions.html", form=Choice(), sessions=where_signed_in(me(), at=clock()), this=current_session().live)


@mine.post("/sessions/<int:key>/end")
def end_session_of_mine(key: int) -> Response:
    end_sessions(me().id, keep=_this(), only=key, actor=my_actor(), at=clock())
    return changed(url_for(".sessions"))


@mine.post("/sessions/end")
def end_other_sessions() -> Response:
    end_sessions(me().id, keep=_this(), actor=my_actor(), at=clock())
    return changed(url_for(".sessions"))


@mine.get("/browsers")
def browsers() -> Response:
    return page("people/browsers.html", form=Choice(), browsers=browsers_of(me(), at=clock()), this=current_session().live)


@mine.get("/browsers/<int:key>/name")
def browser_name(key: int) -> Response:
    browser = _my_browser(key)
    return page("people/browser_name.html", form=BrowserNameForm(name=browser.name), browser=browser)


@mine.post("/browsers/<int:key>/name")
def change_browser_name(key: int) -> Response:
    browser, form = _my_browser(key), BrowserNameForm()
    if form.done(lambda: rename_browser(me().id, key, form.name.data or "", actor=my_actor(), at=clock())):
        return changed(url_for(".browsers"))
    return page("people/browser_name.html", form=form, browser=browser, status=form.status)


@mine.post("/browsers/<int:key>/end")
def end_browser_of_mine(key: int) -> Response:
    end_browser(me().id, key, keep=_this(), actor=my_actor(), at=clock())
    return changed(url_for(".browsers"))


@mine.get("/password")
def new_password() -> Response:
    return page("people/password.html", form=NewPasswordForm())


@mine.post("/password")
def change_my_password() -> Response:
    form = NewPasswordForm()
    typed = {"current": form.current.data, "password": form.password.data, "again": form.again.data}
    done = form.done(lambda: change_password(me(), **typed, session=_this(), actor=my_actor(), at=clock()))
    return page("people/password.html", form=form, done=done, status=200 if done else form.status)


@mine.get("/history")
def my_history() -> Response:
    lines, before = told(me(), before=key_from(request.args.get("before")), office=False)
    return page("people/history.html", lines=lines, before=before, person=me(), office=False)


def _my_browser(key: int) -> MyBrowser:
    found_one: MyBrowser = found(next((each for each in browsers_of(me(), at=clock()) if each.id == key), None))
    return found_one


@mine.get("/networks")
def networks() -> Response:
    return _networks(NetworkForm(cidr=g.address))


@mine.post("/networks")
def add_my_network() -> Response:
    form, at = NetworkForm(), clock()
    if not form.done(lambda: add_network(me().id, form.cidr.data, outside=form.outside.data, actor=my_actor(), at=at)):
        return _networks(form, status=form.status)
    return changed(url_for(".networks"))


@mine.post("/networks/<int:key>/end")
def end_my_network(key: int) -> Response:
    end_network(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".networks"))


def _networks(form: NetworkForm, *, status: int = 200) -> Response:
    person = me()
    return page(
        "people/networks.html",
        form=form,
        person=person,
        staff=person.rights(),
        networks=networks_of(person.id),
        changes=address_changes(person.id, clock()),
        may_add=owner_may(person.id, "add"),
        office=False,
        status=status,
    )


def _this() -> int:
    """The session of this request."""
    live = current_session().live
    assert live is not None
    return live.id


def kept_fields() -> list[tuple[str, str]]:
    """What was typed before the session ended, carried through signing in."""
    return [(name[5:], value) for name, value in request.form.items() if name.startswith("kept.")]


def begin_session(person: Person) -> Person:
    """Sign somebody in who has shown the password. Staff still owe the code of their app. Raises SignInNotAllowed."""
    must_be_let_in(person, address=g.address, at=clock())
    actor, before = Actor(person.id, g.address), current_session().live
    if before:
        end_session(before.id, actor=actor, at=clock())
    opened = open_session(person, browser=_device(), agent=family(), actor=actor, at=clock(), confirmed=not person.rights())
    current_session().begin(opened)
    return person


def _with_password(form: SignInForm) -> Person:
    return check_password(form.username.data, form.password.data, browser=_device(), address=g.address, at=clock())


def _with_link(token: str, form: PasswordForm, person: Person) -> Person:
    # Not after the link was used up: whoever is turned away opens it again where he may sign in.
    must_be_let_in(person, address=g.address, at=clock())
    return accept(token, password=form.password.data, again=form.again.data, actor=my_actor(), at=clock())


def current_session() -> BrowserSession:
    found = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(found, BrowserSession)
    return found


def family() -> str:
    """The browser's family; versions change every month and say nothing."""
    agent = request.headers.get("User-Agent", "")
    return next((name for name in FAMILIES if name in agent), "")


def safe_next(path: str | None) -> str:
    """A path of our own that can be looked at, or nothing: never another host, however it is spelled."""
    if not path or not path.startswith("/") or path.startswith("//") or any(sign in path for sign in "\\@") or not path.isprintable():
        return ""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path.partition("?")[0], method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return ""
    return "" if endpoint.startswith(("static.", "people.")) else path


def _device() -> str | None:
    return request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"])
