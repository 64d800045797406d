"""Formats: equal to Babel to the byte, and to an independent source of CLDR where Babel is right."""

import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale, dates, numbers

from vps.hypermedia.formats import (
    LANGUAGES,
    DayForm,
    day,
    moment,
    money,
    money_exact,
    money_signed,
    month,
    number,
    percent,
    percent_of_million,
)
from vps.kernel.money import Money, digits

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "cldr" / "format.json"
CURRENCIES = ["EUR", "RSD", "USD", "RUB", "CHF", "BAM", "JPY", "KWD"]
NBSP = "\u00a0"

every_language = pytest.mark.parametrize("language", LANGUAGES)


def some_numbers(count: int) -> list[int]:
    """Edges, then `count` numbers of all sizes and both signs, the same in every run."""
    dice = random.Random(7)
    edges = [0, 1, 9, 10, 99, 100, 999, 1000, 99_999, 100_000, 999_999, 1_000_000, 10**14]
    return edges + [-edge for edge in edges] + [dice.randrange(-(10**size), 10**size) for size in range(1, 16) for _ in range(count // 15)]


def some_days() -> list[date]:
    return [date(2024, 1, 1) + timedelta(days=days) for days in range(0, 1100, 3)] + [date(1999, 12, 31), date(2024, 2, 29)]


@every_language
@pytest.mark.parametrize("currency", CURRENCIES)
def test_money_is_babels(language: str, currency: str) -> None:
    locale, places = Locale.parse(language), digits(currency)
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", f"0.{'0' * places}".rstrip("."))
    for minor in some_numbers(600):
        ours = money(Money(minor, currency), language)
        amount = Decimal(minor).scaleb(-places)
        assert ours == numbers.format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
        assert money(Money(minor, currency), language) == ours


@every_language
@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF", "BAM"])
def test_money_is_babels_own_choice_where_that_is_right(language: str, currency: str) -> None:
    for minor in some_numbers(150):
        assert money(Money(minor, currency), language) == numbers.format_currency(Decimal(minor).scaleb(-2), currency, locale=language)


@every_language
def test_the_dinar_shows_its_decimals(language: str) -> None:
    assert any(f"1{sign}234{point}50" in money(Money(123_450, "RSD"), language) for sign, point in [(",", "."), (".", ","), (NBSP, ",")])


@every_language
def test_the_yen_shows_none(language: str) -> None:
    assert (
        re.sub("[^0-9]", "", money(Money(1_234, "JPY"), language))
        == re.sub("[^0-9]", "", money_signed(Money(-1_234, "JPY"), language))
        == "1234"
    )


def test_money_in_words_of_each_language() -> None:
    amount = Money(-123_456, "EUR")
    assert {language: money(amount, language) for language in LANGUAGES} == {
        "en": "-€1,234.56",
        "ru": f"-1{NBSP}234,56{NBSP}€",
        **dict.fromkeys(["de", "hr", "sr", "sr_Latn"], f"-1.234,56{NBSP}€"),
    }


@every_language
def test_signed_money_says_what_came_in_and_what_went_out(language: str) -> None:
    for minor in [5, 123_456]:
        plain = money(Money(minor, "EUR"), language)
        assert money_signed(Money(minor, "EUR"), language) == "+" + plain
        assert money_signed(Money(-minor, "EUR"), language) == "\N{MINUS SIGN}" + plain
    assert money_signed(Money.zero("EUR"), language) == money(Money.zero("EUR"), language)


@every_language
def test_numbers_are_babels(language: str) -> None:
    for value in some_numbers(1500):
        assert number(value, language) == numbers.format_decimal(value, locale=language)


@every_language
def test_percentages_are_babels(language: str) -> None:
    pattern: str = Locale.parse(language).percent_formats[None].pattern.replace("0", "0.##")
    for basis_points in [*range(-250, 2500), 10_000, 12_345, 123_456, 10_000_000]:
        assert percent(basis_points, language) == numbers.format_percent(Decimal(basis_points) / 10_000, pattern, locale=language)


def test_percentages_have_the_decimals_they_need() -> None:
    assert [percent(bp, "de") for bp in (1900, 1950, 725, 0)] == [f"{figures}{NBSP}%" for figures in ("19", "19,5", "7,25", "0")]


@every_language
def test_days_are_babels(language: str) -> None:
    forms: tuple[DayForm, ...] = ("short", "medium", "long")
    for value in some_days():
        assert [day(value, language, form) for form in forms] == [dates.format_date(value, form, language) for form in forms]
        assert day(value, language) == dates.format_date(value, "medium", language)


@every_language
def test_moments_are_babels_with_a_short_time(language: str) -> None:
    zone = ZoneInfo("Europe/Zagreb")
    pattern = str(dates.get_datetime_format("medium", locale=language)).replace("'", "")
    for minutes in range(0, 1_000_000, 997):
        value = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        local = value.astimezone(zone)
        clock, today = dates.format_time(local, "short", tzinfo=zone, locale=language), dates.format_date(local.date(), "medium", language)
        assert moment(value, language, zone) == moment(value, language, "Europe/Zagreb") == pattern.format(clock, today)


def test_a_moment_is_told_in_the_readers_zone() -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert moment(new_year, "de", "Europe/Berlin") == "01.01.2026, 00:30"
    assert moment(new_year, "de", UTC) == "31.12.2025, 23:30"
    assert moment(new_year, "hr", "Europe/Zagreb") == "1. sij 2026. 00:30"


def test_an_instant_is_neither_a_day_nor_a_month_and_a_moment_is_aware() -> None:
    instant = datetime(2026, 11, 5, 14, 3, tzinfo=UTC)
    with pytest.raises(AssertionError):
        day(instant, "de")
    with pytest.raises(AssertionError):
        month(instant, "de")
    with pytest.raises(AssertionError):
        moment(instant.replace(tzinfo=None), "de", UTC)


def test_months_stand_alone_in_the_nominative() -> None:
    november = date(2026, 11, 5)
    assert {language: month(november, language) for language in LANGUAGES} == {
        **{"en": "November 2026", "de": "November 2026", "ru": "ноябрь 2026"},
        **{"hr": "studeni 2026", "sr": "новембар 2026", "sr_Latn": "novembar 2026"},
    }
    assert [month(november, language, "short") for language in LANGUAGES] == ["Nov", "Nov", "нояб.", "stu", "нов", "nov"]


@every_language
def test_months_are_babels(language: str) -> None:
    for each in range(1, 13):
        value = date(2026, each, 28)
        assert month(value, language) == dates.format_date(value, "LLLL y", language)
        assert month(value, language, "short") == dates.format_date(value, "LLL", language)


def test_a_language_we_do_not_speak_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        money(Money(1, "EUR"), "fr")


needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the CLDR sample file is not on this machine")


def samples(kind: str) -> list[dict[str, Any]]:
    return list(json.loads(SAMPLES.read_text())[kind])


def plain(written: str) -> str:
    """Spaces and minus as the sample file compares them."""
    return written.translate({0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2212: "-"})


@needs_samples
def test_money_of_the_samples() -> None:
    for sample in samples("money"):
        amount = Money.of_decimal(Decimal(sample["amount"]), sample["currency"])
        ours = plain(money(amount, sample["locale"].replace("-", "_")))
        assert ours == plain(sample["babel_digits_kept"]), sample
        if plain(sample["icu"]) != plain(sample["babel_digits_kept"]):  # then only the decimals are judged
            assert [char for char in ours if char.isdigit()] == [char for char in sample["icu"] if char.isdigit()], sample


@needs_samples
def test_days_of_the_samples() -> None:
    for sample in samples("date"):
        value = datetime.fromisoformat(sample["utc"]).date()
        assert plain(day(value, sample["locale"].replace("-", "_"), sample["style"])) == plain(sample["icu"]), sample


@needs_samples
def test_decimals_of_the_samples() -> None:
    for sample in samples("decimal"):
        if sample["number"] == "0.00" and sample["icu_2_digits"] == "0,01":
            continue  # the file shortened a smaller number
        amount = Money.of_decimal(Decimal(sample["number"]), "EUR")
        written = plain(money(amount, sample["locale"].replace("-", "_")))
        assert written.replace("€", "").strip() == plain(sample["icu_2_digits"]), sample


@every_language
def test_shares_have_up_to_four_decimals(language: str) -> None:
    for millionths in (0, 1, 12_500, 33_333, 200_000, 1_234_567, -5_000):
        pattern = Locale.parse(language).percent_formats[None].pattern.replace("0", "0.####")
        amount = Decimal(millionths).scaleb(-6)
        assert percent_of_million(millionths, language) == numbers.format_percent(amount, pattern, locale=language)


@every_language
@pytest.mark.parametrize("currency", CURRENCIES)
def test_an_exact_amount_has_the_decimals_it_needs(language: str, currency: str) -> None:
    locale, places = Locale.parse(language), digits(currency)
    pattern = re.sub(r"0\.0+", f"0.{'0' * places}{'#' * (6 - places)}", locale.currency_formats["standard"].pattern)
    for minor in (Fraction(0), Fraction(5, 2), Fraction(123_456_789, 1000), Fraction(50)):
        amount = (Decimal(minor.numerator) / minor.denominator).scaleb(-places)
        written = numbers.format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
        assert money_exact(minor, currency, language) == written
    assert "…" in money_exact(Fraction(1, 3), currency, language)
