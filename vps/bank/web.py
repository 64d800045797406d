"""What a partner needs of the company's bank: how to top his wallet up."""

from flask import Blueprint, Response

from vps.bank.models import bank_accounts
from vps.company.models import company
from vps.hypermedia.pages import found, page
from vps.kernel.numbers import spaced, topup_reference
from vps.people.guards import for_partners
from vps.people.session import me
from vps.wallets.models import Wallet

blueprint = for_partners(Blueprint("bank", __name__, url_prefix="/wallet"))


@blueprint.get("/top-up")
def top_up() -> Response:
    """The company's accounts and the partner's own reference."""
    wallet = found(Wallet.of(me().id, company().currency))
    accounts = [account for account in bank_accounts() if account.shown]
    return page("bank/top_up.html", wallet=wallet, accounts=accounts, reference=spaced(topup_reference(str(me().number))))
