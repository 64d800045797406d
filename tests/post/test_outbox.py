"""The outbox: a message exists exactly if what it tells about was committed, is sent once, and is tried again when it fails."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from vps.kernel import schema
from vps.kernel.database import IntegrityError, action, configure, connect, database, one, run
from vps.post.actions import LEASE, LEASE_SMS, RETRY, RETRY_SMS, claim, due, failed, give_up_expired, post, sent, way_shut

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


def text(key: str, *, at=NOON, expires_at=None) -> None:
    post("sms_test", key=key, address="+491", language="de", facts={"code": "483920"}, at=at, channel="sms", expires_at=expires_at)


def states() -> list[tuple]:
    return run("SELECT key, sent_at IS NOT NULL, given_up_at IS NOT NULL, facts FROM outbox ORDER BY id").fetchall()


def test_each_channel_has_a_queue_of_its_own(engine):
    write("mail")
    text("sms")

    assert claim("sms", at=NOON).key == "sms" and claim("mail", at=NOON).key == "mail"
    assert claim("sms", at=NOON) is claim("mail", at=NOON) is None


@pytest.mark.parametrize(("make", "channel", "lease"), [(write, "mail", LEASE), (text, "sms", LEASE_SMS)])
def test_what_one_worker_has_in_hand_no_other_takes_until_it_must_be_dead(engine, make, channel, lease):
    make("a")
    make("b")

    assert [claim(channel, at=NOON).key for _ in range(2)] == ["a", "b"]
    assert claim(channel, at=NOON + lease - timedelta(microseconds=1)) is None
    assert claim(channel, at=NOON + lease).key == "a", "sent again, perhaps; lost, never"


def test_what_failed_is_nobodys_until_it_is_due_again(engine):
    text("a")

    failed(claim("sms", at=NOON).id, error="no", at=NOON)

    assert claim("sms", at=NOON + RETRY_SMS[0] - timedelta(microseconds=1)) is None
    assert claim("sms", at=NOON + RETRY_SMS[0]).key == "a"


def test_who_asks_for_a_pause_is_given_it(engine):
    text("a")

    failed(claim("sms", at=NOON).id, error="429", at=NOON, pause=10 * MINUTE)

    assert claim("sms", at=NOON + 10 * MINUTE - timedelta(microseconds=1)) is None
    assert claim("sms", at=NOON + 10 * MINUTE).key == "a"


def test_a_message_that_has_expired_is_given_up_and_its_facts_are_forgotten(engine):
    text("late", expires_at=NOON + 5 * MINUTE)
    text("good", expires_at=NOON + 9 * MINUTE)

    assert claim("sms", at=NOON + 5 * MINUTE).key == "good"
    give_up_expired(at=NOON + 5 * MINUTE)
    assert states() == [("late", False, True, "{}"), ("good", False, False, '{"code": "483920"}')]

    assert claim("sms", at=NOON + 999 * MINUTE) is None
    give_up_expired(at=NOON + 999 * MINUTE)
    assert [given_up for _, _, given_up, _ in states()] == [True, True]


def test_a_pause_does_not_keep_the_facts_of_what_expires_in_it(engine):
    text("a", expires_at=NOON + 5 * MINUTE)

    failed(claim("sms", at=NOON).id, error="429", at=NOON, pause=60 * MINUTE)
    give_up_expired(at=NOON + 5 * MINUTE)

    assert states() == [("a", False, True, "{}")]


def test_what_is_just_being_sent_is_not_given_up(engine):
    text("a", expires_at=NOON + 5 * MINUTE)
    claim("sms", at=NOON + 5 * MINUTE - timedelta(seconds=1))

    give_up_expired(at=NOON + 5 * MINUTE)

    assert states() == [("a", False, False, '{"code": "483920"}')]


def test_what_went_out_after_all_was_sent_and_not_given_up(engine):
    text("a", expires_at=NOON + 5 * MINUTE)
    message = claim("sms", at=NOON).id
    give_up_expired(at=NOON + 9 * MINUTE)

    sent(message, at=NOON + 9 * MINUTE)
    failed(message, error="of another worker", at=NOON + 9 * MINUTE)

    assert states() == [("a", True, False, "{}")]
    assert one("SELECT error, tries FROM outbox") == ("", 0)


def test_a_server_that_cannot_be_reached_changes_no_place_in_the_queue(engine):
    for key, at in (("a", NOON), ("b", NOON), ("c", NOON + MINUTE)):
        write(key, at=at)
    text("sms")

    way_shut(claim("mail", at=NOON).id, error="refused", at=NOON)

    assert keys(NOON + MINUTE) == ["a", "b", "c"]
    found = run("SELECT key, tries, error FROM outbox ORDER BY id").fetchall()
    assert found == [("a", 1, "refused"), ("b", 1, "refused"), ("c", 0, ""), ("sms", 0, "")]


def test_the_database_knows_the_channels_and_that_nothing_is_both_sent_and_given_up(engine):
    write()

    with pytest.raises(IntegrityError):
        run("UPDATE outbox SET sent_at = 1, given_up_at = 1")
    with pytest.raises(IntegrityError):
        post("x", key="y", address="z", language="de", facts={}, at=NOON, channel="fax")


def test_what_waited_before_there_were_text_messages_is_mail(sqlite, tmp_path, monkeypatch):
    steps = tmp_path / "steps"
    steps.mkdir()
    for path in schema.MIGRATIONS.glob("000[1-3]*"):
        (steps / path.name).write_bytes(path.read_bytes())
    configure(f"sqlite:///{tmp_path}/old.db")
    connect()
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", steps)
        schema.migrate()
    old = "INSERT INTO outbox (key, kind, address, language, facts, made_at, due_at, tries, error, sent_at) VALUES (?, 'receipt', 'a@b.c', 'de', '{}', 1, 1, 0, '', ?)"
    run(old, "sent", 2)
    run(old, "waits", None)

    assert "0004_text_messages" in schema.migrate()

    assert [message[1] for message in due(NOON)] == ["waits"]
    assert one("SELECT channel, in_row FROM outbox WHERE sent_at = 2") == ("mail", 0)
    assert schema.differences() == []
    database.close()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE outbox SET channel = 'sms'",
        "UPDATE outbox SET expires_at = 1",
        "UPDATE outbox SET address = 'x@example.com'",
        "UPDATE outbox SET kind = 'x'",
        "DELETE FROM outbox",
    ],
)
def test_nobody_turns_a_message_into_another(engine, edit):
    write()

    with pytest.raises(IntegrityError):
        run(edit)
