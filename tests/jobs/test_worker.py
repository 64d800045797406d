"""What runs by itself: mail by a real SMTP server, sheets that become ready, books that get sealed."""

import signal
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cast import CODES, NOON, red_order, sheet_of
from vps.jobs import worker
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import OperationalError, one
from vps.orders.actions import pay_now
from vps.orders.actions.receipt import post_receipt
from vps.orders.models import Order
from vps.people.actions import invite_by_mail
from vps.post.actions import post
from vps.post.mail import Files, Smtp, WayShut, sender
from vps.security.actions import make_sheet
from vps.security.models import TanSheet


def test_an_invitation_goes_out_once_in_the_recipients_language(house, smtp, settings):
    house.anna.language = "en"
    token = invite_by_mail(house.anna, purpose="join", actor=HOUSE, at=clock())

    assert worker.send_due(settings, Smtp(smtp.url)) == 1
    assert worker.send_due(settings, Smtp(smtp.url)) == 0

    (message,) = smtp.messages
    assert message["To"] == "anna@example.com" and message["Auto-Submitted"] == "auto-generated"
    assert f"https://wallet.example.com/welcome/{token}" in message.get_content()
    assert one("SELECT facts FROM outbox")[0] == "{}", "a link that went out is kept nowhere"


def test_a_refused_message_is_kept_and_tried_again_later(house, smtp, settings):
    invite_by_mail(house.anna, purpose="password", actor=HOUSE, at=clock() - timedelta(seconds=1))
    smtp.answers = ["451 later"]

    assert worker.send_due(settings, Smtp(smtp.url)) == 0

    tries, error, sent_at, due_at, made_at = one("SELECT tries, error, sent_at, due_at, made_at FROM outbox")
    assert (tries, sent_at) == (1, None) and "451" in error
    assert due_at > made_at


def test_no_server_at_all_is_noted_too(house, settings):
    invite_by_mail(house.anna, purpose="password", actor=HOUSE, at=clock() - timedelta(seconds=1))

    with pytest.raises(WayShut):
        worker.send_due(settings, Smtp("smtp://127.0.0.1:9"))
    assert one("SELECT tries FROM outbox")[0] == 1


def test_without_a_mail_server_messages_are_files(house, settings, tmp_path):
    invite_by_mail(house.anna, purpose="join", actor=HOUSE, at=clock())
    out = sender("", tmp_path)
    assert isinstance(out, Files)

    worker.send_due(settings, out)

    (file,) = (tmp_path / "outbox").glob("*.eml")
    assert b"/welcome/" in file.read_bytes()


def test_the_receipt_is_mailed_in_the_customers_language(house, smtp, settings):
    from tests.orders.test_pay_now import signed

    sheet_of(house.anna)
    order = red_order(house)
    order.customer.email = "maria@example.com"
    order.customer.save()
    pay_now(order.id, authorisation=signed(order, house.anna), at=NOON)
    post_receipt(Order.get_by_id(order.id), actor=HOUSE, at=clock())

    worker.send_due(settings, Smtp(smtp.url))

    text = next(message.get_content() for message in smtp.messages if message["To"] == "maria@example.com")
    assert "Bergtee" in text and "49,90" in text and "3,26" in text


def test_a_line_break_in_a_name_makes_no_second_header(house, settings, tmp_path):
    post(
        "invitation",
        key="x",
        address="anna@example.com",
        language="en",
        at=clock(),
        facts={"name": "A\r\nBcc: x@evil.example", "token": "t", "purpose": "join", "username": "a\r\nBcc: y"},
    )

    worker.send_due(settings, Files(tmp_path))

    (file,) = tmp_path.glob("*.eml")
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Bcc"] is None


def test_new_sheets_become_ready_and_books_sealed(house, settings, tmp_path):
    sheet = make_sheet(house.anna.id, CODES[:4], actor=HOUSE, at=clock())

    worker.work(settings, Files(tmp_path), rounds=1)

    assert TanSheet.get_by_id(sheet.id).ready_at is not None
    assert one("SELECT count(*) FROM seal")[0] >= 1


def test_old_sessions_and_throttles_are_forgotten(house, settings, tmp_path):
    from vps.kernel.clock import micros
    from vps.kernel.database import run

    old = micros(clock() - timedelta(days=8))
    run("INSERT INTO throttle (scope, subject, failures, since, doublings) VALUES ('account', 'x', 1, ?, 0)", old)
    run("INSERT INTO throttle (scope, subject, failures, since, doublings) VALUES ('account', 'y', 1, ?, 0)", micros(clock()))

    worker.work(settings, Files(tmp_path), rounds=1)

    assert one("SELECT count(*), max(subject) FROM throttle") == (1, "y")


def test_a_file_that_nobody_booked_is_forgotten(house, settings, tmp_path):
    from tests.bank.test_import import file, line
    from vps.bank.actions import upload_file
    from vps.kernel.authorisation import Actor

    for days, number in ((8, "1"), (6, "2")):
        upload_file(file(line("1.00"), number=number), "a.xml", actor=Actor(house.dragan.id), at=clock() - timedelta(days=days))

    worker.work(settings, Files(tmp_path), rounds=1)

    assert one("SELECT count(*), max(id) FROM statement_upload") == (1, 2)


def test_a_database_that_is_away_for_a_moment_does_not_end_the_worker(house, settings, tmp_path, monkeypatch, caplog):
    def away():
        raise OperationalError("gone for a moment")

    monkeypatch.setattr(worker, "prepare_sheets", away)
    worker.work(settings, Files(tmp_path), rounds=2)

    assert "gone for a moment" in caplog.text
    assert one("SELECT count(*) FROM seal")[0] >= 1, "the other tasks were done"


def test_where_mail_goes_is_said_by_the_address():
    assert isinstance(sender("smtp://localhost", Path("/nowhere")), Smtp)


def test_a_signal_ends_the_worker_and_means_afterwards_what_it_meant_before(house, settings):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    class Told:
        def send(self, message):
            signal.raise_signal(signal.SIGTERM)

    post("answer", key="m", address="anna@example.com", language="en", facts={}, at=clock() - timedelta(minutes=1))

    worker.work(settings, Told())

    assert one("SELECT sent_at IS NOT NULL FROM outbox")[0]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
