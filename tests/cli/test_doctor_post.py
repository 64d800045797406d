"""What the doctor says of the ways out: the SMS gateway, and messages that wait or came too late."""

from datetime import timedelta

import pytest

from tests.cli.test_doctor import NOW, problems
from vps.company.models import company
from vps.kernel.database import run
from vps.ledger.actions import seal
from vps.post.actions import claim, failed, give_up_expired, post, post_sms
from vps.post.models import offer_sms

URL = "https://sms.alpenkraut.example/?user=vps&password=geheim&to={to}&text={text}"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sealed(vps, house, monkeypatch):
    monkeypatch.setattr("vps.cli.doctor.clock", lambda: NOW)
    seal(at=NOW, zone=company().zone)
    return vps


def said(vps, url: str, monkeypatch) -> str:
    monkeypatch.setenv("VPS_SMS_URL", url)
    (line,) = [line for line in vps("doctor").output.splitlines() if "VPS_SMS" in line or "Text messages" in line]
    return line


def test_no_gateway_is_no_problem(sealed, monkeypatch):
    assert said(sealed, "", monkeypatch).startswith("✓ VPS_SMS_URL is not set")


def test_a_gateway_is_shown_by_its_host_alone(sealed, monkeypatch):
    assert said(sealed, URL, monkeypatch) == "✓ Text messages go out by sms.alpenkraut.example."


def test_the_console_is_for_demos_only(sealed, monkeypatch):
    monkeypatch.setenv("VPS_PUBLIC_URL", "http://127.0.0.1:8000")
    assert said(sealed, "console", monkeypatch).startswith("✓ VPS_SMS_URL is console")

    monkeypatch.setenv("VPS_PUBLIC_URL", "https://127.0.0.1")
    assert said(sealed, "console", monkeypatch).startswith("✗ VPS_SMS_URL is console")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "https://sms.alpenkraut.example/?password=geheim&to={to}",
            "✗ VPS_SMS_URL, VPS_SMS_BODY cannot be used: {to} or {text} is missing.",
        ),
        ("http://sms.alpenkraut.example/?password=geheim&to={to}&text={text}", "✗ VPS_SMS_URL does not begin with https"),
        (
            "https://sms.example.com/?password=geheim&to={to}&text={text}",
            "✗ VPS_SMS_URL is still the example of docs/run.md: sms.example.com",
        ),
    ],
)
def test_a_gateway_that_cannot_be_is_named_without_its_password(sealed, monkeypatch, url, says):
    line = said(sealed, url, monkeypatch)
    assert line.startswith(says) and "geheim" not in line


def test_messages_that_could_not_be_sent_are_told_by_channel(sealed):
    offer_sms(True)
    post("invitation", key="a", address="a@example.com", language="en", facts={}, at=NOW)
    post_sms("sms_test", key="b", number="+4915123456789", language="en", facts={}, person=None, at=NOW, expires_at=None)
    run("UPDATE outbox SET tries = 1, error = 'no ' || channel")

    assert problems(sealed) == [
        "Messages that could not be sent: 1. The last error: no mail",
        "Text messages that could not be sent: 1. The last error: no sms",
    ]


def test_codes_that_came_too_late_and_a_gateway_that_is_down_are_told(sealed):
    offer_sms(True)
    post_sms(
        "sms_test", key="a", number="+491512345678", language="en", facts={}, person=None, at=NOW - 9 * MINUTE, expires_at=NOW - MINUTE
    )
    message = claim("sms", at=NOW - 9 * MINUTE)
    for _ in range(20):
        failed(message.id, error="no", at=NOW - 2 * MINUTE)
    give_up_expired(at=NOW)

    assert problems(sealed) == [
        "Text messages of the last 24 hours that never went out before their codes expired: 1",
        "The SMS gateway has failed so often in a row that other ways are offered instead.",
    ]
