"""Who may come in. A guard stands before a whole blueprint; what a reader may see of it, the loading decides."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask_login import current_user

from vps.kernel.clock import clock
from vps.kernel.refusals import N_, NotFound, Refused
from vps.people.actions import look
from vps.people.forms import SignInForm
from vps.people.session import me, my_actor, stepped_up

CODES = {"password", "again", "tan", "first", "second", "code", "passkey"}
"""Fields that are never kept for later. What they were to confirm is asked anew, whole: without them it would only be refused."""

_guarded: set[str] = set()


class MayNotBook(Refused):
    says = N_("You may read this, but not book. Ask somebody in the office who may.")
    status = 403


class MayNotManage(Refused):
    says = N_("Only colleagues who manage can do this. Ask one of them.")
    status = 403


class MustSignIn(Exception):  # noqa: N818 - not an error: the answer is the sign-in page
    """Nobody is signed in; what was typed is kept in the sign-in form."""


class MustStepUp(Exception):  # noqa: N818 - not an error: the answer is the page that asks for a code of the app
    """It is too long ago that this session showed a code; what was typed is kept while another one is shown."""


def for_partners(blueprint: Blueprint) -> Blueprint:
    """Only signed-in partners; for everybody else there is nothing here."""
    _guarded.add(blueprint.name)

    @blueprint.before_request
    def partner() -> None:
        _signed_in()
        if not me().is_partner:
            raise NotFound

    return blueprint


def for_staff(
    blueprint: Blueprint, *, readers_too: tuple[str, ...] = (), managed: tuple[str, ...] = (), sensitive: tuple[str, ...] = ()
) -> Blueprint:
    """Only staff who may read. Whatever changes something needs the right to book, but for the views named in `readers_too`;
    those named in `managed` need the right to manage instead, looking included.

    The views named in `sensitive` need their right even to be looked at, and a code of the app that was shown a few minutes ago.
    """
    _guarded.add(blueprint.name)

    @blueprint.before_request
    def staff() -> None:
        _signed_in()
        if "read" not in my_rights():
            raise NotFound
        view = (request.endpoint or "").rpartition(".")[2]
        if view in managed:
            must_manage()
        elif view not in readers_too and (view in sensitive or request.method not in ("GET", "HEAD", "OPTIONS")):
            must_book()
        elif view in sensitive and not {"book", "manage"} & my_rights():  # which of the two, the view sees
            raise MayNotBook
        g.in_office = True
        if view in sensitive:
            must_have_stepped_up()

    return blueprint


def must_book() -> None:
    """Raise MayNotBook."""
    if "book" not in my_rights():
        raise MayNotBook


def must_manage() -> None:
    """Raise MayNotManage."""
    if "manage" not in my_rights():
        raise MayNotManage


def looked_at(answer: Response, person: int, kind: str) -> Response:
    """A page of the office about a partner, written down as looked at once it is made. Kinds: `vps.people.words.LOOKED`."""
    look(person, kind, actor=my_actor(), at=clock())
    return answer


def for_everybody(blueprint: Blueprint) -> Blueprint:
    """Only who is signed in, partner or staff."""
    _guarded.add(blueprint.name)

    @blueprint.before_request
    def anybody() -> None:
        _signed_in()

    return blueprint


def must_have_stepped_up() -> None:
    """Raise MustStepUp unless this session showed a code of the app a few minutes ago."""
    if not stepped_up(clock()):
        raise MustStepUp


def my_rights() -> frozenset[str]:
    """What the signed-in person may do in the office; asked once a request."""
    if "rights" not in g:
        g.rights = me().rights() if current_user.is_authenticated else frozenset()
    found: frozenset[str] = g.rights
    return found


def must_sign_in() -> bool:
    """Whether what was asked for is behind a guard, and nobody is signed in. A form whose session is over has no valid token either."""
    return request.blueprint in _guarded and not current_user.is_authenticated


def sign_in_page() -> Response:
    """The sign-in page in place of what was asked for. What was typed is carried along and offered again afterwards."""
    form: Any = SignInForm(formdata=None)
    return instead(Response(render_template("people/sign_in.html", form=form, ended=True, kept=typed_now(), next=here()), status=401))


def instead(answer: Response) -> Response:
    """A whole page in place of what was asked for, also for who asked for a piece: there it would be in the wrong place."""
    if request.headers.get("HX-Request-Type") == "partial":
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML"
    return answer


def typed_now() -> list[tuple[str, str]]:
    """What this request's form holds; nothing of a form with a code or a password in it."""
    if request.method != "POST" or CODES & set(request.form):
        return []
    return [(name, value) for name, value in request.form.items() if name != "csrf_token"]


def _signed_in() -> None:
    if not current_user.is_authenticated:
        raise MustSignIn


def here() -> str:
    """The address that was asked for."""
    return request.full_path.rstrip("?")
