"""What the columns of an account's CSV mean: guessed from a file, looked at, corrected, and kept."""

from typing import Any

from flask import Response, request, url_for

from vps.bank.actions import change_bank_account
from vps.bank.columns import Mapping
from vps.bank.columns_form import ColumnsForm, Sample, sample
from vps.bank.models import Ours, bank_account
from vps.bank.office.accounts import blueprint
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.session import my_actor


@blueprint.get("/<int:key>/columns")
def new_columns(key: int) -> Response:
    account, form = found(bank_account(key)), ColumnsForm()
    if account.mapping:
        form.show(Mapping.of_json(account.mapping))
    return page("bank/columns.html", account=account, form=form, looked=None)


@blueprint.post("/<int:key>/columns")
def create_columns(key: int) -> Response:
    """With a file it shows how that is read; with `save` it keeps what is typed. The first time, what the file may mean is guessed."""
    account, form = found(bank_account(key)), ColumnsForm()
    if request.form.get("save"):
        done = form.done(lambda: change_bank_account(key, mapping=form.mapping(account).to_json(), actor=my_actor(), at=clock()))
        return changed(url_for(".show", key=key)) if done else _page(account, form, None, status=form.status)
    looked = form.attempt(lambda: _look(form, account))
    return _page(account, form, looked, status=200 if looked else form.status)


def _look(form: ColumnsForm, account: Ours) -> Sample:
    content = form.uploaded()
    mapping = form.mapping(account) if (form.day.data or "").strip() else form.guess(content, account)
    form.show(mapping)
    return sample(content, mapping)


def _page(account: Ours, form: ColumnsForm, looked: Sample | None, **more: Any) -> Response:
    return page("bank/columns.html", account=account, form=form, looked=looked, **more)
