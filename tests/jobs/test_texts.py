"""Text messages through a gateway that misbehaves in every way it can: none is lost, none is said in a log, nobody else waits."""

import logging
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.company.actions import change_settings
from vps.jobs import rendering, worker
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import database, one, rows
from vps.post.actions import RETRY_SMS, Claimed, post, post_sms
from vps.post.gateway import Console, Gateway
from vps.post.mail import Smtp
from vps.post.models import offer_sms, sms_is_down
from vps.post.sms import parts

MINUTE = timedelta(minutes=1)
GET = "/?to={to}&text={text}&coding={coding}&key={key}"
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def _offered(settings, caplog):
    offer_sms(True)
    caplog.set_level(logging.INFO)


@pytest.fixture
def with_code(settings, tmp_path):
    """An installation that has a kind of message with a code in it."""
    template = tmp_path / "ours" / "templates" / "post" / "with_code.txt"
    template.parent.mkdir(parents=True)
    template.write_text("TAN {{ code }}\n")
    return replace(settings, data=tmp_path / "ours")


def text(key: str = "a", *, kind: str = "sms_test", at=NOON, language="de", number=NUMBER, code="483920", person=None, expires=60) -> None:
    post_sms(kind, key=key, number=number, language=language, facts={"code": code}, person=person, at=at, expires_at=at + expires * MINUTE)


@pytest.mark.parametrize(
    ("language", "shown", "coding"),
    [
        ("de", "VPS von Alpenkräuter: Das ist eine Probenachricht.", "0"),
        ("sr", "VPS firme Alpenkräuter: ovo je probna poruka.", "0"),
        ("ru", "VPS компании Alpenkräuter: это пробное сообщение.", "2"),
    ],
)
def test_a_message_goes_out_once_in_the_recipients_language(house, gate, settings, hands, language, shown, coding):
    change_settings({"name": "Alpenkräuter"}, actor=HOUSE, at=NOON)
    text(language=language)

    assert [worker.text_due(settings, Gateway(gate.url + GET)) for _ in range(2)] == [1, 0]

    (asked,) = gate.asked
    assert (asked.query["to"], asked.query["text"], asked.query["coding"]) == (NUMBER, shown, coding)
    assert one("SELECT facts, sent_at IS NOT NULL FROM outbox") == ("{}", 1)


@pytest.mark.parametrize(("language", "most"), [("en", 1), ("de", 1), ("hr", 1), ("sr", 1), ("sr_Latn", 1), ("ru", 2)])
def test_a_test_message_costs_one_part_and_in_russian_two(house, settings, language, most):
    change_settings({"name": "Вртлари Đorđević & Žižić „Šumska čarolija“ d.o.o."}, actor=HOUSE, at=NOON)
    message = Claimed(1, "k", "sms_test", NUMBER, language, {})

    assert parts(rendering.render_text(settings, message)) <= most


def test_mails_and_messages_keep_to_their_own_ways(house, gate, smtp, settings, hands):
    text()
    post("answer", key="m", address="anna@example.com", language="en", facts={}, at=NOON)

    assert worker.send_due(settings, Smtp(smtp.url)) == 1
    assert worker.text_due(settings, Gateway(gate.url + GET)) == 1
    assert len(gate.asked) == len(smtp.messages) == 1


@pytest.mark.parametrize("answer", [(500, "TAN 483920", {}), (200, "<html>483920", {}), (403, "", {}), (302, "", {"Location": "/483920"})])
def test_what_was_not_taken_is_sent_again_soon_with_the_same_key_and_never_said(house, gate, with_code, hands, caplog, answer):
    text(kind="with_code")
    gate.answers = [answer, (200, "OK", {})]
    way = Gateway(gate.url + GET, ok="OK")

    assert [worker.text_due(with_code, way) for _ in range(2)] == [0, 0]
    hands.move(RETRY_SMS[0])
    assert worker.text_due(with_code, way) == 1

    assert gate.texts == ["TAN 483920"] * 2
    assert len({asked.query["key"] for asked in gate.asked}) == 1
    assert "could not be sent" in caplog.text
    for secret in ("483920", "15123456789"):
        assert secret not in caplog.text and not rows("SELECT 1 FROM outbox WHERE error LIKE ?", f"%{secret}%")


def test_a_gateway_that_loses_its_answer_gets_the_message_twice_under_one_key(house, gate, settings, hands):
    text()
    gate.answers = [None, (200, "OK", {})]

    assert worker.text_due(settings, Gateway(gate.url + GET, patience=0.2)) == 0
    hands.move(RETRY_SMS[0])
    assert worker.text_due(settings, Gateway(gate.url + GET)) == 1

    assert len(gate.asked) == 2 and len({asked.query["key"] for asked in gate.asked}) == 1


def test_a_gateway_that_asks_for_a_pause_gets_one(house, gate, settings, hands):
    text()
    gate.answers = [(429, "", {"Retry-After": "600"}), (200, "OK", {})]
    way = Gateway(gate.url + GET)

    worker.text_due(settings, way)
    hands.move(9 * MINUTE)
    assert worker.text_due(settings, way) == 0 and len(gate.asked) == 1
    hands.move(MINUTE)
    assert worker.text_due(settings, way) == 1


def test_a_code_that_is_no_longer_good_is_not_sent(house, gate, settings, hands):
    text(expires=5)
    gate.answers = [(503, "", {}), (200, "OK", {})]

    worker.text_due(settings, Gateway(gate.url + GET))
    hands.move(5 * MINUTE)

    assert worker.text_due(settings, Gateway(gate.url + GET)) == 0 and len(gate.asked) == 1
    worker.House()(threading.Event())
    assert one("SELECT facts, given_up_at IS NOT NULL FROM outbox") == ("{}", 1), "even where there is no gateway any more"


def test_after_twenty_failures_another_way_is_offered_until_one_gets_through(house, gate, settings, hands):
    change = [(500, "", {})] * 20 + [(200, "OK", {})]
    gate.answers = change
    for n in range(4):
        text(f"a{n}", number=f"+4915123456{n:03}")
    way = Gateway(gate.url + GET)

    while len(gate.asked) < 20:
        assert not sms_is_down(hands.now)
        worker.text_due(settings, way)
        hands.move(timedelta(seconds=15))

    assert sms_is_down(hands.now)
    hands.move(5 * MINUTE)
    assert worker.text_due(settings, way) == 4
    assert not sms_is_down(hands.now)


def test_two_workers_send_each_message_once(cast, gate, settings):
    for n in range(12):
        text(f"a{n}", number=f"+4915123456{n:03}", at=clock() - MINUTE)

    counts = at_once(4, lambda _: worker.text_due(settings, Gateway(gate.url + GET)))

    assert sum(counts) == 12
    assert sorted(asked.query["to"] for asked in gate.asked) == sorted({asked.query["to"] for asked in gate.asked})


def test_a_gateway_that_hangs_holds_up_no_mail_and_locks_nothing(house, gate, settings):
    arrived = threading.Event()

    class Mailbox:
        def send(self, message):
            arrived.set()

    text(at=clock() - MINUTE)
    post("answer", key="m", address="anna@example.com", language="en", facts={}, at=clock() - MINUTE)
    gate.answers = [None]
    working = threading.Thread(target=worker.work, args=(settings, Mailbox(), Gateway(gate.url + GET, patience=30)), kwargs={"rounds": 1})
    working.start()
    try:
        assert gate.waiting.wait(20) and arrived.wait(20)
        # The gateway still hangs, and a payment would be booked now: nobody holds the lock.
        post("answer", key="n", address="anna@example.com", language="en", facts={}, at=clock())
        assert not database.in_transaction() and one("SELECT tries FROM outbox WHERE channel = 'sms'") == (0,)
    finally:
        gate.open.set()
        working.join()

    assert one("SELECT tries FROM outbox WHERE channel = 'sms'") == (1,)


def test_who_is_asked_to_stop_takes_nothing_more_in_hand(house, gate, settings, hands):
    text()
    stop = threading.Event()
    stop.set()

    assert worker.text_due(settings, Gateway(gate.url + GET), stop) == 0
    assert gate.asked == [] and one("SELECT lease_until FROM outbox") == (None,)


def test_the_demo_prints_what_would_be_sent(house, settings, hands, capsys):
    text(language="en")

    assert worker.text_due(settings, Console()) == 1
    assert capsys.readouterr().out == "SMS to +4915123456789: VPS of Alpenkraut: this is a test message.\n"


def test_what_nobody_thought_of_ends_the_worker_and_is_seen(house, settings):
    class Broken:
        def send(self, message):
            raise ZeroDivisionError

    text(at=clock() - MINUTE)

    with pytest.raises(ZeroDivisionError):
        worker.work(settings, Broken(), Broken())
