"""Requests that no client library sends, byte by byte to the server as it runs: SECURITY, bad inputs 44 and 45."""

import socket
from urllib.parse import urlsplit

import pytest


def answer_to(stage, head: str) -> str:
    """What the server answers; HERE is its own host."""
    url = urlsplit(stage.url)
    with socket.create_connection((url.hostname, url.port), timeout=10) as wire:
        wire.sendall(head.replace("HERE", url.netloc).encode("latin-1") + b"\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: wire.recv(65_536), b"")).decode("utf-8", "replace")


def status(answer: str) -> str:
    return answer.split(" ", 2)[1]


@pytest.mark.parametrize(
    "head",
    [
        "GET /sign-in HTTP/1.1\r\nHost: evil.example",
        "GET /sign-in HTTP/1.1\r\nHost: HERE\r\nHost: evil.example",
        "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nHost: HERE",
        "GET /sign-in HTTP/1.1\r\nHost: HERE, evil.example",
        "GET http://evil.example/sign-in HTTP/1.1\r\nHost: HERE",
        "GET HTTP://evil.example/sign-in HTTP/1.1\r\nHost: HERE",
        "GET http://HERE@evil.example/sign-in HTTP/1.1\r\nHost: HERE",
        "GET http://HERE/sign-in HTTP/1.1\r\nHost: evil.example",
        "POST http://evil.example/sign-in HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0",
    ],
)
def test_who_asks_for_another_host_is_refused(stage, head):
    answer = answer_to(stage, head)
    assert status(answer) == "400" and "csrf_token" not in answer and "Set-Cookie" not in answer
    assert "evil" not in answer


def test_a_cookie_of_ten_kilobytes_is_not_even_read(stage):
    answer = answer_to(stage, f"GET /wallet HTTP/1.1\r\nHost: HERE\r\nCookie: vps={'x' * 10_240}")
    assert status(answer) == "431" and "Set-Cookie" not in answer


def test_an_absolute_address_of_ours_is_as_good_as_a_path(stage):
    assert status(answer_to(stage, "GET http://HERE/sign-in HTTP/1.1\r\nHost: HERE")) == "200"


@pytest.mark.parametrize(
    "lines",
    [
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 9.9.9.9",
        "X_Forwarded_For: 9.9.9.9",
        "X-Forwarded-For: ::ffff:10.0.0.1\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https",
        "X-Real-IP: 9.9.9.9\r\nForwarded: for=9.9.9.9;host=evil.example",
        "SCRIPT_NAME: /evil\r\nPATH_INFO: /evil",
        "X-Forwarded-Prefix: /evil",
    ],
)
def test_claims_change_neither_host_nor_what_is_seen(stage, lines):
    answer = answer_to(stage, f"GET / HTTP/1.1\r\nHost: HERE\r\n{lines}")
    assert (status(answer), "evil" in answer, "9.9.9.9" in answer) == ("302", False, False)
    assert "Location: /sign-in" in answer
