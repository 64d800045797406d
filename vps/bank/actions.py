"""Booking a bank statement: credits with a partner's reference go to his wallet, everything else to receipts to be clarified."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from vps.bank.archive import FileRefused, shown
from vps.bank.camt import read_statements
from vps.bank.models import BankFile, BankLine, BankStatement
from vps.bank.statement import Entry, Statement
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor, ByBankLine
from vps.kernel.database import action, one
from vps.kernel.money import Money, is_currency
from vps.kernel.numbers import find_references, spaced
from vps.kernel.refusals import N_
from vps.ledger.actions import NoSuchCurrency, book, company_account, record, voucher
from vps.ledger.models.rows import MOST
from vps.wallets.actions import credit

LINE = "bank line"
"""The kind of voucher of a statement's line."""


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


class Outcome(NamedTuple):
    """What an import did: statements and lines booked now, lines that found their wallet, statements known before."""

    statements: int
    lines: int
    matched: int
    known: int


def import_file(content: bytes, name: str, *, actor: Actor = HOUSE, at: datetime) -> Outcome:
    """Read a camt.053 file (or a ZIP of them) and book it whole, or refuse it whole. Importing it again books nothing.

    Source: seed VPS, payments; DESIGN, keys. Raises FileRefused and what reading raises.
    """
    statements = read_statements(content, name)
    ours = company().ibans
    for statement in statements:
        if statement.account not in ours:
            raise NotOurAccount(account=spaced(statement.account)[:60])
        if statement.balanced is False:
            raise DoesNotAddUp(account=spaced(statement.account)[:60])
        if not is_currency(statement.currency):
            raise NoSuchCurrency(currency=statement.currency or "?")
    return _book_file(content, name, statements, actor=actor, at=at)


@action
def _book_file(content: bytes, name: str, statements: list[Statement], *, actor: Actor, at: datetime) -> Outcome:
    # An archive may hold a statement twice; each is booked once.
    distinct = {statement.identity: statement for statement in statements}
    fresh = [statement for identity, statement in distinct.items() if not one("SELECT 1 FROM bank_statement WHERE identity = ?", identity)]
    outcome = Outcome(len(fresh), 0, 0, len(statements) - len(fresh))
    if not fresh:
        return outcome
    digest = sha256(content).digest()
    file = BankFile.get_or_none(BankFile.digest == digest) or BankFile.create(
        digest=digest, name=shown(name), content=content, imported_at=at, imported_by=actor.person
    )
    for statement in fresh:
        lines, matched = _book_statement(file, statement, actor=actor, at=at)
        outcome = outcome._replace(lines=outcome.lines + lines, matched=outcome.matched + matched)
    record(actor, "statement imported", f"bank file:{file.id}", at=at, after=f"{outcome.statements} / {outcome.lines}")
    return outcome


def _book_statement(file: BankFile, statement: Statement, *, actor: Actor, at: datetime) -> tuple[int, int]:
    row = BankStatement.create(
        file=file,
        identity=statement.identity,
        account=statement.account,
        number=statement.number,
        currency=statement.currency,
        opening=_balance(statement.opening, statement.currency),
        closing=_balance(statement.closing, statement.currency),
        closing_day=statement.closing_day,
        adds_up={True: "yes", False: "no", None: "unknown"}[statement.balanced],
    )
    booked = [_book_line(row, entry, actor=actor, at=at) for entry in statement.entries if entry.status == "BOOK" and entry.amount]
    return len(booked), sum(partner is not None for partner in booked)


def _book_line(statement: BankStatement, entry: Entry, *, actor: Actor, at: datetime) -> int | None:
    # The key is the statement and the line's place in it: most real lines carry no reference that could tell them apart.
    day = entry.booked or entry.value
    if day is None:
        raise NotFinalYet(line=entry.n)
    signed, key = _money(entry), f"bank:{statement.id}:{entry.n}"
    amount, came, valued = abs(signed), signed.is_positive, entry.value or day
    partner = _partner(entry) if came and not _came_before(statement, entry, day, signed) else None
    paper = voucher(LINE, f"{statement.number}/{entry.n}#{statement.id}", day=day, text=entry.counterparty_name[:100], by=actor.person)
    if partner is not None:
        by = ByBankLine(actor)
        booked = credit(partner, amount, source="bank", motive="top-up", voucher=paper, key=key, at=at, authorisation=by, day=valued)
    else:
        bank, open_ = company_account("bank", amount.currency), company_account("clarify", amount.currency)
        debit, credited = (bank, open_) if came else (open_, bank)
        booked = book(
            key=key, voucher=paper, motive="receipt", debit=debit, credit=credited, amount=amount, at=at, actor=actor, value_date=valued
        )
    BankLine.create(
        statement=statement,
        n=entry.n,
        booked_on=day,
        value_date=valued,
        amount=signed.minor,
        currency=entry.currency,
        party=entry.counterparty_name[:200],
        text=entry.text[:1000],
        partner=partner,
        booking=booked.id,
    )
    return partner


def _came_before(statement: BankStatement, entry: Entry, day: date, amount: Money) -> bool:
    # A part of the day and then the whole day are two statements with the same lines: a person has to look, nobody is credited twice.
    facts = (day.isoformat(), amount.minor, amount.currency, entry.counterparty_name[:200], entry.text[:1000])
    return one(SAME_LINE, *facts, statement.account, statement.id) is not None


def _partner(entry: Entry) -> int | None:
    # Exactly one partner's reference, and his account open, or a person has to look: what is unsure is never booked to a wallet.
    numbers = {number for text in (*entry.references, entry.text) for number in find_references(text)}
    found = [row for number in numbers if (row := one("SELECT id, closed_at FROM person WHERE number = ?", number))]
    return int(found[0][0]) if len(found) == 1 and found[0][1] is None else None


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


SAME_LINE = (
    "SELECT 1 FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id WHERE l.booked_on = ? AND l.amount = ? AND l.currency = ?"
    " AND l.party = ? AND l.text = ? AND s.account = ? AND s.id <> ? LIMIT 1"
)
