"""What of a commission is tax: by the partner's country and kind, the company's country, and whether commissions are agreed net or gross.

Pure: knows no database. Rates are basis points.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from stdnum import exceptions
from stdnum.de import stnr
from stdnum.eu import vat as european
from stdnum.hr import oib
from stdnum.rs import pib
from stdnum.ru import inn

from vps.commissions.models.taxes import SMALL, VAT, WITHHOLDING, Rule
from vps.kernel.money import Money, tax_in

REVERSE = "reverse"
"""The recipient of the service owes the VAT: partner and company are taxed in two countries."""
GROSS, NET = MODES = ("gross", "net")
RATES = {
    "AT": ((date(1984, 1, 1), 2000),),
    "DE": ((date(2007, 1, 1), 1900),),
    "HR": ((date(2012, 3, 1), 2500),),
    "RS": ((date(2012, 10, 1), 2000),),
    "RU": ((date(2019, 1, 1), 2000), (date(2026, 1, 1), 2200)),
    "SI": ((date(2013, 7, 1), 2200),),
}
"""General rates of VAT as the laws have them; a rule of the company's own comes before."""
OWN_NUMBERS: dict[str, Callable[[str], Any]] = {"DE": stnr.validate, "HR": oib.validate, "RS": pib.validate, "RU": inn.validate}
"""Where a country's own tax number can be checked."""


class Terms(NamedTuple):
    """How a partner is taxed: none, small, vat or reverse; and the rate of VAT, 0 but for vat."""

    way: str
    rate: int


class Taxed(NamedTuple):
    """One credit taken apart. `total` is what the partner gets for it in all."""

    net: Money
    tax: Money
    total: Money


def terms(kind: str, country: str, home: str, rate: int) -> Terms:
    """How somebody of this kind and country is taxed by a company whose country is `home`, with a VAT rate of `rate`."""
    if kind != VAT:
        return Terms(kind, 0)
    return Terms(VAT, rate) if country == home else Terms(REVERSE, 0)


def taken_apart(credited: Money, rate: int, mode: str) -> Taxed:
    """Net, tax and total of what was credited: with `gross` the tax is contained in it, with `net` it comes on top."""
    if mode == GROSS:
        tax = tax_in(credited, rate)
        return Taxed(credited - tax, tax, credited)
    tax = share_of(credited, rate)
    return Taxed(credited, tax, credited + tax)


def share_of(amount: Money, rate: int) -> Money:
    """So many basis points of an amount, rounded half up."""
    return Money((2 * amount.minor * rate + 10_000) // 20_000, amount.currency)


def vat_rate(country: str, day: date, rules: Iterable[Rule]) -> int | None:
    """The general rate of VAT of a country on a day; None where nobody has said it."""
    own = next((rule.rate for rule in rules if (rule.country, rule.what) == (country, VAT)), None)
    known = [rate for since, rate in RATES.get(country, ()) if since <= day]
    return own if own is not None else known[-1] if known else None


def withholding(country: str, kind: str, rules: Iterable[Rule]) -> Rule | None:
    """The rule about the tax that is withheld from a partner of this country and kind."""
    return next((rule for rule in rules if (rule.country, rule.what, rule.kind) == (country, WITHHOLDING, kind)), None)


def own_number(country: str, typed: str) -> str | None:
    """A country's own tax number without spaces, or None when it cannot be one. Countries whose numbers nobody checks take any."""
    if country == "AT":
        return _figures(typed, 9)
    if country not in OWN_NUMBERS:
        return "".join(typed.split())[:30]
    return _valid(OWN_NUMBERS[country], typed)


def vat_number(country: str, typed: str) -> str | None:
    """A VAT identification number of this country, with its letters, or None when it cannot be one."""
    text = "".join(typed.split()).upper()
    if country not in (code.upper() for code in european.MEMBER_STATES):
        return own_number(country, text)
    letters = "EL" if country == "GR" else country
    return _valid(european.validate, text if text.startswith(letters) else f"{letters}{text}")


def _valid(check: Callable[[str], Any], typed: str) -> str | None:
    try:
        return str(check(typed))
    except exceptions.ValidationError:
        return None


def _figures(typed: str, count: int) -> str | None:
    figures = "".join(sign for sign in typed if sign.isascii() and sign.isalnum())
    return figures if figures.isdecimal() and len(figures) == count else None


__all__ = [
    "GROSS",
    "MODES",
    "NET",
    "REVERSE",
    "SMALL",
    "VAT",
    "Taxed",
    "Terms",
    "own_number",
    "share_of",
    "taken_apart",
    "terms",
    "vat_number",
    "vat_rate",
    "withholding",
]
