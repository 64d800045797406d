"""The office's page of what is to be clarified: what each line might be, one press, and taking it back."""

import pytest

from tests.bank.test_import import file, line, take
from tests.cast import NOON, balance, eur
from tests.web.client import Browser, forms, plain
from tests.web.refusing import nothing_written, reading, refused, says
from vps.bank.accounts import WrongLength
from vps.bank.actions import NotOffered, NotUnclear
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import N_
from vps.people.actions import close_person
from vps.wallets.actions import NothingWritten, Slip, WouldBeDebt, pay_out

WAY = "/office/bank"
LANGUAGES = ("en", "de", "sr")


@pytest.fixture
def desk(house):
    """A line whose payer left, one that nobody knows, and money that went."""
    close_person(house.boris, actor=HOUSE, at=clock())
    ref = topup_reference(house.boris.number)
    take(file(line("8.00", ref=ref), line("100.00", text="Danke"), line("2.00", side="DBIT")))
    return house


def test_the_list_says_what_each_line_might_be_and_one_press_books_it(desk):
    dragan = reading(desk.dragan, "en")
    page = dragan.get(f"{WAY}/unclear")

    text = plain(page.text)
    assert "+€106.00" in text and "<dt>Lines</dt><dd>3</dd>" in text
    assert f"The reference of partner {desk.boris.number} stands in it, but his account is closed." in text
    press, *own = forms(page)
    assert len(own) == 3, "each line could be the company's own business"
    answer = dragan.client.post(press[0], data=press[1])

    assert answer.headers["Location"] == f"{WAY}/unclear?done=1"
    assert balance(desk.boris) == eur(8_00)
    assert "This line is clear now." in dragan.get(answer.headers["Location"]).text
    assert "(2)" in dragan.get(f"{WAY}/statements").text


def test_a_part_goes_to_whom_the_office_looked_for(desk):
    dragan = reading(desk.dragan, "de")
    press, *_ = forms(dragan.get(f"{WAY}/lines/2?q=bauer"))

    answer = dragan.client.post(press[0], data={**press[1], "amount": "30,50", "comment": "laut Anruf"})

    assert answer.headers["Location"] == f"{WAY}/lines/2"
    assert dragan.client.post(press[0], data={**press[1], "amount": "30,50"}).status_code == 409, "it was pressed twice"
    assert balance(desk.anna) == eur(280_50)
    text = plain(dragan.get(f"{WAY}/lines/2").text)
    assert "+69,50 €" in text and "laut Anruf" in text and desk.dragan.name in text
    assert "Es wurde nichts gefunden, was" in dragan.get(f"{WAY}/lines/2?q=nix").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_is_refused_where_it_was_typed(desk, language):
    dragan = reading(desk.dragan, language)
    claim = {"kind": "top-up", "target": str(desk.anna.id), "asked": desk.anna.number}
    with nothing_written():
        refused(
            dragan.post(f"{WAY}/lines/2/claims", claim | {"amount": "100.01" if language == "en" else "100,01"}),
            NotUnclear.says,
            language,
            status=409,
        )
        refused(dragan.post(f"{WAY}/lines/2/claims", claim | {"asked": ""}), NotOffered.says, language, status=409)
        refused(
            dragan.post(f"{WAY}/lines/2/claims", claim | {"target": "x"}),
            N_("The browser sent something that cannot be understood. Please go back and try again."),
            language,
        )
        assert dragan.post(f"{WAY}/lines/99/claims", claim).status_code == 404
        assert dragan.post(f"{WAY}/claims/99/end", {"reason": "x"}).status_code == 404


def test_a_claim_is_taken_back_with_a_reason(desk):
    ref = topup_reference(desk.anna.number)
    take(file(line("300.00", ref=ref), number="2"))
    dragan = reading(desk.dragan, "en")
    way = f"{WAY}/claims/1/end"
    refused(dragan.post(way, {"reason": " "}), NothingWritten.says, "en")

    answer = dragan.post(way, {"reason": "not his"})

    assert answer.headers["Location"] == f"{WAY}/lines/4" and balance(desk.anna) == eur(250_00)
    page = dragan.get(f"{WAY}/lines/4")
    assert "Taken back on" in page.text and "Top-up" in page.text


def test_money_that_was_spent_is_taken_back_with_a_tick_only(desk):
    take(file(line("300.00", ref=topup_reference(desk.anna.number)), number="2"))
    pay_out(desk.anna.id, eur(500_00), Slip("B 1", NOON.date(), "Anna", "x"), authorisation=ByStaff(Actor(desk.dragan.id)), at=NOON)
    dragan = reading(desk.dragan, "en")

    answer = dragan.post(f"{WAY}/claims/1/end", {"reason": "not his"})

    refused(answer, WouldBeDebt.says, "en")
    assert 'name="as_debt"' in answer.text and 'value="not his"' in answer.text
    assert dragan.post(f"{WAY}/claims/1/end", {"reason": "not his", "as_debt": "y"}).status_code == 303
    assert balance(desk.anna) == eur(-250_00)


def test_who_reads_sees_the_reasons_and_no_button(desk):
    clara = reading(desk.clara, "en")
    page = clara.get(f"{WAY}/unclear")
    assert "his account is closed" in page.text and forms(page) == []
    assert forms(clara.get(f"{WAY}/lines/2")) == []


def test_when_nothing_is_unclear_the_page_says_so(house):
    assert says(reading(house.clara, "de").get(f"{WAY}/unclear"), "Nothing is to be clarified.", "de")
    assert Browser(house.clara).get(f"{WAY}/unclear?after=9.9&done=x").status_code == 200


def test_long_lists_are_paged_by_day_and_line(house):
    take(file(*(line("1.00", text=f"no {n:02}") for n in range(25))))
    clara = reading(house.clara, "en")
    first = clara.get(f"{WAY}/unclear").text

    assert "no 19" in first and "no 20" not in first and "?after=20261119.20" in first
    second = clara.get(f"{WAY}/unclear?after=20261119.20").text
    assert "no 20" in second and "no 24" in second and "?after=" not in second


def test_money_is_sent_back_to_whom_it_came_from(desk):
    dragan = reading(desk.dragan, "en")
    to = {"holder": "Hans Meier", "account": "DE02 1203 0000 0000 2020 51", "bic": ""}
    assert "Send it back" in dragan.get(f"{WAY}/lines/2").text and "Send it back" not in dragan.get(f"{WAY}/lines/3").text
    with nothing_written():
        refused(dragan.post(f"{WAY}/lines/2/return", to | {"account": "DE00"}), WrongLength.says, "en")
        assert dragan.post(f"{WAY}/lines/2/return", to | {"amount": "200"}).status_code == 409

    part = to | {"amount": "40", "shown": "10000"}
    assert dragan.post(f"{WAY}/lines/2/return", part).headers["Location"] == f"{WAY}/lines/2"
    assert dragan.post(f"{WAY}/lines/2/return", part).status_code == 409, "it was pressed twice"

    assert one("SELECT holder, amount FROM payout") == ("Hans Meier", 40_00)
    assert "+€60.00" in plain(dragan.get(f"{WAY}/lines/2").text) and "Sent back" in dragan.get(f"{WAY}/lines/2").text
