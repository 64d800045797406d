"""The outbox: a message exists exactly if what it tells about was committed, is sent once, and is tried again when it fails."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from vps.kernel.database import IntegrityError, action, one, run
from vps.post.actions import RETRY, due, failed, post, sent

MINUTE = timedelta(minutes=1)


def write(key: str = "k", *, at=NOON, **facts) -> None:
    post("receipt", key=key, address="anna@example.com", language="sr", facts=facts, at=at)


def keys(at=NOON) -> list[str]:
    return [message[1] for message in due(at)]


def test_a_message_is_due_with_everything_it_needs(engine):
    write(name="Анна", lines=[["Bergtee", 2]])

    [(_, *message)] = due(NOON)
    assert message == ["k", "receipt", "anna@example.com", "sr", {"name": "Анна", "lines": [["Bergtee", 2]]}]


def test_a_key_is_posted_once(engine):
    write(n=1)
    write(n=2)

    assert [message[5] for message in due(NOON)] == [{"n": 1}]


def test_a_message_about_what_was_rolled_back_does_not_exist(engine):
    @action
    def half() -> None:
        write()
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        half()

    assert keys() == []


def test_the_oldest_are_sent_first_and_the_future_waits(engine):
    for key, at in (("later", NOON + MINUTE), ("now", NOON), ("before", NOON - MINUTE)):
        write(key, at=at)

    assert keys() == ["before", "now"]
    assert [message[1] for message in due(NOON + MINUTE, limit=2)] == ["before", "now"]
    assert keys(NOON + MINUTE) == ["before", "now", "later"]


def test_what_was_sent_is_not_due_and_its_facts_are_forgotten(engine):
    write(token="secret link")
    [(message, *_)] = due(NOON)

    sent(message, at=NOON)

    assert keys(NOON + 999 * MINUTE) == []
    assert one("SELECT facts, error, sent_at IS NOT NULL FROM outbox")[:2] == ("{}", "")
    write(token="again")
    assert keys() == []


def test_a_failure_is_tried_again_ever_later_but_for_ever(engine):
    write()
    at, waited = NOON, []
    for _ in range(7):
        [(message, *_)] = due(at)
        failed(message, error="connection refused", at=at)
        assert keys(at) == []
        pause = next(pause for pause in RETRY if keys(at + pause))
        assert keys(at + pause - timedelta(microseconds=1)) == []
        waited.append(pause)
        at += pause

    assert waited == [*RETRY, RETRY[-1], RETRY[-1]]
    assert one("SELECT tries, error FROM outbox") == (7, "connection refused")


def test_an_error_that_never_ends_is_cut(sqlite):
    write()

    failed(due(NOON)[0][0], error="x" * 10_000, at=NOON)
    assert one("SELECT length(error) FROM outbox")[0] == 500

    sent(1, at=NOON)
    assert one("SELECT error FROM outbox")[0] == ""


@pytest.mark.parametrize("edit", ["UPDATE outbox SET address = 'x@example.com'", "UPDATE outbox SET kind = 'x'", "DELETE FROM outbox"])
def test_nobody_turns_a_message_into_another(engine, edit):
    write()

    with pytest.raises(IntegrityError):
        run(edit)
