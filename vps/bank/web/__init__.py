"""The partner's side of the bank: money in, his own accounts, money out."""

from vps.bank.web.cents import blueprint as cents
from vps.bank.web.payees import blueprint as payees
from vps.bank.web.payouts import blueprint as payouts
from vps.bank.web.topup import blueprint

__all__ = ["blueprint", "cents", "payees", "payouts"]
