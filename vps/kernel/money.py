"""Money: whole minor units of one currency, never a float.

The number of decimals per currency is ISO 4217's own (its column "minor unit"); currencies without one
(gold, test codes) are unknown here on purpose.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Self

_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP "
        "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS "
        "KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
        "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD "
        "TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
_DIGITS = {currency: digits for digits, currencies in _BY_DIGITS.items() for currency in currencies.split()}


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`minor` whole minor units (cents) of `currency` (ISO 4217, upper case).

    Mixing currencies or passing a float is our mistake: it crashes. An unknown currency raises
    `KeyError`; ask `is_currency` before building money from foreign text. Zero is not false: compare, or ask `is_positive`.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        assert type(self.minor) is int, "money is whole minor units, neither float nor bool"
        digits(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """No money at all, of this currency."""
        return cls(0, currency)

    @classmethod
    def of_decimal(cls, amount: Decimal, currency: str) -> Self:
        """Money from an exact decimal amount in major units; `ValueError` when it has more decimals than the currency, or is no number."""
        assert type(amount) is Decimal, "a float would have lost the cents already"
        if not amount.is_finite():
            raise ValueError(f"{amount} is not an amount")
        sign, figures, exponent = amount.as_tuple()
        assert isinstance(exponent, int)
        shift = exponent + digits(currency)
        # Own integer work, because Decimal's scaling rounds to 28 figures without a word.
        if shift > _MOST_FIGURES or len(figures) > _MOST_FIGURES:
            raise ValueError("an amount this long is not money")
        coefficient = int("".join(map(str, figures)))
        if coefficient == 0:
            return cls.zero(currency)
        whole, rest = (coefficient * 10**shift, 0) if shift >= 0 else _split(coefficient, -shift)
        if rest:
            raise ValueError(f"{amount} has more decimals than {currency}")
        return cls(-whole if sign else whole, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.plain)

    @property
    def plain(self) -> str:
        """The amount for machines: '49.90', '-0.05', '500' (JPY)."""
        places = digits(self.currency)
        sign = "-" if self.minor < 0 else ""
        figures = str(abs(self.minor)).rjust(places + 1, "0")
        return f"{sign}{figures[:-places]}.{figures[-places:]}" if places else f"{sign}{figures}"

    @property
    def is_positive(self) -> bool:
        """More than nothing."""
        return self.minor > 0

    def __str__(self) -> str:
        return f"{self.plain} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __mul__(self, times: int) -> "Money":
        assert type(times) is int, "money is multiplied by whole numbers; a rate needs a rounding rule of its own"
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def _same(self, other: "Money") -> int:
        assert isinstance(other, Money), "money goes with money only"
        assert self.currency == other.currency, f"{self.currency} is not {other.currency}"
        return other.minor


_MOST_FIGURES = 60
"""More figures than any sum of money has; keeps a hostile '1E999999' from becoming a million-digit integer."""


def digits(currency: str) -> int:
    """How many decimals `currency` has (EUR 2, JPY 0, KWD 3). `KeyError` when it is unknown."""
    return _DIGITS[currency]


def is_currency(text: str) -> bool:
    """Whether `text` is the code of a currency known here."""
    return text in _DIGITS


def tax_in(gross: Money, rate_bp: int) -> Money:
    """The tax contained in a price that includes it, at `rate_bp` basis points (1900 = 19 %).

    Rounded half up on the amount (half a cent away from zero), the commercial rounding that invoices and tax returns
    use, so that a refund of minus the price takes back exactly the tax of the price.
    """
    assert type(rate_bp) is int and rate_bp >= 0, "a rate is a whole number of basis points"
    divisor = 10_000 + rate_bp
    tax = (2 * abs(gross.minor) * rate_bp + divisor) // (2 * divisor)
    return Money(-tax if gross.minor < 0 else tax, gross.currency)


def _split(number: int, places: int) -> tuple[int, int]:
    """`number` cut before its last `places` figures; all of it is rest when it has fewer figures than that."""
    return divmod(number, 10**places) if places <= _MOST_FIGURES else (0, number)
