"""Cases on the office's pages, for who manages; and nothing of them anywhere a partner looks."""

import csv
import io
import re

import pytest

from tests.cast import NOON, eur
from tests.trust.everything import FACTS, everything_noticed
from tests.web.client import Browser, plain
from tests.web.refusing import nothing_written, reading, refused, says
from tests.web.test_access import address, anybody, changes, partners
from tests.web.test_access import world as world
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, rows, run
from vps.people.actions import grant
from vps.post.actions import due
from vps.trust.actions.cases import NeedsAnother, NobodyOfThisNumber, NothingProposed
from vps.trust.actions.flags import raise_flag
from vps.trust.words import RULES, SENTENCES, SHARED


@pytest.fixture
def desk(house):
    """Elena and Clara manage, and read English; a case with everything in it."""
    grant(house.clara, {"read", "manage"}, actor=HOUSE, at=clock())
    house.case = everything_noticed(house)
    house.path = f"/office/cases/{house.case}"
    house.first, house.second = (reading(person, "en") for person in (house.elena, house.clara))
    return house


def test_every_rule_has_its_sentence_with_amounts_as_the_reader_writes_them(desk):
    shown = plain(desk.first.get(desk.path).text)

    assert SENTENCES.keys() == FACTS.keys()
    assert all(words in shown for words in RULES.values())
    for sentence in ("€1,234.56 at once; the median of 90 days is €10.00.", "Paid in: €100.00. Left again within 24 hours: €80.00.",
                     f"The same browser as {desk.boris.number} Борис Волков.", "The same bank account (…3000) as Clara Stein.",
                     "€7.00 was paid in by “=Zoran &lt;b&gt;Petrović&lt;/b&gt;”."):  # fmt: skip
        assert sentence in shown
    booking = one("SELECT booking FROM flag LIMIT 1")[0]
    assert (
        f'href="/office/partners/{desk.anna.number}/wallet/bookings/{booking}"' in shown
        and f'href="/office/partners/{desk.boris.number}"' in shown
    )
    assert len(SHARED) * 2 + len(FACTS) == one("SELECT count(*) FROM flag")[0]


def test_a_top_up_under_another_name_leads_to_its_line(desk):
    raise_flag(desk.anna.id, "M10", "line", {"payer": "Zoran", "amount": eur(1), "line": 7}, at=NOON)

    assert 'href="/office/bank/lines/7"' in desk.first.get(desk.path).text


def test_a_case_is_closed_by_two_people_at_their_desks(desk):
    sent = desk.first.post(f"{desk.path}/closing", {"outcome": "harmless", "text": "A family."})
    assert sent.status_code == 303
    refused(desk.first.post(f"{desk.path}/closing/agreement"), NeedsAnother.says, "en", status=403)
    assert "A colleague who manages has to agree." in desk.first.get(desk.path).text
    assert "A colleague has to agree" in desk.second.get("/office/cases").text

    assert desk.second.post(f"{desk.path}/closing/end", {"text": "Ask them."}).status_code == 303
    refused(desk.second.post(f"{desk.path}/closing/agreement"), NothingProposed.says, "en")
    desk.first.post(f"{desk.path}/closing", {"outcome": "reported", "text": "Asked them."})
    assert desk.second.post(f"{desk.path}/closing/agreement").status_code == 303

    assert "No case is open." in desk.second.get("/office/cases").text
    closed = desk.first.get("/office/cases?closed=1").text
    assert "Reported to the authority" in closed and desk.path in closed
    page = desk.first.get(desk.path).text
    assert "Asked them." in page and "Ask them." in page and "/closing" not in page


def test_a_note_and_a_case_by_hand(desk):
    assert desk.first.post(f"{desk.path}/notes", {"text": "Called.\r\nNo answer."}).status_code == 303
    assert "Called.\nNo answer." in desk.first.get(desk.path).text
    refused(desk.first.post("/office/cases", {"number": "1"}), NobodyOfThisNumber.says, "en")

    made = desk.first.post("/office/cases", {"number": desk.boris.number})

    assert "No rule has noticed anything." in desk.first.get(made.headers["Location"]).text
    assert desk.first.get("/office/cases/999").status_code == 404


@pytest.mark.parametrize("path", ["notes", "closing", "closing/end"])
def test_what_is_not_filled_in_is_asked_for_and_nothing_is_written(desk, path):
    desk.first.post(f"{desk.path}/closing", {"outcome": "harmless", "text": "A family."}) if path == "closing/end" else None
    with nothing_written():
        answer = desk.first.post(f"{desk.path}/{path}", {"text": ""})

    refused(answer, "Please fill this in.", "en")


def test_the_export_holds_flags_evidence_and_notes_and_runs_in_no_spreadsheet(desk):
    desk.first.post(f"{desk.path}/notes", {"text": "=cmd()"})
    desk.first.post(f"{desk.path}/closing", {"outcome": "reported", "text": "As told."})
    desk.second.post(f"{desk.path}/closing/agreement")

    answer = desk.first.get(f"{desk.path}/case.csv")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="case-{desk.case}.csv"'
    head, *lines = csv.reader(io.StringIO(answer.text))
    assert {len(line) for line in lines} == {len(head)}
    assert [line[0] for line in lines] == ["Noticed"] * 21 + ["Booking"] + ["Note"] * 2 + ["Closing proposed", "Closed"]
    assert lines[0][2:4] == ["M1", "Just below a limit: Movements just below the limit of €100.00 within 24 hours: 3."]
    assert lines[21][5:] == ["opening", "250.00", "EUR", "", desk.anna.number, ""]
    assert lines[22][3] == "'=cmd()"
    assert one("SELECT actor, subject FROM event WHERE verb = 'case exported'") == (desk.elena.id, f"case:{desk.case}")


def test_more_cases_than_a_page_holds_go_on(desk):
    run("INSERT INTO watch_case (person_id, opened_at, closing_by, closing_at, closing_why, outcome, closed_by, closed_at)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT 2, i, 1, i, 'x', 'ended', 2, i FROM n")  # fmt: skip
    first = desk.first.get("/office/cases?closed=1").text
    onward = re.search(r'href="(/office/cases\?[^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    second = desk.first.get(onward).text

    shown = [re.findall(r'<td><a href="/office/cases/(\d+)"', page) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), len({*shown[0], *shown[1]})) == (50, 10, 60)


def test_the_trail_leads_to_the_case(desk):
    desk.first.post(f"{desk.path}/closing", {"outcome": "reported", "text": "A secret."})

    page = desk.first.get("/office/trail").text

    assert f'<a href="{desk.path}">Case {desk.case}</a>' in page and "Reported to the authority" in page and "A secret." not in page


def test_only_who_manages_is_shown_the_way(desk):
    assert 'href="/office/cases"' in desk.first.get("/more").text
    for person in (desk.dragan, desk.anna):
        assert "/office/cases" not in Browser(person).get("/more").text


def test_the_partner_finds_nothing_of_it_anywhere(world):
    """Each of his pages, and the answer to each of his forms, is the same with a case and without."""
    anna, before, mails = Browser(world.anna), {}, due(clock(), limit=500)
    pages = [address(world, rule) for rule in (*partners(), *anybody(), *changes()) if "GET" in rule.methods]
    words = ("Fall", "Hinweis", "watch_case", "/office/cases")
    run("DELETE FROM session WHERE id <> ?", anna.session)
    for path in pages:
        before[path] = shape(anna.get(path))

    everything_noticed(world)
    elena = Browser(world.elena)
    case = one("SELECT id FROM watch_case")[0]
    elena.post(f"/office/cases/{case}/closing", {"outcome": "reported", "text": "Geheim"})

    for path in pages:
        answer = anna.get(path)
        assert shape(answer) == before[path], path
        assert "Geheim" not in words_of(answer) and not any(re.search(rf"\b{word}\b", words_of(answer)) for word in words), path
    assert due(clock(), limit=500) == mails
    assert rows("SELECT 1 FROM event WHERE subject = ? AND verb LIKE '%case%'", f"person:{world.anna.id}") == []


def words_of(answer):
    """What stands on a page; of a paper its size, for each one is written anew."""
    return answer.text if answer.mimetype.startswith("text/") else str(len(answer.data) // 1000)


def shape(answer):
    """A page without what changes at each look: tokens, keys, and what was signed."""
    return answer.status_code, re.sub(r'value="[^"]{8,}"|/charts/\w+|\d\d:\d\d|#[\w-]{8,}|[\w.-]{40,}', "", words_of(answer))


def test_a_look_at_a_case_reads_as_any_look_to_the_partner(desk):
    for path in (desk.path, f"{desk.path}/case.csv"):
        assert desk.first.get(path).status_code == 200

    assert says(reading(desk.anna, "en").get("/me/history"), "The office looked at your account", "en")
    assert rows("SELECT after FROM event WHERE verb = 'looked at'") == [("partner",)]


def test_who_manages_sees_no_case_about_himself(desk):
    grant(desk.anna, {"read", "manage"}, actor=HOUSE, at=clock())
    (about,) = rows("SELECT person_id FROM watch_case WHERE id = ?", desk.case)[0]
    himself = reading(next(each for each in (desk.anna, desk.boris) if each.id == about), "en")

    for path in (desk.path, f"{desk.path}/case.csv"):
        assert himself.get(path).status_code == 404
    assert himself.post(f"{desk.path}/closing", {"outcome": "harmless", "text": "It was me."}).status_code == 404
    assert desk.path not in himself.get("/office/cases").text
