"""Mail servers fail in every way they know; money flows on, and in the end every mail arrives once, in order, and can be known again."""

import ssl
import threading
from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.jobs.conftest import Mailbox
from tests.post.certificates import authority
from vps.jobs import worker
from vps.kernel.clock import micros
from vps.kernel.database import one, rows
from vps.post.actions import post
from vps.post.mail import Smtp, WayShut

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def write(key: str, *, at=NOON) -> None:
    facts = {"name": "Anna", "question": key, "answer": "!", "booking": 1}
    post("answer", key=key, address="anna@example.com", language="en", facts=facts, at=at)


def subjects(box: Mailbox) -> list[str]:
    said = [message.get_content().splitlines() for message in box.messages]
    return [lines[lines.index("You asked:") + 1] for lines in said]


def test_a_server_that_is_off_for_a_day_gets_every_mail_once_and_in_order(house, smtp, settings, hands, caplog):
    smtp.off()
    posted = []
    for hour in range(24):
        posted.append(f"{hour:02}")
        write(posted[-1], at=hands.now)
        # By day's end the first has been tried often and the last hardly: that must not change who comes first.
        with pytest.raises(WayShut):
            worker.send_due(settings, Smtp(smtp.url))
        hands.move(HOUR)
    assert smtp.messages == [] and one("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND tries > 0")[0] == 24

    smtp.on()
    assert [worker.send_due(settings, Smtp(smtp.url)) for _ in range(3)] == [20, 4, 0]

    assert subjects(smtp) == posted
    assert len(set(smtp.ids)) == 24
    assert rows("SELECT DISTINCT error FROM outbox") == [("",)]


def test_one_try_tells_for_all_that_nothing_can_go_out(house, smtp, settings, hands):
    for key in "abc":
        write(key)
    smtp.off()
    tried = []

    class Counting(Smtp):
        def send(self, message):
            tried.append(message)
            super().send(message)

    with pytest.raises(WayShut):
        worker.send_due(settings, Counting(smtp.url))

    assert len(tried) == 1
    assert [tries for (tries,) in rows("SELECT tries FROM outbox")] == [1, 1, 1], "and nobody is told that the worker stands still"
    assert worker.mail(settings, Counting(smtp.url), threading.Event()) == worker.REST


def test_greylisting_costs_a_minute_and_sends_the_same_message_once(house, smtp, settings, hands):
    write("a")
    write("b")
    smtp.answers = ["451 4.7.1 greylisted, come again", "250 OK"]

    assert worker.send_due(settings, Smtp(smtp.url)) == 1
    assert worker.send_due(settings, Smtp(smtp.url)) == 0
    hands.move(MINUTE)
    assert worker.send_due(settings, Smtp(smtp.url)) == 1
    hands.move(24 * HOUR)
    assert worker.send_due(settings, Smtp(smtp.url)) == 0

    assert subjects(smtp) == ["b", "a"]


def test_one_that_nobody_wants_does_not_hold_up_the_others(house, smtp, settings, hands):
    for key in "abc":
        write(key)
    smtp.answers = ["550 5.1.1 no such mailbox", "250 OK"]

    assert worker.send_due(settings, Smtp(smtp.url)) == 2

    assert subjects(smtp) == ["b", "c"]
    assert "550" in one("SELECT error FROM outbox WHERE key = 'a'")[0]


def test_a_server_too_slow_for_our_patience_may_get_a_mail_twice_but_can_tell(house, smtp, settings, hands):
    write("a")
    slow = threading.Event()

    class Slow(Mailbox):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            answer = await super().handle_DATA(server, session, envelope)
            await server.loop.run_in_executor(None, slow.wait, 30)
            return answer

    box = Slow()
    box.on()
    try:
        assert worker.send_due(settings, Smtp(box.url, patience=0.3)) == 0
        slow.set()
        hands.move(MINUTE)
        assert worker.send_due(settings, Smtp(box.url)) == 1
    finally:
        slow.set()
        box.off()

    assert len(box.messages) == 2 and len(set(box.ids)) == 1


def test_a_server_that_is_rude_at_the_end_has_the_mail_all_the_same(house, smtp, settings, hands):
    class Rude(Mailbox):
        async def handle_QUIT(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            return "421 whatever"

    box = Rude()
    box.on()
    write("a")

    assert worker.send_due(settings, Smtp(box.url)) == 1

    box.off()
    assert subjects(box) == ["a"]


def test_a_worker_that_is_killed_between_sending_and_noting_sends_again_and_loses_nothing(house, smtp, settings, hands, monkeypatch):
    write("a")

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as then:
        then.setattr(worker, "sent", die)
        with pytest.raises(Killed):
            worker.send_due(settings, Smtp(smtp.url))
    assert worker.send_due(settings, Smtp(smtp.url)) == 0, "another worker must think that it is still in hand"

    hands.move(5 * MINUTE)
    assert worker.send_due(settings, Smtp(smtp.url)) == 1

    assert subjects(smtp) == ["a", "a"] and len(set(smtp.ids)) == 1


# Another loopback address: to 127.0.0.1 mail may go without TLS.
OTHER = "127.0.0.2"


@pytest.fixture
def private(tmp_path, monkeypatch):
    """A server that takes mail over STARTTLS only; `show` says whose certificate it shows."""
    box = Mailbox(OTHER)

    def show(host: str) -> None:
        trust, chain = authority(tmp_path, host)
        monkeypatch.setenv("SSL_CERT_FILE", str(trust))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(chain)
        box.on(tls_context=context, require_starttls=True)

    box.show = show
    yield box
    box.off()


def test_starttls_with_the_hosts_certificate_lets_mail_through(house, private, settings, hands):
    private.show(OTHER)
    write("a")

    assert worker.send_due(settings, Smtp(private.url)) == 1
    assert subjects(private) == ["a"]


def test_a_certificate_of_somebody_else_lets_nothing_through(house, private, settings, hands):
    private.show("127.0.0.3")
    write("a")

    with pytest.raises(WayShut, match="certificate"):
        worker.send_due(settings, Smtp(private.url))
    assert private.messages == []


def test_a_certificate_that_nobody_vouches_for_lets_nothing_through(house, private, settings, hands, monkeypatch):
    private.show(OTHER)
    monkeypatch.delenv("SSL_CERT_FILE")
    write("a")

    with pytest.raises(WayShut, match="certificate"):
        worker.send_due(settings, Smtp(private.url))
    assert private.messages == [] and one("SELECT count(*) FROM outbox WHERE due_at = ?", micros(NOON))[0] == 1
