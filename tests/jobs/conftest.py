"""Where the worker's messages arrive: a real SMTP server that can be switched off, and an SMS gateway; and his clock."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.cast import NOON
from tests.post import gateways
from vps.jobs import worker
from vps.kernel.settings import Settings


class Mailbox:
    """An SMTP server on a port of its own: what it took, and what it answers to each message (the last answer for ever)."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host, self.messages, self.answers = host, list[Any](), ["250 OK"]
        with socket.socket() as probe:
            probe.bind((host, 0))
            self.port = probe.getsockname()[1]
        self.url = f"smtp://{host}:{self.port}"
        self._server: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    def on(self, **options: Any) -> None:
        self._server = Controller(self, hostname=self.host, port=self.port, **options)
        self._server.start()

    def off(self) -> None:
        if self._server:
            self._server.stop()
        self._server = None


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    box = Mailbox()
    box.on()
    yield box
    box.off()


@pytest.fixture
def gate() -> Iterator[gateways.Gate]:
    with gateways.gateway() as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")


class Hands:
    """The hands of the worker's clock: they move when a test moves them."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    made = Hands()
    monkeypatch.setattr(worker, "clock", made)
    return made
