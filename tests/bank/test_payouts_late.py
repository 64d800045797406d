"""What came between planning a pay-out and booking it stops it: the wallet is looked at once more where it is locked."""

import pytest

from tests.bank.payouts import planned, usable
from tests.cast import NOON, balance, eur
from tests.wallets.sending import wallet
from vps.bank.actions.payouts import make_payout
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import action
from vps.wallets.actions import WalletFrozen, freeze_wallet


def test_a_wallet_that_was_frozen_meanwhile_pays_nothing_out(house):
    would = planned(house.anna, usable(house, house.anna), 50_00)
    freeze_wallet(house.anna.id, wallet(house.anna), reason="stolen card", actor=Actor(house.elena.id), at=NOON)

    with pytest.raises(WalletFrozen):
        action(make_payout)(house.anna.id, would, actor=HOUSE, at=NOON)
    assert balance(house.anna) == eur(250_00)
