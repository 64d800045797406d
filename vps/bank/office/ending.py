"""A whole statement is taken back: first what that would do, then one code."""

from flask import Response, url_for

from vps.bank.actions import Ending, ending_of, take_statement_back
from vps.bank.forms import StatementEndForm
from vps.bank.models import statement_heading
from vps.bank.office.statements import blueprint
from vps.bank.words import claimed, stays
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.session import my_actor

MOST = 50
"""Wallets and reasons that the page names; of more it says how many."""


@blueprint.get("/statements/<int:key>/end")
def new_end(key: int) -> Response:
    found(statement_heading(key))
    ending = ending_of(key, at=clock())
    return _preview(key, ending, StatementEndForm()) if ending else changed(url_for(".show", key=key))


@blueprint.post("/statements/<int:key>/end")
def create_end(key: int) -> Response:
    form = StatementEndForm()
    typed = {"reason": form.reason.data or "", "shown": form.shown.data or "", "code": form.code.data or ""}
    done = form.done(lambda: take_statement_back(key, **typed, actor=my_actor(), at=clock()))
    ending = None if done else ending_of(key, at=clock())
    return _preview(key, ending, form) if ending else changed(url_for(".show", key=key))


def _preview(key: int, ending: Ending, form: StatementEndForm) -> Response:
    # As with a file: what is on the page now is what the next press is about, with a code that is typed anew.
    form.shown.data, form.code.data = ending.digest, ""
    status = form.status if form.is_submitted() else 200
    return page("bank/end.html", key=key, ending=ending, form=form, most=MOST, claimed=claimed, stays=stays, status=status)
