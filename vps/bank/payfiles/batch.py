"""What is to be paid, whatever file carries it to the bank, and the sentences that refuse to write one."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused

LONGEST_NAME: Final = 70
LONGEST_TEXT: Final = 140
_REFERENCE: Final = re.compile("[A-Za-z0-9+?:().,'-]+(/[A-Za-z0-9+?:().,'-]+)*")


@dataclass(frozen=True, slots=True)
class Debtor:
    """Whose account is debited. What follows `bic` is asked for by some kinds of files only."""

    name: str
    account: str
    bic: str = ""
    place: str = ""
    bank: str = ""
    correspondent: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payee and what he gets. `end_to_end` comes back with every answer of the bank: up to 35 characters, once in a batch.

    `account` is the number of a PayeeAccount; `language` (sr, ru) says how a name in Cyrillic is spelled; `purpose_code` is the
    šifra plaćanja in Serbia, `model` and `reference` its poziv na broj, `tax_number` the ИНН in Russia.
    """

    end_to_end: str
    name: str
    account: str
    bic: str
    amount: Money
    text: str
    place: str = ""
    language: str = ""
    purpose_code: str = ""
    model: str = ""
    reference: str = ""
    bank: str = ""
    correspondent: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One file: the same batch is the same bytes, however often it is written. `made_at` is aware, `execution_day` the bank's day."""

    message_id: str
    made_at: datetime
    execution_day: date
    debtor: Debtor
    transfers: tuple[Transfer, ...]
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What a finished file pays, read back from its bytes: from which account, to which, and by which reference."""

    debtor: str
    reference: str
    account: str
    amount: Money


def is_reference(text: str, longest: int = 35) -> bool:
    """Whether banks take `text` as an identification: their letters without spaces, no slash at an end and no two together."""
    return len(text) <= longest and _REFERENCE.fullmatch(text) is not None


class BatchRefused(Refused):
    """A batch that no file is written for."""

    says = N_("No file for the bank can be made of these pay-outs.")


class NothingToPay(BatchRefused):
    """No transfers."""

    says = N_("There is nothing to pay out.")


class WrongDebtor(BatchRefused):
    """The company's own details do not do for this kind of file; `found` is what is wrong or missing."""

    says = N_("The company's own bank account does not fit this kind of file: %(found)s")


class WrongMessage(BatchRefused):
    """The file's own number; ours to make."""

    says = N_("The bank does not take this number of a file: %(found)s")


class NoInstant(BatchRefused):
    """Only SEPA files say that payments are to be instant."""

    says = N_("This kind of file has no instant payments.")


class PayeeRefused(BatchRefused):
    """One transfer that cannot be carried; `payee` is his name as we have it."""

    says = N_("%(payee)s cannot be paid with this file.")


class UnwritableName(PayeeRefused):
    """Nothing is left of the name in the letters of the banks."""

    says = N_("The name of this payee cannot be written in the letters that banks take: %(payee)s")


class UnfitAccount(PayeeRefused):
    """A wrong number, or an account this kind of file does not reach."""

    says = N_("The account of %(payee)s cannot be paid with this kind of file: %(account)s")


class UnfitAmount(PayeeRefused):
    """Nothing, less than nothing, or more than the scheme carries."""

    says = N_("The amount for %(payee)s cannot be sent in one payment: %(amount)s")


class UnfitCurrency(PayeeRefused):
    """A file has one currency."""

    says = N_("%(payee)s would get %(amount)s, but this kind of file pays in %(currency)s only.")


class UnfitReference(PayeeRefused):
    """Empty, too long, or used for two transfers of the batch."""

    says = N_("The reference of the payment to %(payee)s is empty, too long or used twice: %(reference)s")


class BicNeeded(PayeeRefused):
    """Inside the European Economic Area the IBAN is enough."""

    says = N_("The bank of %(payee)s is outside the European Economic Area: its BIC is needed.")


class PurposeNeeded(PayeeRefused):
    """Every payment in Serbia says what it is for by three digits."""

    says = N_("The payment to %(payee)s needs a purpose code of three digits.")
