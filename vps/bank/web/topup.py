"""What a partner needs of the company's bank: how to top his wallet up."""

from typing import Any

from flask import Blueprint, Response, request

from vps.bank.forms import TopUpForm
from vps.bank.paying_in import Payer, chosen, offered, slip_into
from vps.bank.words import because
from vps.company.models import company
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import page
from vps.kernel.clock import clock
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import N_
from vps.people.guards import for_partners
from vps.people.session import me
from vps.wallets.models import room_for

blueprint = for_partners(Blueprint("bank", __name__, url_prefix="/wallet"))
blueprint.add_app_template_filter(because)


@blueprint.get("/top-up")
def top_up() -> Response:
    """The account he chose, with his own reference and the amount he may have asked for."""
    form = TopUpForm(request.args)
    facts = _slip(form)
    room = room_for(me().id, "top-up", clock())
    return page("bank/top_up.html", form=form, room=room, status=form.status if form.errors else 200, **facts)


@blueprint.get("/top-up/slip")
def slip() -> Response:
    """The same on paper."""
    return page("bank/slip.html", **_slip(TopUpForm(request.args)))


def _slip(form: TopUpForm) -> dict[str, Any]:
    accounts = offered(company().currency)
    account, language = chosen(accounts, request.args.get("account")), reader().language
    done = form.attempt(lambda: (form.wanted(language=language, currency=account.currency),))
    amount, payer = done[0] if done else None, Payer(me().bank_name)
    shown = slip_into(account, topup_reference(str(me().number)), N_("Top-up"), language=language, payer=payer, amount=amount)
    return {"accounts": accounts, "shown": shown, "amount": amount}
