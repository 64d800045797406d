"""Money, numbers, days and months as people read them in their language: equal to Babel, twenty times as fast.

Babel is asked once per language (and currency) how things are written; after that it is plain string work, because a
page full of amounts must not cost more than the page. Differences from Babel's defaults, on purpose: every currency
shows the decimals of our own table (Babel hides those of the dinar), and months stand alone in the nominative.
"""

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from vps.kernel.money import Money, digits

DayForm = Literal["short", "medium", "long"]
MonthForm = Literal["long", "short"]

LANGUAGES = {"en": "en", "de": "de", "ru": "ru", "hr": "hr", "sr": "sr", "sr_Latn": "sr_Latn"}
"""Our languages and the CLDR locale of each ('sr' is Cyrillic there, too)."""

MINUS = "\N{MINUS SIGN}"
_MOST_REMEMBERED = 20_000
"""Days kept at most; a memo that only grows is a leak. Everything else remembered here is bounded by its nature."""


class _Money(NamedTuple):
    """How one language writes one currency."""

    before: str
    before_negative: str
    group: str
    scale: int
    """Minor units in a major one."""
    decimal: str
    after: str
    tails: tuple[str, ...]
    """For each number of minor units what stands after the whole: ',05 €'. Looking it up is faster than formatting."""


def money(amount: Money, language: str) -> str:
    """'1.234,50 €'; byte-equal to Babel's `format_currency` with the currency's own decimals."""
    minor = amount.minor
    style = _money_style(language, amount.currency)
    return _written(minor, style.before, style) if minor >= 0 else _written(-minor, style.before_negative, style)


def money_signed(amount: Money, language: str) -> str:
    """As `money`, but for statements: '+' before what came in, a true minus before what went out, nothing before zero."""
    minor = amount.minor
    style = _money_style(language, amount.currency)
    sign = "+" if minor > 0 else MINUS if minor < 0 else ""
    return _written(abs(minor), sign + style.before, style)


@cache
def weekday(n: int, language: str) -> str:
    """A day of the week, 1 Monday … 7 Sunday."""
    return str(Locale.parse(LANGUAGES[language]).days["stand-alone"]["wide"][n - 1])


def number(value: int, language: str) -> str:
    """'1.234.567'; byte-equal to Babel's `format_decimal`."""
    return f"{value:,}".replace(",", _group(language))


def percent(basis_points: int, language: str) -> str:
    """1950 is '19,5 %': at most two decimals, without trailing zeros; byte-equal to Babel's `format_percent` with '0.##'."""
    return percent_of_million(100 * basis_points, language)


def percent_of_million(millionths: int, language: str) -> str:
    """The same of millionths: 12_500 is '1,25 %', with at most four decimals."""
    before, decimal, after = _percent_style(language)
    whole, rest = divmod(abs(millionths), 10_000)
    fraction = f"{decimal}{rest:04}".rstrip("0") if rest else ""
    sign = "-" if millionths < 0 else ""
    return f"{sign}{before}{number(whole, language)}{fraction}{after}"


def money_exact(minor: Fraction, currency: str, language: str) -> str:
    """'0,0125 €': an amount that need not be whole minor units, with up to six decimals; '…' where it has more."""
    style, places = _money_style(language, currency), max(6, digits(currency))
    scaled = minor * Fraction(10) ** (places - digits(currency))
    whole, rest = divmod(int(scaled), 10**places)
    figures = f"{rest:0{places}}".rstrip("0").ljust(digits(currency), "0")
    more = "…" if scaled != int(scaled) else ""
    tail = f"{style.decimal}{figures}{more}" if figures or more else ""
    return f"{style.before}{number(whole, language)}{tail}{style.after}"


def territory(code: str, language: str) -> str:
    """A country by its two letters: 'Deutschland'; the letters where it has no name."""
    return str(_locale(language).territories.get(code, code))


def day(value: date, language: str, form: DayForm = "medium") -> str:
    """'5. stu 2026.'; byte-equal to Babel's `format_date`. An instant has no day without a zone: see `moment`."""
    assert not isinstance(value, datetime), "the day of an instant depends on the zone"
    return _date(value, language, form)


def moment(value: datetime, language: str, zone: tzinfo | str) -> str:
    """'05.11.2026, 14:03': medium day and short time of an aware instant, in a zone or the zone of an IANA name."""
    assert value.tzinfo is not None, "instants are aware"
    local = value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    joined = _joined(language).replace("{0}", _clock(local.hour, local.minute, language))
    return joined.replace("{1}", _date(local.date(), language, "medium"))


def month(value: date, language: str, form: MonthForm = "long") -> str:
    """The month standing alone: long 'studeni 2026' for headings, short 'stu' for a chart's axis."""
    assert not isinstance(value, datetime), "the month of an instant depends on the zone"
    return _date(value.replace(day=1), language, "LLLL y" if form == "long" else "LLL")


def _written(minor: int, before: str, style: _Money) -> str:
    """An amount that is not negative, grouped, after `before`."""
    whole, rest = divmod(minor, style.scale)
    if whole < 1000:
        return f"{before}{whole}{style.tails[rest]}"
    return f"{before}{f'{whole:,}'.replace(',', style.group)}{style.tails[rest]}"


@cache
def _money_style(language: str, currency: str) -> _Money:
    """Read off how Babel writes one amount, so that its patterns and symbols stay its own business."""
    locale, places = _locale(language), digits(currency)
    pattern = re.sub(r"0\.0+", f"0.{'0' * places}" if places else "0", locale.currency_formats["standard"].pattern)

    def written(amount: str) -> re.Match[str]:
        text = numbers.format_currency(Decimal(amount), currency, pattern, locale, currency_digits=False)
        return _read(r"(?P<before>\D*)1(?P<group>\D*)234(?:(?P<decimal>\D+)5\d*)?(?P<after>\D*)", text)

    fraction = f".{'5'.ljust(places, '0')}" if places else ""
    plus, minus = written(f"1234{fraction}"), written(f"-1234{fraction}")
    figures = (f"{plus['decimal']}{rest:0{places}}" if places else "" for rest in range(10**places))
    tails = tuple(f"{each}{plus['after']}" for each in figures)
    decimal = plus["decimal"] or _percent_style(language)[1]
    return _Money(plus["before"], minus["before"], plus["group"], 10**places, decimal, plus["after"], tails)


@cache
def _group(language: str) -> str:
    return _read(r"1(?P<group>\D*)234", numbers.format_decimal(1234, locale=_locale(language)))["group"]


@cache
def _percent_style(language: str) -> tuple[str, str, str]:
    """What stands before the figures, at the decimal sign and after the figures."""
    locale = _locale(language)
    pattern = locale.percent_formats[None].pattern.replace("0", "0.##")
    written = _read(r"(\D*)12(\D+)5(\D*)", numbers.format_percent(Decimal("0.125"), pattern, locale))
    return written[1], written[2], written[3]


@lru_cache(maxsize=_MOST_REMEMBERED)
def _date(value: date, language: str, form: str) -> str:
    return dates.format_date(value, form, _locale(language))


@cache
def _clock(hour: int, minute: int, language: str) -> str:
    return dates.format_time(time(hour, minute), "short", locale=_locale(language))


@cache
def _joined(language: str) -> str:
    """How day {1} and time {0} stand together."""
    return str(dates.get_datetime_format("medium", _locale(language))).replace("'", "")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LANGUAGES[language])


def _read(pattern: str, written: str) -> re.Match[str]:
    match = re.fullmatch(pattern, written)
    assert match, f"Babel writes {written!r}, which is not understood here"
    return match
