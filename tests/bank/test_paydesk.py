"""What holds a pay-out: somebody with a reason, or a rule; and what becomes of it when the office decides."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.bank.desk_of_payouts import OURS, again, asked, made, open_desk
from tests.bank.payouts import books, freeze_now, me, usable
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from vps.bank.actions import (
    NotOnesOwnPayout,
    NotWaiting,
    StillHeld,
    TooLateToWithdraw,
    approve_payout,
    approve_payouts,
    close_bank_account,
    desk_of,
    desks,
    draft_of,
    hold_payout,
    open_bank_account,
    refuse_payout,
    release_payout,
    rules,
    withdraw_payout,
)
from vps.bank.actions.paydesk import Total
from vps.bank.models.paydesk import waiting, waits
from vps.cli.books import problems_of
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound

NONE = Total(0, eur(0))


@pytest.fixture
def desk(cast):
    return open_desk(cast)


@pytest.fixture
def office(house):
    return open_desk(house)


def why(payout) -> str:
    found = waits(rules(NOON), payout.id)
    assert found is not None
    return found.why


def test_sums_are_what_is_due_later_and_held(desk):
    first, second = asked(desk), asked(desk, 5_00)
    hold_payout(second.id, reason="?", actor=desk.desk, at=NOON)
    asked(desk, 6_00, at=NOON + timedelta(hours=2))  # after the cut-off
    approve_payout(first.id, actor=desk.desk, at=NOON)

    ((place,), nowhere) = desks(NOON)

    assert (place.day, place.kinds, nowhere) == (date(2026, 11, 20), ("iban", "rs"), [])
    assert (place.due, place.unseen) == (Total(1, eur(40_00)), NONE)
    assert (place.held, place.later) == (Total(1, eur(5_00)), Total(1, eur(6_00)))
    assert [each.id for each in draft_of(OURS, instant=False, actor=desk.desk, at=NOON).paid] == [first.id]
    assert problems_of() == []


def test_rules_hold_until_somebody_looks_or_for_good(desk):
    payout = asked(desk)
    usable(desk, desk.boris, payout.number)
    assert why(payout) == "shared"
    assert draft_of(OURS, instant=False, actor=desk.desk, at=NOON).paid == []
    approve_payout(payout.id, actor=desk.desk, at=NOON)
    assert why(payout) == ""
    change_settings({"payout_least": 50_00}, actor=HOUSE, at=NOON)
    assert why(payout) == "", "what somebody has approved may be small"

    change_settings({"payout_countries": "DE HR"}, actor=HOUSE, at=NOON)
    assert why(payout) == "country"
    freeze_now(desk.anna)
    assert why(payout) == "frozen"
    assert draft_of(OURS, instant=False, actor=desk.desk, at=NOON).paid == []
    with pytest.raises(StillHeld):
        approve_payout(payout.id, actor=desk.desk, at=NOON)


def test_what_is_small_or_to_a_new_account_waits(office):
    payout = asked(office)
    change_settings({"payout_least": 50_00}, actor=HOUSE, at=NOON)
    assert why(payout) == "least"
    run("DROP TRIGGER payee_account_no_update")
    run("UPDATE payee_account SET usable_from = ?", micros(NOON) + 1)
    assert why(payout) == "rests"


def test_what_the_companys_closed_account_would_pay_is_said(office):
    asked(office)
    close_bank_account(OURS, actor=HOUSE, at=NOON)

    places, (group,) = desks(NOON)

    assert (places, group.n, group.amount) == ([], 1, 40_00)
    with pytest.raises(NotFound):
        desk_of(OURS, NOON)


def test_of_two_accounts_the_first_that_reaches_a_bank_pays(office):
    asked(office)
    second = open_bank_account("HR1210010051863000160", "EUR", actor=HOUSE, at=NOON)

    ((place,), nowhere) = desks(NOON)

    assert (place.ours.id, place.due.n, nowhere) == (OURS, 1, []) and second != OURS
    assert waiting(rules(NOON), "EUR", ()) == []


def test_all_that_go_out_are_approved_by_one_press_but_ones_own(desk):
    first, second = asked(desk), asked(desk, 5_00)
    hold_payout(second.id, reason="?", actor=desk.desk, at=NOON)

    assert approve_payouts(OURS, actor=me(desk.anna), at=NOON) == 0
    assert sum(at_once(3, lambda _: approve_payouts(OURS, actor=desk.desk, at=NOON))) == 1

    assert (again(first).approved_by, again(second).approved_at) == (desk.dragan.id, None)
    assert one("SELECT count(*) FROM event WHERE verb = 'pay-out approved'")[0] == 1
    for press in (approve_payout, release_payout):
        with pytest.raises(NotOnesOwnPayout):
            press(first.id, actor=me(desk.anna), at=NOON)


def test_what_somebody_holds_waits_until_it_is_released_and_its_owner_is_told_why(desk):
    payout = asked(desk)
    for _ in range(2):
        hold_payout(payout.id, reason="Whose account is it?", actor=desk.desk, at=NOON)
    with pytest.raises(StillHeld):
        approve_payout(payout.id, actor=desk.desk, at=NOON)
    assert (again(payout).held_by, why(payout)) == (desk.dragan.id, "held")
    assert "Whose account is it?" in one("SELECT facts FROM outbox WHERE key LIKE 'payout:1:pay-out held:%'")[0]

    for _ in range(2):
        release_payout(payout.id, actor=desk.desk, at=NOON)

    assert (again(payout).state, why(payout)) == ("asked", "")
    assert [n for (n,) in rows("SELECT count(*) FROM event WHERE verb IN ('pay-out held', 'pay-out released') GROUP BY verb")] == [1, 1]


def test_refused_it_is_in_the_wallet_again_with_its_fee(desk):
    change_settings({"payout_fee": 1_50}, actor=HOUSE, at=NOON)
    payout = asked(desk)
    assert wallet(desk.anna) == eur(208_50)

    for _ in range(2):
        refuse_payout(payout.id, reason="Not this week", actor=desk.desk, at=NOON)

    assert (wallet(desk.anna), books("transit"), books("fees")) == (eur(250_00), 0, 0)
    assert (again(payout).state, again(payout).refuse_reason, problems_of()) == ("refused", "Not this week", [])


def test_what_is_with_the_bank_or_ended_is_decided_no_more(desk):
    gone, sent = asked(desk), asked(desk, 5_00)
    withdraw_payout(desk.anna.id, gone.id, actor=me(desk.anna), at=NOON)
    made(desk)
    for payout in (gone, sent):
        for press in (approve_payout, release_payout):
            with pytest.raises(NotWaiting):
                press(payout.id, actor=desk.desk, at=NOON)
        for press in (hold_payout, refuse_payout):
            with pytest.raises(NotWaiting):
                press(payout.id, reason="x", actor=desk.desk, at=NOON)
    with pytest.raises(TooLateToWithdraw):
        withdraw_payout(desk.anna.id, sent.id, actor=me(desk.anna), at=NOON)
    with pytest.raises(NotFound):
        approve_payout(77, actor=desk.desk, at=NOON)


def test_withdrawn_and_refused_at_once_it_comes_back_once(desk):
    payout = asked(desk)
    presses = [
        lambda: withdraw_payout(desk.anna.id, payout.id, actor=me(desk.anna), at=NOON),
        lambda: refuse_payout(payout.id, reason="x", actor=desk.desk, at=NOON),
    ]

    at_once(2, lambda n: presses[n]())

    assert (wallet(desk.anna), books("transit"), problems_of()) == (eur(250_00), 0, [])
    assert Money(0, "EUR") == NONE.amount
