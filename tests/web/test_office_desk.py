"""The office lets a way be added, takes a number away, restores who lost everything, and says what the company asks at least."""

import pytest

from tests.cast import app_of, sheet_of
from tests.web.client import Browser, plain
from tests.web.refusing import reading
from tests.web.test_changing import number_of
from vps.company.models import company
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.security.models import Phone, Recovery, coming_level, enrolled, held, is_frozen, level_of

FORM = {
    "security_level": "2", "purchase": "1", "purchase_from": "", "purchase_more": "1", "transfer": "2", "transfer_from": "500,01", "transfer_more": "3",
    "pay_out": "2", "pay_out_from": "1 000", "pay_out_more": "4", "change": "3", "partner_idle": "20", "staff_idle": "8", "session_hours": "9",
    "rest_hours": "12", "recovery_staff": "1",
}  # fmt: skip


MARK = "In this company one person is enough. The history marks that nobody else looked."


@pytest.fixture
def desk(house):
    sheet_of(house.anna, clock())
    app_of(house.anna)
    house.way = f"/office/partners/{house.anna.number}"
    return house


def test_the_office_lets_one_way_be_added(desk):
    assert Browser(desk.dragan).post(f"{desk.way}/permit").status_code == 303
    assert Browser(desk.anna).post("/me/phone", {"number": "+49 151 23456789"}).status_code == 422, "there is no gateway here"
    assert Browser(desk.anna).get("/me/phone").status_code == 200


def test_the_office_takes_a_number_away(desk):
    number_of(desk.anna)
    dragan = Browser(desk.dragan)
    assert f"{desk.way}/phone/end" in dragan.get(desk.way).text

    assert dragan.post(f"{desk.way}/phone/end").status_code == 303

    assert Phone.verified(desk.anna.id) == []
    assert f"{desk.way}/phone/end" not in dragan.get(desk.way).text


def test_two_of_the_office_restore_and_the_partner_sees_it(desk):
    dragan, elena = Browser(desk.dragan), Browser(desk.elena)
    assert dragan.post(f"{desk.way}/recovery", {"document": ""}).status_code == 422
    assert dragan.post(f"{desk.way}/recovery", {"document": "Passport C01X00T47"}).headers["Location"] == f"{desk.way}/recovery"
    assert f"{desk.way}/recovery/approval" not in dragan.get(f"{desk.way}/recovery").text, "who saw it first is not asked again"
    assert dragan.post(f"{desk.way}/recovery/approval").status_code == 403
    page = elena.get(f"{desk.way}/recovery").text
    assert "Passport C01X00T47" in page and f"{desk.way}/recovery/approval" in page and "Dragan" in page

    assert elena.post(f"{desk.way}/recovery/approval").headers["Location"] == desk.way

    assert enrolled(desk.anna.id) == []
    assert held(desk.anna.id, clock())
    assert "Büro" in plain(Browser(desk.anna).get("/me/security").text)
    assert elena.post(f"{desk.way}/recovery/approval").status_code == 409


def test_stopping_it_freezes_the_wallet(desk):
    dragan = Browser(desk.dragan)
    dragan.post(f"{desk.way}/recovery", {"document": "Passport C01X00T47"})

    assert dragan.post(f"{desk.way}/recovery/end").status_code == 303

    assert Recovery.open(desk.anna.id) is None
    assert is_frozen(desk.anna.id)


def test_an_office_of_one_is_told_that_it_leaves_a_mark(desk):
    run("INSERT INTO setting (key, value, since) VALUES ('recovery_staff', '1', 1)")
    dragan = Browser(desk.dragan)
    one_line = plain(reading(desk.dragan, "en").get(f"{desk.way}/recovery").text)
    dragan.post(f"{desk.way}/recovery", {"document": "Passport C01X00T47"})

    assert enrolled(desk.anna.id) == []
    assert one("SELECT alone FROM recovery")[0] == 1
    assert MARK in one_line


def test_who_manages_sets_the_matrix_as_people_write_amounts(desk):
    elena = Browser(desk.elena)
    elena.client.get("/office/security")

    assert elena.post("/office/security", FORM).headers["Location"] == "/office/security"

    ours = company()
    assert ours.security_matrix == "purchase 0 1; transfer 0 2; transfer 50001 3; pay-out 0 2; pay-out 100000 4; change 0 3"
    assert (ours.partner_idle, ours.staff_idle, ours.session_hours, ours.rest_hours, ours.recovery_staff) == (20, 8, 9, 12, 1)
    again = elena.get("/office/security").text
    assert 'value="500,01"' in again and 'value="1000,00"' in again


def test_what_cannot_be_read_changes_nothing(desk):
    elena, before = Browser(desk.elena), company()
    for wrong in ({"transfer_from": "1,2,3"}, {"purchase": "9"}, {"partner_idle": "0"}, {"rest_hours": "x"}, {"change": "1"}):
        assert elena.post("/office/security", FORM | wrong).status_code == 422, wrong
    assert company() == before


def test_a_preset_is_one_press(desk):
    elena = Browser(desk.elena)
    for preset, level, idle in (("bank", 2, 5), ("light", 1, 60), ("standard", 2, 30)):
        assert elena.post("/office/security", {"preset": preset}).status_code == 303
        assert (company().security_level, company().partner_idle) == (level, idle)
    assert elena.post("/office/security", {"preset": "none"}).status_code == 422


def test_who_does_not_manage_reads_and_changes_nothing(desk):
    for person in (desk.clara, desk.dragan):
        browser = Browser(person)
        page = browser.get("/office/security")
        assert page.status_code == 200 and "disabled" in page.text and 'name="preset"' not in page.text
        assert browser.post("/office/security", FORM).status_code == 403


def test_the_office_sets_a_lower_level_and_it_rests(desk):
    dragan = Browser(desk.dragan)
    assert f'action="{desk.way}/level"' in dragan.get(desk.way).text

    assert dragan.post(f"{desk.way}/level", {"level": "1"}).status_code == 303

    assert level_of(desk.anna.id, clock()) == 2
    assert coming_level(desk.anna.id, clock())[0] == 1
    assert dragan.post(f"{desk.way}/level", {"level": "9"}).status_code == 404
