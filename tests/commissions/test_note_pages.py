"""Notes and tax details as partner and office see them: in the note's own language, as page and PDF; a run's lines as a file."""

import csv
import io
import json
from datetime import date
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from tests.cast import CODES, NOON, eur, sheet_of
from tests.commissions.network import AFTER
from tests.commissions.notes import ADDRESS, SMALL, VAT, booked_for, note_of, noted, taxed
from tests.web.client import Browser, asked_index, field, plain
from tests.web.refusing import READERS, nothing_written, refused, says
from vps.commissions import lines_file
from vps.commissions.actions import draft_green
from vps.commissions.actions.notes import NotBooked, issue_corrections, taken_back
from vps.commissions.actions.taxes import NotAnOib, NotYourOwnTaxes, NoVatRate, ReasonNeeded, set_tax_rule, set_taxes_of
from vps.commissions.models import Run
from vps.commissions.models.taxes import profile_of, rules_on
from vps.commissions.note_paper import as_facts
from vps.company.actions import NeitherNetNorGross, NotCountries, change_settings
from vps.company.models import company
from vps.hypermedia.catalogs import catalog
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.csvfile import read_table
from vps.kernel.database import one, run
from vps.people.actions import grant
from vps.people.models import Person

OWN = "/commissions/notes"


@pytest.fixture(autouse=True)
def _after():
    with time_machine.travel(AFTER, tick=False):
        yield


def text_of(answer):
    return plain("\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages))


def test_a_german_note_is_called_gutschrift_and_says_why_there_is_no_vat(house):
    taxed(house.anna, SMALL)
    noted(house)

    shown = plain(Browser(house.anna).get(f"{OWN}/PG-2026-000001").text)

    for words in (
        "Gutschrift PG-2026-000001",
        "Belegnummer",
        "Alpenkraut GmbH",
        "Anna Bauer",
        "80331 München\nDeutschland",
        "18181508155",
        "29,94 €",
        "§ 19",
    ):
        assert words in shown
    assert "MwSt" not in shown and 'lang="de"' in shown


def test_a_note_names_a_country_once_though_the_address_names_it_too(house):
    taxed(house.anna, SMALL._replace(address=f"{ADDRESS}\n deutschland "))
    noted(house)

    shown = plain(Browser(house.anna).get(f"{OWN}/PG-2026-000001").text)

    assert "80331 München\ndeutschland" in shown and "deutschland\nDeutschland" not in shown


def test_a_note_with_vat_shows_net_tax_and_total(house):
    taxed(house.boris, VAT)
    noted(house)

    facts = as_facts(note_of(house.boris), [], "A")

    assert [plain(amount) for _, amount in facts["sums"]] == ["16,77 €", "3,19 €", "19,96 €"]
    assert any("19 %" in plain(label) for label, _ in facts["sums"])


@pytest.mark.parametrize("language", READERS)
def test_the_document_speaks_the_partners_language_and_is_the_same_bytes_each_time(house, language):
    run("UPDATE person SET language = ? WHERE id = ?", language, house.anna.id)
    taxed(house.anna, SMALL)
    noted(house)
    anna = Browser(house.anna)

    first = anna.get(f"{OWN}/PG-2026-000001/pdf")

    text = " ".join(text_of(first).split())
    say = catalog(language).gettext
    assert say("Commission note %(number)s") % {"number": "PG-2026-000001"} in text, text
    assert " ".join(say("Small business under § 19 of the German VAT Act: no VAT is charged.").split()[:3]) in text, text
    assert "Anna Bauer" in text and "29" in text and first.content_type == "application/pdf"
    assert PdfReader(BytesIO(first.data)).trailer["/Root"]["/MarkInfo"]["/Marked"], "a reader for the blind finds its way"
    if language == "en":
        assert anna.get(f"{OWN}/PG-2026-000001/pdf").data == first.data


def test_a_correction_names_the_note_and_takes_off_what_was_taken_back(house):
    key = noted(house)
    taken_back(key, house.anna.id, eur(10_00), key="refund", at=AFTER)
    issue_corrections(at=AFTER)

    anna = Browser(house.anna)
    shown, first = plain(anna.get(f"{OWN}/PG-2026-000003").text), anna.get(f"{OWN}/PG-2026-000001").text

    assert "Korrektur PG-2026-000003 zur Gutschrift PG-2026-000001" in shown and "−10,00 €" in shown
    assert "PG-2026-000003" in first
    assert "−10,00 €" in plain(anna.get(OWN).text)


def test_a_note_is_there_for_its_partner_and_the_office_only(house):
    noted(house)
    for path in (f"{OWN}/PG-2026-000001", f"{OWN}/PG-2026-000001/pdf"):
        assert Browser(house.boris).get(path).status_code == 404
    for path in ("/office/commissions/notes/PG-2026-000001", "/office/commissions/notes/PG-2026-000001/pdf"):
        assert Browser(house.clara).get(path).status_code == 200
        assert Browser(house.anna).get(path).status_code == 404
    assert Browser(house.clara).get("/office/commissions/notes/PG-2026-000009").status_code == 404


def test_the_office_sees_what_a_run_lacks_and_has_it_issued(house):
    key = booked_for(house)
    run("UPDATE job SET done_at = 1")
    clara, dragan = Browser(house.clara), Browser(house.dragan)
    path = f"/office/commissions/runs/{key}/notes"
    assert "Still to be issued</dt><dd>2" in clara.get(path).text
    assert clara.post(path).status_code == 403

    assert dragan.post(path).status_code == 303

    assert one("SELECT done_at FROM job WHERE key = ?", f"notes:{key}") == (None,)
    assert one("SELECT count(*) FROM event WHERE verb = 'commission notes asked for'")[0] == 1


def test_a_run_that_is_not_booked_gives_no_file_and_no_notes(house):
    booked_for(house)
    draft = draft_green(actor=HOUSE, at=AFTER)
    dragan = Browser(house.dragan)
    for answer in (dragan.get(f"/office/commissions/runs/{draft}/lines.csv"), dragan.post(f"/office/commissions/runs/{draft}/notes")):
        refused(answer, NotBooked.says, "sr", status=409)


def test_the_file_of_a_run_has_every_line_and_no_formula(house):
    run("UPDATE person SET name = '=1+1' WHERE id = ?", house.boris.id)
    key = booked_for(house)

    answer = Browser(house.clara).get(f"/office/commissions/runs/{key}/lines.csv")

    assert answer.is_streamed and answer.headers["Content-Disposition"] == f'attachment; filename="run-{key}.csv"'
    found = [line.cells for line in read_table(answer.data, required=lines_file.COLUMNS).lines]
    assert [(each["partner"], each["level"], each["percent"], each["base"], each["amount"]) for each in found] == [
        (house.anna.number, "1", "20", "99.80", "19.96"), (house.anna.number, "2", "10", "99.80", "9.98"), (house.boris.number, "1", "20", "99.80", "19.96"),
    ]  # fmt: skip
    assert {(each["currency"], each["unit"], each["wallet"], each["kind"], each["run"]) for each in found} == {
        ("EUR", "EUR", "main", "unilevel", str(key))
    }
    assert list(csv.reader(io.StringIO(answer.text)))[3][4] == "'=1+1"
    assert found[0]["booked_at"].startswith("2026-12-02T")


def test_the_file_is_read_in_pieces_that_leave_nothing_out(house, monkeypatch):
    key = booked_for(house)
    whole = b"".join(lines_file.as_file(Run.get_by_id(key)))
    monkeypatch.setattr(lines_file, "AT_ONCE", 1)

    assert b"".join(lines_file.as_file(Run.get_by_id(key))) == whole and whole.count(b"\r\n") == 4

    run("UPDATE commission_run SET plan_id = NULL")
    shares = b"".join(lines_file.as_file(Run.get_by_id(key))).decode().splitlines()
    assert [line.split(",")[-3:] for line in shares[1:]] == [["29.94", "EUR", "main"], ["19.96", "EUR", "main"]]


def test_a_partner_changes_his_tax_details_with_a_code_and_is_told(house):
    sheet_of(house.anna)
    anna = Browser(house.anna)
    typed = {"country": "DE", "kind": "vat", "vat_id": "DE 136 695 976", "number": "", "address": ADDRESS}

    asked = anna.post("/me/tax", typed)
    assert "DE136695976" in asked.text and profile_of(house.anna.id) is None
    code = {"shown": field(asked, "shown"), "tan": CODES[asked_index(asked) - 1]}
    assert anna.post("/me/tax/confirmation", code).status_code == 303
    assert anna.post("/me/tax/confirmation", code).status_code == 303, "sent twice, it is done once"

    kept = profile_of(house.anna.id)
    assert (kept.vat_id, kept.address, kept.set_by) == ("DE136695976", ADDRESS, house.anna.id)
    assert one("SELECT count(*) FROM tax_profile")[0] == 1
    assert one("SELECT count(*) FROM outbox WHERE kind = 'notice' AND key LIKE 'notice:tax details changed:%'")[0] == 1
    assert "DE136695976" in anna.get("/me/tax").text


def test_a_wrong_code_changes_nothing(house):
    sheet_of(house.anna)
    anna = Browser(house.anna)
    asked = anna.post("/me/tax", {"country": "DE", "kind": "none", "address": ADDRESS})

    assert anna.post("/me/tax/confirmation", {"shown": field(asked, "shown"), "tan": "999999"}).status_code == 422
    assert profile_of(house.anna.id) is None


def test_a_wrong_oib_is_said_at_its_field_with_everything_still_there(house):
    with nothing_written():
        answer = Browser(house.anna).post("/me/tax", {"country": "HR", "kind": "small", "number": "69435151531", "address": ADDRESS})
    refused(answer, NotAnOib.says, "de")
    assert "69435151531" in answer.text and "80331 München" in answer.text


def test_the_office_changes_tax_details_with_a_reason_and_never_its_own(house):
    dragan, path = Browser(house.dragan), f"/office/partners/{house.boris.number}/tax"
    typed = {"country": "RU", "kind": "small", "number": "500100732259", "address": "Москва"}
    refused(dragan.post(path, typed | {"reason": "  "}), ReasonNeeded.says, "sr")
    assert Browser(house.clara).post(path, typed).status_code == 403

    assert dragan.post(path, typed | {"reason": "Writ of the tax office"}).status_code == 303

    assert (profile_of(house.boris.id).number, profile_of(house.boris.id).reason) == ("500100732259", "Writ of the tax office")
    assert "Writ of the tax office" in dragan.get(path).text
    with pytest.raises(NotYourOwnTaxes):
        set_taxes_of(house.boris.id, SMALL, "mine", actor=Actor(house.boris.id), at=NOON)


def test_who_manages_sets_terms_and_rates(house):
    grant(house.elena, {"read", "book", "manage"}, actor=HOUSE, at=NOON)
    elena = Browser(house.elena)
    path = "/office/commissions/taxes"
    refused(elena.post(f"{path}/terms", {"country": "CH", "mode": "net"}), NoVatRate.says, "ru")

    assert (
        elena.post(
            f"{path}/rules", {"country": "CH", "what": "vat", "kind": "none", "name": "MWST", "percent": "8,1 %", "since": "2026-01-01"}
        ).status_code
        == 303
    )
    assert elena.post(f"{path}/terms", {"country": "CH", "mode": "net"}).status_code == 303

    assert (company().country, company().commission_vat) == ("CH", "net")
    assert [(rule.kind, rule.rate, rule.name) for rule in rules_on(date(2026, 12, 2))] == [("vat", 810, "MWST")]
    assert "8,1" in elena.get(path).text
    for percent_typed in ("8,123", "101", "x"):
        assert (
            elena.post(
                f"{path}/rules", {"country": "CH", "what": "vat", "kind": "vat", "percent": percent_typed, "since": "2026-01-01"}
            ).status_code
            == 422
        )
    assert Browser(house.dragan).post(f"{path}/terms", {"country": "DE", "mode": "net"}).status_code == 403


@pytest.mark.parametrize(("key", "typed", "refusal"), [("country", "de", NotCountries), ("commission_vat", "brutto", NeitherNetNorGross)])
def test_a_setting_about_taxes_is_one_of_those_that_can_be_read_back(house, key, typed, refusal):
    with pytest.raises(refusal):
        change_settings({key: typed}, actor=HOUSE, at=NOON)


def test_the_proved_address_stands_on_the_note_of_who_said_no_other(house):
    run(
        "INSERT INTO identity_step (person_id, step, value, asked_at, tries, sends, accepted_at, reason) VALUES (?, 'address', ?, 1, 0, 0, 2, '')",
        house.anna.id,
        "Gasse 7\n1010 Wien",
    )
    assert "Gasse 7" in Browser(house.anna).get("/me/tax").text
    noted(house)
    assert note_of(house.anna).printed["partner"]["address"] == "Gasse 7\n1010 Wien"


def test_reverse_charge_and_withheld_tax_are_said_in_words_and_figures(house):
    set_tax_rule("AT", "withholding", "vat", "ESt", 1000, NOON.date(), actor=HOUSE, at=NOON)
    taxed(house.anna, VAT._replace(country="AT", vat_id="ATU13585627"))
    key = noted(house)
    taken_back(key, house.anna.id, eur(10_00), key="refund", at=AFTER)
    issue_corrections(at=AFTER)

    first, correction = (as_facts(note_of(house.anna, correction=each), [], "A") for each in (False, True))

    said = plain(" ".join(first["sentences"]))
    assert "Steuerschuldnerschaft des Leistungsempfängers" in said and "Alpenkraut GmbH" in said
    sums = [[(plain(label), plain(amount)) for label, amount in each["sums"]] for each in (first, correction)]
    assert [amount for _, amount in sums[0]] == ["29,94 €", "−2,99 €", "26,95 €"] and "ESt 10 %" in sums[0][1][0]
    assert [amount for _, amount in sums[1]] == ["−10,00 €", "+1,00 €", "−9,00 €"] and "ESt 10 %" in sums[1][1][0]


def test_a_note_from_before_anything_was_withheld_says_for_ever_what_it_said(house):
    noted(house)
    note = note_of(house.anna)
    note.facts = json.dumps({**note.printed, "withholding": ["ESt", 1000, 2_99]})

    paper = as_facts(note, [], "A")

    assert len(paper["sums"]) == 1 and "2,99 €" in plain(" ".join(paper["sentences"]))


def test_a_note_about_a_manual_provision_says_so(house):
    noted(house)
    note = note_of(house.anna)
    kept = note.printed
    note.facts = json.dumps({**kept, "lines": [], "run": {**kept["run"], "kind": "manual", "plan": "", "since": None}})

    paper = as_facts(note, [], "A")

    assert [[text, plain(amount)] for text, amount in paper["rows"]] == [["Manuelle Provision", "29,94 €"]]


def test_the_office_looking_at_a_note_is_told_to_its_partner(house):
    noted(house)
    Browser(house.clara).get("/office/commissions/notes/PG-2026-000001")

    shown = Browser(Person.get_by_id(house.anna.id)).get("/me/history")

    assert says(shown, "The office looked at your commission notes", "de")
