"""Manual provisions in the office: a file with mistakes says each, a code books what was shown, two see the same, and a partner reads his."""

import io
import re
from datetime import timedelta

import pytest

from tests.cast import NOON, balance, eur
from tests.commissions.network import worked
from tests.commissions.provisions import by_hand, given_by_hand, handed_in
from tests.web.client import Browser, field, plain
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_bad_input_files import fresh_code
from tests.web.test_every_page import whole
from vps.commissions.actions import manual
from vps.commissions.actions.manual import KnownProvisions
from vps.commissions.actions.manual_lines import HasLeft, LikeFormula
from vps.commissions.models import Run
from vps.commissions.models.manual_lists import taken_back
from vps.company.actions import change_settings
from vps.kernel.amounts import NotPositive
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.csvfile import WrongLines
from vps.kernel.database import one, run
from vps.people.actions import close_person
from vps.security.actions import BatchChanged, WrongCode
from vps.wallets.actions import Decided, NoReason, TakesAnother
from vps.wallets.forms import CouldMean

WAY = "/office/commissions/manual"
HEADER = "number,amount,currency,text"


def send(browser, *lines, header=HEADER, name="november.csv"):
    file = io.BytesIO("\n".join([header, *lines]).encode())
    return browser.post(f"{WAY}/file", {"file": (file, name)}, content_type="multipart/form-data")


def press(browser, place, act, *, who="dragan", shown=None):
    return browser.post(f"{place}/{act}", {"shown": shown or field(browser.get(place), "shown"), "code": fresh_code(who)})


def typed(house, **more):
    return {"key": "0123456789ab", "number": house.boris.number, "amount": "40", "currency": "EUR", "kind": "main", "text": "Fair"} | more


@pytest.mark.parametrize("language", READERS)
def test_a_file_with_mistakes_is_refused_with_each_of_them_in_the_readers_language(house, language):
    close_person(house.boris, actor=HOUSE, at=NOON)
    dragan, anna = reading(house.dragan, language), house.anna.number
    with nothing_written():
        answer = send(dragan, f"{anna},0,EUR,x", f"{house.boris.number},1,EUR,x", f"{anna},1,EUR,=1+1")

    refused(answer, WrongLines.says, language)
    assert all(says(answer, each.says, language) for each in (NotPositive, HasLeft, LikeFormula))
    assert re.findall(r"<li[^>]*>\D*(\d)", answer.text.partition("<h1")[2])[:3] == ["2", "3", "4"]
    whole(answer, language, WAY)


@pytest.mark.parametrize("language", READERS)
def test_a_file_is_shown_confirmed_by_one_code_and_read_by_its_partners(house, language):
    dragan = reading(house.dragan, language)
    place = send(dragan, f"{house.anna.number},40.00,EUR,Fair in Graz", f"{house.boris.number},7.50,EUR,Petrol").headers["Location"]
    shown = dragan.get(place)
    whole(shown, language, place)
    assert "november.csv" in shown.text and "47.50 EUR" in shown.text and balance(house.boris) == eur(0)

    refused(dragan.post(f"{place}/confirmation", {"shown": field(shown, "shown"), "code": "000000"}), WrongCode.says, language)
    first, again = (press(dragan, place, "confirmation", shown=field(shown, "shown")) for _ in range(2))

    assert first.headers["Location"] == again.headers["Location"] == place and balance(house.boris) == eur(7_50)
    assert "<form" not in plain(dragan.get(place).text).partition("<h1")[2].partition("</main>")[0]
    boris = reading(house.boris, language)
    assert "Petrol" in boris.get("/wallet/statement").text and "Petrol" in boris.get("/commissions/provisions").text
    line = one("SELECT id FROM booking WHERE key LIKE ?", f"run:%:partner:{house.boris.id}")[0]
    assert "Petrol" in boris.get(f"/wallet/statement/{line}").text and "Petrol" in boris.get("/wallet/statement?q=petrol").text
    assert "Fair in Graz" not in boris.get("/wallet/statement").text


def test_the_same_file_leads_to_the_first_one(house):
    dragan = reading(house.dragan, "en")
    line = f"{house.anna.number},40.00,EUR,Fair"
    place = send(dragan, line).headers["Location"]

    answer = send(dragan, line, name="copy.csv")

    refused(answer, KnownProvisions.says, "en", status=409)
    assert f'href="{place}"' in answer.text


def test_one_is_typed_as_the_reader_writes_amounts_and_sent_twice_is_one(house):
    dragan = reading(house.dragan, "de")
    refused(dragan.post(WAY, typed(house, amount="1.000")), CouldMean.says, "de")
    with nothing_written():
        answer = dragan.post(WAY, typed(house, number="1"))
        refused(answer, "%(number)s is not a partner number: its check digits do not fit.", "de")
        assert field(answer, "text") == "Fair"

    first, again = (dragan.post(WAY, typed(house, amount="40,50")) for _ in range(2))

    assert first.headers["Location"] == again.headers["Location"] and one("SELECT count(*), sum(amount) FROM manual_provision") == (
        1,
        40_50,
    )


@pytest.mark.parametrize("language", READERS)
def test_above_the_threshold_a_colleague_sees_the_same_and_gives_her_own_code(house, language):
    dragan, elena, place = reading(house.dragan, language), reading(house.elena, language), f"{WAY}/{by_hand(house, house.boris)}"
    press(dragan, place, "confirmation")
    assert 'name="code"' not in dragan.get(place).text
    refused(press(dragan, place, "approval", shown=field(elena.get(place), "shown")), TakesAnother.says, language, status=403)
    shown = elena.get(place)
    whole(shown, language, place)
    assert "2000.00 EUR" in shown.text and place in elena.get(WAY).text
    refused(press(elena, place, "approval", who="elena", shown="0" * 64), BatchChanged.says, language, status=409)

    press(elena, place, "approval", who="elena")

    assert balance(house.boris) == eur(2_000_00)
    whole(elena.get(place), language, place)


def test_a_colleague_refuses_with_a_reason_and_it_is_over(house):
    elena, dragan, place = reading(house.elena, "en"), reading(house.dragan, "en"), f"{WAY}/{by_hand(house, house.boris)}"
    refused(elena.post(f"{place}/end", {}), NoReason.says, "en")
    elena.post(f"{place}/end", {"reason": "not agreed"})

    assert "not agreed" in elena.get(place).text and "Refused" in elena.get(WAY).text
    refused(press(dragan, place, "confirmation", shown="0" * 64), BatchChanged.says, "en", status=409)
    refused(dragan.post(f"{place}/end", {}), Decided.says, "en", status=409)


def test_what_is_large_shows_how_far_it_is_and_looks_again_by_itself(house, monkeypatch):
    monkeypatch.setattr(manual, "AT_ONCE", 0)
    dragan = reading(house.dragan, "en")
    place = dragan.post(WAY, typed(house)).headers["Location"]
    press(dragan, place, "confirmation")

    pages = [place, f"{place}/partners/{house.boris.number}"]

    for waits in map(dragan.get, pages):
        assert waits.headers["Refresh"] == "2" and 'data-hx-trigger="every 2s"' in waits.text, waits.request.path
    piece = dragan.piece(place)
    assert piece.text.startswith('<div id="how-far"') and "<progress" in piece.text and "every 2s" in piece.text
    assert balance(house.boris) == eur(0)

    worked(clock())

    for done in map(dragan.get, pages):
        assert "Refresh" not in done.headers and "every 2s" not in done.text, done.request.path
    piece = dragan.piece(place)
    assert "Credited" in piece.text and "every 2s" not in piece.text, "what was asked for again stops asking"
    assert balance(house.boris) != eur(0)


@pytest.mark.parametrize("language", READERS)
def test_it_is_taken_back_by_two_and_the_partner_sees_it(house, language):
    key = given_by_hand(house, house.boris)
    dragan, elena, place = reading(house.dragan, language), reading(house.elena, language), f"{WAY}/{key}/partners/{house.boris.number}"
    (asked,) = taken_back()
    whole(dragan.get(place), language, place)
    refused(dragan.post(f"{WAY}/reversals/{asked.id}/approval"), TakesAnother.says, language, status=403)
    dragan.post(f"{WAY}/reversals/{asked.id}/end")
    own = {"kind": "main", "currency": "EUR"}
    whole(dragan.post(f"{place}/reversal", own), language, place)
    assert dragan.post(f"{place}/reversal", own | {"reason": "paid twice"}).headers["Location"] == place
    assert place in elena.get(WAY).text

    elena.post(f"{WAY}/reversals/{taken_back()[0].id}/approval")

    assert balance(house.boris) == eur(0)
    shown = elena.get(place)
    whole(shown, language, place)
    assert f"{place}/reversal" not in shown.text
    whole(reading(house.boris, language).get("/commissions/provisions"), language, "mine")


def test_who_is_not_in_it_has_no_page_in_it(house):
    key = by_hand(house, house.boris)
    dragan = Browser(house.dragan)

    for path in (f"{key}/partners/{house.anna.number}", f"{key}/partners/1", "99", f"99/partners/{house.boris.number}"):
        assert dragan.get(f"{WAY}/{path}").status_code == 404
    assert dragan.post(f"{WAY}/reversals/99/approval").status_code == 404


def test_what_came_from_the_command_line_is_the_systems_until_somebody_confirms_it(house):
    key = handed_in(house, f"{house.boris.number},1.00,EUR,x", by=HOUSE)
    dragan = reading(house.dragan, "en")
    assert all("the system ·" in plain(dragan.get(path).text) for path in (f"{WAY}/{key}", WAY))

    press(dragan, f"{WAY}/{key}", "confirmation")

    assert balance(house.boris) == eur(1_00) and "<dt>Confirmed by</dt><dd>Dragan" in plain(dragan.get(f"{WAY}/{key}").text)


def test_lists_and_lines_have_pages(house, monkeypatch):
    monkeypatch.setattr("vps.commissions.office_manual.PAGE", 1)
    monkeypatch.setattr("vps.commissions.web_manual.PAGE", 1)
    dragan = Browser(house.dragan)
    keys = [Run.get_by_id(given_by_hand_of(house, n)).id for n in (1, 2)]

    first = dragan.get(WAY)
    assert f'href="{WAY}/{keys[1]}"' in first.text and f'href="{WAY}/{keys[0]}"' not in first.text
    assert f'href="{WAY}/{keys[0]}"' in dragan.get(f"{WAY}?before={keys[1]}").text
    place = send(dragan, *(f"{each.number},1,EUR,line of {each.username}" for each in (house.anna, house.boris))).headers["Location"]
    assert "line of boris" not in dragan.get(place).text and "line of boris" in dragan.get(f"{place}?after=1").text
    boris = Browser(house.boris)
    assert "gift 2" in boris.get("/commissions/provisions").text and "gift 1" not in boris.get("/commissions/provisions").text
    assert "gift 1" in boris.get(f"/commissions/provisions?before={keys[1]}.1").text


def given_by_hand_of(house, n):
    key = by_hand(house, house.boris, f"gift {n}")
    run("UPDATE commission_run SET approved_at = drafted_at, approved_by = ? WHERE id = ?", house.elena.id, key)
    manual.book_now(key, at=NOON + timedelta(minutes=n))
    return key


def test_the_trail_names_them(house):
    change_settings({"provision_alone_to": 1}, actor=HOUSE, at=NOON)
    key = given_by_hand(house, house.boris)
    trail = plain(reading(house.elena, "en").get("/office/trail").text)
    assert "Manual provisions handed in" in trail and f"Manual provisions no. {key}" in trail and f'href="{WAY}/{key}"' in trail
