"""Mail goes out encrypted wherever it leaves the machine, from a sender whose name may hold anything."""

import smtplib

import pytest

from vps.post.mail import Smtp, compose


@pytest.fixture
def servers(monkeypatch):
    said = []

    class Server:
        def __init__(self, host, port, **options):
            said.append((type(self).__name__, host, port, bool(options.get("context"))))

        def quit(self):
            return None

        def close(self):
            return None

        def starttls(self, context):
            said.append(("starttls", context.check_hostname))

        def login(self, user, password):
            said.append(("login", user, password))

        def send_message(self, message):
            said.append(("sent", message["To"]))

    class Secure(Server):
        pass

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Secure)
    return said


def message(name="Alpenkraut", address="office@alpenkraut.example"):
    return compose("Hello\n---\nText", to="anna@example.com", sender_address=address, sender_name=name, key="k1", host="wallet.example.com")


def test_another_host_is_spoken_to_only_over_starttls(servers):
    Smtp("smtp://vps:p%40ss@mail.example.com").send(message())
    assert servers == [
        ("Server", "mail.example.com", 587, False),
        ("starttls", True),
        ("login", "vps", "p@ss"),
        ("sent", "anna@example.com"),
    ]


def test_smtps_is_encrypted_from_the_start(servers):
    Smtp("smtps://mail.example.com").send(message())
    assert servers == [("Secure", "mail.example.com", 465, True), ("sent", "anna@example.com")]


def test_loopback_may_go_without(servers):
    Smtp("smtp://localhost:2525").send(message())
    assert servers == [("Server", "localhost", 2525, False), ("sent", "anna@example.com")]


@pytest.mark.parametrize("name", ["Example, Ltd", "A <b> C", 'The "Best"', "x;y", "Алпенкраут", "two\r\nlines"])
def test_a_company_may_be_called_anything(name):
    (sender,) = message(name)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (" ".join(name.split()), "office@alpenkraut.example")


def test_without_an_address_it_comes_from_the_installation():
    (sender,) = message(address="")["From"].addresses
    assert sender.addr_spec == "vps@wallet.example.com"


def test_a_message_that_is_sent_again_is_known_by_its_id():
    first, again, other = (
        compose("x\n---\ny", to="a@example.com", sender_address="", sender_name="VPS", key=key, host="wallet.example.com")["Message-ID"]
        for key in ("receipt:1", "receipt:1", "receipt:2")
    )
    assert first == again != other
    assert first.endswith("@wallet.example.com>")
