"""The office's daily look at bank and books, as a page, a table and a document."""

from datetime import date, timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, request

from vps.bank import paper
from vps.bank.models.reconciliation import reconcile
from vps.company.models import company
from vps.hypermedia.languages import Words, reader
from vps.hypermedia.pages import page
from vps.hypermedia.typeset import pdf
from vps.kernel.clock import clock, day_in
from vps.people.guards import for_staff

blueprint = for_staff(Blueprint("bank_days", __name__, url_prefix="/office/bank"))


@blueprint.get("/reconciliation")
def show() -> Response:
    return page("bank/reconciliation.html", found=reconcile(_day()), paper=paper, today=_today())


@blueprint.get("/reconciliation.csv")
def table() -> Response:
    day = _day()
    return _file(paper.as_csv(reconcile(day), Words(reader().language)), "text/csv; charset=utf-8", f"reconciliation-{day}.csv")


@blueprint.get("/reconciliation.pdf")
def document() -> Response:
    day, ours, words = _day(), company(), Words(reader().language)
    facts = paper.as_facts(reconcile(day), words, company=ours.legal_name or ours.name, now=clock(), zone=reader().zone)
    template = Path(current_app.root_path, str(current_app.template_folder), "bank/reconciliation.typ")
    return _file(pdf(template, facts), "application/pdf", f"reconciliation-{day}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _today() -> date:
    return day_in(clock(), company().zone)


def _day() -> date:
    # Yesterday, unless another day is asked for: the last one that is over, and of which the bank can have told everything.
    try:
        return min(date.fromisoformat(request.args.get("day", "")), _today())
    except ValueError:
        return _today() - timedelta(days=1)
