"""Every day those whom the company names hear once whether bank and books agree, each in his language."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from tests.bank.test_reconciliation import MON, TUE, WED, hand, statement
from vps.bank.actions import change_bank_account, tell_reconciliation
from vps.company.actions import change_settings
from vps.jobs import worker
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import rows, run
from vps.kernel.settings import Settings
from vps.kernel.text import WrongEmail
from vps.post.mail import Files

WEDNESDAY = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
"""14:30 in Berlin."""


def name(addresses):
    change_settings({"reconciliation_to": addresses}, actor=HOUSE, at=WEDNESDAY)


def posted():
    return rows("SELECT key, address, language FROM outbox WHERE kind = 'reconciliation' ORDER BY id")


@pytest.fixture
def desk(house):
    house.desk = ByStaff(Actor(house.dragan.id))
    run("UPDATE person SET email = 'dragan@example.com' WHERE id = ?", house.dragan.id)
    return house


@pytest.fixture
def mails(tmp_path, monkeypatch):
    """The text of every mail that goes out now, by its address."""
    monkeypatch.setattr(worker, "clock", lambda: WEDNESDAY + timedelta(minutes=1))

    def out():
        settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")
        worker.send_due(settings, Files(tmp_path / "outbox"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (tmp_path / "outbox").glob("*.eml")]
        return {message["To"]: f"{message['Subject'].strip()}\n{message.get_content()}" for message in found}

    return out


def test_each_address_hears_once_a_day_in_its_language(desk):
    name("Dragan@Example.com; tax@adviser.example")

    assert [tell_reconciliation(at=WEDNESDAY + timedelta(minutes=n)) for n in (0, 1)] == [2, 0]
    assert posted() == [
        ("reconciliation:2026-11-17:dragan@example.com", "dragan@example.com", "sr"),
        ("reconciliation:2026-11-17:tax@adviser.example", "tax@adviser.example", "en"),
    ]
    assert tell_reconciliation(at=WEDNESDAY + timedelta(days=1)) == 2


def test_who_is_named_later_hears_the_same_day_too(desk):
    name("dragan@example.com")
    tell_reconciliation(at=WEDNESDAY)
    name("dragan@example.com, anna@example.com")

    assert tell_reconciliation(at=WEDNESDAY) == 1
    assert posted()[1][1:] == ("anna@example.com", "en"), "a partner is not staff"


def test_nothing_is_written_before_the_last_cut_off_or_to_nobody(desk):
    assert tell_reconciliation(at=WEDNESDAY) == 0
    name("dragan@example.com")
    assert tell_reconciliation(at=WEDNESDAY - timedelta(minutes=31)) == 0
    change_bank_account(1, cutoff=15 * 60, actor=HOUSE, at=WEDNESDAY)
    assert tell_reconciliation(at=WEDNESDAY) == 0
    run("UPDATE bank_account SET closed_at = 1")
    assert tell_reconciliation(at=WEDNESDAY + timedelta(hours=4)) == 0


def test_what_is_no_address_is_refused(desk):
    with pytest.raises(WrongEmail):
        name("dragan@example.com, nobody")
    name("")
    assert tell_reconciliation(at=WEDNESDAY) == 0


def test_the_mail_says_that_all_agrees(desk, mails):
    name("tax@adviser.example")
    statement(1, MON, 1000, 5)
    tell_reconciliation(at=WEDNESDAY)

    text = mails()["tax@adviser.example"]

    assert text.startswith("Alpenkraut: Reconciliation of Nov 17, 2026: Bank and books agree to the cent.")
    assert "Difference" not in text and "https://wallet.example.com/office/bank/reconciliation?day=2026-11-17" in text


def test_the_mail_names_every_reason(desk, mails):
    name("tax@adviser.example")
    statement(1, MON, 1000, 5)
    statement(2, TUE, 1009, 1)
    hand(desk, 30_00, "B-1", TUE)
    hand(desk, 9_00, "B-2", WED)
    tell_reconciliation(at=WEDNESDAY)

    text = " ".join(mails()["tax@adviser.example"].split())

    assert "Bank and books do not agree." in text and "Difference: +€26.00" in text
    assert "Statement 1 of Nov 16, 2026 and statement 2 of Nov 17, 2026 do not join" in text and "\N{MINUS SIGN}€4.00" in text
    assert "Receipt B-1 of Nov 17, 2026 was booked by hand; no statement shows it yet. +€30.00" in text
    assert "B-2" not in text


def test_an_account_without_a_statement_is_told_as_such(desk, mails):
    name("dragan@example.com")
    change_bank_account(1, name="Main", actor=HOUSE, at=WEDNESDAY)
    tell_reconciliation(at=WEDNESDAY)

    assert "DE89370400440532013000 · Main" in mails()["dragan@example.com"]


def test_the_worker_tells_by_itself(desk, monkeypatch):
    name("dragan@example.com")
    monkeypatch.setattr(worker, "clock", lambda: WEDNESDAY)

    worker.House()(None)

    assert len(posted()) == 1
