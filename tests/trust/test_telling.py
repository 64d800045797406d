"""Mails about steps, in the partner's language; and documents whose time runs out."""

from datetime import date, timedelta

import pytest

from tests.cast import NOON
from tests.trust.test_identity import accept, by, changes, lives, shown, stands
from tests.web.refusing import READERS
from vps.hypermedia.catalogs import catalog
from vps.jobs import worker
from vps.kernel.database import one, rows, run
from vps.kernel.settings import Settings
from vps.post.models import offer_sms
from vps.post.sms import parts
from vps.trust.actions import claim_email, claim_mobile, reject_step, step_code, tell_expiring
from vps.trust.models import IdentityStep, State

__all__ = ["changes"]
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")


class Box:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    def send(self, message) -> None:
        self.mails.append(f"{message['Subject']}\n{message.get_content()}")


def sent(settings) -> list[str]:
    box = Box()
    worker.send_due(settings, box)
    return box.mails


def verbs(person):
    return [
        verb for (verb,) in rows("SELECT verb FROM event WHERE subject = ? AND verb LIKE 'step ex%' ORDER BY id", f"person:{person.id}")
    ]


def test_who_shows_a_document_is_told_a_month_before_it_expires_and_when_it_has(cast, changes):
    end = date(2027, 1, 31)
    accept(shown(cast.anna, end=end), cast.dragan, end=end)
    for days, expected in (
        (41, []),
        (42, ["step expiring"]),
        (43, ["step expiring"]),
        (72, ["step expiring"]),
        (73, ["step expiring", "step expired"]),
    ):
        tell_expiring(at=NOON + days * DAY)
        assert verbs(cast.anna) == expected, days

    assert tell_expiring(at=NOON + 100 * DAY) == 0
    assert stands(cast.anna, NOON + 100 * DAY) == {"document": State.EXPIRED} and len(changes) == 2
    assert one("SELECT count(*) FROM outbox WHERE kind = 'identity'")[0] == 3


def test_what_expired_unseen_is_told_once_as_expired(house):
    end = date(2027, 1, 31)
    accept(shown(house.anna, end=end), house.dragan, end=end)

    assert tell_expiring(at=NOON + 400 * DAY) == 1
    assert verbs(house.anna) == ["step expired"]


def test_who_has_no_address_is_told_on_the_page_only(house):
    accept(lives(house.boris), house.dragan, end=None)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'identity'")[0] == 0


@pytest.mark.parametrize("language", READERS)
def test_the_mail_says_what_became_of_it_and_why_in_his_language(house, settings, language):
    run("UPDATE person SET language = ? WHERE id = ?", language, house.anna.id)
    end = date(2026, 12, 1)
    accept(shown(house.anna, end=end), house.dragan, end=end)
    reject_step(lives(house.anna), "Die Straße fehlt.", actor=by(house.dragan), at=NOON)
    tell_expiring(at=NOON)
    said = catalog(language).gettext

    accepted, rejected, expiring = sent(settings)

    document, address = said("Identity document"), said("Address")
    assert said("%(step)s: accepted") % {"step": document} in accepted and "/me/identity" not in accepted
    assert said("%(step)s: not accepted") % {"step": address} in rejected and "Die Straße fehlt." in rejected
    assert "https://wallet.example.com/me/identity/address" in rejected
    assert document in expiring and "2026" in expiring and "%(" not in accepted + rejected + expiring


@pytest.mark.parametrize("language", READERS)
def test_a_code_is_told_by_mail_and_in_one_sms(house, settings, monkeypatch, language):
    run("UPDATE person SET language = ? WHERE id = ?", language, house.anna.id)
    offer_sms(True)
    codes = [step_code(IdentityStep.get_by_id(claim)) for claim in (claim_email(house.anna.id, actor=by(house.anna), at=NOON),
             claim_mobile(house.anna.id, "+4915123456789", actor=by(house.anna), at=NOON))]  # fmt: skip
    texts = []

    class Phone:
        def send(self, message) -> None:
            texts.append(message.text)

    monkeypatch.setattr(worker, "clock", lambda: NOON)
    (mail,), _ = sent(settings), worker.text_due(settings, Phone())

    assert codes[0] in mail and codes[1] in texts[0] and parts(texts[0]) <= (2 if language == "ru" else 1)
