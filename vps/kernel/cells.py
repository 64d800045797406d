"""What stands in one cell of a CSV file: written for machines, so there is one right form for everything."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

from vps.kernel.amounts import NotPositive, parse_plain
from vps.kernel.clock import midnight
from vps.kernel.money import Money, digits, is_currency
from vps.kernel.refusals import N_, Refused

T = TypeVar("T")

_DAY = re.compile("(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})")
_RATE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class Empty(Refused):
    says = N_("Nothing is written here.")


class WrongCurrency(Refused):
    says = N_("Please write the currency in three capital letters, for example EUR.")


class WrongDay(Refused):
    """Facts: example."""

    says = N_("There is no such day. Please write it like this: %(example)s")


class WrongInstant(Refused):
    """Facts: day, instant."""

    says = N_("There is no such moment. Please write a day, like %(day)s, or a day and time with their zone, like %(instant)s")


class WrongWholeNumber(Refused):
    """Facts: least, most."""

    says = N_("Please write a whole number from %(least)s to %(most)s.")


class WrongRate(Refused):
    says = N_("Please write the tax rate in percent, at most 100, with at most two decimals, for example 19 or 7.7")


class NeitherYesNorNo(Refused):
    says = N_("Please write “yes” or “no”.")


def needed(clean: Callable[[str], T]) -> Callable[[str], T]:
    """A cell that must not be empty."""

    def cell(text: str) -> T:
        if not text:
            raise Empty
        return clean(text)

    return cell


def maybe(clean: Callable[[str], T]) -> Callable[[str], T | None]:
    """A cell that may be empty, which is None."""
    return lambda text: clean(text) if text else None


def currency(text: str) -> str:
    """The code of a currency."""
    if not is_currency(text):
        raise WrongCurrency
    return text


def amount(text: str, code: str) -> Money | None:
    """An amount of a currency, zero included; None when the currency is unknown, which its own cell says."""
    return parse_plain(text, code) if is_currency(code) else None


def price(text: str, code: str) -> Money | None:
    """An amount that is more than zero."""
    money = parse_plain(text, code, signed=True) if is_currency(code) else None
    if money is not None and not money.is_positive:
        raise NotPositive(example=Money(100 * 10 ** digits(code), code).plain)
    return money


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number between two bounds."""

    def cell(text: str) -> int:
        if not re.fullmatch("[0-9]{1,18}", text) or not least <= int(text) <= most:
            raise WrongWholeNumber(least=least, most=most)
        return int(text)

    return cell


def rate(text: str) -> int:
    """Percent as basis points: '7.7' is 770."""
    found = _RATE.fullmatch(text)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 10_001
    if points > 10_000:
        raise WrongRate
    return points


def yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise NeitherYesNorNo
    return text == "yes"


def day(text: str) -> date:
    """A calendar day of the years 1900 to 2099: '2026-11-20'."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WrongDay(example="2026-11-20")


def moment(zone: str) -> Callable[[str], datetime]:
    """A day, which means its first moment in `zone`, or an instant with its offset: '2026-11-20T14:05:00+01:00'."""

    def cell(text: str) -> datetime:
        try:
            if _DAY.fullmatch(text):
                return midnight(date.fromisoformat(text), zone)
            if _INSTANT.fullmatch(text):
                return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            pass
        raise WrongInstant(day="2026-11-20", instant="2026-11-20T14:05:00+01:00")

    return cell
