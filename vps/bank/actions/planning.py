"""What a file would become, line by line, before anything is booked: a preview and the booking follow the same plan.

It writes nothing, and asks the database once for many lines.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from vps.bank.actions.matching import Found, Seen, among, verdicts
from vps.bank.actions.warning import Told, Warned, warnings_of
from vps.bank.archive import FileRefused, shown
from vps.bank.columns import Mapping
from vps.bank.models import Ours, bank_accounts, our_account
from vps.bank.reading import read_statements
from vps.bank.statement import Entry, Statement, UnknownFormat
from vps.kernel.database import rows
from vps.kernel.money import Money, is_currency
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import NoSuchCurrency
from vps.ledger.models.rows import MOST


class NotOurAccount(FileRefused):
    says = N_("This statement is for the account %(account)s, which is not one of the company's. Nothing was booked.")


class SeveralAccounts(FileRefused):
    says = N_("%(file)s fits the columns of several accounts, so nobody can say of which it is. Nothing was booked.")


class OtherCurrency(FileRefused):
    says = N_("The account %(account)s is not kept in %(found)s. Nothing was booked.")


class DoesNotAddUp(FileRefused):
    says = N_("The statement of account %(account)s does not add up: opening, lines and closing differ. Nothing was booked.")


class NotFinalYet(FileRefused):
    says = N_("Line %(line)s of this statement has no booking day. Nothing was booked.")


class TooFine(FileRefused):
    says = N_("Line %(line)s has an amount with more decimals than %(currency)s has. Nothing was booked.")


class TooLargeToBook(FileRefused):
    says = N_("This statement has an amount that is too large to be booked. Nothing was booked.")


class Line(NamedTuple):
    """A line as it would be booked: what is seen of it, and what it certainly is; nothing, when a person has to look."""

    n: int
    seen: Seen
    claims: tuple[Found, ...]
    known: bool = False
    """Another statement brought the same line."""

    @property
    def facts(self) -> tuple[object, ...]:
        """By which the same line is known again in another statement."""
        seen = self.seen
        return seen.day.isoformat(), seen.amount.minor, seen.amount.currency, seen.party, seen.text

    @property
    def claimed(self) -> int:
        """Of its amount, in minor units."""
        return sum(claim.amount.minor for claim in self.claims)


class Planned(NamedTuple):
    """A statement that was not booked before, of which of our accounts it is, its balances in minor units, its lines, and what to look at."""

    statement: Statement
    account: Ours
    opening: int | None
    closing: int | None
    lines: list[Line]
    warned: tuple[Warned, ...] = ()

    @property
    def days(self) -> list[date]:
        """Those of its lines, else those it names itself."""
        statement = self.statement
        return [line.seen.day for line in self.lines] or [day for day in (statement.opening_day, statement.closing_day) if day]


class Plan(NamedTuple):
    """What a file would become, and how many of its statements were booked before."""

    statements: list[Planned]
    known: int


def checked(content: bytes, name: str) -> list[Statement]:
    """The statements of a file that is fit to be booked. Raises FileRefused and what reading raises."""
    statements = _read(content, name)
    for statement, _ in with_accounts(statements):
        if statement.balanced is False:
            raise DoesNotAddUp(account=spaced(statement.account)[:60])
    return statements


def _read(content: bytes, name: str) -> list[Statement]:
    # A CSV names no account of its own: it is of the one whose columns fit it.
    try:
        return read_statements(content, name)
    except UnknownFormat as unknown:
        refusal: FileRefused = unknown
    fitting = []
    for account in bank_accounts():
        if account.mapping:
            try:
                fitting.append(read_statements(content, name, mapping=Mapping.of_json(account.mapping)))
            except FileRefused as other:
                refusal = other
    if not fitting:
        raise refusal
    if len(fitting) > 1:
        raise SeveralAccounts(file=shown(name))
    return fitting[0]


def with_accounts(statements: list[Statement]) -> list[tuple[Statement, Ours]]:
    """Each statement with our account it is of. Raises NotOurAccount, OtherCurrency, NoSuchCurrency."""
    ours, found = bank_accounts(), []
    for statement in statements:
        account = our_account(statement.account, statement.currency, ours)
        if account is None:
            raise _not_ours(statement, ours)
        found.append((statement, account))
    return found


def plan_of(statements: list[Statement]) -> Plan:
    """What would be booked now. An archive may hold a statement twice; each is booked once."""
    distinct = {statement.identity: statement for statement in statements}
    known = {identity for (identity,) in among(KNOWN, distinct)}
    fresh = with_accounts([statement for identity, statement in distinct.items() if identity not in known])
    seen = [(entry.n, _seen(entry, account.number)) for statement, account in fresh for entry in statement.entries if _counts(entry)]
    said = iter([Line(n, line, verdict.claims) for (n, line), verdict in zip(seen, verdicts([line for _, line in seen]), strict=True)])
    planned = []
    for statement, account in fresh:
        opening, closing = (_balance(amount, statement.currency) for amount in (statement.opening, statement.closing))
        lines = [next(said) for entry in statement.entries if _counts(entry)]
        planned.append(Planned(statement, account, opening, closing, lines))
    return Plan(_warned(_once(planned)), len(statements) - len(fresh))


def _counts(entry: Entry) -> bool:
    return entry.status == "BOOK" and bool(entry.amount)


def _not_ours(statement: Statement, ours: list[Ours]) -> Refused:
    named = spaced(statement.account)[:60]
    if not any(our_account(statement.account, each.currency, [each]) for each in ours):
        return NotOurAccount(account=named)
    if not is_currency(statement.currency):
        return NoSuchCurrency(currency=statement.currency or "?")
    return OtherCurrency(account=named, found=statement.currency)


def _seen(entry: Entry, account: str) -> Seen:
    day = entry.booked or entry.value
    if day is None:
        raise NotFinalYet(line=entry.n)
    return Seen(
        account=account,
        day=day,
        valued=entry.value or day,
        amount=_money(entry),
        party=entry.counterparty_name[:200],
        party_account=entry.counterparty_account[:40],
        text=entry.text[:1000],
        references=tuple(reference[:100].replace("\n", " ") for reference in entry.references),
        reason=entry.return_reason[:20],
        code=entry.bank_code[:40],
        reversal=entry.reversal,
    )


def _once(planned: list[Planned]) -> list[Planned]:
    # A part of the day and then the whole day are two statements with the same lines: a person has to look, nobody is credited twice.
    before: dict[str, set[tuple[object, ...]]] = {}
    for account in {each.account.number for each in planned}:
        days = [line.seen.day for each in planned if each.account.number == account for line in each.lines]
        came = rows(CAME, account, min(days).isoformat(), max(days).isoformat()) if days else []
        before[account] = {tuple(facts) for facts in came}
    done = []
    for each in planned:
        seen = before[each.account.number]
        facts = [line.facts for line in each.lines]
        lines = [line._replace(claims=(), known=True) if fact in seen else line for line, fact in zip(each.lines, facts, strict=True)]
        done.append(each._replace(lines=lines))
        seen.update(facts)
    return done


def _warned(planned: list[Planned]) -> list[Planned]:
    told = [_told(each) for each in planned]
    return [each._replace(warned=tuple(warned)) for each, warned in zip(planned, warnings_of(told), strict=True)]


def _told(each: Planned) -> Told:
    statement, days = each.statement, each.days
    first, last = min(days, default=None), statement.closing_day or max(days, default=None)
    proven, known = statement.balanced is not None, sum(line.known for line in each.lines)
    return Told(each.account.number, statement.currency, first, last, each.opening, each.closing, proven, known)


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


KNOWN = "SELECT identity FROM bank_statement WHERE taken_back_at IS NULL AND identity IN ({})"
CAME = (
    "SELECT l.booked_on, l.amount, l.currency, l.party, l.text FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
    " WHERE s.account = ? AND s.taken_back_at IS NULL AND l.booked_on BETWEEN ? AND ?"
)
