"""A transfer to the wrong partner: asked back once, given back by a code and whole, kept, or closed by the office. Nothing is taken."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.bank.payouts import confirmed, freeze_now, me
from tests.cast import NOON, balance, eur, sheet_of
from tests.wallets.standing import agreement, give, send, wallet
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import one, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit, set_up
from vps.security.actions.refusals import Frozen
from vps.trust.models import Level, LevelSet, Rule, body_of
from vps.wallets.actions import (
    AnsweredAlready,
    Changed,
    NothingArrives,
    NotReversedYet,
    Owing,
    TooLateToAsk,
    WalletFrozen,
    ask_back,
    close_case,
    give_back,
    keep_it,
    make_transfer,
    open_wallet,
    plan_back,
    plan_reversal,
)
from vps.wallets.models import Transfer, case_of, given_back, open_cases, purse
from vps.wallets.models.asked_back import Answer

DAY = timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def wrong(cast):
    """Anna has sent 40.00 to Boris, who was not meant."""
    sheet_of(cast.boris)
    cast.transfer = send(cast.anna, cast.boris)
    return cast


@pytest.fixture
def one_engine(house):
    sheet_of(house.boris)
    house.transfer = send(house.anna, house.boris)
    return house


def ask(house, at=NOON, text="", person=None):
    person = person or house.anna
    return ask_back(person.id, house.transfer, text, actor=me(person), at=at)


def keep(house, at=NOON, person=None):
    person = person or house.boris
    keep_it(person.id, house.transfer, actor=me(person), at=at)


def close(house, outcome, at=NOON):
    close_case(house.transfer, outcome, "called both", authorisation=ByStaff(me(house.dragan)), at=at)


def now(house, at=NOON):
    return case_of(house.transfer).answer(at)


def test_it_is_asked_once_told_once_and_moves_nothing(wrong):
    run("UPDATE person SET email = 'boris@example.com' WHERE id = ?", wrong.boris.id)
    assert now(wrong) is None

    assert len({*at_once(4, lambda _: ask(wrong, text="meant for Boris K."))}) == 1

    assert (now(wrong), case_of(wrong.transfer).text) == (Answer.WAITS, "meant for Boris K.")
    assert one("SELECT count(*) FROM outbox WHERE kind = 'asked_back' AND address = 'boris@example.com'")[0] == 1
    assert (balance(wrong.anna), balance(wrong.boris)) == (eur(210_00), eur(40_00))


def test_a_code_gives_back_all_that_arrived_once(wrong):
    ask(wrong)
    by = agreement(wrong.boris, wrong.transfer)

    made = give_back(authorisation=by, at=NOON)

    assert give_back(authorisation=by, at=NOON) == made, "sent twice"
    assert (balance(wrong.anna), balance(wrong.boris)) == (eur(250_00), eur(0))
    back = Transfer.get_by_id(made)
    assert (back.key, back.kind, back.sender_id, back.fee) == (f"back:{wrong.transfer}", "partner", wrong.boris.id, 0)
    assert now(wrong) is Answer.GIVEN and given_back(wrong.transfer)
    with pytest.raises(AnsweredAlready):
        plan_back(case_of(wrong.transfer), at=NOON)


def test_two_codes_at_once_give_back_once(wrong):
    ask(wrong)
    permits = [agreement(wrong.boris, wrong.transfer)]
    run("UPDATE tan SET used_at = 1 WHERE n = ?", permits[0].snapshot.n)
    permits.append(agreement(wrong.boris, wrong.transfer))
    run("UPDATE tan SET used_at = NULL WHERE n = ?", permits[0].snapshot.n)

    answers = at_once(2, lambda n: give_back(authorisation=permits[n], at=NOON))

    assert sorted(type(answer).__name__ for answer in answers) == ["AnsweredAlready", "int"]
    assert (balance(wrong.anna), balance(wrong.boris)) == (eur(250_00), eur(0))


def test_no_limit_stops_giving_back_and_what_is_too_much_is_held(one_engine):
    ask(one_engine)
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    nothing = Rule("transfer", "each", 0), Rule("received", "each", 0)
    LevelSet.create(body=body_of((Level(0, (), (), 0, 1, nothing, (), 1, ()),)), since=NOON)

    give(one_engine.boris, one_engine.transfer)

    assert balance(one_engine.anna) == eur(250_00) and purse(one_engine.anna.id, "EUR").available == eur(1)


def test_it_is_asked_for_fourteen_days_by_its_sender_alone(one_engine):
    for person in (one_engine.boris, one_engine.clara):
        with pytest.raises(NotFound):
            ask(one_engine, person=person)
    with pytest.raises(TooLateToAsk):
        ask(one_engine, at=NOON + 14 * DAY)
    run("UPDATE transfer SET reversed_at = 1 WHERE id = ?", one_engine.transfer)
    with pytest.raises(TooLateToAsk):
        ask(one_engine)
    run("UPDATE transfer SET reversed_at = NULL")
    assert ask(one_engine, at=NOON + 14 * DAY - timedelta(microseconds=1))


def test_what_was_given_back_is_not_asked_back_again(one_engine):
    ask(one_engine)
    back = give(one_engine.boris, one_engine.transfer)

    with pytest.raises(TooLateToAsk):
        ask_back(one_engine.boris.id, back, "", actor=me(one_engine.boris), at=NOON)


def test_nobody_else_keeps_or_gives_it(one_engine):
    with pytest.raises(NotFound):
        keep(one_engine)
    ask(one_engine)
    for person in (one_engine.anna, one_engine.clara):
        with pytest.raises(NotFound):
            keep(one_engine, person=person)
    by = agreement(one_engine.boris, one_engine.transfer)
    sheet_of(one_engine.anna)
    forged = confirmed(one_engine.anna, by.snapshot.kind, by.snapshot.subject, "x", amount=by.snapshot.amount, motive="transfer")
    with pytest.raises(NotFound):
        give_back(authorisation=forged, at=NOON)
    assert balance(one_engine.boris) == eur(40_00)


def test_the_office_sees_it_when_it_is_kept_or_nobody_answers(one_engine):
    ask(one_engine)
    assert open_cases(NOON + WEEK - timedelta(microseconds=1)) == []
    assert [case.transfer for case in open_cases(NOON + WEEK)] == [one_engine.transfer] and now(one_engine, NOON + WEEK) is Answer.SILENT
    for _ in range(2):
        keep(one_engine)
    assert len(open_cases(NOON)) == 1 and now(one_engine) is Answer.DECLINED
    assert one("SELECT count(*) FROM event WHERE verb = 'giving back declined'")[0] == 1

    give(one_engine.boris, one_engine.transfer)

    assert open_cases(NOON) == [] and now(one_engine) is Answer.GIVEN, "who kept it may think better of it"
    with pytest.raises(AnsweredAlready):
        keep_it(one_engine.boris.id, send_again(one_engine), actor=me(one_engine.boris), at=NOON)


def send_again(house):
    """Another transfer that was asked back and closed."""
    house.transfer = send(house.anna, house.boris, key="again")
    ask(house)
    close(house, "settled", NOON + WEEK)
    return house.transfer


def test_the_office_closes_a_case_by_what_it_found(one_engine):
    with pytest.raises(NotFound):
        close(one_engine, "settled")
    ask(one_engine)
    with pytest.raises(AnsweredAlready):
        close(one_engine, "settled")
    keep(one_engine)
    with pytest.raises(NotReversedYet):
        close(one_engine, "reversed")
    run("UPDATE transfer SET reversed_at = 1 WHERE id = ?", one_engine.transfer)
    assert now(one_engine) is Answer.REVERSED and len(open_cases(NOON)) == 1

    close(one_engine, "reversed")

    case = case_of(one_engine.transfer)
    assert (case.answer(NOON), case.outcome, case.note, open_cases(NOON)) == (Answer.CLOSED, "reversed", "called both", [])
    with pytest.raises(AnsweredAlready):
        plan_back(case, at=NOON)


def test_what_is_gone_frozen_or_owed_is_not_given_back(one_engine):
    ask(one_engine)
    case = case_of(one_engine.transfer)
    account = case.target
    for sql, undone, refusal in (
        ("UPDATE wallet SET frozen_at = 1 WHERE account_id = ?", "UPDATE wallet SET frozen_at = NULL WHERE account_id = ?", WalletFrozen),
        ("UPDATE account SET floor = 5000, debt = 5000 WHERE id = ?", "UPDATE account SET floor = 0, debt = 0 WHERE id = ?", Owing),
        ("UPDATE account SET reserved = 1 WHERE id = ?", "UPDATE account SET reserved = 0 WHERE id = ?", NotEnoughCredit),
        ("UPDATE wallet SET closed_at = 1 WHERE account_id = ?", "UPDATE wallet SET closed_at = NULL WHERE account_id = ?", NotFound),
    ):
        run(sql, account)
        with pytest.raises(refusal):
            plan_back(case, at=NOON)
        run(undone, account)
    by = agreement(one_engine.boris, one_engine.transfer)
    freeze_now(one_engine.boris)
    with pytest.raises(Frozen):
        give_back(authorisation=by, at=NOON)
    assert balance(one_engine.boris) == eur(40_00)


def test_other_money_comes_back_at_the_rate_of_the_day_that_was_confirmed(one_engine):
    anna, boris = one_engine.anna, one_engine.boris
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", "100", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    open_wallet(anna.id, "RSD", at=NOON)
    dinars = wallet(anna, "RSD")
    make_transfer(
        "x", sender=anna.id, from_wallet=wallet(anna), recipient=anna.id, to_wallet=dinars, amount=eur(50_00), actor=Actor(anna.id), at=NOON
    )
    one_engine.transfer = send(anna, boris, key="dinars", money=Money(1_000_00, "RSD"))
    ask(one_engine)
    assert plan_back(case_of(one_engine.transfer), at=NOON).arrives == Money(1_000_00, "RSD")
    by = agreement(boris, one_engine.transfer)
    set_rate("EUR", "RSD", "120", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    with pytest.raises(Changed):
        give_back(authorisation=by, at=NOON)

    give(boris, one_engine.transfer)

    assert purse(anna.id, "RSD").available == Money(5_200_00, "RSD")
    set_rate("EUR", "RSD", "0.0001", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    one_engine.transfer = send(anna, boris, key="few", money=Money(1, "RSD"))
    ask(one_engine)
    set_rate("EUR", "RSD", "0.000000001", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    with pytest.raises(NothingArrives):
        plan_back(case_of(one_engine.transfer), at=NOON)


def test_what_was_given_back_is_not_reversed_as_well(one_engine):
    ask(one_engine)
    give(one_engine.boris, one_engine.transfer)

    with pytest.raises(AlreadyReversed):
        plan_reversal(one_engine.transfer, actor=me(one_engine.dragan), at=NOON)
