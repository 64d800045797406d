"""Whether the house is well, in words a person or a proxy can read; and what happens when the disk is nearly full."""

import shutil
from collections import namedtuple

import pytest

from tests.cast import red_order, sheet_of
from tests.web.client import Browser, app
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, run
from vps.ledger.actions import seal

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
        "INSERT INTO outbox (key, kind, address, language, facts, made_at, due_at, tries, error) VALUES ('x', 'invitation', 'a@b.c', 'en', '{}', 0, ?, 0, '')",
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
