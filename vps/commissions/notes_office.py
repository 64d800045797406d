"""The office's commission notes: of each run the list, one note, and all lines of the run as a file."""

from typing import Any

from flask import Blueprint, Response, request, stream_with_context, url_for

from vps.commissions.actions.notes import booked_run, job_key, queue_notes
from vps.commissions.lines_file import as_file
from vps.commissions.models import Note, Run
from vps.commissions.models.notes import count_of_run, note_numbered, notes_of_run
from vps.commissions.notes_web import as_document, as_page
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import say
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.jobs import standing_of
from vps.people.guards import for_staff, looked_at
from vps.people.session import my_actor

blueprint = for_staff(Blueprint("notes_office", __name__, url_prefix="/office/commissions"))
PAGE = 50


@blueprint.get("/runs/<int:key>/notes")
def run_notes(key: int) -> Response:
    return _list(any_run(key), Choice())


@blueprint.post("/runs/<int:key>/notes")
def create_notes(key: int) -> Response:
    """Let the worker issue what is lacking: notes, and corrections of what was taken back."""
    run, form = any_run(key), Choice()
    if not form.done(lambda: queue_notes(run.id, actor=my_actor(), at=clock())):
        return _list(run, form, status=form.status)
    return changed(url_for(".run_notes", key=key))


@blueprint.get("/runs/<int:key>/lines.csv")
def lines(key: int) -> Response:
    run = booked_run(any_run(key).id)
    name = {"Content-Disposition": f'attachment; filename="run-{run.id}.csv"'}
    return Response(stream_with_context(as_file(run)), content_type="text/csv; charset=utf-8", headers=name)


@blueprint.get("/notes/<note>")
def show(note: str) -> Response:
    this = any_note(note)
    shown = as_page(this, back=url_for(".run_notes", key=this.run_id), file=url_for(".document", note=note))
    return looked_at(shown, this.payee_id, "commission")


@blueprint.get("/notes/<note>/pdf")
def document(note: str) -> Response:
    this = any_note(note)
    return looked_at(as_document(this), this.payee_id, "commission")


def any_run(key: int) -> Run:
    run: Run = found(Run.get_or_none(Run.id == key))
    return run


def any_note(number: str) -> Note:
    note: Note = found(note_numbered(number))
    return note


def _list(run: Run, form: Choice, *, status: int = 200) -> Response:
    after = key_from(request.args.get("after"))
    there, lacking = count_of_run(run.id)
    work = standing_of(job_key(run.id))
    facts: dict[str, Any] = {
        "run": run,
        "notes": notes_of_run(run.id, after=after[0] if after else 0, limit=PAGE + 1),
        "limit": PAGE,
        "there": there,
        "lacking": lacking,
        "work": work,
        "why": say(work.error[0]) % work.error[1] if work and work.error else "",
    }
    return page("commissions/notes_run.html", form=form, status=status, **facts)
