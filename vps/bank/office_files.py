"""The office makes files of pay-outs, each by one code, downloads them for the bank, and voids what never got there."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.bank.actions import Draft, draft_of, make_file, must_be_writable, read_file, void_file
from vps.bank.forms import FileForm, VoidForm
from vps.bank.models.paydesk import paid_by, sent_file, sent_files
from vps.bank.payfiles.files import FORMATS
from vps.hypermedia.languages import say, sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.refusals import Refused
from vps.people.guards import for_staff
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("payfiles_office", __name__, url_prefix="/office/payouts/files"),
    sensitive=("content", "end"),
)
PAGE = 50


@blueprint.get("")
def index() -> Response:
    before = key_from(request.args.get("before"))
    return page("bank/payfiles.html", files=sent_files(before=before[0] if before else None, limit=PAGE + 1), limit=PAGE)


@blueprint.get("/new/<int:account>")
def new(account: int) -> Response:
    asked = request.args.get("instant")
    draft = _draft(account, None if asked is None else asked == "y")
    return _preview(draft, FileForm(formdata=None, instant=draft.instant))


@blueprint.post("/new/<int:account>")
def create(account: int) -> Response:
    form, instant = FileForm(), "instant" in request.form
    facts: dict[str, Any] = {"shown": form.shown.data or "", "code": form.code.data or "", "actor": my_actor(), "at": clock()}
    made = form.attempt(lambda: make_file(account, instant=instant, **facts))
    if made is None:
        return _preview(_draft(account, instant), form, status=form.status)
    return changed(url_for(".show", key=made))


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    return _file(key, VoidForm(formdata=None))


@blueprint.get("/<int:key>/content")
def content(key: int) -> Response:
    """The file for the bank, the same bytes whenever it is asked for."""
    name, media_type, octets = read_file(key, actor=my_actor(), at=clock())
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": media_type}
    return Response(octets, headers=headers)


@blueprint.post("/<int:key>/end")
def end(key: int) -> Response:
    form = VoidForm()
    if not form.done(lambda: void_file(key, reason=form.reason.data, refuse=form.refuse.data, actor=my_actor(), at=clock())):
        return _file(key, form, status=form.status)
    return changed(url_for(".show", key=key))


def _draft(account: int, instant: bool | None) -> Draft:
    draft = draft_of(account, instant=False, actor=my_actor(), at=clock())
    usual = bool(draft.ours.instant) and draft.ours.currency == "EUR"
    return draft._replace(instant=usual if instant is None else instant)


def _preview(draft: Draft, form: FileForm, *, status: int = 200) -> Response:
    # What is on the page now is what the next press is about, with a code that is typed anew.
    form.shown.data, form.code.data = draft.digest, ""
    try:
        must_be_writable(draft, clock())
        wrong = None
    except Refused as refusal:
        wrong = sentence(refusal)
    kind = say(FORMATS[draft.ours.pay_format].says)
    return page("bank/payfile_preview.html", draft=draft, form=form, wrong=wrong, kind=kind, limit=PAGE, status=status)


def _file(key: int, form: VoidForm, *, status: int = 200) -> Response:
    file, after = found(sent_file(key)), key_from(request.args.get("after"))
    paid = paid_by(key, after=after[0] if after else 0, limit=PAGE + 1)
    kind = say(FORMATS[file.format].says)
    return page("bank/payfile.html", file=file, paid=paid, form=form, kind=kind, limit=PAGE, status=status)
