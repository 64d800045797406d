"""Whether the house is well, in words a person or a proxy can read; and what happens when the disk is nearly full."""

import shutil
from collections import namedtuple

import pytest
from peewee import ProgrammingError

from tests.cast import red_order, sheet_of
from tests.web.client import PIECE, Browser, app
from vps.app import WORDS
from vps.hypermedia.catalogs import catalog
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import OperationalError, connect, database, one, run
from vps.ledger.actions import seal
from vps.people.actions import invite

Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def full(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**12, 10**12 - 10**6, 10**6))


def test_a_process_that_answers_is_alive(house):
    assert app().test_client().get("/healthz").text == "ok\n"


def test_a_house_that_can_work_is_ready(house):
    seal(at=clock(), zone="Europe/Berlin")
    answer = app().test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_a_missing_migration_is_named(house):
    run("DELETE FROM schema_migration")
    answer = app().test_client().get("/readyz")
    assert answer.status_code == 503 and "0001_the_house" in answer.text


def test_a_worker_that_stopped_is_noticed(house):
    run(
        "INSERT INTO outbox (key, kind, address, language, facts, made_at, due_at, tries, error, channel, in_row)"
        " VALUES ('x', 'invitation', 'a@b.c', 'en', '{}', 0, ?, 0, '', 'mail', 0)",
        micros(clock()) - 16 * 60_000_000,
    )
    answer = app().test_client().get("/readyz")
    assert answer.status_code == 503 and "worker" in answer.text


def test_books_that_nobody_seals_are_noticed_too(house):
    assert "worker" in app().test_client().get("/readyz").text, "the cast's first bookings are older than a quarter of an hour"


def test_a_nearly_full_disk_turns_the_house_read_only_in_words(house, full):
    sheet_of(house.anna, clock())
    order, anna = red_order(house), Browser(house.anna)

    assert "nearly full" in app().test_client().get("/readyz").text
    assert anna.get("/wallet").status_code == 200
    answer = anna.post(f"/orders/{order.number}/payment", {"shown": "x", "tan": "123456"})

    assert answer.status_code == 507
    assert one("SELECT count(*) FROM intent")[0] == 0


def test_signing_in_still_works_on_a_full_disk(house, full):
    from tests.cast import PASSWORD

    nobody = Browser()
    assert nobody.post("/sign-in", {"username": "anna", "password": PASSWORD}).status_code == 303


@pytest.fixture
def gone(house, monkeypatch):
    """The database went away after everybody had signed in."""
    browser = Browser(house.anna)
    database.close()

    def nobody(*_, **__):
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(database.obj, "connect", nobody)
    yield browser
    monkeypatch.undo()
    connect()


def test_without_a_database_everybody_is_told_and_nobody_is_signed_out(gone, caplog):
    ready = app().test_client().get("/readyz")
    assert ready.status_code == 503 and ready.text.startswith("database: ")
    for path in ("/wallet", "/sign-in", "/nowhere"):
        answer = gone.get(path, headers={"Accept-Language": "de"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60"), path
        assert answer.text == catalog("de").gettext(WORDS[503]) + "\n"
        assert "Set-Cookie" not in answer.headers
    piece = gone.get("/wallet/statement", headers=PIECE)
    assert piece.status_code == 503 and piece.headers["HX-Retarget"] == "#refusal"
    assert 'role="alert"' in piece.text
    assert "Traceback" not in caplog.text


def test_other_keys_than_those_of_the_books_are_not_ready(house):
    run("INSERT INTO setting (key, value, since) VALUES ('keys', 'others', 1)")
    answer = app().test_client().get("/readyz")
    assert answer.status_code == 503 and "key file" in answer.text


def test_a_log_names_no_address_because_links_of_invitations_are_secrets(house, monkeypatch, caplog):
    monkeypatch.setattr("vps.people.web.page", lambda *_, **__: 1 / 0)
    answer = app().test_client().get(f"/welcome/{invite(house.boris, purpose='join', actor=HOUSE, at=clock())}")
    assert answer.status_code == 500
    assert "ZeroDivisionError" in caplog.text and "Exception on people." in caplog.text
    assert "/welcome/" not in caplog.text


def test_books_that_cannot_be_written_are_not_ready(house, monkeypatch):
    monkeypatch.setattr("vps.kernel.database.os.access", lambda *_: False)
    assert "cannot be written" in app().test_client().get("/readyz").text


def test_another_name_is_refused_in_words_and_seen_in_the_log(house, caplog):
    answer = app().test_client().get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and "another name" in answer.text
    assert "'evil.example'" in caplog.text


def test_even_a_page_about_an_error_that_fails_answers_in_words(house, monkeypatch, caplog):
    def broken():
        raise ProgrammingError("relation does not exist")

    monkeypatch.setattr("vps.app.my_rights", broken)
    answer = app().test_client().get("/welcome/SECRET")
    assert (answer.status_code, answer.text) == (503, WORDS[503] + "\n")
    assert "SECRET" not in caplog.text
