"""Discovery as the office sees it: found, made with a reason, read on the page and on paper; and nothing of it reaches the partner."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.cast import NOON
from tests.home.money import moved
from tests.trust.everything import everything_noticed
from tests.web.client import Browser, plain
from tests.web.refusing import READERS, reading, refused
from tests.web.test_every_page import whole
from vps.home.actions import EndsBeforeItBegins, NoReasonForDossier, NotReady, open_dossier
from vps.home.discovery.picture import CSP
from vps.home.discovery.sections import SECTIONS
from vps.hypermedia.forms import MESSAGES
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, day_in, micros
from vps.kernel.database import one, rows, run
from vps.people.models.holds import is_held

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def desk(house):
    """Elena, and Anna whose money moved and whose name tries to be a script."""
    house.facts = moved(house)
    close_case(house)
    run("UPDATE person SET name = ? WHERE id = ?", SCRIPT, house.anna.id)
    house.browser, house.way = reading(house.elena, "en"), f"/office/discovery/partners/{house.anna.number}"
    return house


def close_case(house):
    """Everything that can be noticed was, and two colleagues closed the case."""
    case = everything_noticed(house)
    run("INSERT INTO case_note (case_id, \"by\", at, text) VALUES (?, ?, ?, 'Called her')", case, house.clara.id, micros(NOON))
    run(
        "UPDATE watch_case SET closing_by = ?, closing_at = ?, closing_why = 'All known', outcome = 'harmless', closed_by = ?, closed_at = ? WHERE id = ?",
        *(house.dragan.id, micros(NOON), house.elena.id, micros(NOON), case),
    )


def made(desk, **facts):
    """The address of a dossier that is put together."""
    answer = desk.browser.post(f"{desk.way}/dossiers", {"reason": "Az 7", **facts})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_who_searches_finds_the_partner_and_leaves_what_kind_of_thing_was_sought_but_not_which(desk):
    page = desk.browser.get("/office/discovery?q=E2E-4711").text

    assert desk.way in page and "Reference of a bank line:" in page and "E2E-4711" in page and SCRIPT not in page
    assert rows("SELECT actor, subject, after FROM event WHERE verb = 'discovery'") == [(desk.elena.id, "discovery:text", "text")]
    assert "E2E" not in str(rows("SELECT * FROM event WHERE verb = 'discovery'"))
    assert "Nothing was found." in desk.browser.get("/office/discovery?q=nobody@example.com").text
    assert desk.browser.get(f"/office/discovery?q={'x' * 201}").status_code == 422
    trail = plain(desk.browser.get("/office/trail").text)
    assert "Searched for a person" in trail and "by a name or a reference" in trail


def test_a_dossier_is_refused_without_a_reason_and_made_with_one(desk):
    refused(desk.browser.post(f"{desk.way}/dossiers", {"reason": ""}), MESSAGES["This field is required."], "en")
    refused(desk.browser.post(f"{desk.way}/dossiers", {"reason": "\u00a0"}), NoReasonForDossier.says, "en")
    days = {"from_day": "2026-11-02", "to_day": "2026-11-01", "reason": "r"}
    refused(desk.browser.post(f"{desk.way}/dossiers", days), EndsBeforeItBegins.says, "en")
    assert one("SELECT count(*) FROM dossier")[0] == 0

    page = plain(desk.browser.get(made(desk)).text)
    assert "Reason: Az 7" in page and "Period: the beginning to the day it was made" in page
    assert "First in, first out · EUR" in page and "In proportion · EUR" in page and SCRIPT not in page
    assert "<td>Opening balance</td><td>wallet:1:EUR</td><td>Purchases</td>" in page and "€250.00" in page
    assert "Az 7" in desk.browser.get(desk.way).text and "Az 7" in desk.browser.get("/office/discovery").text


@pytest.mark.parametrize("language", READERS)
def test_every_page_of_a_dossier_opens_in_every_language(desk, language):
    way, elena = made(desk), reading(desk.elena, language)
    paths = [f"{way}/parts/{section.name}" for section in SECTIONS] + [way, f"{way}/bookings/{desk.facts['spent']}"]
    for path in paths:
        answer = elena.get(path)
        assert answer.status_code == 200, path
        whole(answer, language, path)
        assert SCRIPT not in answer.text


def test_flags_and_cases_are_parts_too(desk):
    way = made(desk)
    flags, cases, notes = (plain(desk.browser.get(f"{way}/parts/{part}").text) for part in ("flags", "cases", "case-notes"))

    assert "M4 Money in a circle" in flags and "M12 Close to somebody of the staff" in flags
    assert "Harmless" in cases and "All known" in cases and "elena Елена Крылова" in cases
    assert "Called her" in notes and "clara Clara Stein" in notes


def test_what_is_no_part_and_no_booking_of_it_is_not_there(desk):
    way = made(desk)
    for path in ("/parts/nix", "/bookings/999999", f"/{'0' * 16}.svg", "/parts/FILES"):
        assert desk.browser.get(way + path).status_code == 404, path
    assert desk.browser.get("/office/discovery/dossiers/99").status_code == 404
    later = made(desk, from_day=str(day_in(clock(), "Europe/Berlin")))
    assert "It is not in the period of this dossier." in desk.browser.get(f"{later}/bookings/{desk.facts['spent']}").text


def test_a_picture_is_known_by_its_facts_and_has_a_policy_of_its_own(desk):
    way = made(desk)
    addresses = sorted(set(re.findall(r'src="([^"]+\.svg)"', desk.browser.get(way).text)) - {"/static/icon.svg"})
    pictures = [desk.browser.get(path) for path in addresses if "dossiers" in path]

    assert len(pictures) == 2
    for picture in pictures:
        assert picture.content_type.startswith("image/svg+xml") and picture.headers["Content-Security-Policy"] == CSP
        assert b"<script" not in picture.data and b"&lt;script&gt;alert(1)" in picture.data
        assert "private" in picture.headers["Cache-Control"]


def test_the_archive_and_the_document_are_taken_along(desk):
    way = made(desk)
    archive, document = desk.browser.get(f"{way}/archive"), desk.browser.get(f"{way}/document")

    assert archive.headers["Content-Disposition"] == 'attachment; filename="dossier-1.zip"'
    assert archive.data[:2] == b"PK" and int(archive.headers["Content-Length"]) == len(archive.data) == one("SELECT size FROM dossier")[0]
    reader = PdfReader(BytesIO(document.data))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert SCRIPT in text.replace("\n", ""), "as text, not as a program"
    assert "Az 7" in text and "E2E-4711" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and len(document.data) < 200_000
    assert desk.browser.get(f"{way}/document").data == document.data, "the same bytes for the same facts"


def test_one_that_waits_for_the_worker_looks_again_by_itself(desk):
    facts = {"from_day": None, "to_day": None, "reason": "r", "queue": True, "actor": Actor(desk.elena.id)}
    key = open_dossier(desk.anna.id, **facts, at=clock())
    page = desk.browser.get(f"/office/discovery/dossiers/{key}")

    assert page.headers["Refresh"] == "2" and "It is being put together." in page.text
    for word in ("archive", "document"):
        refused(desk.browser.get(f"/office/discovery/dossiers/{key}/{word}"), NotReady.says, "en", status=409)
    assert "being put together" in desk.browser.get("/office/discovery").text


def test_a_legal_hold_begins_and_ends_on_the_page(desk):
    form = {"file_number": "7 Js 12/26", "reason": "Prosecutor"}
    assert desk.browser.post(f"{desk.way}/holds", {**form, "file_number": ""}).status_code == 422
    assert desk.browser.post(f"{desk.way}/holds", form).status_code == 303
    assert is_held(desk.anna.id) and "7 Js 12/26" in desk.browser.get(desk.way).text
    key = one("SELECT id FROM legal_hold")[0]
    way = f"/office/discovery/holds/{key}/end"
    assert "7 Js 12/26" in desk.browser.get(way).text and desk.browser.post(way, {"reason": ""}).status_code == 422
    assert desk.browser.post(way, {"reason": "Closed"}).status_code == 303

    assert not is_held(desk.anna.id) and desk.browser.get(way).status_code == 404
    assert ": Closed" in desk.browser.get(desk.way).text


def test_nothing_of_it_reaches_the_partner(desk):
    anna = reading(desk.anna, "en")
    before, told = anna.get("/me/history").text, one("SELECT count(*) FROM outbox")
    way = made(desk)
    for path in ("", "/parts/bookings", "/archive", "/document"):
        assert desk.browser.get(way + path).status_code == 200
    desk.browser.post(f"{desk.way}/holds", {"file_number": "7", "reason": "r"})

    assert anna.get("/me/history").text == before
    assert one("SELECT count(*) FROM outbox") == told
    assert {after for (after,) in rows("SELECT after FROM event WHERE verb = 'dossier read'")} == {
        "dossier",
        "bookings",
        "archive",
        "paper",
    }


def test_a_dossier_is_only_for_who_manages(desk):
    way = made(desk)
    for person, status in ((desk.clara, 403), (desk.dragan, 403), (desk.anna, 404), (desk.boris, 404)):
        browser = Browser(person)
        for path in (desk.way, way, f"{way}/parts/bookings", f"{way}/archive", f"{way}/document", "/office/discovery?q=anna"):
            assert browser.get(path).status_code == status, (person.username, path)
        assert browser.post(f"{desk.way}/dossiers", {"reason": "r"}).status_code == status
    assert one("SELECT count(*) FROM dossier")[0] == 1 and not rows("SELECT 1 FROM event WHERE verb = 'discovery'")


def test_the_partner_page_and_more_lead_there_for_who_manages(desk):
    assert desk.way in desk.browser.get(f"/office/partners/{desk.anna.number}").text
    assert "/office/discovery" in desk.browser.get("/more").text
    clara = Browser(desk.clara)
    assert "/office/discovery" not in clara.get("/more").text + clara.get(f"/office/partners/{desk.anna.number}").text
