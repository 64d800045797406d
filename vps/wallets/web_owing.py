"""What a partner owes: what is missing in a wallet, and the plans by which he repays a debt, of which he may pay more at any time."""

from flask import Blueprint, Response, url_for

from vps.company.models import company
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.people.guards import for_partners
from vps.people.session import me
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.security.models import PURCHASE
from vps.wallets.actions import MoreThanLeft, pay_debt
from vps.wallets.actions.debt_plans import KIND
from vps.wallets.forms import AmountForm
from vps.wallets.models import purses
from vps.wallets.models.owed import Plan, paid_of, plans_of

blueprint = for_partners(Blueprint("owing", __name__, url_prefix="/wallet/debt"))


@blueprint.get("")
def index() -> Response:
    return _index(AmountForm(formdata=None))


@blueprint.post("/<int:key>")
def preview(key: int) -> Response:
    """What would be repaid, to be confirmed by a code; nothing is kept yet."""
    form, plan = AmountForm(), mine(key)
    amount = form.attempt(lambda: _typed(form, plan))
    return _index(form, status=form.status) if amount is None else ask(_subject(plan, amount), TanForm(formdata=None))


@blueprint.post("/confirmation")
def create() -> Response:
    _, again = answered(KIND, _told, lambda by: pay_debt(authorisation=by, at=clock()))
    return again or changed(url_for(".index"))


def mine(key: int) -> Plan:
    """One's own plan: another partner's is not there."""
    plan: Plan = found(next((each for each in plans_of(me().id) if each.id == key), None))
    return plan


def _index(form: AmountForm, *, status: int = 200) -> Response:
    plans = plans_of(me().id)
    shown = [plan for plan in plans if not plan.ended_at] or plans[:1]
    missing = [wallet.shortfall for wallet in purses(me().id) if wallet.shortfall.is_positive]
    return page("wallets/debt.html", form=form, plans=shown, payments=paid_of(shown), missing=missing, status=status)


def _typed(form: AmountForm, plan: Plan) -> Money:
    amount = form.typed(language=reader().language, currency=plan.amount.currency).money
    if amount > plan.left:
        raise MoreThanLeft(left=plan.left)
    return amount


def _subject(plan: Plan, amount: Money) -> Subject:
    ours = company()
    facts = {"plan": plan, "amount": amount}
    return Subject(KIND, PURCHASE, str(plan.id), amount, ours.legal_name or ours.name, "wallets/debt_confirm.html", facts)


def _told(shown: Snapshot) -> Subject:
    """What a dialog was about, as it would be now."""
    assert shown.amount is not None
    return _subject(mine(int(shown.subject)), shown.amount)
