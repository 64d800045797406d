"""Booking a bank statement: every line to receipts to be clarified, and from there what is certain to where it belongs."""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from vps.bank.actions.claiming import book_claim
from vps.bank.actions.planning import Line, Plan, Planned, checked, plan_of
from vps.bank.archive import shown
from vps.bank.models import BankFile, BankStatement
from vps.bank.models.reconciliation import stood
from vps.bank.statement import Statement
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import day_in
from vps.kernel.database import action, insert, one
from vps.kernel.money import Money
from vps.ledger.actions import book, company_account, record, voucher

LINE = "bank line"
"""The kind of voucher of a statement's line."""


class Outcome(NamedTuple):
    """What an import did: statements and lines booked now, lines that found where they belong, statements known before."""

    statements: int
    lines: int
    matched: int
    known: int


def import_file(content: bytes, name: str, *, actor: Actor = HOUSE, at: datetime) -> Outcome:
    """Read a camt.053 file (or a ZIP of them) and book it whole, or refuse it whole. Importing it again books nothing.

    Source: seed VPS, payments; DESIGN, keys. Raises FileRefused and what reading raises.
    """
    return _import(content, name, checked(content, name), actor=actor, at=at)


@action
def _import(content: bytes, name: str, statements: list[Statement], *, actor: Actor, at: datetime) -> Outcome:
    return book_plan(plan_of(statements), content, name, actor=actor, at=at)


@action
def book_plan(plan: Plan, content: bytes, name: str, *, actor: Actor, at: datetime) -> Outcome:
    """Book what was planned in this very transaction, and keep the file; nothing when all of it was booked before."""
    outcome = outcome_of(plan)
    if not plan.statements:
        return outcome
    digest = sha256(content).digest()
    file = BankFile.get_or_none(BankFile.digest == digest) or BankFile.create(
        digest=digest, name=shown(name), content=content, imported_at=at, imported_by=actor.person
    )
    for planned in plan.statements:
        _book_statement(file, planned, actor=actor, at=at)
    record(actor, "statement imported", f"bank file:{file.id}", at=at, after=f"{outcome.statements} / {outcome.lines}")
    return outcome


def outcome_of(plan: Plan) -> Outcome:
    """What booking this plan comes to."""
    lines = [line for planned in plan.statements for line in planned.lines]
    return Outcome(len(plan.statements), len(lines), sum(bool(line.claims) for line in lines), plan.known)


def _book_statement(file: BankFile, planned: Planned, *, actor: Actor, at: datetime) -> None:
    statement = planned.statement
    first = one(FIRST, planned.account.number, statement.currency)
    row = BankStatement.create(
        file=file,
        identity=statement.identity,
        account=planned.account.number,
        number=statement.number,
        currency=statement.currency,
        opening=planned.opening,
        closing=planned.closing,
        closing_day=statement.closing_day,
        adds_up={True: "yes", False: "no", None: "unknown"}[statement.balanced],
        opening_day=statement.opening_day,
    )
    _book_opening(row, planned, first is None, actor=actor, at=at)
    for line in planned.lines:
        _book_line(row.id, statement.number, planned.account.ledger, line, actor=actor, at=at)


def _book_opening(row: BankStatement, planned: Planned, is_first: bool, *, actor: Actor, at: datetime) -> None:
    # What was in the bank before the first statement came; the books of the bank begin with it. What had been booked by hand until then
    # is a part of it.
    if not is_first or planned.opening is None:
        return
    bank, day = planned.account.ledger, planned.statement.opening_day or day_in(at, company().zone)
    amount = Money(planned.opening - stood(planned.account.id, bank, day), planned.statement.currency)
    if not amount.minor:
        return
    opening = company_account("opening", amount.currency)
    debit, credit = (bank, opening) if amount.is_positive else (opening, bank)
    key = f"bank:{planned.account.number}:opening:{row.id}"
    paper = voucher("bank opening", f"{planned.account.number}#{row.id}", day=day, by=actor.person)
    facts: dict[str, Any] = {"voucher": paper, "amount": abs(amount), "at": at, "actor": actor, "value_date": day}
    book(key=key, motive="opening", debit=debit, credit=credit, **facts)


def _book_line(statement: int, number: str, bank: int, line: Line, *, actor: Actor, at: datetime) -> None:
    # The key is the statement and the line's place in it: most real lines carry no reference that could tell them apart.
    seen, amount = line.seen, abs(line.seen.amount)
    paper = voucher(LINE, f"{number}/{line.n}#{statement}", day=seen.day, text=seen.party[:100], by=actor.person)
    clarify = company_account("clarify", amount.currency)
    debit, credit = (bank, clarify) if seen.amount.is_positive else (clarify, bank)
    facts: dict[str, Any] = {"voucher": paper, "amount": amount, "at": at, "actor": actor, "value_date": seen.valued}
    booked = book(key=f"bank:{statement}:{line.n}", motive="receipt", debit=debit, credit=credit, **facts)
    texts = seen.party, seen.party_account, seen.text, "\n".join(seen.references), seen.reason, seen.code
    days = seen.day.isoformat(), seen.valued.isoformat()
    minor = seen.amount.minor
    made = insert(INSERT, statement, line.n, *days, minor, amount.currency, *texts, seen.reversal, booked.id, minor - line.claimed)
    for place, found in enumerate(line.claims, 1):
        book_claim(made, statement, line.n, place, paper, seen, found.kind, found.target, found.amount, actor=actor, at=at)


FIRST = "SELECT 1 FROM bank_statement WHERE account = ? AND currency = ? AND taken_back_at IS NULL LIMIT 1"
INSERT = (
    "INSERT INTO bank_line (statement_id, n, booked_on, value_date, amount, currency, party, party_account, text, refs, reason, code,"
    " reversal, booking, unclear) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
