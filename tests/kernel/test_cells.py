"""Cells are written for machines: one right form for everything, never a guess."""

from datetime import UTC, date, datetime

import pytest

from vps.kernel import cells
from vps.kernel.amounts import NoAmount, NotPositive, TooManyDecimals, TooMuch, WrongAmount
from vps.kernel.money import Money


def test_empty_cells_are_refused_where_something_is_needed():
    with pytest.raises(cells.Empty):
        cells.needed(cells.rate)("")
    assert cells.needed(cells.rate)("19") == 1900
    assert cells.maybe(cells.rate)("") is None
    assert cells.maybe(cells.rate)("0") == 0


@pytest.mark.parametrize("text", ["eur", "EURO", "€", "XTS", "ЕUR", "1"])
def test_a_currency_is_three_capital_letters_that_are_one(text):
    assert cells.currency("EUR") == "EUR"
    with pytest.raises(cells.WrongCurrency):
        cells.currency(text)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("49.90", "EUR", 4990), ("49.9", "EUR", 4990), ("0049", "EUR", 4900), ("1.234", "KWD", 1234), ("5", "JPY", 5)],
)
def test_a_price_has_a_decimal_point(text, currency, minor):
    assert cells.price(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1e3", WrongAmount),
        ("١٢", WrongAmount),
        ("１２", WrongAmount),
        ("9" * 40, TooMuch),
        ("9" * 41, WrongAmount),
        ("1,50", WrongAmount),
        ("1,234.50", WrongAmount),
        ("-5", NotPositive),
        ("+5", WrongAmount),
        ("=1+1", WrongAmount),
        ("NaN", WrongAmount),
        ("1.", WrongAmount),
        (".5", WrongAmount),
        ("1.005", TooManyDecimals),
        ("0", NotPositive),
        ("0.00", NotPositive),
        ("1000000000.01", TooMuch),
        ("", NoAmount),
    ],
)
def test_what_is_no_price_is_refused(text, refusal):
    with pytest.raises(refusal) as refused:
        cells.price(text, "EUR")
    assert str(refused.value)


def test_an_amount_in_an_unknown_currency_is_left_to_the_currency():
    assert cells.price("5", "EURO") is None
    assert cells.amount("0", "EUR") == Money(0, "EUR")


@pytest.mark.parametrize("text", ["-1", "10", "1.0", "١", "0x1", "1e0", " 1", "9" * 30, ""])
def test_a_whole_number_stays_within_its_bounds(text):
    assert cells.whole(0, 9)("7") == 7
    with pytest.raises(cells.WrongWholeNumber):
        cells.whole(0, 9)(text)


@pytest.mark.parametrize(("text", "points"), [("19", 1900), ("7.7", 770), ("8.25", 825), ("0", 0), ("100", 10000)])
def test_percent_become_basis_points(text, points):
    assert cells.rate(text) == points


@pytest.mark.parametrize("text", ["100.01", "19%", "7,7", "7.123", "-1", "1e1", "١٩", "", "0.0.0"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(cells.WrongRate):
        cells.rate(text)


def test_yes_and_no():
    assert cells.yes_or_no("yes")
    assert not cells.yes_or_no("no")
    with pytest.raises(cells.NeitherYesNorNo):
        cells.yes_or_no("1")


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31.02.26", "10000-01-01", "1899-12-31", "2026-1-1", "20260101", "2026-W01-1", "٢٠٢٦-01-01", ""]
)
def test_a_day_that_is_none_is_refused(text):
    assert cells.day("2028-02-29") == date(2028, 2, 29)
    with pytest.raises(cells.WrongDay):
        cells.day(text)
    with pytest.raises(cells.WrongInstant):
        cells.moment("Europe/Berlin")(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-07-01T12:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:05.25+02:00", datetime(2026, 7, 1, 10, 0, 5, 250_000, tzinfo=UTC)),
    ],
)
def test_a_moment_is_the_beginning_of_a_day_or_an_instant_with_its_offset(text, at):
    assert cells.moment("Europe/Berlin")(text) == at


@pytest.mark.parametrize(
    "text", ["2026-03-29T02:30", "2026-07-01T12:00", "2026-07-01 12:00Z", "2026-07-01T25:00Z", "2026-07-01T12:00+99:00"]
)
def test_a_time_without_a_zone_is_not_guessed(text):
    with pytest.raises(cells.WrongInstant):
        cells.moment("Europe/Berlin")(text)
