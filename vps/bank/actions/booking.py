"""Booking a bank statement: credits with a partner's reference go to his wallet, everything else to receipts to be clarified."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from vps.bank.actions.planning import Line, Plan, Planned, checked, plan_of
from vps.bank.archive import shown
from vps.bank.models import BankFile, BankLine, BankStatement
from vps.bank.statement import Statement
from vps.kernel.authorisation import HOUSE, Actor, ByBankLine
from vps.kernel.database import action
from vps.ledger.actions import book, company_account, record, voucher
from vps.wallets.actions import credit

LINE = "bank line"
"""The kind of voucher of a statement's line."""


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
    return Outcome(len(plan.statements), len(lines), sum(line.partner is not None for line in lines), plan.known)


def _book_statement(file: BankFile, planned: Planned, *, actor: Actor, at: datetime) -> None:
    statement = planned.statement
    row = BankStatement.create(
        file=file,
        identity=statement.identity,
        account=statement.account,
        number=statement.number,
        currency=statement.currency,
        opening=planned.opening,
        closing=planned.closing,
        closing_day=statement.closing_day,
        adds_up={True: "yes", False: "no", None: "unknown"}[statement.balanced],
    )
    for line in planned.lines:
        _book_line(row, line, actor=actor, at=at)


def _book_line(statement: BankStatement, line: Line, *, actor: Actor, at: datetime) -> None:
    # The key is the statement and the line's place in it: most real lines carry no reference that could tell them apart.
    key, amount, currency = f"bank:{statement.id}:{line.n}", abs(line.amount), line.amount.currency
    paper = voucher(LINE, f"{statement.number}/{line.n}#{statement.id}", day=line.day, text=line.party[:100], by=actor.person)
    if line.partner is not None:
        by = ByBankLine(actor)
        booked = credit(
            line.partner, amount, source="bank", motive="top-up", voucher=paper, key=key, at=at, authorisation=by, day=line.valued
        )
    else:
        bank, open_ = company_account("bank", currency), company_account("clarify", currency)
        debit, credited = (bank, open_) if line.amount.is_positive else (open_, bank)
        booked = book(
            key=key,
            voucher=paper,
            motive="receipt",
            debit=debit,
            credit=credited,
            amount=amount,
            at=at,
            actor=actor,
            value_date=line.valued,
        )
    BankLine.create(
        statement=statement,
        n=line.n,
        booked_on=line.day,
        value_date=line.valued,
        amount=line.amount.minor,
        currency=currency,
        party=line.party,
        text=line.text,
        partner=line.partner,
        booking=booked.id,
    )
