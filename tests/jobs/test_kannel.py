"""Text messages through a real Kannel: every letter arrives as it was meant, once; a Kannel that is away is waited for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.jobs.kannel import Kannel, Text, needed
from vps.company.actions import change_settings
from vps.jobs import worker
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows
from vps.post.actions import post_sms
from vps.post.gateway import Gateway
from vps.post.models import offer_sms

NUMBER = "+4915123456789"
ACCEPTED = "^(0|3): "


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Kannel]:
    needed()
    made = Kannel(tmp_path)
    try:
        made.on()
        yield made
    finally:
        made.off()


@pytest.fixture(autouse=True)
def _named(house):
    offer_sms(True)
    change_settings({"name": "Bärenkraut [GmbH] & Söhne €5 @"}, actor=HOUSE, at=NOON)


def text(key: str, language: str) -> None:
    post_sms("sms_test", key=key, number=NUMBER, language=language, facts={}, person=None, at=NOON, expires_at=None)


def test_every_language_arrives_once_and_as_it_was_meant(kannel, settings, hands):
    for language in ("en", "de", "hr", "sr", "ru"):
        text(language, language)
    way = Gateway(kannel.url(), sender="VPS", ok=ACCEPTED)

    assert [worker.text_due(settings, way) for _ in range(2)] == [5, 0]
    text("the last one", "en")
    worker.text_due(settings, way)

    name = "Bärenkraut [GmbH] & Söhne €5 @"
    english = Text(NUMBER, "text", f"VPS of {name}: this is a test message.")
    assert sorted(kannel.wait_for_texts(6)) == sorted(
        [
            english,
            english,
            Text(NUMBER, "text", f"VPS von {name}: Das ist eine Probenachricht."),
            Text(NUMBER, "text", f"VPS tvrtke {name}: ovo je probna poruka."),
            Text(NUMBER, "text", f"VPS firme {name}: ovo je probna poruka."),
            Text(NUMBER, "ucs-2", f"VPS компании {name}: это пробное сообщение."),
        ]
    )


def test_a_wrong_password_is_a_failure_and_the_message_goes_out_when_it_is_mended(kannel, settings, hands):
    text("a", "en")

    assert worker.text_due(settings, Gateway(kannel.url("wrong"), sender="VPS", ok=ACCEPTED)) == 0
    assert rows("SELECT tries, error FROM outbox") == [(1, "the gateway answered 403")]

    hands.move(timedelta(seconds=15))
    assert worker.text_due(settings, Gateway(kannel.url(), sender="VPS", ok=ACCEPTED)) == 1
    assert len(kannel.wait_for_texts(1)) == 1


def test_a_kannel_that_was_away_gets_the_message_once(kannel, settings, hands):
    kannel.off()
    way = Gateway(kannel.url(), sender="VPS", ok=ACCEPTED)
    text("a", "en")
    assert worker.text_due(settings, way) == 0
    assert "Connection refused" in one("SELECT error FROM outbox")[0]

    kannel.on()
    hands.move(timedelta(seconds=15))
    assert [worker.text_due(settings, way) for _ in range(2)] == [1, 0]
    text("b", "de")
    assert worker.text_due(settings, way) == 1

    assert [text.text[:7] for text in kannel.wait_for_texts(2)] == ["VPS of ", "VPS von"]
