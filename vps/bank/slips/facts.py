"""What every slip says, and why one cannot be made."""

from dataclasses import dataclass
from typing import NamedTuple

from vps.kernel.money import Money
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_, Refused


class WrongAccount(Refused):
    """Facts: account."""

    says = N_("“%(account)s” is not an account number for this kind of pay-in slip.")
    field = "account"


class NeedsBic(Refused):
    says = N_("Please enter the bank's BIC: a transfer into this country needs it.")
    field = "bic"


class WrongTaxNumber(Refused):
    """Facts: number."""

    says = N_("“%(number)s” is not a Russian tax number (INN).")
    field = "tax_number"


class TooLongForSlip(Refused):
    """Facts: text, most."""

    says = N_("“%(text)s” is too long for a pay-in slip. Longest length in characters: %(most)s.")


class NeedsAmount(Refused):
    says = N_("A slip of this bank account needs an amount, so that it can have a code to scan.")
    field = "amount"


class AmountTooLarge(Refused):
    """Facts: most."""

    says = N_("This is more than a pay-in slip can carry. The most is %(most)s.")
    field = "amount"


class OtherCurrency(Refused):
    """Facts: currency."""

    says = N_("Only amounts in %(currency)s can be paid into this account.")
    field = "amount"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, and where. What a form does not ask for may be empty."""

    name: str
    """Exactly as registered: the payer's bank compares it."""
    account: str
    """An IBAN, or the account as the country writes it."""
    street: str = ""
    place: str = ""
    bic: str = ""
    bank: str = ""
    correspondent: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One payment that somebody is asked to make. `reference` is ours (ISO 11649); each form writes it its own way."""

    payee: Payee
    reference: str
    text: str = ""
    amount: Money | None = None
    payer_name: str = ""
    payer_street: str = ""
    payer_place: str = ""


class Line(NamedTuple):
    """A line of the slip to be copied by hand, under the word that stands on that country's form."""

    label: str
    value: str | Money


def asked(slip: Slip, currency: str, most: int, *, may_be_open: bool = False) -> int | None:
    """The amount in minor units. None only when it may be left to the payer. Raises NeedsAmount, OtherCurrency, AmountTooLarge."""
    if slip.amount is None:
        if may_be_open:
            return None
        raise NeedsAmount
    if slip.amount.currency != currency:
        raise OtherCurrency(currency=currency)
    if not slip.amount.is_positive:
        raise NeedsAmount
    if slip.amount.minor > most:
        raise AmountTooLarge(most=Money(most, currency))
    return slip.amount.minor


def whole(text: str, most: int) -> str:
    """A text that must not lose anything, in one line. Raises TooLongForSlip."""
    text = one_line(text)
    if len(text) > most:
        raise TooLongForSlip(text=text, most=most)
    return text


def cut(text: str, most: int) -> str:
    """A text shortened to `most` characters: behind a word, unless more than a third of the room would be lost."""
    text = one_line(text)
    if len(text) <= most:
        return text
    kept = text[: most + 1].rpartition(" ")[0]
    return (kept if len(kept) * 3 > most * 2 else text[:most]).rstrip(" ,;-–")


def one_line(text: str) -> str:
    """Line breaks and bars separate the fields of a code, so no field may carry one."""
    return " ".join(text.replace("|", " ").split())


def filled(*lines: Line | None) -> tuple[Line, ...]:
    """The lines that have something to say."""
    return tuple(line for line in lines if line and line.value)


def grouped(account: str) -> str:
    """An IBAN in groups of four; another account number as it is."""
    return spaced(account) if account[:2].isalpha() else account
