"""Amounts as they must not be typed, through the office's top-up: SECURITY, bad inputs 1 to 18."""

import json

import pytest

from tests.cast import NOON, balance, eur
from tests.web.client import Browser, field, plain
from tests.web.refusing import READERS, nothing_written, reading, refused
from vps.app import WORDS
from vps.hypermedia.forms import MESSAGES
from vps.kernel.amounts import NoAmount, NotPositive, TooManyDecimals, TooMuch, WrongAmount
from vps.kernel.database import one, run
from vps.ledger.actions import set_up
from vps.wallets.actions import open_wallet
from vps.wallets.forms import CouldMean

COMMA = ("de", "hr", "sr", "sr_Latn")
SLIP = {"key": "0123456789ab", "number": "B 1", "day": "2026-11-20", "payer": "Anna Bauer", "reason": "Cash at the desk"}
NARROW, NBSP = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"

REFUSED = [
    ("1", "1.000,50", ("en", "ru"), WrongAmount),
    ("2", "1,000.50", (*COMMA, "ru"), WrongAmount),
    ("3", "10.50", (*COMMA, "ru"), WrongAmount),
    ("4", "10,50", ("en",), WrongAmount),
    *(("5", f"1{space}000,50", ("en", *COMMA), WrongAmount) for space in (" ", NBSP, NARROW)),
    ("6", "1.234", COMMA, CouldMean),
    ("6", "1,234", ("en",), CouldMean),
    ("7", "1,234", (*COMMA, "ru"), TooManyDecimals),
    ("7", "0,001", (*COMMA, "ru"), TooManyDecimals),
    ("7", "0.001", ("en",), TooManyDecimals),
    *(("8", typed, READERS, WrongAmount) for typed in ("١٢", "１２", "௧")),
    *(("9", typed, READERS, WrongAmount) for typed in ("1e3", "1E400")),
    *(("10", typed, READERS, WrongAmount) for typed in ("NaN", "Infinity", "-Infinity")),
    ("11", "-0", READERS, WrongAmount),
    ("11", "0", READERS, NotPositive),
    ("11", "0,00", (*COMMA, "ru"), NotPositive),
    *(("12", typed, READERS, WrongAmount) for typed in ("-5", "−5", "(5)", "+5")),
    *(("13", typed, READERS, WrongAmount) for typed in ("1_000", "0x10", "1'000")),
    ("14", "9" * 40, READERS, TooMuch),
    ("14", "9" * 30 + ",5", ("en",), WrongAmount),
    ("14", "1." + "3" * 44, ("de",), WrongAmount),
    ("14", "9223372036854775808", READERS, TooMuch),
    *(("15", typed, READERS, WrongAmount) for typed in ("5,", ",5", ".5")),
    ("17", "   ", READERS, NoAmount),
]
READ = [
    ("1", "1.000,50", COMMA),
    ("2", "1,000.50", ("en",)),
    *(("5", f"1{space}000,50", ("ru",)) for space in (" ", NBSP, NARROW)),
]


def address(house, kind="top-up"):
    return f"/office/partners/{house.anna.number}/wallet/{kind}"


@pytest.mark.parametrize(("item", "typed", "languages", "refusal"), REFUSED)
def test_an_amount_that_could_mean_something_else_is_refused_in_words(house, item, typed, languages, refusal):
    for language in languages:
        dragan = reading(house.dragan, language)
        with nothing_written():
            answer = dragan.post(address(house), {**SLIP, "amount": typed, "confirmed": "1"})
        refused(answer, refusal.says, language)
        assert f'value="{typed}"' in answer.text.replace("&#39;", "'"), "what was typed is still there"


@pytest.mark.parametrize(("item", "typed", "languages"), READ)
def test_the_right_form_of_each_language_is_read_and_shown_before_it_is_booked(house, item, typed, languages):
    for language in languages:
        with nothing_written():
            preview = reading(house.dragan, language).post(address(house), {**SLIP, "amount": typed})
        assert preview.status_code == 200
        assert "1000.50 EUR" in preview.text


def test_one_point_two_three_four_is_booked_only_with_its_tick(cast):
    dragan = reading(cast.dragan, "de")
    preview = dragan.post(address(cast), {**SLIP, "amount": "1.234", "sure": "y"})
    assert "1.234,00 €" in plain(preview.text)
    assert balance(cast.anna) == eur(250_00)

    carried = {name: field(preview, name) for name in (*SLIP, "amount", "sure", "confirmed")}
    assert dragan.post(address(cast), carried).status_code == 303

    assert balance(cast.anna) == eur(250_00 + 1_234_00)


@pytest.mark.parametrize("kind", ["top-up", "pay-out"])
def test_pressed_twice_and_sent_again_it_is_booked_once(cast, kind):
    dragan, way = Browser(cast.dragan), address(cast, kind)
    data = {**SLIP, "amount": "10,50", "confirmed": "1"}

    assert [dragan.post(way, data).status_code for _ in range(3)] == [303, 303, 303]

    assert balance(cast.anna) == eur(250_00 + (10_50 if kind == "top-up" else -10_50))


@pytest.mark.parametrize(("currency", "typed"), [("JPY", "10,5"), ("KWD", "1,2345")])
def test_a_currency_has_as_many_decimals_as_it_has(house, currency, typed):
    set_up(currency=currency, at=NOON)
    run("INSERT INTO setting (key, value, since) VALUES ('currency', ?, 1)", currency)
    open_wallet(house.anna.id, currency, at=NOON)
    for language in ("de", "sr", "ru"):
        dragan = reading(house.dragan, language)
        with nothing_written():
            answer = dragan.post(address(house), {**SLIP, "amount": typed, "confirmed": "1"})
        refused(answer, TooManyDecimals.says, language)


@pytest.mark.parametrize("language", READERS)
def test_no_amount_at_all_and_a_mountain_of_digits(house, language):
    dragan = reading(house.dragan, language)
    with nothing_written():
        for data in (SLIP, {**SLIP, "amount": ""}, {**SLIP, "amount[]": "5"}):
            refused(dragan.post(address(house), data), MESSAGES["This field is required."], language)
        refused(dragan.post(address(house), {**SLIP, "amount": "1" * 100_000}), "This is too long.", language)
        refused(dragan.post(address(house), {**SLIP, "amount": "1" * 2**20}), WORDS[413], language, status=413)


@pytest.mark.parametrize("language", READERS)
def test_two_amounts_are_no_amount(house, language):
    dragan = reading(house.dragan, language)
    with nothing_written():
        answer = dragan.post(address(house), {**SLIP, "amount": ["5,00", "500,00"], "confirmed": "1"})
        refused(answer, WORDS[400], language, status=400)
        body = json.dumps({**SLIP, "amount": ["5"], "confirmed": "1"})
        sent = dragan.client.post(address(house), data=body, headers={"Content-Type": "application/json", "X-CSRFToken": dragan.csrf()})
        refused(sent, MESSAGES["This field is required."], language)


@pytest.mark.parametrize("language", READERS)
def test_a_form_without_its_key_says_so(house, language):
    with nothing_written():
        answer = reading(house.dragan, language).post(address(house), {**SLIP, "key": "", "amount": "5", "confirmed": "1"})
    refused(answer, WORDS[400], language)


@pytest.mark.parametrize("day", ["2026-02-30", "31.02.26", "10000-01-01", "", "2026-11-20T25:00"])
def test_a_day_that_is_none_is_refused(house, day):
    with nothing_written():
        answer = Browser(house.dragan).post(address(house), {**SLIP, "amount": "5", "day": day, "confirmed": "1"})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text


def test_other_goods_than_whole_ones_are_no_order(house):
    for typed in ("1,5", "-1", "1e3", "１", "1000", "0x1"):
        with nothing_written():
            answer = Browser(house.anna).post(
                "/orders/new", {"key": "0123456789ab", "name": "Maria Huber", "language": "de", f"q-{house.tea.id}": typed}
            )
        refused(answer, "Please enter a whole number from 1 to 999.", "de")
    assert one("SELECT count(*) FROM orders")[0] == 0
