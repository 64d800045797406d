"""What a bank statement says, whatever format it came in, and the sentences that refuse one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from vps.bank.archive import FileRefused
from vps.kernel.refusals import N_

_NOTHING_SAID: Final = {"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOREF"}


@dataclass(frozen=True)
class Entry:
    """One line of a statement, or one transaction of a collective booking that the bank itemised to the cent.

    `n` counts from 1 within the statement; `amount` is signed, positive when money came; `status` is BOOK, PDNG or INFO;
    `reversal` is information only, the sign already says which way the money went.
    """

    n: int
    booked: date | None
    value: date | None
    amount: Decimal
    currency: str
    status: str
    reversal: bool
    references: tuple[str, ...]
    text: str
    counterparty_name: str
    counterparty_account: str
    return_reason: str
    bank_code: str


@dataclass(frozen=True)
class Statement:
    """One statement of one account. `account` is "" when the bank names none; `identity` is the same each time the bank delivers it.

    `balanced`: opening and booked entries make the closing; None when the bank leaves a balance out.
    """

    account: str
    currency: str
    identity: str
    number: str
    message: str
    opening: Decimal | None
    closing: Decimal | None
    opening_day: date | None
    closing_day: date | None
    balanced: bool | None
    entries: tuple[Entry, ...]


def to_json(statements: Iterable[Statement]) -> dict[str, object]:
    """The statements as plain data: amounts as signed strings, days as YYYY-MM-DD, None for the unknown."""
    return {"statements": [_statement(statement) for statement in statements]}


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Their exact sum: Decimal's usual 28 figures could round (also in `-` and `abs`, hence `copy_negate`)."""
    with localcontext() as context:
        context.prec = 60
        return sum(amounts, Decimal(0))


def said(found: Iterable[str]) -> tuple[str, ...]:
    """What says anything, each once."""
    return tuple(dict.fromkeys(one for one in found if one.upper() not in _NOTHING_SAID))


def _statement(statement: Statement) -> dict[str, object]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening": _amount(statement.opening),
        "closing": _amount(statement.closing),
        "balanced": statement.balanced,
        "entries": [_entry(entry) for entry in statement.entries],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "booked": entry.booked.isoformat() if entry.booked else None,
        "value": entry.value.isoformat() if entry.value else None,
        "amount": _amount(entry.amount),
        "currency": entry.currency,
        "status": entry.status,
        "reversal": entry.reversal,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


class NotFinal(FileRefused):
    """A message about the account that is not its statement; `message` is its ISO name."""

    says = N_("%(file)s is not a bank statement (%(message)s). Please upload the statement, camt.053.")


class InterimReport(NotFinal):
    """camt.052, MT941, MT942."""

    says = N_("%(file)s is an interim report (%(message)s): its lines may still change. Please upload the statement of the day.")


class Notification(NotFinal):
    """camt.054."""

    says = N_("%(file)s is a notification (%(message)s): the statement brings the same lines again. Please upload the statement, camt.053.")


class WrongMessage(FileRefused):
    """XML, but not about an account."""

    says = N_("%(file)s is not a bank statement: it holds “%(found)s” where camt.053 was expected.")


class NoStatement(FileRefused):
    """The envelope of a camt.053, and nothing in it."""

    says = N_("%(file)s holds no statement.")


class NoAmount(FileRefused):
    """An amount is missing or there twice."""

    says = N_("%(file)s, line %(line)s: there is not exactly one amount here.")


class UnreadableAmount(FileRefused):
    """Not a plain decimal number."""

    says = N_("%(file)s, line %(line)s: “%(found)s” is not an amount.")


class NegativeAmount(FileRefused):
    """Credit and debit are said by a word; a sign beside it has two meanings."""

    says = N_("%(file)s, line %(line)s: the amount %(found)s has a sign, so it is not clear whether money came or went.")


class NoDirection(FileRefused):
    """Neither CRDT nor DBIT, or both."""

    says = N_("%(file)s, line %(line)s: it is not said whether money came (CRDT) or went (DBIT).")


class NoCurrency(FileRefused):
    """An amount of nothing in particular."""

    says = N_("%(file)s, line %(line)s: the currency is missing.")


class UnreadableCurrency(FileRefused):
    """Not three capital letters."""

    says = N_("%(file)s, line %(line)s: “%(found)s” is not a currency.")


class UnreadableDay(FileRefused):
    """Not a day of the calendar."""

    says = N_("%(file)s, line %(line)s: “%(found)s” is not a date.")


class MixedCurrencies(FileRefused):
    """A statement speaks of one account, and an account has one currency."""

    says = N_("%(file)s, line %(line)s: an entry in %(found)s stands in a statement in %(expected)s.")


class UnknownFormat(FileRefused):
    """Nothing that any reader knows; a CSV whose columns nobody has explained is among it."""

    says = N_(
        "%(file)s is in none of the formats that are read: camt.053, MT940, 1CClientBankExchange, and CSV of an account whose columns"
        " are known."
    )


class CutOff(FileRefused):
    """The file breaks off where more must come."""

    says = N_("%(file)s breaks off at line %(line)s. Please download it again.")


class UnreadableLine(FileRefused):
    """Something else should stand here."""

    says = N_("%(file)s, line %(line)s: “%(found)s” cannot be read here.")


class NoSide(FileRefused):
    """Like NoDirection, where a format has other words for it."""

    says = N_("%(file)s, line %(line)s: it is not said whether money came or went.")


class NoDay(FileRefused):
    """A line that happened on no day."""

    says = N_("%(file)s, line %(line)s: the day is missing.")


class OtherAccount(FileRefused):
    """A line of an account that the file is not about."""

    says = N_("%(file)s, line %(line)s: this line is not of the account %(account)s.")


class NoSuchColumn(FileRefused):
    """The bank changed its file, or it is another bank's."""

    says = N_("%(file)s has no column “%(column)s”.")


class SameColumns(FileRefused):
    """A name that two columns have means neither."""

    says = N_("%(file)s has two columns “%(column)s”. Please give the number of the one that is meant.")


class WrongCells(FileRefused):
    """Cut off, or with a separator too many."""

    says = N_("%(file)s, line %(line)s: the cells do not match the header. Cells here: %(found)s. Columns in the header: %(wanted)s.")


class BrokenCsv(FileRefused):
    """A quotation mark opened or closed a cell where none should."""

    says = N_("%(file)s cannot be read from line %(line)s on. Probably a quotation mark is missing, or there is one too many.")
