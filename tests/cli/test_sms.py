"""`vps sms test` and what the worker's command says of a gateway that cannot be."""

from vps.cli import running
from vps.kernel.clock import clock
from vps.kernel.database import one, rows
from vps.post.actions import claim, number_of

URL = "https://sms.alpenkraut.example/?user=vps&password=geheim&to={to}&text={text}"


def test_a_test_message_waits_for_the_worker(vps, monkeypatch):
    monkeypatch.setenv("VPS_SMS_URL", URL)

    answer = vps("sms", "test", "0049 151 234-56789", language="de")

    assert answer.exit_code == 0 and "+4915123456789" in answer.output
    message = claim("sms", at=clock())
    assert (message.kind, message.language, number_of(message)) == ("sms_test", "de", "+4915123456789")
    assert one("SELECT expires_at > made_at FROM outbox")[0]


def test_without_a_gateway_it_says_so(vps):
    answer = vps("sms", "test", "+4915123456789")

    assert answer.exit_code == 2 and "not set up here" in answer.output
    assert rows("SELECT 1 FROM outbox") == []


def test_a_gateway_that_cannot_be_used_is_none(vps, monkeypatch):
    monkeypatch.setenv("VPS_SMS_URL", "https://sms.alpenkraut.example/?password=geheim")

    assert "not set up here" in vps("sms", "test", "+4915123456789").output


def test_what_is_no_number_is_refused(vps, monkeypatch):
    monkeypatch.setenv("VPS_SMS_URL", URL)

    answer = vps("sms", "test", "anna")
    assert answer.exit_code == 2 and "country code" in answer.output


def test_a_bad_template_does_not_keep_the_mails_and_the_books_waiting(vps, monkeypatch):
    began = []
    monkeypatch.setattr(running, "work", lambda settings, sender, texter: began.append(texter))

    monkeypatch.setenv("VPS_SMS_URL", URL)
    assert vps("worker").output == ""
    monkeypatch.setenv("VPS_SMS_OK", "(")
    said = vps("worker").output

    assert [type(texter).__name__ for texter in began] == ["Gateway", "NoneType"]
    assert "VPS_SMS_OK cannot be used" in said and "geheim" not in said
