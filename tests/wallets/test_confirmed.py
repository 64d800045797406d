"""A transfer is made as it was confirmed: who gets it follows from the wallet the code is bound to, and for somebody new the code must be bound."""

import pytest

from tests.cast import CODES, NOON, balance, eur, sheet_of
from tests.wallets.requests import confirmed, wallet
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.security.actions import ask, confirm, demanded, snapshot
from vps.security.actions.refusals import WeakerWay
from vps.security.models import HIGH, MAXIMUM, STANDARD, VIEW
from vps.wallets.actions import Changed, agreed, make_transfer, needed_for, needs, payee_of, plan_between, subject_of, transfer
from vps.wallets.models import Transfer, TransferRule


def test_what_was_confirmed_is_made_once_with_its_message(cast):
    sheet_of(cast.anna)
    by = confirmed(cast.anna, cast.boris, eur(40_00), "für  zwei Tees")

    made = transfer(authorisation=by, at=NOON)

    assert transfer(authorisation=by, at=NOON) == made
    assert (balance(cast.anna), balance(cast.boris)) == (eur(210_00), eur(40_00))
    row = Transfer.get_by_id(made)
    assert (row.message, row.recipient_id, row.key[:5]) == ("für  zwei Tees", cast.boris.id, "code:")
    assert one("SELECT count(*) FROM intent WHERE posted_at IS NOT NULL")[0] == 1


def test_a_fee_that_changed_meanwhile_takes_nothing(cast):
    sheet_of(cast.anna)
    by = confirmed(cast.anna, cast.boris, eur(40_00))
    TransferRule.create(kind="main", whose="partner", currency="EUR", least=1, fee=1, since=NOON)

    with pytest.raises(Changed):
        transfer(authorisation=by, at=NOON)
    assert balance(cast.anna) == eur(250_00)


def test_a_subject_says_everything_again(house):
    planned = plan_between(house.anna.id, wallet(house.anna), house.boris.id, None, eur(40_00), at=NOON)

    what = agreed(subject_of(planned, house.boris.number, "a b c"), eur(40_00))

    assert (what.from_wallet, what.to_wallet, what.recipient) == (wallet(house.anna), wallet(house.boris), house.boris.id)
    assert (what.number, what.name, what.rest, what.expected) == (house.boris.number, house.boris.name, "a b c", planned.subject)
    assert (what.sent, what.fee, what.arrives, what.takes, what.rate) == (eur(40_00), eur(0), eur(40_00), eur(40_00), "")


def test_the_name_that_goes_into_a_text_message_has_nothing_of_a_code_in_it():
    assert payee_of("TAN 000000", "20468") == "TAN"
    assert payee_of("000000 https://evil.example", "20468") == "20468"
    assert payee_of("Анна Петрова", "20468") == "Анна П."


def test_for_somebody_new_a_bound_way_is_needed_and_for_an_old_acquaintance_the_usual_one(house):
    planned = plan_between(house.anna.id, wallet(house.anna), house.boris.id, None, eur(1_00), at=NOON)
    assert (needs(planned), needed_for(house.anna.id, house.boris.id), needed_for(house.anna.id, house.anna.id)) == (HIGH, HIGH, VIEW)

    make_transfer("first", sender=house.anna.id, from_wallet=wallet(house.anna), recipient=house.boris.id, to_wallet=None, amount=eur(1_00),
                  actor=Actor(house.anna.id), at=NOON)  # fmt: skip

    assert needs(planned) == VIEW
    assert needed_for(house.boris.id, house.anna.id) == HIGH, "who only received something never sent any"


def test_the_server_asks_the_level_again_when_it_is_confirmed(house):
    sheet_of(house.anna)
    for at_least, level in ((VIEW, STANDARD), (HIGH, HIGH), (MAXIMUM, MAXIMUM)):
        assert demanded(house.anna.id, "transfer", eur(1_00), at=NOON, at_least=at_least).level == level
    facts = {"amount": eur(1_00), "payee": "Boris", "ask": ask(house.anna.id, at=NOON), "motive": "transfer", "at": NOON}
    shown = snapshot("transfer", "1 2 3", **facts)

    with pytest.raises(WeakerWay):
        confirm(shown, code=CODES[shown.n - 1], at_least=HIGH, actor=Actor(house.anna.id), at=NOON)
