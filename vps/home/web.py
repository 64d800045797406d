"""Pages of several capabilities: the way in, More, and whether the house is well."""

import shutil
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, request, session, url_for

from vps.company.models import keys_fit
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import page
from vps.hypermedia.proxy import SEEN, is_proof
from vps.kernel.clock import clock
from vps.kernel.database import InterfaceError, OperationalError, connect, one, writable
from vps.kernel.refusals import NotFound
from vps.kernel.schema import pending
from vps.orders.models.refund_lists import cash_count
from vps.people.forms import LanguageForm
from vps.people.guards import MustSignIn, my_rights
from vps.people.session import somebody
from vps.security.models import TanSheet, ways_of

blueprint = Blueprint("home", __name__)

LOW_SHARE, LOW_BYTES = 0.05, 500 * 2**20
"""Under five per cent or 500 MiB of free disk nothing new is written."""


@blueprint.get("/")
def index() -> Response:
    person = somebody()
    if person is None:
        live = getattr(session, "live", None)
        return redirect(url_for("door.second_step" if live else "people.sign_in"))  # type: ignore[return-value]
    start = url_for("wallets.show") if person.is_partner else url_for("orders_office.index", colour="green")
    return redirect(start)  # type: ignore[return-value]


@blueprint.get("/more")
def more() -> Response:
    person = somebody()
    if person is None:
        raise MustSignIn
    form = LanguageForm(language=reader().language)
    return page(
        "home/more.html",
        form=Choice(),
        language_form=form,
        ways=ways_of(person.id, clock()),
        sheet=TanSheet.active(person.id),
        may=my_rights(),
        to_return=cash_count(person.id) if person.is_partner else 0,
    )


@blueprint.get("/healthz")
def healthz() -> Response:
    """This process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether work can be done: database, migrations, disk, and a worker that still sends and seals."""
    reasons = _reasons()
    return Response(
        "".join(f"{reason}\n" for reason in reasons) or "ready\n", status=503 if reasons else 200, content_type="text/plain; charset=utf-8"
    )


@blueprint.get("/seen/<word>")
def seen(word: str) -> Response:
    """The address that this very request seems to come from; nothing for anybody but `vps doctor`, who knows the word."""
    if not is_proof(word):
        raise NotFound
    return Response(f"{request.environ[SEEN]}\n", content_type="text/plain; charset=utf-8")


def low_disk(folder: Path) -> bool:
    """Whether the disk of the data is nearly full."""
    usage = shutil.disk_usage(folder)
    return usage.free < max(LOW_BYTES, usage.total * LOW_SHARE)


def _reasons() -> list[str]:
    try:
        connect()
        one("SELECT 1")
        reasons = [f"migration {step} is missing" for step in pending()]
        if not writable():
            reasons.append("the database cannot be written")
        if not reasons and not keys_fit():
            reasons.append("the key file is not the one of these books")
        if not reasons and one(BEHIND, *(current_app.config["NOW"]() - 15 * 60_000_000,) * 3):
            reasons.append("work has been waiting for a quarter of an hour: is the worker running?")
    except (OperationalError, InterfaceError) as trouble:
        return [f"database: {trouble}"]
    if low_disk(current_app.config["DATA_DIR"]):
        reasons.append("disk is nearly full: read-only")
    return reasons


BEHIND = (
    "SELECT 1 FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND tries = 0 AND due_at < ?"
    " UNION ALL SELECT 1 FROM tan_sheet WHERE ready_at IS NULL AND ended_at IS NULL AND made_at < ?"
    " UNION ALL SELECT 1 FROM booking WHERE id > (SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'booking') AND booked_at < ? LIMIT 1"
)
