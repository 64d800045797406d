"""What a file would become, line by line, before anything is booked: a preview and the booking follow the same plan.

It writes nothing, and asks the database once for many lines.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from vps.bank.archive import FileRefused
from vps.bank.camt import read_statements
from vps.bank.statement import Entry, Statement
from vps.company.models import company
from vps.kernel.database import rows
from vps.kernel.money import Money, is_currency
from vps.kernel.numbers import find_references, spaced
from vps.kernel.refusals import N_
from vps.ledger.actions import NoSuchCurrency, company_account
from vps.ledger.models.rows import MOST

AT_ONCE = 400
"""Values that one question to the database names."""


class NotOurAccount(FileRefused):
    says = N_("This statement is for the account %(account)s, which is not one of the company's. Nothing was booked.")


class DoesNotAddUp(FileRefused):
    says = N_("The statement of account %(account)s does not add up: opening, lines and closing differ. Nothing was booked.")


class NotFinalYet(FileRefused):
    says = N_("Line %(line)s of this statement has no booking day. Nothing was booked.")


class TooFine(FileRefused):
    says = N_("Line %(line)s has an amount with more decimals than %(currency)s has. Nothing was booked.")


class TooLargeToBook(FileRefused):
    says = N_("This statement has an amount that is too large to be booked. Nothing was booked.")


class Line(NamedTuple):
    """A line as it would be booked: its signed amount, and whose wallet it goes to; to nobody's when a person has to look."""

    n: int
    day: date
    valued: date
    amount: Money
    party: str
    text: str
    partner: int | None

    @property
    def facts(self) -> tuple[object, ...]:
        """By which the same line is known again in another statement."""
        return self.day.isoformat(), self.amount.minor, self.amount.currency, self.party, self.text


class Planned(NamedTuple):
    """A statement that was not booked before, its balances in minor units, and its lines."""

    statement: Statement
    opening: int | None
    closing: int | None
    lines: list[Line]


class Plan(NamedTuple):
    """What a file would become, and how many of its statements were booked before."""

    statements: list[Planned]
    known: int


def checked(content: bytes, name: str) -> list[Statement]:
    """The statements of a file that is fit to be booked. Raises FileRefused and what reading raises."""
    statements, ours = read_statements(content, name), company().ibans
    for statement in statements:
        if statement.account not in ours:
            raise NotOurAccount(account=spaced(statement.account)[:60])
        if statement.balanced is False:
            raise DoesNotAddUp(account=spaced(statement.account)[:60])
        if not is_currency(statement.currency):
            raise NoSuchCurrency(currency=statement.currency or "?")
    return statements


def plan_of(statements: list[Statement]) -> Plan:
    """What would be booked now. An archive may hold a statement twice; each is booked once."""
    distinct = {statement.identity: statement for statement in statements}
    known = {identity for (identity,) in _among(KNOWN, distinct)}
    fresh = [statement for identity, statement in distinct.items() if identity not in known]
    partners, planned = _partners(fresh), list[Planned]()
    for statement in fresh:
        lines = [_line(entry, partners) for entry in statement.entries if entry.status == "BOOK" and entry.amount]
        opening, closing = (_balance(amount, statement.currency) for amount in (statement.opening, statement.closing))
        planned.append(Planned(statement, opening, closing, lines))
        if lines:
            company_account("bank", statement.currency)  # or the company keeps no books in it
    return Plan(_once(planned), len(statements) - len(fresh))


def _line(entry: Entry, partners: dict[str, tuple[int, bool]]) -> Line:
    day = entry.booked or entry.value
    if day is None:
        raise NotFinalYet(line=entry.n)
    amount = _money(entry)
    # Exactly one partner's reference, and his account open, or a person has to look: what is unsure is never booked to a wallet.
    found = [partners[number] for number in _numbers(entry) if number in partners]
    partner = found[0][0] if amount.is_positive and len(found) == 1 and found[0][1] else None
    return Line(entry.n, day, entry.value or day, amount, entry.counterparty_name[:200], entry.text[:1000], partner)


def _once(planned: list[Planned]) -> list[Planned]:
    # A part of the day and then the whole day are two statements with the same lines: a person has to look, nobody is credited twice.
    before: dict[str, set[tuple[object, ...]]] = {}
    for account in {each.statement.account for each in planned}:
        days = [line.day for each in planned if each.statement.account == account for line in each.lines if line.partner is not None]
        came = rows(CAME, account, min(days).isoformat(), max(days).isoformat()) if days else []
        before[account] = {tuple(facts) for facts in came}
    done = []
    for each in planned:
        seen = before[each.statement.account]
        done.append(each._replace(lines=[line._replace(partner=None) if line.facts in seen else line for line in each.lines]))
        seen.update(line.facts for line in each.lines)
    return done


def _partners(statements: list[Statement]) -> dict[str, tuple[int, bool]]:
    # (id, whether the account is open) of every partner whose reference stands on any line.
    numbers = {number for statement in statements for entry in statement.entries for number in _numbers(entry)}
    return {number: (key, closed is None) for number, key, closed in _among(PARTNERS, numbers)}


def _numbers(entry: Entry) -> set[str]:
    return {number for text in (*entry.references, entry.text) for number in find_references(text)}


def _among(sql: str, values: Iterable[str]) -> list[Any]:
    wanted = list(values)
    parts = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    return [row for part in parts for row in rows(sql.format(", ".join("?" * len(part))), *part)]


def _money(entry: Entry) -> Money:
    try:
        amount = Money.of_decimal(entry.amount, entry.currency)
    except ValueError as fine:
        raise TooFine(line=entry.n, currency=entry.currency) from fine
    if abs(amount.minor) > MOST:
        raise TooLargeToBook
    return amount


def _balance(amount: Decimal | None, currency: str) -> int | None:
    # What opened and closed is only shown, so a balance finer than its currency is left out; one that no column holds is refused.
    if amount is None:
        return None
    try:
        minor = Money.of_decimal(amount, currency).minor
    except ValueError:
        return None
    if abs(minor) > MOST * 1000:
        raise TooLargeToBook
    return minor


KNOWN = "SELECT identity FROM bank_statement WHERE identity IN ({})"
PARTNERS = "SELECT number, id, closed_at FROM person WHERE number IN ({})"
CAME = (
    "SELECT l.booked_on, l.amount, l.currency, l.party, l.text FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
    " WHERE s.account = ? AND l.booked_on BETWEEN ? AND ?"
)
