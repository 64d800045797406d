"""The number for codes by SMS: proved by a code that came back, in force after its rest, the old one until then."""

from datetime import timedelta

import pytest

from tests.cast import NOON, app_of, sheet_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows, run
from vps.kernel.keys import NotOurs
from vps.post.actions import NoSms
from vps.post.models import offer_sms
from vps.security.actions import NotACode, NotSafeAlone, begin_phone, confirm_phone, end_phones, permit, send_phone_code, told_by_phone
from vps.security.actions.phones import NoPhoneWaiting, PhoneGivenUp, WrongPhoneCode, phone_code
from vps.security.actions.refusals import SentJustNow, SentTooOften
from vps.security.models import Phone, ways_of

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
FIRST, SECOND = "+4915123456789", "+385911234567"


@pytest.fixture(autouse=True)
def gateway():
    offer_sms(True)
    yield
    offer_sms(False)


def begin(person, number=FIRST, at=NOON) -> Phone:
    return begin_phone(person.id, number, actor=Actor(person.id), at=at)


def prove(person, number=FIRST, at=NOON):
    return confirm_phone(person.id, phone_code(begin(person, number, at)), actor=Actor(person.id), at=at)


def allow(cast, person, at=NOON) -> None:
    permit(person.id, "office", actor=Actor(cast.dragan.id), at=at)


def test_the_first_number_counts_as_soon_as_its_code_came_back(cast):
    begin(cast.anna)
    assert ways_of(cast.anna.id, NOON) == ()

    assert prove(cast.anna) == NOON

    assert ways_of(cast.anna.id, NOON) == ("sms",)
    assert Phone.in_force(cast.anna.id, NOON).plain == FIRST
    assert one("SELECT after FROM event WHERE verb = 'phone added'")[0] == "… 89"


def test_the_code_stands_in_the_message_and_nowhere_else(cast):
    phone = begin(cast.anna)

    assert told_by_phone(phone.id) == {"code": phone_code(phone)}
    kept = repr([rows(f"SELECT * FROM {table}") for table in ("phone", "outbox", "event")])
    assert phone_code(phone) not in kept and FIRST not in kept


def test_a_further_way_by_sms_is_permitted_first_and_rests(cast):
    sheet_of(cast.anna)
    with pytest.raises(NotSafeAlone):
        begin(cast.anna)

    allow(cast, cast.anna)
    assert prove(cast.anna) == NOON + DAY

    assert ways_of(cast.anna.id, NOON + DAY - MINUTE) == ("sheet",)
    assert ways_of(cast.anna.id, NOON + DAY) == ("sheet", "sms")


def test_another_number_rests_while_the_old_one_goes_on(cast):
    prove(cast.anna)
    allow(cast, cast.anna, NOON + MINUTE)
    prove(cast.anna, SECOND, NOON + MINUTE)

    assert Phone.in_force(cast.anna.id, NOON + MINUTE).plain == FIRST
    assert Phone.in_force(cast.anna.id, NOON + MINUTE + DAY).plain == SECOND


def test_a_number_that_still_rested_is_replaced(cast):
    prove(cast.anna)
    for number, at in ((SECOND, NOON + MINUTE), ("+381601234567", NOON + 2 * MINUTE)):
        allow(cast, cast.anna, at)
        prove(cast.anna, number, at)

    assert [phone.ending for phone in Phone.verified(cast.anna.id)] == ["67", "89"]
    assert Phone.in_force(cast.anna.id, NOON + 2 * DAY).plain == "+381601234567"


def test_pressed_twice_it_is_one_number_and_one_code(cast):
    assert begin(cast.anna).id == begin(cast.anna).id
    assert one("SELECT count(*) FROM outbox WHERE kind = 'phone'")[0] == 1
    assert begin(cast.anna, SECOND).ending == "67"
    assert one("SELECT count(*) FROM phone WHERE ended_at IS NULL")[0] == 1, "the one that was mistyped waits no more"


def test_wrong_codes_are_counted_and_three_end_it(cast):
    phone = begin(cast.anna)
    wrong = "000000" if phone_code(phone) != "000000" else "000001"
    with pytest.raises(NotACode):
        confirm_phone(cast.anna.id, "12", actor=Actor(cast.anna.id), at=NOON)
    for left in (2, 1):
        with pytest.raises(WrongPhoneCode) as refused:
            confirm_phone(cast.anna.id, wrong, actor=Actor(cast.anna.id), at=NOON)
        assert refused.value.facts == {"left": left}
    with pytest.raises(PhoneGivenUp):
        confirm_phone(cast.anna.id, wrong, actor=Actor(cast.anna.id), at=NOON)
    with pytest.raises(NoPhoneWaiting):
        confirm_phone(cast.anna.id, phone_code(phone), actor=Actor(cast.anna.id), at=NOON)
    assert ways_of(cast.anna.id, NOON) == ()


def test_a_code_older_than_five_minutes_proves_nothing(cast):
    phone = begin(cast.anna)
    with pytest.raises(PhoneGivenUp):
        confirm_phone(cast.anna.id, phone_code(phone), actor=Actor(cast.anna.id), at=NOON + 5 * MINUTE)
    assert Phone.waiting(cast.anna.id) is None


def test_the_code_is_sent_again_after_a_minute_and_three_times_at_most(cast):
    begin(cast.anna)
    with pytest.raises(SentJustNow):
        send_phone_code(cast.anna.id, at=NOON)
    for minutes in (1, 2):
        send_phone_code(cast.anna.id, at=NOON + minutes * MINUTE)
    with pytest.raises(SentTooOften):
        send_phone_code(cast.anna.id, at=NOON + 3 * MINUTE)
    with pytest.raises(NoPhoneWaiting):
        send_phone_code(cast.boris.id, at=NOON)


def test_the_office_takes_a_number_away_and_its_wrong_codes_are_forgotten(cast):
    prove(cast.anna)
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks) VALUES (?, 'sms', 4, 4, 0)", cast.anna.id)

    for _ in range(2):
        end_phones(cast.anna.id, actor=Actor(cast.dragan.id), at=NOON)

    assert ways_of(cast.anna.id, NOON) == ()
    assert one("SELECT count(*) FROM way")[0] == 0
    assert one("SELECT count(*) FROM event WHERE verb = 'phone removed'")[0] == 1


def test_without_a_gateway_no_number_is_kept(cast):
    offer_sms(False)
    with pytest.raises(NoSms):
        begin(cast.anna)
    assert one("SELECT count(*) FROM phone")[0] == 0


def test_a_number_copied_to_somebody_else_opens_for_nobody(cast):
    prove(cast.anna)
    app_of(cast.boris)
    secret = bytes(one("SELECT number FROM phone")[0])
    run(
        "INSERT INTO phone (person_id, number, ending, made_at, tries, sends, verified_at, usable_from) VALUES (?, ?, '89', 1, 0, 1, 1, 1)",
        cast.boris.id,
        secret,
    )

    with pytest.raises(NotOurs):
        _ = Phone.in_force(cast.boris.id, NOON).plain
