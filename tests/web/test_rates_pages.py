"""The office keeps exchange rates: typed as the reader writes numbers, or from a file that is shown before it counts."""

import io
import itertools
from datetime import date
from fractions import Fraction

import pytest

from tests.cast import NOON
from tests.company.rate_files import CSV, DAILY, FRIDAY, envelope, of_day
from tests.web.client import Browser, field, plain
from tests.web.refusing import READERS, nothing_written, reading, refused
from tests.web.test_every_page import whole
from vps.company.actions import SameCurrency, change_settings, import_rates, set_rate
from vps.company.models import NewRate, rate_on
from vps.company.rates_file import NoRatesFile, RatesWithDoctype, TooManyElements
from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import WrongCurrency, WrongDay
from vps.kernel.csvfile import TooLargeFile, WrongLines
from vps.kernel.database import one, rows
from vps.kernel.rates import RateOfZero, UnreadableRate
from vps.wallets import rates_forms
from vps.wallets.rates_forms import FarOff, NotShownRates, TooManyRates

WAY = "/office/rates"
TYPED = {"base": "EUR", "quote": "RSD", "rate": "117.25", "valid_from": "2026-11-20", "valid_to": ""}
DAY = date(2026, 11, 20)


def send(browser: Browser, content: bytes | str, name: str = "rates.csv"):
    octets = content.encode() if isinstance(content, str) else content
    return browser.post(f"{WAY}/file", {"file": (io.BytesIO(octets), name)}, content_type="multipart/form-data")


@pytest.fixture
def dragan(house):
    return reading(house.dragan, "en")


def test_a_rate_is_typed_as_the_reader_writes_numbers(house):
    answer = reading(house.dragan, "de").post(WAY, TYPED | {"base": "eur", "rate": "117,25", "valid_to": "2099-12-31"})

    assert answer.headers["Location"] == WAY
    assert rows("SELECT base, quote, nano, valid_from, valid_to, source, set_by FROM rate") == [
        ("EUR", "RSD", 117_250_000_000, "2026-11-20", "2099-12-31", "hand", house.dragan.id)
    ]
    page = plain(reading(house.clara, "hr").get(WAY).text)
    assert "EUR → RSD" in page and ">117,25<" in page and "<form" not in page.partition("<h1>")[2].partition("</main>")[0]


def test_a_rate_far_from_the_one_so_far_needs_a_tick(dragan):
    dragan.post(WAY, TYPED)
    with nothing_written():
        refused(dragan.post(WAY, TYPED | {"rate": "11725"}), FarOff.says, "en")
        refused(dragan.post(WAY, TYPED | {"base": "RSD", "quote": "EUR"}), FarOff.says, "en")

    assert dragan.post(WAY, TYPED | {"rate": "200", "sure": "y"}).status_code == 303
    assert dragan.post(WAY, TYPED | {"rate": "219"}).status_code == 303
    assert rate_on("EUR", "RSD", DAY) == 219


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"rate": "0"}, RateOfZero.says), ({"rate": "NaN"}, UnreadableRate.says), ({"rate": "1e5"}, UnreadableRate.says),
     ({"rate": "１２"}, UnreadableRate.says), ({"rate": "1,234"}, UnreadableRate.says), ({"quote": "EUR"}, SameCurrency.says),
     ({"quote": "XAU"}, WrongCurrency.says), ({"valid_from": "2026-02-31"}, "Please enter a day, for example 2026-11-20."),
     ({"valid_from": ""}, "Please fill this in."), ({"valid_to": "2026-11-19"}, "The last day is before the first.")],
)  # fmt: skip
def test_what_is_no_rate_is_said_and_nothing_is_lost(dragan, typed, sentence):
    with nothing_written():
        answer = dragan.post(WAY, TYPED | typed)

    refused(answer, sentence, "en")
    assert field(answer, "rate") == (TYPED | typed)["rate"]


@pytest.mark.parametrize("language", READERS)
def test_a_file_is_shown_before_it_counts_and_counts_once(house, language):
    dragan = reading(house.dragan, language)
    set_rate("EUR", "RSD", "117.25", valid_from=DAY, actor=HOUSE, at=NOON)
    with nothing_written():
        shown = send(dragan, CSV)
    whole(shown, language, WAY)
    assert "EUR → USD" in shown.text and "EUR → RSD" not in shown.text

    again = [dragan.post(f"{WAY}/import", {"shown": field(shown, "shown")}).headers["Location"] for _ in range(2)]

    assert again == [f"{WAY}?new=1", f"{WAY}?new=0"]
    assert one("SELECT count(*) FROM rate")[0] == 2 and rate_on("EUR", "USD", DAY) == Fraction("1.1")
    nothing_new = send(dragan, CSV)
    whole(nothing_new, language, WAY)
    assert (
        f'action="{WAY}/import"' in nothing_new.text
        and "<button" not in nothing_new.text.partition('class="sum"')[2].partition("</form>")[0]
    )


def test_the_banks_file_keeps_its_source_and_says_what_it_passed_over(dragan):
    shown = send(dragan, DAILY, "eurofxref-daily.xml")
    assert "<dt>Passed over: currency unknown here</dt><dd>1</dd>" in plain(shown.text)

    dragan.post(f"{WAY}/import", {"shown": field(shown, "shown")})

    assert rows("SELECT quote, valid_to, source FROM rate ORDER BY id") == [("USD", "2026-11-26", "ecb"), ("JPY", "2026-11-26", "ecb")]


def test_ninety_days_of_the_bank_fit_on_a_page(dragan):
    codes = [
        "USD",
        "JPY",
        "BGN",
        "CZK",
        "DKK",
        "GBP",
        "HUF",
        "PLN",
        "RON",
        "SEK",
        "CHF",
        "ISK",
        "NOK",
        "TRY",
        "AUD",
        "BRL",
        "CAD",
        "CNY",
        "HKD",
        "IDR",
        "ILS",
        "INR",
        "KRW",
        "MXN",
        "MYR",
        "NZD",
        "PHP",
        "SGD",
        "THB",
        "ZAR",
    ]
    rates = itertools.cycle(f"{n * n % 97}.{n * 7919 % 9973:04}" for n in range(1, 9973))
    days = [of_day(f"2026-{8 + n // 28:02}-{n % 28 + 1:02}", **{code: next(rates) for code in codes}) for n in range(66)]

    shown = send(dragan, envelope(*days))
    done = dragan.post(f"{WAY}/import", {"shown": field(shown, "shown")})

    assert (shown.status_code, done.headers["Location"]) == (200, f"{WAY}?new={66 * 30}")
    assert "Further rates: 1,955" in shown.text and len(shown.text) < 100_000


def test_a_file_longer_than_a_page_carries_is_for_the_command_line(dragan, monkeypatch):
    monkeypatch.setattr(rates_forms, "MOST_RATES", 1)

    refused(send(dragan, CSV), TooManyRates.says, "en")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"<Document/>", NoRatesFile.says), (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', RatesWithDoctype.says),
     (b"<x>" + b"<a/>" * 1_250_000, TooManyElements.says), (b"<" * (11 * 2**20), TooLargeFile.says),
     (CSV.encode() + b"EUR,RSD,0,2026-02-31,\n", WrongLines.says), (CSV.encode() + b"EUR,RSD,0,2026-02-31,\n", WrongDay.says)],
    ids=["other", "doctype", "5 MB", "11 MB", "lines", "line"],
)  # fmt: skip
def test_what_is_no_file_of_rates_is_said_and_nothing_is_written(dragan, content, sentence):
    with nothing_written():
        refused(send(dragan, content), sentence, "en")


def test_of_very_many_mistakes_some_are_told(dragan):
    page = plain(send(dragan, CSV + "EUR,RSD,0,2026-11-20,\n" * 40).text)

    assert page.count("column rate") == 25 and "Further mistakes: 15" in page


def test_what_was_not_shown_is_not_taken_over(dragan):
    shown = field(send(dragan, envelope(FRIDAY)), "shown")
    with nothing_written():
        refused(dragan.post(f"{WAY}/import", {"shown": shown[:-4] + "AAAA"}), NotShownRates.says, "en", status=409)


def test_a_currency_of_the_company_without_a_rate_is_missed(dragan):
    change_settings({"currencies": "USD RSD"}, actor=HOUSE, at=NOON)
    set_rate("USD", "EUR", "0.9", valid_from=DAY, actor=HOUSE, at=NOON)

    page = plain(dragan.get(WAY).text)

    assert "There is no rate for RSD today" in page and "for USD today" not in page


def test_the_history_of_a_pair_says_who_set_what_and_has_pages(house, dragan):
    import_rates([NewRate("EUR", "RSD", n + 1, DAY, date(2026, 12, n % 30 + 1)) for n in range(51)], source="csv", actor=HOUSE, at=NOON)
    dragan.post(WAY, TYPED | {"base": "RSD", "quote": "EUR", "sure": "y"})

    first = plain(dragan.get(f"{WAY}/EUR/RSD").text)

    assert "Dragan Ilić" in first and "RSD → EUR" in first and "0.000000051" in first and "0.000000001<" not in first
    older = dragan.get(f"{WAY}/EUR/RSD?before=" + first.partition("?before=")[2].partition('"')[0])
    assert "0.000000001<" in older.text and "Show older" not in older.text
    assert dragan.get(f"{WAY}/EUR/XXX").status_code == 404
