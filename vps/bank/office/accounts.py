"""The company's accounts at its banks: set up, changed and closed by who manages."""

from flask import Blueprint, Response, url_for

from vps.bank.actions import change_bank_account, close_bank_account, open_bank_account
from vps.bank.forms import NewAccountForm, OurAccountForm
from vps.bank.models import bank_account, bank_accounts
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("bank_accounts", __name__, url_prefix="/office/bank/accounts"),
    managed=("index", "create", "show", "change", "close", "new_columns", "create_columns"),
    sensitive=("create", "change", "close", "create_columns"),
)


@blueprint.get("")
def index() -> Response:
    return page("bank/our_accounts.html", accounts=bank_accounts(), form=NewAccountForm(currency=company().currency))


@blueprint.post("")
def create() -> Response:
    form = NewAccountForm()
    key = form.attempt(
        lambda: open_bank_account(form.number.data or "", form.currency_code(), name=form.name.data, actor=my_actor(), at=clock())
    )
    if key is None:
        return page("bank/our_accounts.html", accounts=bank_accounts(), form=form, status=form.status)
    return changed(url_for(".show", key=key))


@blueprint.get("/<int:key>")
def show(key: int) -> Response:
    account = found(bank_account(key))
    return page("bank/account.html", account=account, form=OurAccountForm.of(account), choice=Choice())


@blueprint.post("/<int:key>")
def change(key: int) -> Response:
    form, account = OurAccountForm(), found(bank_account(key))
    if not form.done(lambda: change_bank_account(key, **form.facts(), actor=my_actor(), at=clock())):
        return page("bank/account.html", account=account, form=form, choice=Choice(formdata=None), status=form.status)
    return changed(url_for(".index"))


@blueprint.post("/<int:key>/end")
def close(key: int) -> Response:
    close_bank_account(key, actor=my_actor(), at=clock())
    return changed(url_for(".index"))
