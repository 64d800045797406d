"""Typed amounts, read strictly: one right form per language, everything else is refused with that form shown.

A lenient reader is how 10.50 becomes 1050: what could be meant differently is either refused or, when it is
right here but would mean something else elsewhere ("1.234"), reported back so that the page can ask for one more tick.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from vps.kernel.money import Money, digits
from vps.kernel.refusals import N_, Refused

MOST = 10**11
"""Unless told otherwise no typed amount has more minor units than this."""

_LONGEST = 40
"""No right amount is longer; what is longer is not even looked at, so that a megabyte of digits costs nothing."""


class NoAmount(Refused):
    """Nothing was typed."""

    says = N_("Please enter an amount, for example %(example)s.")
    field = "amount"


class WrongAmount(Refused):
    """Not written as amounts are written in this language."""

    says = N_("This amount cannot be read. Please write it like this: %(example)s")
    field = "amount"


class TooManyDecimals(Refused):
    """More decimals than the currency has; rounding would be a guess."""

    says = N_("This amount has more decimals than %(currency)s has. Please write it like this: %(example)s")
    field = "amount"


class NotPositive(Refused):
    """Zero."""

    says = N_("The amount must be more than zero, for example %(example)s.")
    field = "amount"


class TooMuch(Refused):
    """More than the limit of this field."""

    says = N_("This amount is too large. The most that can be entered here is %(most)s.")
    field = "amount"


class WrongQuantity(Refused):
    """Not a whole number from 1 to 999."""

    says = N_("Please enter a whole number from 1 to 999.")
    field = "quantity"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the `money` it says here, and what somebody used to other signs `could_mean`, cut to the currency's decimals."""

    money: Money
    could_mean: Money | None = None


class _Signs(NamedTuple):
    decimal: str
    group: str
    groups: str
    """Every character accepted as a group sign; `group` is the one we print."""


_COMMA = _Signs(",", ".", ".")
_SIGNS = {
    "en": _Signs(".", ",", ","),
    "de": _COMMA,
    "hr": _COMMA,
    "sr": _COMMA,
    "sr_Latn": _COMMA,
    "ru": _Signs(",", "\N{NO-BREAK SPACE}", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"),
}
_PLAIN = _Signs(".", "", "")


def parse_amount(text: str, *, language: str, currency: str, most: int = MOST) -> Typed:
    """Read what a person typed in `language` as money of `currency`, at most `most` minor units.

    ASCII digits only, one decimal sign, groups of exactly three or none, no sign, more than zero. Raises
    `NoAmount`, `WrongAmount`, `TooManyDecimals`, `NotPositive` or `TooMuch`.
    """
    signs = _SIGNS[language]
    example = _example(signs, currency)
    typed = text.strip()
    if not typed:
        raise NoAmount(example=example)
    whole, fraction, groups = _parts(typed, signs, example)
    money = _money(whole, fraction, currency=currency, example=example)
    if not money.is_positive:
        raise NotPositive(example=example)
    _at_most(money, most)
    return Typed(money, _other_reading(groups, fraction, currency) if signs.group in ".," else None)


def written(amount: Money, language: str) -> str:
    """An amount as somebody would type it in this language: without groups or currency, to stand in a field."""
    return amount.plain.replace(".", _SIGNS[language].decimal)


def parse_plain(text: str, currency: str, *, signed: bool = False, most: int = MOST) -> Money:
    """Read an amount written for machines (CSV): '1000.5', '0'; no groups; a leading '-' only when `signed`.

    Raises `NoAmount`, `WrongAmount`, `TooManyDecimals` or `TooMuch`. Zero is fine here.
    """
    example = _example(_PLAIN, currency)
    typed = text.strip()
    if not typed:
        raise NoAmount(example=example)
    negative = signed and typed.startswith("-")
    whole, fraction, _ = _parts(typed[1:] if negative else typed, _PLAIN, example)
    money = _money(whole, fraction, currency=currency, example=example)
    _at_most(money, most)
    return -money if negative else money


def decimal_sign(language: str | None) -> str:
    """What stands before the decimals in this language, or, without one, for machines."""
    return (_SIGNS[language] if language else _PLAIN).decimal


def parse_quantity(text: str) -> int:
    """Read a whole number from 1 to 999; raises `WrongQuantity`."""
    typed = text.strip()
    if not re.fullmatch(r"[0-9]{1,3}", typed) or int(typed) == 0:
        raise WrongQuantity
    return int(typed)


def _parts(typed: str, signs: _Signs, example: str) -> tuple[str, str, list[str]]:
    """The digits before and after the decimal sign, and the groups the first were written in (one when ungrouped)."""
    if len(typed) > _LONGEST:
        raise WrongAmount(example=example)
    whole, point, fraction = typed.partition(signs.decimal)
    if point and not _all_digits(fraction):
        raise WrongAmount(example=example)
    groups = re.split(f"[{re.escape(signs.groups)}]", whole) if signs.groups else [whole]
    if not all(map(_all_digits, groups)):
        raise WrongAmount(example=example)
    if len(groups) > 1 and not _well_grouped(groups):
        raise WrongAmount(example=example)
    return "".join(groups), fraction, groups


def _all_digits(text: str) -> bool:
    # isdigit() alone would let Arabic and full-width digits through.
    return text.isascii() and text.isdigit()


def _well_grouped(groups: list[str]) -> bool:
    first, *rest = groups
    # '0.123' is a fraction in somebody's mind, never a grouped 123.
    return len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in rest)


def _money(whole: str, fraction: str, *, currency: str, example: str) -> Money:
    if len(fraction) > digits(currency):
        raise TooManyDecimals(currency=currency, example=example)
    return Money(int(whole + fraction.ljust(digits(currency), "0")), currency)


def _at_most(money: Money, most: int) -> None:
    if money.minor > most:
        raise TooMuch(most=Money(most, money.currency))


def _other_reading(groups: list[str], fraction: str, currency: str) -> Money | None:
    """'1.234' here is '1,234' where the signs are swapped; with two group signs or a fraction there is no doubt."""
    if len(groups) != 2 or fraction:
        return None
    places = digits(currency)
    return Money.of_decimal(Decimal(f"{groups[0]}.{groups[1][:places]}"), currency)


def _example(signs: _Signs, currency: str) -> str:
    places = digits(currency)
    # Without decimals to tell the signs apart a grouped example would itself be ambiguous.
    return f"1{signs.group}000{signs.decimal}{'5'.ljust(places, '0')}" if places else "1000"
