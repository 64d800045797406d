"""Rates of exchange: exact fractions, read strictly and applied once, so that no conversion makes or loses money.

A rate is kept as billionths: one major unit of the base is nano / 1,000,000,000 major units of the quote.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from vps.kernel.amounts import decimal_sign
from vps.kernel.money import Money, digits
from vps.kernel.refusals import N_, Refused

NANO = 10**9
_PLACES = 9
MOST = 10**9 * NANO
"""A thousand million: dearer than any currency is in any other."""


class NoRateTyped(Refused):
    """Facts: example."""

    says = N_("Please enter a rate, for example %(example)s.")
    field = "rate"


class UnreadableRate(Refused):
    """Groups of thousands are refused, too: what is 1.234 here is 1234 elsewhere. Facts: example."""

    says = N_("This rate cannot be read. Please write it without groups of thousands, like this: %(example)s")
    field = "rate"


class RateTooFine(Refused):
    """Facts: places."""

    says = N_("This rate has too many decimals. A rate has %(places)s at the most.")
    field = "rate"


class RateOfZero(Refused):
    says = N_("A rate must be more than zero.")
    field = "rate"


class RateTooHigh(Refused):
    """Facts: most."""

    says = N_("This rate is too high. The highest that can be entered is %(most)s.")
    field = "rate"


class Exchanged(NamedTuple):
    """What one sum is in another currency."""

    money: Money
    """Whole minor units, rounded towards zero."""
    rate: str
    """Major units for one major unit, as a voucher names it: '117.25', with nine decimals at the most."""
    rest: Fraction
    """What rounding left over, in minor units: at least nothing, less than one. It stays in the exchange account."""


def converted(amount: Money, into: str, rate: Fraction) -> Exchanged:
    """An amount in another currency at the exact `rate` (major units of `into` for one major unit), rounded once."""
    assert amount.minor >= 0, "which way a debt is rounded nobody has decided"
    value = amount.minor * rate * Fraction(10) ** (digits(into) - digits(amount.currency))
    minor, over = divmod(value.numerator, value.denominator)
    return Exchanged(Money(minor, into), plain_rate(rate), Fraction(over, value.denominator))


def parse_rate(text: str, language: str | None = None) -> int:
    """Billionths of a rate that a person typed in a language, or of one written for machines: '117.25', no sign, no groups.

    Raises NoRateTyped, UnreadableRate, RateTooFine, RateOfZero or RateTooHigh.
    """
    sign, typed = decimal_sign(language), text.strip()
    example = f"117{sign}25"
    if not typed:
        raise NoRateTyped(example=example)
    parts = re.fullmatch(rf"([0-9]{{1,20}})(?:{re.escape(sign)}([0-9]{{1,40}}))?", typed)
    if not parts:
        raise UnreadableRate(example=example)
    whole, fraction = parts[1], (parts[2] or "").rstrip("0")
    if len(fraction) > _PLACES:
        raise RateTooFine(places=_PLACES)
    return must_be_rate(int(whole + fraction.ljust(_PLACES, "0")))


def must_be_rate(nano: int) -> int:
    """The same billionths; raises RateOfZero for nothing or less, RateTooHigh."""
    if nano <= 0:
        raise RateOfZero
    if nano > MOST:
        raise RateTooHigh(most=MOST // NANO)
    return nano


def plain_rate(rate: Fraction, language: str | None = None) -> str:
    """A rate with as many decimals as it needs, nine at the most: '117.25', or '117,25' where the language writes it so."""
    nano = (2 * rate.numerator * NANO + rate.denominator) // (2 * rate.denominator)
    whole, fraction = divmod(nano, NANO)
    decimals = f"{fraction:0{_PLACES}}".rstrip("0")
    return f"{whole}{decimal_sign(language)}{decimals}" if decimals else str(whole)
