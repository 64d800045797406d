"""Bank accounts that partners are paid to: read as people type them, and told what is wrong with them.

An IBAN speaks for itself. A number without letters is read as the accounts of the country that was chosen: 18 digits in
Serbia, 20 with the bank's BIC in Russia. A Serbian IBAN and the number within it are one account, kept as its 18 digits.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from stdnum import bic as bank_codes
from stdnum import luhn, numdb
from stdnum.iso7064 import mod_97_10

from vps.kernel.numbers import is_iban, spaced
from vps.kernel.refusals import N_, Refused

IBAN, SERBIAN, RUSSIAN = "iban", "rs", "ru"
"""The kinds of numbers; what a file to a bank can carry depends on them."""

_LONGEST = 80
_SERBIAN = re.compile("([0-9]{3})-?([0-9]{1,13})-([0-9]{2})|([0-9]{3})([0-9]{13})([0-9]{2})")
_PART = re.compile("([1-9][0-9]*)!([nac])")
_ROUBLES = "810"
_WEIGHTS = (7, 1, 3) * 8


class AccountRefused(Refused):
    """A number nobody could be paid by."""

    says = N_("This is not the number of a bank account.")
    field = "account"


class NoAccount(AccountRefused):
    """Nothing was typed."""

    says = N_("Please enter the number of the bank account.")


class WrongSigns(AccountRefused):
    """Other signs than Latin letters and digits, Cyrillic look-alikes of them included."""

    says = N_("An account number has Latin letters and digits only. This sign does not belong there: %(sign)s")


class CardNumber(AccountRefused):
    """The number printed on a bank card, which no transfer can reach."""

    says = N_("This is the number of a card. Please enter the number of the bank account; it stands on every bank statement.")


class IbanWanted(AccountRefused):
    """A number without letters where accounts have IBANs."""

    says = N_("Please enter the whole IBAN. It begins with two letters, for example: %(example)s")


class UnknownCountry(AccountRefused):
    """The first two letters are of no country whose banks issue IBANs."""

    says = N_("No country has IBANs that begin with %(country)s.")


class WrongLength(AccountRefused):
    """A digit too many or too few."""

    says = N_("An IBAN that begins with %(country)s has %(expected)s characters; here are %(found)s.")


class WrongStructure(AccountRefused):
    """A letter where the country has digits, or the other way round."""

    says = N_("In this IBAN a letter stands where a digit belongs, or a digit where a letter belongs.")


class WrongCheckDigits(AccountRefused):
    """The most frequent one: a digit mistyped or two swapped."""

    says = N_("The check digits do not fit: at least one character was mistyped. Please compare with the bank statement.")


class WrongSerbian(AccountRefused):
    """Not 18 digits, nor their short form."""

    says = N_("An account number in Serbia has 18 digits, or is written with hyphens like this: %(example)s")


class WrongRussian(AccountRefused):
    """Not 20 digits."""

    says = N_("An account number in Russia has 20 digits; here are %(found)s.")


class ForeignCurrency(AccountRefused):
    """An account in dollars or euros at a Russian bank."""

    says = N_("This account is not kept in roubles: the sixth to eighth digits are not 810.")


class WrongRussianKey(AccountRefused):
    """The key ties the account to its bank: either may be the one that is wrong."""

    says = N_("The account number and the bank's BIC do not belong together: at least one digit was mistyped.")


class WrongRussianBank(AccountRefused):
    """Nine digits that begin with the country's 04."""

    says = N_("Please enter the BIC of the bank: nine digits that begin with 04.")
    field = "bic"


class WrongBic(AccountRefused):
    """Not a BIC of ISO 9362."""

    says = N_("This is not a BIC. It has 8 or 11 characters, for example: %(example)s")
    field = "bic"


class CountryNotServed(AccountRefused):
    """The company does not pay there."""

    says = N_("Pay-outs to accounts of this country (%(country)s) are not possible. Possible are: %(allowed)s")


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """A checked account. `kind` is IBAN, SERBIAN or RUSSIAN; `number` has no separators; `bic` may be empty but in Russia."""

    kind: str
    number: str
    country: str
    bic: str = ""

    @property
    def iban(self) -> str:
        """Its IBAN; empty in Russia, which has none."""
        return {IBAN: self.number, SERBIAN: serbian_iban(self.number), RUSSIAN: ""}[self.kind]


def payee_account(text: str, country: str, *, allowed: Collection[str], bic: str = "") -> PayeeAccount:
    """The account somebody typed, for a payee with a bank in `country`; an IBAN of another country counts as what it says.

    `allowed` are the countries the company pays to (ISO 3166). Raises an AccountRefused.
    """
    number, country = _typed(text), country.upper()
    if number[:2].isalpha():
        account = _iban(number, bic)
    elif country == "RS":
        account = PayeeAccount(SERBIAN, _serbian(number), country, _bic(bic))
    elif country == "RU":
        account = _russian(number, bic)
    else:
        _refuse_card(number)
        raise IbanWanted(example="DE89 3704 …")
    if account.country not in allowed:
        raise CountryNotServed(country=account.country, allowed=", ".join(sorted(allowed)))
    return account


def shown(account: PayeeAccount) -> str:
    """The number in groups, as people compare it with a bank statement."""
    if account.kind == SERBIAN:
        return f"{account.number[:3]}-{account.number[3:16]}-{account.number[16:]}"
    return spaced(account.number)


def masked(account: PayeeAccount) -> str:
    """Enough to tell one's own accounts apart, too little to use: country and last four characters."""
    return f"{account.country} …{account.number[-4:]}"


def serbian_iban(number: str) -> str:
    """The IBAN of an 18-digit account; its check digits are always 35, for the number checks itself the same way."""
    return f"RS{mod_97_10.calc_check_digits(number + 'RS')}{number}"


def is_serbian(number: str) -> bool:
    """Whether these are 18 digits with the check digits that banks in Serbia issue, which are never 00, 01 or 99."""
    return re.fullmatch("[0-9]{18}", number) is not None and number[:3] != "000" and mod_97_10.calc_check_digits(number[:16]) == number[16:]


def is_russian(number: str, bic: str) -> bool:
    """Whether account and BIC fit each other by the key of the Bank of Russia (its ninth digit)."""
    if not re.fullmatch("[0-9]{20}", number) or not re.fullmatch("04[0-9]{7}", bic):
        return False
    # Settlement centres of the Bank of Russia itself, 000 to 002, are known by two other digits of their BIC.
    bank = f"0{bic[4:6]}" if bic[6:] in ("000", "001", "002") else bic[6:]
    return sum(int(digit) * weight for digit, weight in zip(bank + number, _WEIGHTS, strict=False)) % 10 == 0


def _typed(text: str) -> str:
    """In capitals, without white space of any width, invisible signs, dots, and the word IBAN in front; hyphens stay."""
    if len(text) > _LONGEST:
        raise AccountRefused
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Zs", "Cf", "Cc") and sign not in "./")
    plain = re.sub("[\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}]", "-", plain)
    plain = re.sub("^IBAN:?", "", plain)
    if wrong := re.search("[^A-Z0-9-]", plain):
        raise WrongSigns(sign=wrong.group())
    if not plain.strip("-"):
        raise NoAccount
    return plain


def _iban(typed: str, bic: str) -> PayeeAccount:
    number = typed.replace("-", "")
    country = number[:2]
    [(known, facts), *_] = numdb.get("iban").info(number)
    if not facts:
        raise UnknownCountry(country=country)
    parts = _PART.findall(facts["bban"])
    expected = 4 + sum(int(length) for length, _ in parts)
    if len(number) != expected:
        raise WrongLength(country=known, expected=expected, found=len(number))
    signs = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
    if not re.fullmatch("[0-9]{2}" + "".join(f"{signs[kind]}{{{length}}}" for length, kind in parts), number[2:]):
        raise WrongStructure
    if not is_iban(number):
        raise WrongCheckDigits
    if country == "RS":
        return PayeeAccount(SERBIAN, _serbian(number[4:]), country, _bic(bic))
    return PayeeAccount(IBAN, number, country, _bic(bic))


def _serbian(typed: str) -> str:
    found = _SERBIAN.fullmatch(typed)
    if not found:
        _refuse_card(typed)
        raise WrongSerbian(example="265-1234-88")
    bank, middle, check = found.groups()[:3] if found[1] else found.groups()[3:]
    number = f"{bank}{middle.zfill(13)}{check}"
    if not is_serbian(number):
        raise WrongCheckDigits
    return number


def _russian(typed: str, bic: str) -> PayeeAccount:
    number, bank = typed.replace("-", ""), "".join(bic.split())
    if len(number) != 20 or not number.isdigit():
        _refuse_card(number)
        raise WrongRussian(found=len(number))
    if number[5:8] != _ROUBLES:
        raise ForeignCurrency
    if not re.fullmatch("04[0-9]{7}", bank):
        raise WrongRussianBank
    if not is_russian(number, bank):
        raise WrongRussianKey
    return PayeeAccount(RUSSIAN, number, "RU", bank)


def _bic(typed: str) -> str:
    code = "".join(typed.split()).upper()
    if code and not bank_codes.is_valid(code):
        raise WrongBic(example="COBADEFFXXX")
    return code


def _refuse_card(typed: str) -> None:
    number = typed.replace("-", "")
    if len(number) in (15, 16, 19) and number[0] in "23456" and luhn.is_valid(number):
        raise CardNumber
