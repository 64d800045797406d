"""A dossier's archive: everything in it, harmless to open, sealed where it is kept, and made once however often it is begun."""

import csv
import io
import json
from datetime import date, timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest

from tests.cast import NOON, red_order
from tests.home.money import LATER, THEIRS, moved, wallet
from tests.trust.photos import passport_of
from vps.home.actions import (
    EndsBeforeItBegins,
    NoReasonForDossier,
    NotReady,
    NotYetOver,
    forget_dossiers,
    keep_dossier,
    open_dossier,
    read_dossier,
)
from vps.home.discovery import archive as archive_of
from vps.home.discovery import building
from vps.home.discovery.asked import asked_by
from vps.home.discovery.building import build, file_of, flows_of, make_dossier
from vps.home.discovery.sections import SECTIONS
from vps.home.discovery.speaking import some_rows
from vps.home.models import Dossier, dossiers
from vps.hypermedia.languages import Words
from vps.jobs.worker import do_jobs
from vps.kernel.authorisation import Actor
from vps.kernel.csvfile import read_table
from vps.kernel.database import Again, one, reading, rows, run
from vps.kernel.jobs import standing_of
from vps.kernel.refusals import NotFound
from vps.ledger.actions import history
from vps.people.actions import Details, add_customer, change_person, hold_data, look


def make(cast, person=None, *, reason="File 7", from_day=None, to_day=None, at=LATER):
    facts = {"from_day": from_day, "to_day": to_day, "reason": reason, "actor": Actor(cast.elena.id, "192.0.2.9"), "at": at}
    return Dossier.get_by_id(make_dossier((person or cast.anna).id, **facts))


def archive(dossier):
    return ZipFile(io.BytesIO(b"".join(file_of(dossier))))


def table(dossier, name):
    return list(csv.DictReader(io.TextIOWrapper(archive(dossier).open(f"{name}.csv"), "utf-8", newline="")))


@pytest.fixture
def lived(cast):
    """Anna's money moved, a customer has a formula for a name, and the office looked at her and changed her."""
    moved(cast)
    add_customer(cast.anna, name="=1+1", language="de", at=NOON)
    red_order(cast)
    look(cast.anna.id, "wallet", actor=Actor(cast.clara.id, "192.0.2.3"), at=NOON)
    facts = Details("Anna <script>", "de", "Europe/Berlin", email="new@example.com")
    change_person(cast.anna, facts, actor=Actor(cast.dragan.id), at=NOON)
    return cast


def test_the_archive_has_every_part_as_table_and_as_json_and_they_agree(lived):
    made = make(lived)
    whole = json.loads(archive(made).read("dossier.json"))

    assert made.digest == sha256(b"".join(file_of(made))).digest() and archive(made).testzip() is None
    for section in SECTIONS:
        lines = table(made, section.name)
        assert len(lines) == len(whole[section.name]["rows"]), section.name
        assert not lines or list(lines[0]) == whole[section.name]["columns"]
    (booked,) = [line for line in table(made, "bookings") if line["voucher"] == "bank line"]
    assert (booked["amount"], booked["debit"], booked["credit"]) == ("40.00", "clarify:EUR", f"{lived.anna.number} Anna <script>")
    assert (booked["party"], booked["party_account"], booked["references"]) == ("Anna Bauer", THEIRS, booked["references"])
    assert len(table(made, "bookings")) == 6 and {line["after"] for line in table(made, "bookings")} >= {"250.00", "20.00", "5.00"}
    (payout,) = table(make(lived, lived.boris), "pay-outs")
    assert (payout["holder"], payout["amount"]) == ("Борис Волков", "10.00")
    (looked,) = table(made, "looks")
    assert (looked["by"], looked["page"]) == ("clara Clara Stein", "wallet")
    assert {line["what"] for line in table(made, "history")} >= {"person made", "person changed", "top-up booked"}
    (transfer,) = table(made, "transfers")
    assert (transfer["recipient"], transfer["got"]) == (f"{lived.boris.number} Борис Волков", "15.00")
    (line,) = table(made, "bank-lines")
    assert (line["became"], line["part"]) == ("top-up", "40.00")


def test_the_archive_has_the_steps_of_identification_with_their_pictures(lived):
    passport_of(lived.anna, NOON)

    made = make(lived)

    (step,) = table(made, "identification")
    assert (step["step"], step["value"], step["document"]) == ("document", "passport", "1")
    assert archive(made).read("documents/1-1.jpg")[:3] == b"\xff\xd8\xff"


def test_no_cell_is_a_formula_and_what_was_written_comes_back_as_it_was(lived):
    made = make(lived)
    raw = archive(made).read("customers.csv").decode()
    assert "'=1+1" in raw and "\r\n=1+1" not in raw
    columns = [name for name, _, _ in next(each for each in SECTIONS if each.name == "customers").columns]
    assert "=1+1" in [line.cells["name"] for line in read_table(raw.encode(), required=columns).lines]
    assert "'=Anna · <b>Cash</b>" in archive(made).read("bookings.csv").decode()


def test_the_walk_tells_of_every_payment_what_it_was_made_of_and_the_methods_are_named(lived):
    made = make(lived)
    spent = one("SELECT id FROM booking WHERE key = 'order:1001'")[0]
    walked = [(line["minor_units"], line["source"]) for line in table(made, "walk-first-in-first-out") if line["booking"] == str(spent)]
    assert walked == [("25000", "opening"), ("2000", "bank")]
    text = archive(made).read("README.txt").decode()
    russian = Words("ru")
    assert "first-in-first-out" in text and "in-proportion" in text and "File 7" in text and lived.anna.number in text
    assert russian.language == building.words_of(made).language
    names = set(archive(made).namelist())
    assert {"flow-EUR-first-in-first-out.svg", "flow-EUR-in-proportion.svg", "flows.csv"} <= names
    assert sum(flows_of(made).flows["in proportion"].values()) == 297_00


def test_a_period_leaves_out_what_was_before_and_after(lived):
    make(lived)
    none = make(lived, from_day=date(2026, 11, 21), to_day=date(2026, 11, 22))
    assert [len(table(none, name)) for name in ("bookings", "orders", "looks", "history", "transfers")] == [0] * 5
    assert len(table(none, "identity")) == 1 and len(table(none, "customers")) == 2
    assert {source for source, *_ in (flow for flows in flows_of(none).flows.values() for flow in flows)} == {
        ("before", str(wallet(lived.anna).account_id))
    }
    day = make(lived, from_day=date(2026, 11, 20), to_day=date(2026, 11, 20))
    assert len(table(day, "bookings")) == 6


def test_a_dossier_needs_a_reason_and_days_that_were(cast):
    for wrong, facts in (
        (NoReasonForDossier, {"reason": "  "}),
        (EndsBeforeItBegins, {"from_day": date(2026, 11, 2), "to_day": date(2026, 11, 1)}),
        (NotYetOver, {"to_day": LATER.date() + timedelta(days=1)}),
    ):
        with pytest.raises(wrong):
            make(cast, **facts)
    assert one("SELECT count(*) FROM dossier")[0] == 0
    assert make(cast, to_day=LATER.date()).done_at is not None, "today is allowed"


def test_making_and_reading_one_is_an_act_and_the_person_reads_nothing_of_it(cast):
    before = history(f"person:{cast.anna.id}", most=50)
    made, elena = make(cast, reason="Az 7 Js 12/26"), Actor(cast.elena.id)
    for minutes in (0, 14, 16):
        read_dossier(made.id, "bookings", actor=elena, at=LATER + timedelta(minutes=minutes))

    lines = [(line.verb, line.after, line.actor) for line in history(f"dossier:{made.id}", most=9)]
    read = ("dossier read", "bookings", cast.elena.id)
    assert lines == [read, read, ("dossier made", f"{cast.anna.number} · Az 7 Js 12/26", cast.elena.id)]
    assert history(f"person:{cast.anna.id}", most=50) == before
    assert [(each.reason, each.made_by, each.done) for each in dossiers(person=cast.anna.id)] == [("Az 7 Js 12/26", cast.elena.name, True)]
    assert dossiers(person=cast.boris.id) == []


def test_a_large_one_is_put_together_by_the_worker_and_has_no_file_until_then(cast, monkeypatch):
    monkeypatch.setattr(building, "AT_ONCE", 0)
    waiting = make(cast, at=NOON)
    with pytest.raises(NotReady):
        file_of(waiting)

    assert do_jobs() == 1 and standing_of(f"dossier:{waiting.id}").done
    done = Dossier.get_by_id(waiting.id)
    first = b"".join(file_of(done))
    assert sha256(first).digest() == done.digest and len(first) == done.size
    build(waiting.id, at=LATER)  # a worker that died before it could say so
    assert len(b"".join(file_of(Dossier.get_by_id(waiting.id)))) == one("SELECT size FROM dossier")[0]


def test_the_file_is_kept_in_sealed_parts_that_belong_to_their_place(lived, monkeypatch):
    monkeypatch.setattr(building, "PART", 2_000)
    made = make(lived)
    parts = [bytes(content) for (content,) in rows("SELECT content FROM dossier_part ORDER BY n")]
    assert len(parts) > 2 and not any(b"PK" in part[:4] or b"Anna" in part for part in parts)
    assert archive(made).testzip() is None


def test_keeping_a_file_may_be_tried_again_and_keeps_all_of_it(cast):
    made, tries = make(cast), []

    def parts():
        tries.append(1)
        yield b"first"
        if len(tries) == 1:
            raise Again  # somebody else was faster; the action begins anew
        yield b"second"

    keep_dossier(made.id, parts=parts, flows="", digest=bytes(32), size=11, at=LATER)
    assert len(tries) == 2 and list(file_of(made)) == [b"first", b"second"]


def test_a_file_is_forgotten_after_thirty_days_unless_a_legal_hold_keeps_it(cast):
    held, free = make(cast), make(cast, cast.boris)
    hold_data(cast.anna.id, file_number="7", reason="r", actor=Actor(cast.elena.id), at=NOON)
    forget_dossiers(at=LATER + timedelta(days=30))
    assert b"".join(file_of(free))
    forget_dossiers(at=LATER + timedelta(days=30, seconds=1))

    assert b"".join(file_of(held))
    with pytest.raises(NotFound):
        file_of(free)
    assert [each.name for each in dossiers()] == [cast.boris.name, cast.anna.name], "that it was made stays written down"


def test_others_add_parts_and_documents(house, monkeypatch):
    monkeypatch.setattr(archive_of, "FILES", [lambda asked: iter([(f"{asked.number}.jpg", b"a passport")])])
    made = make(house)
    assert archive(made).read(f"documents/{house.anna.number}.jpg") == b"a passport"


def test_a_part_is_paged_by_its_key_and_speaks_the_readers_language(cast):
    for n in range(5):
        add_customer(cast.anna, name=f"Kunde {n}", language="de", at=NOON)
    key = open_dossier(cast.anna.id, from_day=None, to_day=None, reason="r", queue=False, actor=Actor(cast.elena.id), at=LATER)
    asked = asked_by(Dossier.get_by_id(key))
    section = next(each for each in SECTIONS if each.name == "customers")
    with reading():
        first = some_rows(section, asked, Words("en"), "UTC", most=3)
        second = some_rows(section, asked, Words("en"), "UTC", after=first.after, most=3)
    assert [row.cells[0] for row in (*first.rows, *second.rows)] == [("Name", f"Kunde {n}") for n in range(5)]
    assert second.after is None and first.rows[0].cells[-1] == ("Since", "Nov 20, 2026, 12:00\N{NARROW NO-BREAK SPACE}PM")


def test_amounts_have_the_decimals_of_their_currency_and_their_sign(house):
    run(
        "INSERT INTO account (code, kind, currency, opened_at, floor, balance, reserved, debt) VALUES ('x', 'wallet', 'JPY', 0, -9, -5, 0, 0)"
    )
    run(
        "INSERT INTO wallet (person_id, account_id, currency, opened_at, kind, name, frozen_why) SELECT ?, id, 'JPY', 0, 'main', '', '' FROM account WHERE code = 'x'",
        house.anna.id,
    )
    assert [(line["balance"], line["currency"]) for line in table(make(house), "wallets")] == [("250.00", "EUR"), ("-5", "JPY")]
