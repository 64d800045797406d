"""The gateway is asked as its templates say, and nothing of a message is told to anybody else, in no error either."""

import json
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from tests.post.certificates import authority
from vps.kernel.settings import Settings
from vps.post.gateway import Console, Gateway, NotTaken, asked_pause, texter, usable
from vps.post.template import BadTemplate, TextMessage

CODE = "483920"
ANNA = TextMessage("+4915123456789", f'TAN {CODE}: 100 % "sicher" & gut', "k1")
BORIS = TextMessage("+79161234567", f"Код {CODE}", "k2")
GET = "/send?to={to}&text={text}&coding={coding}&from={from}&key={key}&digits={digits}"


def refusal(way: Gateway) -> NotTaken:
    """What a failure says, after looking that it says no more than it may."""
    with pytest.raises(NotTaken) as found:
        way.send(ANNA)
    for secret in (CODE, "15123456789", "geheim", "TAN"):
        assert secret not in str(found.value)
    return found.value


def test_a_get_carries_everything_percent_encoded(gate):
    Gateway(gate.url + GET, sender="VPS & Co").send(ANNA)
    Gateway(gate.url + GET).send(BORIS)

    anna, boris = gate.asked
    assert (anna.method, anna.path) == ("GET", "/send")
    assert anna.query == {
        "to": ANNA.number, "digits": "4915123456789", "text": ANNA.text, "coding": "0", "from": "VPS & Co", "key": "k1",
    }  # fmt: skip
    assert (boris.query["text"], boris.query["coding"]) == (BORIS.text, "2")


def test_a_form_is_posted(gate):
    Gateway(gate.url + "/Messages.json", body="To={to}&Body={text}").send(ANNA)

    (asked,) = gate.asked
    assert asked.method == "POST" and asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.query == {"To": ANNA.number, "Body": ANNA.text}


def test_json_is_posted_and_no_text_breaks_out_of_its_string(gate):
    way = Gateway(gate.url, body='{"to": ["{to}"], "text": "{text}", "unicode": {coding}}')
    way.send(ANNA)
    way.send(TextMessage("+1", 'Анна "\n\\', "k"))

    assert gate.asked[0].headers["Content-Type"] == "application/json"
    assert json.loads(gate.asked[0].body) == {"to": [ANNA.number], "text": ANNA.text, "unicode": 0}
    assert json.loads(gate.asked[1].body) == {"to": ["+1"], "text": 'Анна "\n\\', "unicode": 2}


def test_headers_and_the_password_of_the_address_are_sent(gate):
    url = gate.url.replace("//", "//vps:ge%40heim@") + "/?to={to}&text={text}"
    Gateway(url, headers="X-Api-Key: abc | Idempotency-Key: {key}").send(ANNA)

    headers = gate.asked[0].headers
    assert (headers["X-Api-Key"], headers["Idempotency-Key"]) == ("abc", "k1")
    assert headers["Authorization"] == "Basic dnBzOmdlQGhlaW0="
    assert "heim" not in headers["Host"]


def test_a_text_that_looks_like_a_place_is_not_filled_in(gate):
    Gateway(gate.url + GET).send(ANNA._replace(text="{key} {to}"))

    assert gate.texts == ["{key} {to}"]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 429, 500, 503])
def test_no_other_answer_than_2xx_is_a_success_and_no_redirect_is_followed(gate, status):
    gate.answers = [(status, f"TAN {CODE}", {"Location": f"{gate.url}/elsewhere"})]

    assert str(refusal(Gateway(gate.url + GET))) == f"the gateway answered {status}"
    assert len(gate.asked) == 1


def test_200_with_an_answer_it_should_not_give_is_a_failure(gate):
    way = Gateway(gate.url + GET, ok=r"^(0|3): ")
    gate.answers = [(202, "0: Accepted for delivery", {}), (200, f"<html>TAN {CODE}", {})]

    way.send(ANNA)
    assert "VPS_SMS_OK" in str(refusal(way))


def test_nobody_there_is_a_failure(gate):
    assert "cannot be reached: Connection refused" in str(refusal(Gateway("http://vps:geheim@127.0.0.1:9/?to={to}&text={text}")))


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"TAN 483920 +4915123456789\r\n\r\n"])
def test_what_is_no_answer_is_a_failure_in_words_of_our_own(line, words):
    line.words = words

    said = str(refusal(Gateway(line.url + GET)))
    assert said.startswith(("the gateway's answer cannot be read (", "the gateway cannot be reached: "))


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_gateway_that_hangs_is_left_when_patience_ends(line, words):
    line.words, line.hangs = words, True

    assert str(refusal(Gateway(line.url + GET, patience=0.2))) == "the gateway did not answer in time"


@pytest.mark.parametrize("words", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_gateway_that_drips_is_left_when_patience_ends_too(line, words):
    line.words, line.drips = words, True

    assert str(refusal(Gateway(line.url + GET, patience=0.3))) == "the gateway did not answer in time"


def test_no_more_of_an_answer_is_read_than_needed(gate):
    gate.answers = [(200, "x" * 70_000 + "OK", {})]
    assert "VPS_SMS_OK" in str(refusal(Gateway(gate.url + GET, ok="OK")))


def test_over_tls_the_certificate_must_be_the_hosts(line, tmp_path, monkeypatch):
    trust, chain = authority(tmp_path, "127.0.0.1")
    _, others = authority(tmp_path, "127.0.0.9")
    line.words = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    url = line.url.replace("http:", "https:") + GET
    monkeypatch.setenv("SSL_CERT_FILE", str(trust))

    line.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    line.tls.load_cert_chain(chain)
    Gateway(url).send(ANNA)

    line.tls.load_cert_chain(others)
    assert "certificate was refused" in str(refusal(Gateway(url)))
    assert [CODE in heard for heard in line.heard] == [True], "nothing was said to the wrong one"


@pytest.mark.parametrize(
    ("url", "options", "name"),
    [
        ("sms.example/{to}{text}", {}, "VPS_SMS_URL"),
        ("ftp://sms.example/{to}{text}", {}, "VPS_SMS_URL"),
        ("https:///{to}{text}", {}, "VPS_SMS_URL"),
        ("https://[sms/{to}{text}", {}, "VPS_SMS_URL"),
        ("https://sms.example:0/{to}{text}", {}, "VPS_SMS_URL"),
        ("https://sms.example:99999/{to}{text}", {}, "VPS_SMS_URL"),
        ("https://sms.example/ {to}{text}", {}, "VPS_SMS_URL"),
        ("https://sms.example/ä{to}{text}", {}, "VPS_SMS_URL"),
        (f"https://{'a' * 64}.example/{{to}}{{text}}", {}, "VPS_SMS_URL"),
        ("https://sms.example/?p=ge#heim&t={to}{text}", {}, "VPS_SMS_URL"),
        ("https://{to}.example/{text}", {}, "VPS_SMS_URL"),
        ("https://sms.example/?to={to}", {}, "VPS_SMS_URL, VPS_SMS_BODY"),
        ("https://sms.example/?text={text}", {}, "VPS_SMS_URL, VPS_SMS_BODY"),
        ("https://sms.example/?to={to}&text={text}&x={who}", {}, "VPS_SMS_URL, VPS_SMS_BODY"),
        ("https://sms.example/", {"body": "{to={to}&text={text}"}, "VPS_SMS_BODY"),
        ("https://sms.example/?to={to}&text={text}", {"headers": "X-Key"}, "VPS_SMS_HEADERS"),
        ("https://sms.example/?to={to}&text={text}", {"headers": "X-Key: ключ"}, "VPS_SMS_HEADERS"),
        ("https://sms.example/?to={to}&text={text}", {"ok": "("}, "VPS_SMS_OK"),
    ],
)
def test_a_template_that_cannot_work_is_named_without_its_password(url, options, name):
    with pytest.raises(BadTemplate) as found:
        Gateway(url, **options)

    assert found.value.facts["name"] == name
    assert "heim" not in str(found.value)


def test_the_settings_choose_the_way(tmp_path, capsys):
    def of(**given) -> Settings:
        return Settings(tmp_path, "", tmp_path, **given)

    assert texter(of()) is None and not usable(of())
    assert not usable(of(sms_url="nonsense"))
    assert usable(of(sms_url="https://sms.example/?to={to}&text={text}"))

    console = texter(of(sms_url="console"))
    assert isinstance(console, Console) and usable(of(sms_url="console"))
    console.send(BORIS)
    assert capsys.readouterr().out == f"SMS to +79161234567: {BORIS.text}\n"


@pytest.mark.parametrize(
    ("url", "private"),
    [("https://sms.example/", True), ("http://sms.example/", False), ("http://localhost:1/", True), ("http://[::1]:1/", True)],
)
def test_what_can_be_read_on_the_way_is_known(url, private):
    assert Gateway(url + "?to={to}&text={text}").template.is_private is private


AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("999999999999", timedelta(hours=1)),
        ("Fri, 20 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta()),
        ("Fri, 20 Nov 2036 12:05:00 GMT", timedelta(hours=1)),
        ("Fri, 20 Nov 2026 12:05:00 -0000", None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
    ],
)
def test_a_pause_that_is_asked_for_is_kept_within_an_hour(said, pause):
    assert asked_pause(said, AT) == pause


def test_a_gateway_that_slows_us_down_says_for_how_long(gate):
    gate.answers = [(429, "", {"Retry-After": "90"})]
    assert refusal(Gateway(gate.url + GET)).retry_after == "90"
