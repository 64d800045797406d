"""Files of exchange rates: what a file is its content decides; it is read whole or not at all, with every mistake named by its line."""

from datetime import date

import pytest

from tests.company.rate_files import CSV, DAILY, FRIDAY, HISTORY, envelope, of_day
from vps.company.actions import EndsBeforeItBegins, SameCurrency
from vps.company.models import NewRate
from vps.company.rates_file import MOST_BYTES, BrokenRatesFile, NoRatesFile, RatesWithDoctype, TooManyElements, read_rates
from vps.kernel.cells import Empty, WrongCurrency, WrongDay
from vps.kernel.csvfile import ColumnsMissing, NoHeader, NotUtf8, TooLargeFile, Twice, UnknownColumn, WrongCount, WrongLines
from vps.kernel.rates import NoRateTyped, RateOfZero, RateTooFine, UnreadableRate

DAY = date(2026, 11, 20)


def test_the_banks_file_of_a_day_is_read_and_unknown_currencies_are_counted():
    read = read_rates(DAILY)

    assert read.rates == (NewRate("EUR", "USD", 1_092_100_000, DAY), NewRate("EUR", "JPY", 163_050_000_000, DAY))
    assert (read.source, read.skipped) == ("ecb", 1)


def test_its_history_has_several_days():
    read = read_rates(b"\xef\xbb\xbf  " + HISTORY.split(b"?>")[1])

    assert [(rate.quote, rate.valid_from.day) for rate in read.rates] == [("USD", 23), ("JPY", 23), ("USD", 20), ("JPY", 20), ("USD", 19)]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_is_read_with_or_without_the_last_day(separator):
    expected = (NewRate("EUR", "RSD", 117_250_000_000, DAY), NewRate("EUR", "USD", 1_100_000_000, DAY, date(2026, 11, 26)))

    assert read_rates(CSV.replace(",", separator).encode()) == (expected, "csv", 0)
    assert read_rates(b"valid_from,rate,quote,base\n2026-11-20,117.25,RSD,EUR\n").rates == expected[:1]


@pytest.mark.parametrize(
    ("line", "column", "refusal"),
    [
        ("EUR,RSD,0,2026-11-20,", "rate", RateOfZero),
        ("EUR,RSD,,2026-11-20,", "rate", NoRateTyped),
        ("EUR,RSD,NaN,2026-11-20,", "rate", UnreadableRate),
        ("EUR,RSD,1e5,2026-11-20,", "rate", UnreadableRate),
        ("EUR,RSD,１２,2026-11-20,", "rate", UnreadableRate),
        ("EUR,RSD,-1,2026-11-20,", "rate", UnreadableRate),
        ("EUR,RSD,0.1234567891,2026-11-20,", "rate", RateTooFine),
        ("EUR,RSD,117,,", "valid_from", Empty),
        ("EUR,RSD,117,2026-02-31,", "valid_from", WrongDay),
        ("EUR,RSD,117,20.11.2026,", "valid_from", WrongDay),
        ("EUR,RSD,117,2026-11-20,2026-11-31", "valid_to", WrongDay),
        ("EUR,RSD,117,2026-11-20,2026-11-19", "valid_to", EndsBeforeItBegins),
        ("EUR,EUR,117,2026-11-20,", "quote", SameCurrency),
        ("EUR,XAU,117,2026-11-20,", "quote", WrongCurrency),
        ("eur,RSD,117,2026-11-20,", "base", WrongCurrency),
        ("EUR,RSD,117,2026-11-20", "", WrongCount),
        ("EUR,USD,2,2026-11-20,2026-11-26", "", Twice),
    ],
)
def test_a_mistake_in_a_csv_is_named_by_line_and_column(line, column, refusal):
    with pytest.raises(WrongLines) as refused:
        read_rates(f"{CSV}{line}\n".encode())

    assert [(at, where, type(why)) for at, where, why in refused.value.mistakes] == [(4, column, refusal)]


def test_all_mistakes_of_the_banks_file_are_named_at_once():
    wrong = of_day("2026-02-31", USD="1") + of_day("2026-11-20", USD="0", EUR="1", usd="1", JPY="1e5", CHF="")

    with pytest.raises(WrongLines) as refused:
        read_rates(envelope(FRIDAY, wrong))

    assert [(line, where, type(why)) for line, where, why in sorted(refused.value.mistakes)] == [
        (13, "time", WrongDay),
        (17, "rate", RateOfZero),
        (18, "currency", SameCurrency),
        (19, "currency", WrongCurrency),
        (20, "rate", UnreadableRate),
        (21, "rate", NoRateTyped),
    ]


BOMB = DAILY.replace(b"<gesmes:Env", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>\n<gesmes:Env', 1)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NoHeader),
        (b"a,b\n", UnknownColumn),
        (b"base,quote,rate\nEUR,RSD,1\n", ColumnsMissing),
        (CSV.encode("utf-16"), NotUtf8),
        (b"<Document/>", NoRatesFile),
        (envelope(), NoRatesFile),
        (DAILY.replace(b"eurofxref", b"other"), NoRatesFile),
        (DAILY.replace(b"http://www.gesmes.org/xml/2002-08-01", b"urn:x"), NoRatesFile),
        (DAILY[:-30], BrokenRatesFile),
        (b"<html>&nope;</html>", BrokenRatesFile),
        (DAILY.replace(b"European", b"Europ\xe4n"), NotUtf8),
        (BOMB, RatesWithDoctype),
        (DAILY.replace(b"<gesmes:subject>", b"<gesmes:subject>" + b"<a/>" * 1_300_000, 1), TooManyElements),
        (b"<" + b" " * MOST_BYTES, TooLargeFile),
        (CSV.encode() + b" " * MOST_BYTES, TooLargeFile),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_file_of_rates_is_refused_whole(content, refusal):
    with pytest.raises(refusal) as refused:
        read_rates(content)

    assert type(refused.value) is refusal


def test_a_declaration_that_lies_about_its_characters_is_not_believed():
    assert read_rates(DAILY.replace(b"UTF-8", b"UTF-16")) == read_rates(DAILY.replace(b"UTF-8", b"cp037")) == read_rates(DAILY)


def test_a_comment_does_not_hide_a_part_of_a_rate():
    hidden = DAILY.replace(b"<Cube currency='USD'", b"<!-- <Cube currency='USD' rate='9'/> --><Cube currency='USD'")

    assert read_rates(hidden) == read_rates(DAILY)
