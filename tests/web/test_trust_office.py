"""The office writes trust levels on pages: what it changes is shown first, asked for by one and put into force by another."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from tests.cast import NOON
from tests.web.client import Browser, field, forms, plain
from tests.web.refusing import nothing_written, reading, refused
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, rows, run
from vps.people.actions import grant
from vps.trust.actions.level_sets import LooserThanLaw, NothingChanged
from vps.trust.actions.proposing import NeedsColleague, ProposalGone
from vps.trust.models import DEFAULT, begins, levels, trusted
from vps.trust.models.documents import readable
from vps.wallets.trust_forms import NotShownSet

DAY = timedelta(days=1)


@pytest.fixture
def office(house):
    """Elena and Dragan manage, and read English."""
    grant(house.dragan, {"read", "book", "manage"}, actor=HOUSE, at=NOON)
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    house.elenas, house.dragans = reading(house.elena, "en"), reading(house.dragan, "en")
    return house


def typed(browser, path, action, **more):
    """A form of a page as it stands, with something else typed."""
    found = dict(forms(browser.get(path)))
    return found[action] | more


def test_an_edited_level_is_shown_with_whom_it_would_stop_then_asked_for_and_put_into_force(office):
    path = "/office/trust/levels/0"
    with nothing_written():
        shown = office.elenas.client.post(
            path, data=typed(office.elenas, path, path, most_balance="100", name_de="Gäste", purchase_day="40", purchase_day_times="3")
        )
    text = plain(shown.text)
    assert shown.status_code == 200 and "<td>€150.00</td><td>€100.00</td>" in text and "<td>€40.00, 3 times</td>" in text
    assert "Highest balance</span></div><b>1</b>" in text, "Anna has 250.00"

    fields = dict(forms(shown))["/office/trust/sets"]
    assert office.elenas.client.post("/office/trust/sets", data=fields | {"reason": "careful"}).status_code == 303
    assert levels() == DEFAULT
    assert "careful" in office.dragans.get("/office/trust").text
    assert "Put into force" not in office.elenas.get("/office/trust/proposals/1").text
    refused(office.elenas.post("/office/trust/proposals/1/approval"), NeedsColleague.says, "en")
    assert "€100.00" in office.dragans.get("/office/trust/proposals/1").text
    assert office.dragans.post("/office/trust/proposals/1/approval").status_code == 303

    first = levels()[0]
    assert first.most_balance == 100_00 and dict(first.names) == {"de": "Gäste"} and first.of("purchase")[1].times == 3
    assert levels()[1:] == DEFAULT[1:]
    assert "<td>€150.00</td><td>€100.00</td>" in office.elenas.get("/office/trust/versions/1").text
    assert "Put into force." in office.elenas.get("/office/trust/proposals/1").text
    refused(office.dragans.post("/office/trust/proposals/1/end"), ProposalGone.says, "en")


@pytest.mark.parametrize("rank", range(5))
def test_a_level_as_it_stands_changes_nothing(office, rank):
    """Every fact of the default set goes into the form and comes back."""
    path = f"/office/trust/levels/{rank}"
    refused(office.elenas.client.post(path, data=typed(office.elenas, path, path)), NothingChanged.says, "en")


def test_what_cannot_be_read_is_said_at_its_field(office):
    path = "/office/trust/levels/2"
    fields = typed(office.elenas, path, path)
    wrong = [("most_balance", "1e3"), ("purchase_each", "-5"), ("transfer_day", "1,5"), ("security_2", "NaN"), ("first_payee", "٣"), ("days", "1.5"),
             ("days", "99999999"), ("purchase_day_times", "-1"), ("gap_transfer", "x"), ("name_ru", "a\u202eb"), ("name_en", "x" * 41)]  # fmt: skip
    with nothing_written():
        for name, text in wrong:
            answer = office.elenas.client.post(path, data=fields | {name: text})
            (field_said,) = re.findall(r"<input[^>]*aria-invalid[^>]*>", answer.text)
            assert answer.status_code == 422 and f'name="{name}"' in field_said, (name, text)


def test_amounts_are_read_as_the_reader_writes_them(office):
    german, path = reading(office.elena, "de"), "/office/trust/levels/2"
    fields = typed(german, path, path)
    assert fields["transfer_day"] == "500,00"
    assert "1.234,50" in plain(german.client.post(path, data=fields | {"transfer_day": "1.234,50"}).text)
    assert german.client.post(path, data=fields | {"transfer_day": "1,234.50"}).status_code == 422


def test_a_level_on_top_and_away_again(office):
    change_settings({"trust_staff": 1}, actor=HOUSE, at=NOON)
    path = "/office/trust/levels/5"
    shown = office.elenas.client.post(path, data=typed(office.elenas, path, path, name_en="Friends"))
    office.elenas.client.post("/office/trust/sets", data=dict(forms(shown))["/office/trust/sets"] | {"reason": "new"})
    assert len(levels()) == 6 and "5 · Friends" in office.elenas.get("/office/trust").text

    fields = typed(office.elenas, "/office/trust/removal", "/office/trust/sets", reason="no")
    assert office.elenas.client.post("/office/trust/sets", data=fields).status_code == 303
    assert levels() == DEFAULT
    assert office.elenas.get("/office/trust/levels/6").status_code == 404


def test_what_is_looser_than_the_law_asks_for_a_tick(office):
    path = "/office/trust/levels/0"
    shown = office.elenas.client.post(path, data=typed(office.elenas, path, path, purchase_each="60"))
    assert "“Paying orders · at once” allows more than the law" in shown.text
    fields = dict(forms(shown))["/office/trust/sets"] | {"reason": "why not"}
    again = office.elenas.client.post("/office/trust/sets", data=fields)
    refused(again, LooserThanLaw.says, "en")
    assert office.elenas.client.post("/office/trust/sets", data=fields | {"sure": "y"}).status_code == 303


@pytest.mark.parametrize("shown", ["", "x", "WzAsIltdIl0.AAAA"])
def test_a_set_that_was_not_shown_is_not_taken(office, shown):
    with nothing_written():
        refused(office.elenas.post("/office/trust/sets", {"shown": shown, "reason": "x"}), NotShownSet.says, "en")


def test_the_set_goes_out_as_a_file_and_is_shown_before_it_is_taken(office):
    file = office.elenas.get("/office/trust/file").text
    assert file == readable(DEFAULT)

    def sent(text):
        return office.elenas.post("/office/trust/file", {"file": (BytesIO(text.encode()), "x.json")}, content_type="multipart/form-data")

    assert field(sent(file.replace('"days": 30', '"days": 31', 1)), "shown")
    wrong = sent(file.replace('"days": 30', '"days": "x"', 1))
    assert wrong.status_code == 422 and "is wrong: days" in wrong.text
    refused(sent(file), NothingChanged.says, "en")


def test_a_damaged_set_is_said_and_can_be_written_anew(office):
    run("INSERT INTO level_set (body, since) VALUES ('{', ?)", micros(NOON))
    page = office.elenas.get("/office/trust")
    assert page.status_code == 200 and "The trust levels cannot be read" in page.text
    assert office.elenas.get("/office/trust/levels/0").status_code == 200
    assert "cannot be read" in office.elenas.get("/office/trust/versions/1").text
    path = "/office/trust/levels/0"
    shown = office.elenas.client.post(path, data=typed(office.elenas, path, path))
    assert (
        office.elenas.client.post("/office/trust/sets", data=dict(forms(shown))["/office/trust/sets"] | {"reason": "mend"}).status_code
        == 303
    )
    assert office.dragans.post("/office/trust/proposals/1/approval").status_code == 303 and levels() == DEFAULT


def test_a_partners_level_is_given_by_two_and_its_history_stands_there(office):
    path, anna = f"/office/partners/{office.anna.number}/trust", office.anna.id
    answer = office.elenas.post(f"{path}/level", {"level": "3", "level_reason": "known for years"})
    assert answer.status_code == 303 and trusted(anna, clock()).level.rank == 0
    refused(office.elenas.post("/office/trust/proposals/1/approval"), NeedsColleague.says, "en")
    assert "/office/trust/proposals/1/approval" in office.dragans.get(path).text

    answer = office.dragans.post("/office/trust/proposals/1/approval")

    assert answer.headers["Location"] == path and trusted(anna, clock()).level.rank == 3
    text = plain(office.elenas.get(path).text)
    assert "3 · Verified" in text and "known for years" in text and "Left within 30 days: €25,000.00 of €25,000.00." in text
    assert office.elenas.post(f"{path}/level", {"level": "0", "level_reason": "not his passport"}).status_code == 303
    assert "Held as too much" in office.elenas.get(path).text
    assert [row[0] for row in rows("SELECT verb FROM event WHERE verb LIKE 'trust%' ORDER BY id")][-1] == "trust lowered"
    assert one("SELECT count(*) FROM outbox WHERE kind = 'trust'")[0] == 2


def test_an_exception_is_made_shown_and_ended(office):
    path, until = f"/office/partners/{office.anna.number}/trust", (clock() + 9 * DAY).date().isoformat()
    wish = {"kind": "purchase", "window": "day", "most": "20.00", "times": "2", "until": until, "reason": "careful"}
    assert office.elenas.post(f"{path}/exceptions", wish).status_code == 303
    assert "Paying orders · 24 hours: €20.00, 2 times" in plain(office.elenas.get(path).text)

    with nothing_written():
        for wrong in ({"until": "2020-01-01"}, {"most": "x"}, {"times": "-1"}, {"kind": "gift"}, {"reason": ""}, {"most": "", "times": ""}):
            answer = office.elenas.post(f"{path}/exceptions", wish | wrong)
            assert answer.status_code == 422 and 'class="wrong"' in answer.text, wrong
    assert office.elenas.post(f"{path}/exceptions/1/end").status_code == 303
    assert "Ended" in office.elenas.get(path).text
    refused(office.elenas.post(f"{path}/exceptions/1/end"), "This exception has ended already.", "en")


def test_the_introduction_is_tried_out_before_it_counts(office):
    change_settings({"trust_from": ""}, actor=HOUSE, at=NOON)
    path, first = "/office/trust/introduction", (clock() + 9 * DAY).date().isoformat()
    fields = {"level": "0", "begins": first}
    with nothing_written():
        tried = plain(office.elenas.post(f"{path}/trial", fields).text)
        table = office.elenas.post(f"{path}/table", fields)
        refused(office.elenas.post(f"{path}/trial", fields | {"begins": "2020-01-01"}), "day that is over", "en")
    assert f"{office.anna.number} Anna" in tried and "€250.00 / €150.00" in tried and "held" in tried and "Partners looked at: 2" in tried
    assert f"{office.anna.number},Anna".encode() in table.data and table.data.count(b"\r\n") == 2
    assert "would stop nobody" in office.elenas.post(f"{path}/trial", fields | {"level": "4"}).text

    assert office.elenas.post(path, fields).status_code == 303

    assert begins().isoformat() == first
    assert one("SELECT count(*) FROM trust_level WHERE source = 'start'")[0] == 2
    assert "until then the day can be changed" in office.elenas.get(path).text
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    assert "/trial" not in office.elenas.get(path).text


def test_who_may_only_read_sees_the_levels_and_nothing_to_press(office):
    clara = Browser(office.clara, language="en")
    for path in ("/office/trust", f"/office/partners/{office.anna.number}/trust"):
        answer = clara.get(path)
        assert answer.status_code == 200 and not [action for action, _ in forms(answer) if "trust" in action]
