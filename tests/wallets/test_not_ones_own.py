"""Whoever of the office is a partner too decides nothing about himself."""

import pytest

from tests.cast import NOON
from tests.wallets.sending import send, staff, take_back, wallet
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.wallets.actions import NotYourOwn, ask_back, close_case, freeze_wallet, keep_it, let_wallet_go, refuse_office_transfer


def test_he_does_not_let_go_a_wallet_of_his_own(house):
    mine = wallet(house.anna)
    freeze_wallet(house.anna.id, mine, reason="stolen card", actor=Actor(house.elena.id), at=NOON)

    with pytest.raises(NotYourOwn):
        let_wallet_go(house.anna.id, mine, actor=Actor(house.anna.id), at=NOON)


def test_he_neither_closes_his_own_case_nor_refuses_what_takes_from_him(house):
    change_settings({"four_eyes_from": 100}, actor=HOUSE, at=NOON)
    made = send(house, 40_00)
    ask_back(house.anna.id, made.id, "wrong", actor=Actor(house.anna.id), at=NOON)
    keep_it(house.boris.id, made.id, actor=Actor(house.boris.id), at=NOON)
    waits = take_back(house, made)

    for party in (house.anna, house.boris):
        with pytest.raises(NotYourOwn):
            close_case(made.id, "settled", "", authorisation=staff(party), at=NOON)
        with pytest.raises(NotYourOwn):
            refuse_office_transfer(waits, reason="no", actor=Actor(party.id), at=NOON)
