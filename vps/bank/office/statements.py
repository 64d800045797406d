"""The office uploads bank statements and sees what each line became."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.bank.actions import Outcome, book_upload, set_aside, upload_file, upload_waiting
from vps.bank.forms import BatchForm, StatementForm
from vps.bank.models import Upload, booking_key, imported, lines_of, statement_heading, unclear_count, upload_of, waiting_files
from vps.bank.words import claimed, warned
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import say
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.jobs import standing_of
from vps.people.guards import for_staff
from vps.people.session import my_actor

blueprint = for_staff(Blueprint("bank_office", __name__, url_prefix="/office/bank"))
PAGE = 25
MOST = 12 * 2**20
"""Bytes of an upload; the reader itself refuses files over ten megabytes with a sentence."""


@blueprint.get("/statements")
def index() -> Response:
    return page("bank/statements.html", form=StatementForm(), outcome=_outcome(), **_list())


@blueprint.post("/statements")
def create() -> Response:
    """The file is read and kept; what it would become is shown before anything is booked."""
    form = StatementForm()
    made = form.attempt(lambda: upload_file(form.file.data.read(), form.file.data.filename or "", actor=my_actor(), at=clock()))
    if made is None:
        return page("bank/statements.html", form=form, outcome=None, status=form.status, **_list())
    if made.key is None:
        return _booked([0, 0, 0, made.known])
    return changed(url_for(".new_booking", key=made.key))


@blueprint.post("/waiting/<int:key>/upload")
def create_upload(key: int) -> Response:
    """As if who presses had sent the file that was found in the folder."""
    form = Choice()
    made = form.attempt(lambda: upload_waiting(key, actor=my_actor(), at=clock()))
    if made is None:
        return page(
            "bank/statements.html", form=StatementForm(formdata=None), said=form.refusal, outcome=None, status=form.status, **_list()
        )
    return _booked([0, 0, 0, made.known]) if made.key is None else changed(url_for(".new_booking", key=made.key))


@blueprint.post("/waiting/<int:key>/end")
def end_waiting(key: int) -> Response:
    set_aside(key, actor=my_actor(), at=clock())
    return changed(url_for(".index"))


@blueprint.get("/uploads/<int:key>/booking")
def new_booking(key: int) -> Response:
    upload = upload_of(key)
    if upload is None:
        found(standing_of(booking_key(key)))
        return _booked([0, 0, 0, 1])
    if upload.job and not upload.job.error:
        return _booked(upload.outcome) if upload.job.done else _progress(upload)
    return _booked(upload.outcome) if upload.authorised_at and not upload.job else _preview(upload, BatchForm())


@blueprint.post("/uploads/<int:key>/booking")
def create_booking(key: int) -> Response:
    form = BatchForm()
    typed = {"shown": form.shown.data or "", "code": form.code.data or ""}
    done = form.attempt(lambda: (book_upload(key, **typed, actor=my_actor(), at=clock()),))
    if done is None:
        return _preview(found(upload_of(key)), form)
    return _booked(done[0]) if done[0] else changed(url_for(".new_booking", key=key))


@blueprint.get("/statements/<int:key>")
def show(key: int) -> Response:
    after = key_from(request.args.get("after"))
    lines = lines_of(key, after=after[0] if after else 0, limit=101)
    return page("bank/lines.html", heading=found(statement_heading(key)), lines=lines, limit=100, key=key, claimed=claimed)


def _preview(upload: Upload, form: BatchForm) -> Response:
    # What is on the page now is what the next press is about, with a code that is typed anew.
    form.shown.data, form.code.data = upload.digest, ""
    status = form.status if form.is_submitted() else 200
    failed = say(upload.job.error[0], **upload.job.error[1]) if upload.job and upload.job.error else None
    return page("bank/preview.html", failed=failed, form=form, upload=upload, limit=PAGE, claimed=claimed, warned=warned, status=status)


def _progress(upload: Upload) -> Response:
    # The browser asks again by itself, without a script.
    answer = page("bank/progress.html", upload=upload)
    answer.headers["Refresh"] = "2"
    return answer


def _booked(outcome: Iterable[int]) -> Response:
    return changed(url_for(".index", done=".".join(map(str, outcome))))


def _list() -> dict[str, Any]:
    before = key_from(request.args.get("before"))
    found = [(each, say(each.refused[0], **each.refused[1]) if each.refused else "") for each in waiting_files(PAGE)]
    return {
        "waiting": found,
        "statements": imported(before=before[0] if before else None, limit=PAGE + 1),
        "limit": PAGE,
        "unclear": unclear_count(),
    }


def _outcome() -> Outcome | None:
    parts = request.args.get("done", "").split(".")
    return (
        Outcome(*map(int, parts))
        if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
        else None
    )
