"""The office sees a partner's bank accounts; who manages adds one for somebody who is known at the desk, and removes one."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.bank.actions import add_payee_for, asks_bank, end_payee, read_account
from vps.bank.forms import AccountForm
from vps.bank.models import payees_of, shared_with
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff, looked_at
from vps.people.models import Person
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("payees_office", __name__, url_prefix="/office/partners/<number>/accounts"),
    managed=("create", "end"),
    sensitive=("create", "end"),
)


@blueprint.get("")
def index(number: str) -> Response:
    person = partner(number)
    return _list(person, AccountForm(holder=person.bank_name))


@blueprint.post("")
def create(number: str) -> Response:
    form, person = AccountForm(), partner(number)
    if not form.done(lambda: _add(person, form)):
        return _list(person, form, status=form.status)
    return changed(url_for(".index", number=number))


@blueprint.post("/<int:key>/end")
def end(number: str, key: int) -> Response:
    end_payee(partner(number).id, key, actor=my_actor(), at=clock())
    return changed(url_for(".index", number=number))


def partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person


def _add(person: Person, form: AccountForm) -> int:
    account = read_account(form.account.data, form.bic.data or "")
    return add_payee_for(person.id, account, form.named(), actor=my_actor(), at=clock())


def _list(person: Person, form: AccountForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {
        "payees": payees_of(person.id),
        "shared": shared_with(person.id),
        "now": clock(),
        "rest": company().rest_hours,
        "asks_bank": asks_bank(),
    }
    shown = page("bank/office_accounts.html", person=person, form=form, press=Choice(formdata=None), status=status, **facts)
    return looked_at(shown, person.id, "accounts")
