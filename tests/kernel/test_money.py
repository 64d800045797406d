"""Money: whole minor units of one currency."""

import operator
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps.kernel.money import Money, digits, is_currency, tax_in

CURRENCIES = ["EUR", "RSD", "RUB", "JPY", "KWD"]
amounts = st.builds(Money, st.integers(-(10**18), 10**18), st.sampled_from(CURRENCIES))


def test_each_currency_has_the_decimals_of_iso_4217() -> None:
    currencies = ["EUR", "RSD", "HRK", "RUB", "USD", "CHF", "GBP", "BAM", "JPY", "ISK", "KWD"]
    assert [digits(currency) for currency in currencies] == [2] * 8 + [0, 0, 3]
    assert is_currency("RSD")
    assert not is_currency("rsd")
    assert not is_currency("XAU")


@pytest.mark.parametrize("currency", ["", "eur", "XTS", "EURO"])
def test_unknown_currency_is_no_money(currency: str) -> None:
    with pytest.raises(KeyError):
        Money(1, currency)


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1", None])
def test_only_whole_numbers_are_minor_units(minor: int) -> None:
    with pytest.raises(AssertionError):
        Money(minor, "EUR")


def test_money_counts() -> None:
    assert Money(4990, "EUR") + Money(10, "EUR") == Money(5000, "EUR")
    assert Money(10, "EUR") - Money(4990, "EUR") == -Money(4980, "EUR")
    assert Money(250, "EUR") * 3 == 3 * Money(250, "EUR") == Money(750, "EUR")
    assert abs(Money(-5, "EUR")) == abs(Money(5, "EUR")) == Money(5, "EUR")
    assert sum([Money(1, "EUR"), Money(2, "EUR")], Money.zero("EUR")) == Money(3, "EUR")


def test_money_compares_within_its_currency() -> None:
    small, large = Money(1, "EUR"), Money(2, "EUR")
    assert small < large
    assert small <= large
    assert large > small
    assert large >= small
    assert max(small, large) is large
    assert Money(1, "EUR") != Money(1, "USD")
    assert len({Money(1, "EUR"), Money(1, "EUR"), Money(1, "USD")}) == 2


@pytest.mark.parametrize("work", [operator.add, operator.sub, operator.lt, operator.ge])
@pytest.mark.parametrize("other", [Money(1, "USD"), 1])
def test_currencies_never_mix(work: Callable[[object, object], object], other: object) -> None:
    with pytest.raises(AssertionError):
        work(Money(1, "EUR"), other)


@pytest.mark.parametrize("times", [1.5, True, Money(1, "EUR")])
def test_money_is_multiplied_by_whole_numbers_only(times: int) -> None:
    with pytest.raises(AssertionError):
        Money(1, "EUR") * times


def test_only_more_than_nothing_is_positive() -> None:
    assert Money(1, "EUR").is_positive
    assert not Money.zero("EUR").is_positive
    assert not Money(-1, "EUR").is_positive


@pytest.mark.parametrize(
    ("money", "plain"),
    [
        (Money(4990, "EUR"), "49.90"),
        (Money(-5, "RSD"), "-0.05"),
        (Money(0, "EUR"), "0.00"),
        (Money(500, "JPY"), "500"),
        (Money(-7, "JPY"), "-7"),
        (Money(12345, "KWD"), "12.345"),
    ],
)
def test_money_for_machines(money: Money, plain: str) -> None:
    assert money.plain == plain
    assert str(money) == f"{plain} {money.currency}"
    assert money.decimal == Decimal(plain)


@given(amounts)
def test_decimal_and_back_is_the_same_money(money: Money) -> None:
    assert Money.of_decimal(money.decimal, money.currency) == money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("49.9", "EUR", 4990),
        ("49.900", "EUR", 4990),
        ("1E3", "EUR", 100000),
        ("1E3", "JPY", 1000),
        ("-0.00", "EUR", 0),
        ("0E-99", "EUR", 0),
    ],
)
def test_exact_decimals_become_money(amount: str, currency: str, minor: int) -> None:
    assert Money.of_decimal(Decimal(amount), currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", ["0.001", "1E-99", "1E-999999", "1E999999", "9" * 99, "NaN", "Infinity", "-Infinity", "0." + "1" * 70])
def test_inexact_and_absurd_decimals_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        Money.of_decimal(Decimal(amount), "EUR")


def test_more_decimals_than_the_yen_has_are_refused() -> None:
    with pytest.raises(ValueError, match="more decimals than JPY"):
        Money.of_decimal(Decimal("10.5"), "JPY")


def test_a_float_is_no_decimal() -> None:
    with pytest.raises(AssertionError):
        Money.of_decimal(1.0, "EUR")  # that is what is tested


@pytest.mark.parametrize(
    ("gross", "rate_bp", "tax"),
    [
        (11900, 1900, 1900),
        (4990, 1900, 797),
        (4990, 700, 326),
        (10000, 2500, 2000),
        (100, 0, 0),
        (0, 1900, 0),
        (3, 2000, 1),
        (-4990, 1900, -797),
    ],
)
def test_tax_contained_in_a_price(gross: int, rate_bp: int, tax: int) -> None:
    assert tax_in(Money(gross, "EUR"), rate_bp) == Money(tax, "EUR")


@given(amounts, st.integers(0, 10_000))
def test_tax_is_off_by_half_a_cent_at_most_and_a_refund_takes_all_of_it_back(gross: Money, rate_bp: int) -> None:
    tax = tax_in(gross, rate_bp)
    assert abs(tax.minor * (10_000 + rate_bp) - gross.minor * rate_bp) * 2 <= 10_000 + rate_bp
    assert tax_in(-gross, rate_bp) == -tax


@pytest.mark.parametrize("rate", [-1, 0.19, True])
def test_rates_are_whole_basis_points(rate: int) -> None:
    with pytest.raises(AssertionError):
        tax_in(Money(100, "EUR"), rate)
