"""Closing a wallet of one's own opens no way around limits, debts, or what is still on its way to it."""

import pytest

from tests.cast import NOON, eur, give
from tests.trust.sets import only
from tests.wallets.sending import send, staff, take_back, wallet
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.money import Money
from vps.ledger.actions import set_up
from vps.trust.actions.limits import LimitReached
from vps.trust.models import Rule
from vps.wallets.actions import StillUsed, agree_plan, close_wallet, make_transfer, open_own_wallet
from vps.wallets.models import Transfer


def rsd(minor):
    return Money(minor, "RSD")


@pytest.fixture
def abroad(house):
    """Anna and Boris have wallets in dinars too; a euro is a hundred dinars."""
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", "100", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    for person in (house.anna, house.boris):
        open_own_wallet(person.id, "RSD", actor=Actor(person.id), at=NOON)
    return house


def move(key, sender, origin, recipient, to, amount):
    return make_transfer(
        key, sender=sender.id, from_wallet=origin, recipient=recipient.id, to_wallet=to, amount=amount, actor=Actor(sender.id), at=NOON
    )


def close(person, key):
    close_wallet(person.id, key, actor=Actor(person.id), at=NOON)


def test_what_a_closed_wallet_moved_counts_on(abroad):
    anna, boris = abroad.anna, abroad.boris
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    only(Rule("transfer", "day", 50_00))
    dinars = wallet(anna, "RSD")
    move("in", anna, wallet(anna), anna, dinars, eur(50_00))
    move("out", anna, dinars, boris, wallet(boris, "RSD"), rsd(5_000_00))
    close(anna, dinars)

    with pytest.raises(LimitReached):
        send(abroad, 1)


def test_a_wallet_with_a_plan_for_its_debt_stays_open(abroad):
    anna, boris = abroad.anna, abroad.boris
    give(anna, 1)
    dinars = wallet(boris, "RSD")
    made = move("over", anna, wallet(anna), boris, dinars, eur(10_00))
    move("spent", boris, dinars, anna, wallet(anna, "RSD"), rsd(1_000_00))
    take_back(abroad, Transfer.get_by_id(made), as_debt=True)
    agree_plan(boris.id, dinars, rsd(100_00), 31, authorisation=staff(abroad.dragan), at=NOON)

    with pytest.raises(StillUsed):
        close(boris, dinars)
