"""Rates of exchange: read strictly, applied exactly, rounded once, and never a source of money."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps.kernel.money import Money, digits
from vps.kernel.rates import (
    MOST,
    NANO,
    NoRateTyped,
    RateOfZero,
    RateTooFine,
    RateTooHigh,
    UnreadableRate,
    converted,
    must_be_rate,
    parse_rate,
    plain_rate,
)

THREE = ("EUR", "RSD", "JPY")
rates = st.builds(Fraction, st.integers(1, 10**15), st.just(NANO)).flatmap(lambda rate: st.sampled_from([rate, 1 / rate]))
sums = st.integers(0, 10**11)


def test_a_rate_is_for_major_units_whatever_decimals_the_currencies_have():
    rate = Fraction(parse_rate("117.25"), NANO)

    assert converted(Money(10_00, "EUR"), "RSD", rate).money == Money(1_172_50, "RSD")
    assert converted(Money(10_00, "EUR"), "JPY", Fraction(16_3, 1)).money == Money(1630, "JPY")
    assert converted(Money(1630, "JPY"), "EUR", 1 / Fraction(163)).money == Money(10_00, "EUR")
    assert converted(Money(1_00, "EUR"), "KWD", Fraction(parse_rate("0.3336"), NANO)).money == Money(333, "KWD")


def test_it_is_rounded_towards_zero_and_the_rest_is_told():
    done = converted(Money(1_00, "RSD"), "EUR", 1 / Fraction("117.25"))

    assert (done.money, done.rate, done.rest) == (Money(0, "EUR"), "0.008528785", Fraction(400, 469))
    with pytest.raises(AssertionError):
        converted(Money(-1, "RSD"), "EUR", Fraction(1))


@given(sums, st.sampled_from(THREE), st.sampled_from(THREE), rates)
def test_money_and_rest_together_are_the_exact_value(minor, base, into, rate):
    done = converted(Money(minor, base), into, rate)

    assert done.money.minor + done.rest == minor * rate * Fraction(10) ** digits(into) / Fraction(10) ** digits(base)
    assert 0 <= done.rest < 1


@given(sums, rates)
def test_there_and_back_never_gives_more_than_before(minor, rate):
    there = converted(Money(minor, "EUR"), "RSD", rate).money

    assert converted(there, "EUR", 1 / rate).money <= Money(minor, "EUR")


@given(sums, st.tuples(rates, rates), st.lists(st.sampled_from(THREE), max_size=20))
def test_no_way_through_three_currencies_makes_or_loses_money(minor, two, way):
    unit = {currency: each / 10 ** digits(currency) for currency, each in zip(THREE, (Fraction(1), *two), strict=True)}
    wallet, exchange = Counter(EUR=minor), Counter[str]()
    rests, exact, here = Fraction(0), Fraction(minor), Money(minor, "EUR")
    for into in way:
        done = converted(here, into, unit[here.currency] / unit[into] * 10 ** digits(here.currency) / Fraction(10 ** digits(into)))
        wallet.subtract({here.currency: here.minor})
        exchange.update({here.currency: here.minor})
        exchange.subtract({into: done.money.minor})
        wallet.update({into: done.money.minor})
        rests += done.rest * unit[into]
        exact *= unit[here.currency] / unit[into]
        here = done.money
        assert here.minor <= exact, "nobody gains against exact arithmetic"
    assert wallet == Counter({here.currency: here.minor}), "what is not there any more was exchanged"
    assert {currency: wallet[currency] + exchange[currency] for currency in THREE} == {"EUR": minor, "RSD": 0, "JPY": 0}
    assert sum(exchange[currency] * unit[currency] for currency in THREE) == rests, (
        "the exchange accounts keep what rounding left over, and nothing else"
    )


@pytest.mark.parametrize(
    ("typed", "language", "nano"),
    [("117.25", None, 117_250_000_000), ("117,25", "de", 117_250_000_000), ("0,000000001", "ru", 1), ("1.100000000000", "en", 1_100_000_000),
     (" 163 ", "sr", 163 * NANO), ("1000000000", "hr", MOST)],
)  # fmt: skip
def test_a_rate_is_read_as_the_language_writes_it(typed, language, nano):
    assert parse_rate(typed, language) == nano
    assert parse_rate(plain_rate(Fraction(nano, NANO), language), language) == nano


@pytest.mark.parametrize(
    ("typed", "language", "refusal"),
    [("", None, NoRateTyped), ("0", None, RateOfZero), ("0.000000000", None, RateOfZero), ("-1", None, UnreadableRate),
     ("0.0000000001", None, RateTooFine), ("1000000000.1", None, RateTooHigh), ("1e5", None, UnreadableRate), ("NaN", None, UnreadableRate),
     ("Infinity", None, UnreadableRate), ("１２", None, UnreadableRate), ("1,234", "en", UnreadableRate), ("1.234", "de", UnreadableRate),
     ("117,25", None, UnreadableRate), ("1 000", "ru", UnreadableRate), (".5", None, UnreadableRate), ("5.", None, UnreadableRate),
     ("9" * 21, None, UnreadableRate), ("1." + "1" * 41, None, UnreadableRate)],
)  # fmt: skip
def test_what_could_be_meant_differently_is_no_rate(typed, language, refusal):
    with pytest.raises(refusal):
        parse_rate(typed, language)


def test_a_rate_given_as_a_number_is_looked_at_too():
    assert must_be_rate(1) == 1
    for nano, refusal in ((0, RateOfZero), (-1, RateOfZero), (MOST + 1, RateTooHigh)):
        with pytest.raises(refusal):
            must_be_rate(nano)
