"""A transfer is taken back whole and once; what is gone only as a debt; large ones by two; both partners are told."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur, give
from tests.trust.sets import only
from tests.wallets.sending import account, ask, ours, send, staff, take_back, wallet
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import AlreadyReversed
from vps.wallets.actions import (
    NoReason,
    NotYourOwn,
    ReversalWaits,
    WalletClosed,
    WouldBeDebt,
    approve_office_transfer,
    open_wallet,
    undo_transfer,
)
from vps.wallets.actions.excess import settle_excess_of
from vps.wallets.models import Transfer, TransferRule, purse
from vps.wallets.models.audit import audit


def test_amount_and_fee_go_back_and_both_are_told(cast):
    TransferRule.create(kind="main", whose="partner", currency="EUR", least=1, multiple=1, fee=50, since=NOON)
    made = send(cast, 40_00)
    run("UPDATE person SET email = 'boris@example.com' WHERE id = ?", cast.boris.id)

    asked = take_back(cast, made)

    assert take_back(cast, made) == asked
    assert (balance(cast.anna), balance(cast.boris)) == (eur(250_00), eur(0))
    after = Transfer.get_by_id(made.id)
    assert (after.reversed_at, after.reversed_by) == (NOON, cast.dragan.id)
    backs = rows("SELECT reverses FROM booking WHERE reverses IS NOT NULL ORDER BY reverses")
    assert [each for (each,) in backs] == [made.booking, made.fee_booking]
    told = rows("SELECT address FROM outbox WHERE key LIKE 'notice:transfer reversed:%' ORDER BY address")
    assert told == [("anna@example.com",), ("boris@example.com",)]
    with pytest.raises(AlreadyReversed):
        take_back(cast, made, key="again")
    assert list(audit()) == []


def test_taken_back_in_eight_windows_at_once_it_is_taken_back_once(cast):
    made = send(cast, 40_00)

    answers = at_once(8, lambda n: take_back(cast, made, key=f"r{n}"))

    assert sum(isinstance(answer, int) for answer in answers) == 1, answers
    assert (balance(cast.anna), balance(cast.boris)) == (eur(250_00), eur(0))


def test_what_was_spent_is_taken_back_only_as_a_debt(cast):
    made = send(cast, 40_00)
    send(cast, 30_00, key="back", sender=cast.boris, recipient=cast.anna)

    with pytest.raises(WouldBeDebt) as short:
        take_back(cast, made)
    assert short.value.facts == {"missing": eur(30_00)}
    with pytest.raises(WouldBeDebt):
        undo_transfer(made.id, why="x", as_debt=False, actor=staff(cast.dragan).actor, at=NOON)
    assert Transfer.get_by_id(made.id).reversed_at is None
    take_back(cast, made, as_debt=True)

    assert (balance(cast.boris), purse(cast.boris.id, "EUR").shortfall) == (eur(-30_00), eur(30_00))
    assert list(audit()) == []


def test_both_legs_of_an_exchange_go_back_at_the_old_amounts(cast):
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    open_wallet(cast.boris.id, "RSD", at=NOON)
    set_rate("EUR", "RSD", "117.333", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    made = send(cast, 10_01, to=wallet(cast.boris, "RSD"))
    set_rate("EUR", "RSD", "200", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    assert list(audit()) == []

    take_back(cast, made)

    assert (balance(cast.anna), purse(cast.boris.id, "RSD").available) == (eur(250_00), Money(0, "RSD"))
    assert list(audit()) == []


def test_a_large_one_waits_for_a_colleague_who_is_neither_partner(cast):
    give(cast.anna, 2_000_00)
    made = send(cast, 1_000_00)
    asked = take_back(cast, made)

    assert Transfer.get_by_id(made.id).reversed_at is None
    with pytest.raises(ReversalWaits):
        take_back(cast, made, key="again", by=cast.elena)
    with pytest.raises(NotYourOwn):
        approve_office_transfer(asked, expected="", authorisation=staff(cast.boris), at=NOON)
    approve_office_transfer(asked, expected="", authorisation=staff(cast.elena), at=NOON)

    assert balance(cast.boris) == eur(0)
    assert one("SELECT approved_by, transfer_id FROM office_transfer WHERE id = ?", asked) == (cast.elena.id, made.id)
    assert list(audit()) == []


def test_what_stands_in_the_way_takes_nothing_back(cast):
    made = send(cast, 40_00)
    with pytest.raises(NoReason):
        take_back(cast, made, reason="")
    with pytest.raises(NotYourOwn):
        take_back(cast, made, by=cast.anna)
    made.id += 1
    with pytest.raises(NotFound):
        take_back(cast, made)
    made.id -= 1
    run("UPDATE wallet SET closed_at = 1 WHERE person_id = ?", cast.anna.id)
    with pytest.raises(WalletClosed):
        take_back(cast, made)
    assert balance(cast.boris) == eur(40_00)


def test_a_transfer_by_the_office_to_the_company_goes_back_too(cast):
    ask(cast, account(cast.anna), ours("fees"), eur(5_00))
    take_back(cast, Transfer.get())

    assert balance(cast.anna) == eur(250_00)
    assert list(audit()) == []


def test_what_is_held_as_too_much_is_there_to_be_taken_back(house):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    only(most_balance=1_000_00)
    made = send(house, 200_00)
    only(most_balance=50_00)
    settle_excess_of(house.boris.id, NOON)
    assert purse(house.boris.id, "EUR").available == eur(50_00)

    take_back(house, made)

    assert (balance(house.boris), purse(house.boris.id, "EUR").available) == (eur(0), eur(0))
    assert list(audit()) == []
