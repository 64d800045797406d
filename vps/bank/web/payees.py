"""A partner's own bank accounts."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.bank.accounts import shown as grouped
from vps.bank.actions import add_payee, asks_bank, end_payee, must_be_addable, read_account
from vps.bank.actions.payees import KIND, MOST, subject_of
from vps.bank.forms import AccountForm
from vps.bank.models import cent_states, payees_of
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, page
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.security.models import CHANGE

blueprint = for_partners(Blueprint("payees", __name__, url_prefix="/me/accounts"))


@blueprint.get("")
def index() -> Response:
    return _list(AccountForm(holder=me().bank_name))


@blueprint.post("")
def preview() -> Response:
    """What was typed is checked and shown, to be confirmed by a code; nothing is kept yet."""
    form = AccountForm()
    typed = form.attempt(lambda: _typed(form))
    return _list(form, status=form.status) if typed is None else ask(typed, TanForm(formdata=None))


@blueprint.post("/confirmation")
def create() -> Response:
    made, again = answered(KIND, _told, lambda by: add_payee(authorisation=by, at=clock()))
    return again or changed(url_for(".index", _anchor=f"account-{made}"))


@blueprint.post("/<int:key>/end")
def end(key: int) -> Response:
    end_payee(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".index"))


def _list(form: AccountForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {
        "payees": payees_of(me().id),
        "cents": cent_states(me().id, clock()),
        "now": clock(),
        "most": MOST,
        "rest": company().rest_hours,
        "asks_bank": asks_bank(),
    }
    return page("bank/accounts.html", form=form, press=Choice(formdata=None), status=status, **facts)


def _typed(form: AccountForm) -> Subject:
    account, holder = read_account(form.account.data, form.bic.data or ""), form.named()
    must_be_addable(me().id, account)
    return _subject(subject_of(account), holder)


def _told(shown: Snapshot) -> Subject:
    return _subject(shown.subject, shown.payee)


def _subject(subject: str, holder: str) -> Subject:
    number, _, bic = subject.partition(" ")
    account = grouped(read_account(number, bic))
    facts = {"account": account, "bic": bic, "holder": holder, "rest": company().rest_hours}
    return Subject(KIND, CHANGE, subject, None, holder, "bank/account_confirm.html", facts)
