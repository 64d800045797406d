"""A partner's commission notes: the list, and each as a page and as a document."""

from pathlib import Path

from flask import Blueprint, Response, current_app, request, url_for

from vps.commissions.models import Note
from vps.commissions.models.notes import corrections_of, note_numbered, notes_of
from vps.commissions.note_paper import as_facts
from vps.company.models import company
from vps.hypermedia.pages import found, key_from, page
from vps.hypermedia.typeset import pdf
from vps.people.guards import for_partners
from vps.people.session import me

blueprint = for_partners(Blueprint("commission_notes", __name__, url_prefix="/commissions/notes"))
PAGE = 25


@blueprint.get("")
def index() -> Response:
    before = key_from(request.args.get("before"))
    return page("commissions/notes.html", notes=notes_of(me().id, before=before and before[0], limit=PAGE + 1), limit=PAGE)


@blueprint.get("/<note>")
def show(note: str) -> Response:
    return as_page(found(note_numbered(note, me().id)), back=url_for(".index"), file=url_for(".document", note=note))


@blueprint.get("/<note>/pdf")
def document(note: str) -> Response:
    return as_document(found(note_numbered(note, me().id)))


def as_page(note: Note, *, back: str, file: str) -> Response:
    """The note to be read and printed; `back` leads to the list it came from, `file` to the document."""
    return page("commissions/note.html", note=note, paper=_facts(note), back=back, file=file)


def as_document(note: Note) -> Response:
    """The note as a PDF, the same bytes each time until it is corrected."""
    template = Path(current_app.root_path, str(current_app.template_folder), "commissions/note.typ")
    content = pdf(template, _facts(note))
    name = {"Content-Disposition": f'attachment; filename="{note.number}.pdf"'}
    return Response(content, content_type="application/pdf", headers=name)


def _facts(note: Note) -> dict[str, object]:
    ours = company()
    return as_facts(note, corrections_of(note), ours.legal_name or ours.name)
