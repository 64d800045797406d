"""A code that comes back proves an e-mail address or a phone: three tries, half an hour, never stored."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.kernel.authorisation import Actor
from vps.kernel.codes import NotACode
from vps.kernel.database import one, rows, run
from vps.kernel.text import WrongPhone
from vps.post.actions import NoSms
from vps.post.models import offer_sms
from vps.trust.actions import (
    CodeJustSent,
    CodeSentTooOften,
    NoCodeWaiting,
    NoEmail,
    StepGivenUp,
    TooManyCodes,
    WrongStepCode,
    accept_proved,
    claim_email,
    claim_mobile,
    confirm_step_code,
    send_step_code,
    step_code,
    told_by_code,
)
from vps.trust.models import IdentityStep, State, accepted_steps, steps_of

MINUTE, TODAY = timedelta(minutes=1), date(2026, 11, 20)
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def gateway():
    offer_sms(True)
    yield
    offer_sms(False)


def mailed(person, at=NOON) -> int:
    return claim_email(person.id, actor=Actor(person.id), at=at)


def typed(person, code, at=NOON, step="email"):
    confirm_step_code(person.id, step, code, actor=Actor(person.id), at=at)


def code_of(claim) -> str:
    return step_code(IdentityStep.get_by_id(claim))


def wrong(claim) -> str:
    return f"{(int(code_of(claim)) + 1) % 10**6:06d}"


def state(person, at=NOON, step="email"):
    return next(each.state for each in steps_of(person.id, at) if each.step == step)


def test_the_code_in_the_mail_proves_the_address(cast):
    claim = mailed(cast.anna)
    assert one("SELECT kind, address FROM outbox WHERE sent_at IS NULL ORDER BY id DESC LIMIT 1") == ("identity_code", "anna@example.com")

    typed(cast.anna, f" {code_of(claim)[:3]} {code_of(claim)[3:]} ")

    assert accepted_steps(cast.anna.id, TODAY) == {"email"} and state(cast.anna) is State.ACCEPTED
    assert told_by_code(claim) == {"code": code_of(claim)}
    assert code_of(claim) not in repr([rows(f"SELECT * FROM {table}") for table in ("identity_step", "outbox", "event")])
    assert one("SELECT count(*) FROM outbox WHERE kind = 'identity'")[0] == 0, "what one did oneself needs no mail"


def test_the_code_in_the_sms_proves_the_phone_however_it_was_typed(cast):
    claim = claim_mobile(cast.anna.id, "0049 (0)151 / 2345 6789", actor=Actor(cast.anna.id), at=NOON)
    assert IdentityStep.get_by_id(claim).value == NUMBER
    assert NUMBER not in repr(rows("SELECT * FROM outbox")) and NUMBER not in repr(rows("SELECT * FROM event"))

    typed(cast.anna, code_of(claim), step="mobile")

    assert accepted_steps(cast.anna.id, TODAY) == {"mobile"}


def test_three_wrong_codes_end_it_and_are_remembered(cast):
    claim = mailed(cast.anna)
    for left in (2, 1):
        with pytest.raises(WrongStepCode) as refused:
            typed(cast.anna, wrong(claim))
        assert refused.value.facts == {"left": left}
    with pytest.raises(StepGivenUp):
        typed(cast.anna, wrong(claim))

    with pytest.raises(NoCodeWaiting):
        typed(cast.anna, code_of(claim))
    assert state(cast.anna) is State.MISSING and one("SELECT count(*) FROM event WHERE verb = 'step given up'")[0] == 1


def test_tries_at_once_are_three_all_the_same(cast):
    claim = mailed(cast.anna)
    answers = at_once(6, lambda _: typed(cast.anna, wrong(claim)))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoCodeWaiting"] * 3 + ["StepGivenUp"] + ["WrongStepCode"] * 2


def test_a_code_is_good_for_half_an_hour_from_when_it_was_sent(cast):
    claim = mailed(cast.anna)
    assert state(cast.anna, NOON + 29 * MINUTE) is State.WAITING and state(cast.anna, NOON + 30 * MINUTE) is State.MISSING
    send_step_code(cast.anna.id, "email", actor=Actor(cast.anna.id), at=NOON + 20 * MINUTE)
    with pytest.raises(StepGivenUp):
        typed(cast.anna, code_of(claim), NOON + 50 * MINUTE)

    typed(cast.anna, code_of(mailed(cast.anna, NOON + 51 * MINUTE)), NOON + 80 * MINUTE)
    assert accepted_steps(cast.anna.id, TODAY) == {"email"}


def test_the_code_of_somebody_else_proves_nothing(cast):
    run("UPDATE person SET email = 'boris@example.com' WHERE id = ?", cast.boris.id)
    of_anna, of_boris = mailed(cast.anna), mailed(cast.boris)

    assert code_of(of_anna) != code_of(of_boris)
    with pytest.raises(WrongStepCode):
        typed(cast.boris, code_of(of_anna))
    with pytest.raises(NoCodeWaiting):
        typed(cast.clara, code_of(of_anna))


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "12345O"])
def test_what_is_no_code_costs_no_try(house, code):
    mailed(house.anna)
    with pytest.raises(NotACode):
        typed(house.anna, code)
    assert one("SELECT tries FROM identity_step")[0] == 0


def test_a_changed_address_is_not_proved_any_more(cast):
    typed(cast.anna, code_of(mailed(cast.anna)))
    run("UPDATE person SET email = 'other@example.com' WHERE id = ?", cast.anna.id)
    assert accepted_steps(cast.anna.id, TODAY) == frozenset() and state(cast.anna) is State.MISSING

    typed(cast.anna, code_of(mailed(cast.anna, NOON + 5 * MINUTE)), NOON + 5 * MINUTE)
    assert accepted_steps(cast.anna.id, TODAY) == {"email"}


def test_an_address_changed_while_the_code_was_on_its_way_is_not_proved_by_it(house):
    claim = mailed(house.anna)
    run("UPDATE person SET email = 'other@example.com' WHERE id = ?", house.anna.id)
    with pytest.raises(StepGivenUp):
        typed(house.anna, code_of(claim))


def test_the_code_is_sent_again_after_a_minute_and_three_times_at_most(house):
    claim = mailed(house.anna)
    assert mailed(house.anna, NOON + MINUTE / 2) == claim, "pressed twice"
    anna = Actor(house.anna.id)
    with pytest.raises(CodeJustSent) as soon:
        send_step_code(house.anna.id, "email", actor=anna, at=NOON + MINUTE / 2)
    assert soon.value.facts == {"seconds": 31}
    for minutes in (1, 2):
        send_step_code(house.anna.id, "email", actor=anna, at=NOON + minutes * MINUTE)
    with pytest.raises(CodeSentTooOften):
        send_step_code(house.anna.id, "email", actor=anna, at=NOON + 5 * MINUTE)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'identity_code'")[0] == 3


def test_five_codes_a_day_are_the_most(house):
    for n in range(5):
        mailed(house.anna, NOON + n * 2 * MINUTE)
    with pytest.raises(TooManyCodes):
        mailed(house.anna, NOON + 10 * MINUTE)
    assert mailed(house.anna, NOON + timedelta(days=1, minutes=1))


def test_nothing_is_sent_where_there_is_no_way(house):
    anna = Actor(house.anna.id)
    with pytest.raises(NoEmail):
        mailed(house.boris)
    with pytest.raises(WrongPhone):
        claim_mobile(house.anna.id, "0151", actor=anna, at=NOON)
    for step in ("email", "document"):
        with pytest.raises(NoCodeWaiting):
            send_step_code(house.anna.id, step, actor=anna, at=NOON)
    offer_sms(False)
    with pytest.raises(NoSms):
        claim_mobile(house.anna.id, NUMBER, actor=anna, at=NOON)
    assert one("SELECT count(*) FROM identity_step")[0] == 0


def test_a_proof_from_elsewhere_ends_a_code_that_waits(house):
    claim_mobile(house.anna.id, NUMBER, actor=Actor(house.anna.id), at=NOON)
    other = accept_proved(house.anna.id, "mobile", "+385911234567", actor=Actor(house.anna.id), at=NOON)
    same = claim_mobile(house.anna.id, NUMBER, actor=Actor(house.anna.id), at=NOON + MINUTE)

    assert accept_proved(house.anna.id, "mobile", NUMBER, actor=Actor(house.anna.id), at=NOON + MINUTE) == same != other
