"""The office takes a whole statement back: the page says what that does before one code does it."""

import pytest

from tests.bank.test_import import file, line, take
from tests.cast import NOON, balance, eur
from tests.web.client import field, plain
from tests.web.refusing import nothing_written, reading, refused
from tests.web.test_bad_input_files import fresh_code
from vps.bank.actions import StaysBooked, clarify
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.security.actions import BatchChanged, WrongCode
from vps.wallets.actions import NothingWritten, Slip, pay_out

WAY = "/office/bank/statements/1"


@pytest.fixture
def desk(house):
    take(file(line("100.00", ref=topup_reference(house.boris.number)), line("9.00")))
    pay_out(house.boris.id, eur(70_00), Slip("B 1", NOON.date(), "Boris", "x"), authorisation=ByStaff(HOUSE), at=NOON)
    return house


@pytest.mark.parametrize("language", ["en", "de", "sr"])
def test_what_is_refused_changes_nothing_and_the_page_asks_again(desk, language):
    dragan = reading(desk.dragan, language)
    shown = field(dragan.get(f"{WAY}/end"), "shown")
    data = {"shown": shown, "reason": "wrong"}
    fresh_code()  # so that he has an app
    with nothing_written():
        refused(dragan.post(f"{WAY}/end", data | {"reason": "", "code": fresh_code()}), "Please fill this in.", language)
        refused(dragan.post(f"{WAY}/end", data | {"shown": "0" * 64, "code": fresh_code()}), BatchChanged.says, language, status=409)
        refused(dragan.post(f"{WAY}/end", data | {"reason": " ", "code": fresh_code()}), NothingWritten.says, language)
    refused(dragan.post(f"{WAY}/end", data | {"code": "000000"}), WrongCode.says, language)
    assert one("SELECT taken_back_at FROM bank_statement")[0] is None


def test_one_code_takes_it_back_as_shown_and_every_page_says_so(desk):
    dragan = reading(desk.dragan, "en")
    assert f'href="{WAY}/end"' in dragan.get(WAY).text
    page = dragan.get(f"{WAY}/end")
    text = plain(page.text)
    assert desk.boris.number in text and "\N{MINUS SIGN}€70.00" in text and "<dt>Top-up (1)</dt>" in text and "+€100.00" in text
    assert 'name="code"' not in reading(desk.clara, "en").get(f"{WAY}/end").text

    answer = dragan.post(f"{WAY}/end", {"shown": field(page, "shown"), "reason": "wrong file", "code": fresh_code()})

    assert answer.headers["Location"] == WAY and balance(desk.boris) == eur(-70_00)
    after = dragan.get(WAY).text
    assert "This statement was taken back on" in after and f"{WAY}/end" not in after and "/lines/" not in after
    assert "taken back" in dragan.get("/office/bank/statements").text
    assert dragan.get(f"{WAY}/end").headers["Location"] == WAY
    assert dragan.get("/office/bank/lines/1").status_code == 404
    assert "Bank statement taken back" in reading(desk.elena, "en").get("/office/trail").text


def test_what_keeps_it_is_said_instead(desk):
    take(file(line("9.00"), number="2"))
    clarify(3, "booked", one("SELECT booking FROM bank_line WHERE id = 2")[0], None, actor=Actor(desk.dragan.id), at=NOON)
    dragan = reading(desk.dragan, "en")

    page = dragan.get(f"{WAY}/end")

    assert "named the same as line 2" in page.text and 'name="code"' not in page.text
    refused(
        dragan.post(f"{WAY}/end", {"shown": field(page, "shown"), "reason": "x", "code": fresh_code()}), StaysBooked.says, "en", status=409
    )
