"""How many text messages leave: ten a day for one number or person, a budget for all, and none while the gateway is down."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import is_postgres, one, rows, run
from vps.post import actions, models
from vps.post.actions import NoSms, SmsBudgetSpent, SmsDown, TooManySms, claim, due, failed, number_of, post, post_sms, sent
from vps.post.models import offer_sms, sms_failures_in_row, sms_is_down, sms_offered

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
ANNA, BORIS = "+4915123456789", "+79161234567"


@pytest.fixture(autouse=True)
def _gateway():
    offer_sms(True)


def text(key: str, *, number: str = ANNA, person: int | None = None, at=NOON) -> None:
    post_sms("sms_test", key=key, number=number, language="de", facts={"code": "483920"}, person=person, at=at, expires_at=at + 5 * MINUTE)


def fail(times: int, at=NOON) -> None:
    (message,) = one("SELECT max(id) FROM outbox")
    for _ in range(times):
        failed(message, error="the gateway answered 500", at=at)


def test_a_text_message_is_due_on_its_own_channel(engine):
    text("a", person=7)

    assert due(NOON) == []
    [(_, key, kind, _, language, facts)] = due(NOON, channel="sms")
    assert (key, kind, language, facts["code"]) == ("a", "sms_test", "de", "483920")
    assert ANNA not in repr(rows("SELECT * FROM outbox")), "a number is nobody's business who has only the database"
    assert number_of(claim("sms", at=NOON)) == ANNA
    assert one("SELECT channel, person FROM outbox") == ("sms", 7)


def test_without_a_gateway_it_is_refused_and_nothing_waits_for_one(engine):
    offer_sms(False)

    with pytest.raises(NoSms):
        text("a")
    assert not sms_offered() and one("SELECT count(*) FROM outbox")[0] == 0


def test_a_number_gets_ten_within_a_day(engine):
    for n in range(10):
        text(f"a{n}", at=NOON + n * MINUTE)

    with pytest.raises(TooManySms) as refused:
        text("a10", at=NOON + 10 * MINUTE)
    assert refused.value.facts == {"most": 10}
    with pytest.raises(TooManySms):
        text("a10", at=NOON + DAY - MINUTE)

    text("a10", at=NOON + DAY)
    text("b", number=BORIS)


def test_a_person_gets_ten_whatever_the_number(engine):
    for n in range(10):
        text(f"a{n}", number=f"+49151234567{n:02}", person=7)

    with pytest.raises(TooManySms):
        text("a10", number=BORIS, person=7)
    text("b", number=BORIS, person=8)


def test_mails_to_a_person_do_not_count(engine):
    for n in range(11):
        post("notice", key=f"m{n}", address=ANNA, language="de", facts={}, at=NOON, person=7)

    text("a", person=7)


def test_what_is_posted_again_is_found_and_not_refused(engine):
    for n in range(10):
        text(f"a{n}")

    text("a3")
    assert one("SELECT count(*) FROM outbox")[0] == 10


def test_the_companys_budget_holds_for_all_together(engine):
    change_settings({"sms_per_day": 3}, actor=HOUSE, at=NOON)
    for n in range(3):
        text(f"a{n}", number=f"+4915123456{n:03}", at=NOON)

    with pytest.raises(SmsBudgetSpent):
        text("b", number=BORIS, at=NOON + DAY - MINUTE)
    text("b", number=BORIS, at=NOON + DAY)


def test_every_reason_can_be_caught_as_one():
    assert all(issubclass(kind, NoSms) for kind in (TooManySms, SmsBudgetSpent, SmsDown))


def test_after_twenty_failures_in_a_row_another_way_is_offered_for_five_minutes(engine):
    text("a")
    fail(19)
    assert not sms_is_down(NOON)

    fail(1)

    assert sms_is_down(NOON) and sms_failures_in_row() == 20
    with pytest.raises(SmsDown):
        text("b", at=NOON + 4 * MINUTE)
    assert not sms_is_down(NOON + 5 * MINUTE)
    text("b", at=NOON + 5 * MINUTE)


def test_one_more_failure_after_that_closes_it_again_at_once(engine):
    text("a")
    fail(20)
    fail(1, NOON + 6 * MINUTE)

    assert sms_is_down(NOON + 10 * MINUTE)


def test_one_success_ends_the_row(engine):
    text("a")
    text("b", number=BORIS)
    fail(20)

    sent(claim("sms", at=NOON).id, at=NOON + MINUTE)

    assert not sms_is_down(NOON + MINUTE) and sms_failures_in_row() == 0
    fail(19, NOON + 2 * MINUTE)
    assert not sms_is_down(NOON + 2 * MINUTE)


def test_failures_of_many_messages_are_one_row(engine):
    for n in range(20):
        text(f"a{n}", number=f"+4915123456{n:03}")
        fail(1, NOON + timedelta(seconds=n))

    assert sms_is_down(NOON + MINUTE)


def test_mails_that_fail_say_nothing_about_the_gateway(engine):
    post("notice", key="m", address="anna@example.com", language="de", facts={}, at=NOON)
    fail(30)

    assert not sms_is_down(NOON)


COUNTS = ("MADE_FOR_NUMBER", "MADE_FOR_PERSON", "MADE", "DUE", "EXPIRED")


@pytest.mark.parametrize("sql", [*(getattr(actions, name) for name in COUNTS), models.NEWEST_FAILURE, models.SENT_SINCE])
def test_every_question_is_answered_from_an_index(engine, sql):
    values = [1] * sql.count("?")
    if is_postgres():
        values = [values[0] if "person = ?" in sql else "1", *values[1:]] if "= ?" in sql else values
        run("SET enable_seqscan = off")
        plan = " ".join(line for (line,) in rows(f"EXPLAIN {sql}", *values))
        assert "Index" in plan and "Seq Scan" not in plan and "Sort" not in plan
    else:
        plan = " ".join(line[3] for line in rows(f"EXPLAIN QUERY PLAN {sql}", *values))
        assert "INDEX outbox_" in plan and "TEMP B-TREE" not in plan
