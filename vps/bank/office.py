"""The office uploads bank statements and sees what each line became."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.bank.actions import Outcome, import_file
from vps.bank.forms import StatementForm
from vps.bank.models import imported, lines_of, statement_heading
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
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
    form = StatementForm()
    outcome = form.attempt(lambda: import_file(form.file.data.read(), form.file.data.filename or "", actor=my_actor(), at=clock()))
    if outcome is None:
        return page("bank/statements.html", form=form, outcome=None, status=form.status, **_list())
    return changed(url_for(".index", done=".".join(map(str, outcome))))


@blueprint.get("/statements/<int:key>")
def show(key: int) -> Response:
    after = key_from(request.args.get("after"))
    lines = lines_of(key, after=after[0] if after else 0, limit=101)
    return page("bank/lines.html", heading=found(statement_heading(key)), lines=lines, limit=100, key=key)


def _list() -> dict[str, Any]:
    before = key_from(request.args.get("before"))
    return {"statements": imported(before=before[0] if before else None, limit=PAGE + 1), "limit": PAGE}


def _outcome() -> Outcome | None:
    parts = request.args.get("done", "").split(".")
    return (
        Outcome(*map(int, parts))
        if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
        else None
    )
