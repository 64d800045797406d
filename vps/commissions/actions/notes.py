"""Commission notes are issued once a run is booked: in chunks, each whole or not at all, and every number in the order it is given.

Source: § 14 (2) UStG (self-billing) and its like; a number is taken in the transaction that writes the note, so none is ever lost.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from vps.commissions.actions.note_facts import (
    Sources,
    correction_of,
    facts_of,
    gather,
    how_taxed,
    sources,
    taxed_back,
    withheld_back,
    withholds,
)
from vps.commissions.actions.withholding import Withheld, give_back, withhold
from vps.commissions.models import Note, Run
from vps.commissions.models.notes import SERIES, digest_of, number_of
from vps.commissions.taxes import NET, Taxed, taken_apart
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor, ByRule
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, let_pass, locked, many, one, rows, run
from vps.kernel.jobs import Taken, enqueue, job_done, job_progress
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import book, company_account, record, voucher
from vps.wallets.actions import credit, open_wallet
from vps.wallets.models import locked_purses

JOB = "commission notes"
AT_ONCE = 60
"""Notes of one transaction: whoever pays meanwhile waits for no more."""
WITH_BOOKINGS = 15
"""Notes of one transaction where each of them may be booked, too."""


class NotBooked(Refused):
    """Facts: run."""

    says = N_("Run %(run)s is not booked, so there are no commission notes yet.")
    status = 409


def job_key(run_id: int) -> str:
    return f"notes:{run_id}"


@action
def queue_for(run_id: int, *, at: datetime) -> None:
    """Let the worker issue the notes of a run that is booked just now."""
    enqueue(JOB, job_key(run_id), {"run": run_id}, at=at)


@action
def queue_notes(run_id: int, *, actor: Actor, at: datetime) -> None:
    """Let the worker issue what this run lacks: notes, and corrections of what was taken back since. Raises NotBooked, NoHome."""
    sources(booked_run(run_id), at=at)
    run(AGAIN, job_key(run_id))
    queue_for(run_id, at=at)
    record(actor, "commission notes asked for", f"run:{run_id}", at=at)


def issue_queued(job: Taken, *, at: datetime) -> None:
    """What the worker does with it. What it was interrupted in it takes up again where it was."""
    try:
        issue_notes(job.args["run"], at=at, progress=lambda words: job_progress(job.id, words))
    except Refused as refusal:
        return job_done(job.id, at=at, refusal=refusal)
    issue_corrections(at=at)
    return job_done(job.id, at=at)


def issue_notes(run_id: int, *, at: datetime, progress: Callable[[str], None] = lambda _: None) -> int:
    """A note for every partner and currency of a booked run that has none, chunk by chunk; answers how many were issued."""
    after, made = 0, 0
    most = WITH_BOOKINGS if withholds(day_in(at, company().zone)) or company().commission_vat == NET else AT_ONCE
    while step := issue_chunk(run_id, after, at=at, most=most):
        after, count = step
        made += count
        progress(str(made))
        let_pass()
    return made


def issue_chunk(run_id: int, after: int, *, at: datetime, most: int = AT_ONCE) -> tuple[int, int] | None:
    """The notes of the next payees after one: (the last of them, how many were issued); None when there are no more."""
    people = [payee for (payee,) in rows(PAYEES, run_id, after, most)]
    this = booked_run(run_id)
    if not people:
        return None
    found = sources(this, at=at)
    gather(found, people)  # before the transaction: whoever pays waits for the writing alone
    return people[-1], _issue(found, people)


@action
def _issue(found: Sources, people: list[int]) -> int:
    last = _lock_counter(found.day.year)
    if found.mode == NET:  # all at once: who is refunded or pays meanwhile locks several, too
        locked_purses(*people)
    there = set(rows(THERE, found.run.id, people[0], people[-1]))
    due = [key for key in sorted(found.shares) if key not in there]
    written = [_first(found, *key, n) for n, key in enumerate(due, last + 1)]
    _write(found.day.year, last, written)
    withhold(found.run.id, [Withheld(row[1], row[7], Money(row[-1], row[2])) for row in written if row[-1]], at=found.at)
    return len(due)


@action
def taken_back(run_id: int, payee: int, amount: Money, *, key: str, at: datetime) -> None:
    """Remember that commission of a run was taken back from a partner, once per key, in the transaction that takes it."""
    place = (run_id, payee, amount.currency)
    credited, gone = one(LEFT_TO_TAKE, *place, *place, key)
    assert 0 < amount.minor <= credited - gone, "no more is taken back than was credited"
    run(TAKEN, run_id, payee, amount.currency, amount.minor, key, micros(at))


def comes_back(run_id: int, payee: int, amount: Money) -> Money:
    """What the correction will give back of withheld tax when so much is taken back now."""
    first = Note.get_or_none(Note.run == run_id, Note.payee == payee, Note.currency == amount.currency, Note.corrects.is_null())
    gone = one(GONE, run_id, payee, amount.currency)[0]
    return withheld_back(first.printed, Money(gone, amount.currency), amount) if first else Money.zero(amount.currency)


def issue_corrections(*, at: datetime) -> int:
    """A correction for every note of which something was taken back that no correction says yet; answers how many were issued.

    Where there are none it costs one question, so the worker asks again and again.
    """
    made = 0
    while one(ANY_OPEN) and (count := correct_chunk(at=at)):
        made += count
        let_pass()
    return made


@action
def correct_chunk(*, at: datetime, most: int = WITH_BOOKINGS) -> int:
    """The next corrections, at most so many."""
    year = day_in(at, company().zone).year
    last = _lock_counter(year)
    due: dict[int, list[tuple[int, int]]] = defaultdict(list)
    payees = set()
    for first, key, minor, payee in rows(OPEN_BACKS, most):
        due[first].append((key, minor))
        payees.add(payee)
    if payees:
        locked_purses(*sorted(payees))  # all at once, in the order in which every payment locks them
    written = [_correction(n, first, sum(minor for _, minor in due[first]), at=at) for n, first in enumerate(due, last + 1)]
    _write(year, last, written)
    # Just what was summed: what somebody else writes meanwhile waits for the next one.
    many(SETTLE, [(row[7], key) for row, parts in zip(written, due.values(), strict=True) for key, _ in parts])
    return len(written)


def booked_run(run_id: int) -> Run:
    """The run, when it is booked. Raises NotBooked."""
    found: Run | None = Run.get_or_none(Run.id == run_id)
    if found is None or found.booked_at is None:
        raise NotBooked(run=run_id)
    return found


def _lock_counter(year: int) -> int:
    # Whoever issues waits here for whoever is issuing, so what is looked at afterwards is all there is.
    run(COUNTER, SERIES, year)
    return int(one(locked("SELECT last FROM commission_note_counter WHERE series = ? AND year = ?"), SERIES, year)[0])


def _write(year: int, last: int, written: list[tuple[Any, ...]]) -> None:
    if written:
        run("UPDATE commission_note_counter SET last = ? WHERE series = ? AND year = ?", last + len(written), SERIES, year)
        many(WRITE, written)


def _first(found: Sources, payee: int, currency: str, n: int) -> tuple[Any, ...]:
    credited = Money(sum(amount for _, amount in found.shares[payee, currency]), currency)
    way = how_taxed(found, payee)
    taxed = taken_apart(credited, way.rate, found.mode)
    facts = facts_of(found, payee, taxed, way)
    row = _row(found.run.id, payee, None, n, found.payees[payee].language, credited.minor, taxed, facts, found.at)
    if found.mode == NET and taxed.tax.minor:
        _book_tax(payee, taxed.tax, row[7], at=found.at)
    return row


def _correction(n: int, first_id: int, minor: int, *, at: datetime) -> tuple[Any, ...]:
    first = Note.get_by_id(first_id)
    facts, currency = first.printed, first.currency
    before = Money(one(CORRECTED, first_id)[0], currency)
    amount = Money(minor, currency)
    taxed = taxed_back(facts, before, amount)
    back = withheld_back(facts, before, amount)
    corrected = correction_of(facts, first.number, first.issued_on.isoformat(), taxed, back)
    row = _row(first.run_id, first.payee_id, first.id, n, first.language, minor, taxed, corrected, at)
    if facts["mode"] == NET and taxed.tax.minor:
        _take_tax(first.payee_id, taxed.tax, row[7], at=at)
    if back.minor:
        give_back(first, row[7], back, at=at)
    return row


def _row(
    run_id: int, payee: int, corrects: int | None, n: int, language: str, credited: int, taxed: Taxed, facts: dict[str, Any], at: datetime
) -> tuple[Any, ...]:
    day, text = day_in(at, company().zone), json.dumps(facts, ensure_ascii=False, sort_keys=True)
    number, total = number_of(SERIES, day.year, n), taxed.total.minor
    place = (run_id, payee, taxed.total.currency, corrects, SERIES, day.year, n, number, day.isoformat(), micros(at), language)
    withheld = facts["withheld"][2] if facts["withheld"] else 0
    return (*place, credited, taxed.tax.minor, total, text, digest_of(number, total, text), withheld)


def _book_tax(payee: int, tax: Money, number: str, *, at: datetime) -> None:
    """VAT on top of a commission is credited with the note that shows it."""
    day = day_in(at, company().zone)
    paper = voucher("commission note", number, day=day)
    credit(payee, tax, source="commission", motive="commission", voucher=paper, key=f"note:{number}:vat", at=at, authorisation=ByRule(HOUSE), day=day)  # fmt: skip


def _take_tax(payee: int, tax: Money, number: str, *, at: datetime) -> None:
    # As debt: what was spent meanwhile is owed, like the commission itself.
    day = day_in(at, company().zone)
    paper = voucher("commission note", number, day=day)
    accounts = {"debit": open_wallet(payee, tax.currency, at=at), "credit": company_account("commission", tax.currency)}
    book(
        key=f"note:{number}:vat",
        voucher=paper,
        motive="commission",
        **accounts,
        amount=tax,
        at=at,
        actor=HOUSE,
        value_date=day,
        as_debt=True,
    )


AGAIN = "UPDATE job SET done_at = NULL, error = NULL, lease_until = NULL WHERE key = ? AND done_at IS NOT NULL"
PAYEES = "SELECT DISTINCT payee FROM commission_share WHERE run_id = ? AND payee > ? AND held = '' ORDER BY payee LIMIT ?"
THERE = "SELECT payee_id, currency FROM commission_note WHERE run_id = ? AND payee_id BETWEEN ? AND ? AND corrects_id IS NULL"
COUNTER = "INSERT INTO commission_note_counter (series, year, last) VALUES (?, ?, 0) ON CONFLICT (series, year) DO NOTHING"
WRITE = (
    "INSERT INTO commission_note (run_id, payee_id, currency, corrects_id, series, year, n, number, issued_on, issued_at, language,"
    " credited, tax, total, facts, digest, withheld) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
TAKEN = "INSERT INTO commission_back (run_id, payee_id, currency, amount, key, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
# Of each first note what is open. What was taken back of a note that is not issued yet waits on.
OPEN_BACKS = (
    "SELECT n.id, b.id, b.amount, n.payee_id FROM commission_back b JOIN commission_note n ON n.run_id = b.run_id AND n.payee_id = b.payee_id"
    " AND n.currency = b.currency AND n.corrects_id IS NULL WHERE b.note_id IS NULL ORDER BY n.id, b.id LIMIT ?"
)
ANY_OPEN = (
    "SELECT 1 FROM commission_back b WHERE b.note_id IS NULL AND EXISTS (SELECT 1 FROM commission_note n WHERE n.run_id = b.run_id"
    " AND n.payee_id = b.payee_id AND n.currency = b.currency AND n.corrects_id IS NULL) LIMIT 1"
)
CORRECTED = "SELECT CAST(coalesce(sum(credited), 0) AS bigint) FROM commission_note WHERE corrects_id = ?"
SETTLE = "UPDATE commission_back SET note_id = (SELECT id FROM commission_note WHERE number = ?) WHERE id = ?"
GONE = "SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM commission_back WHERE run_id = ? AND payee_id = ? AND currency = ?"
LEFT_TO_TAKE = (
    "SELECT (SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM commission_share WHERE run_id = ? AND payee = ? AND currency = ? AND held = ''),"
    " (SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM commission_back WHERE run_id = ? AND payee_id = ? AND currency = ? AND key <> ?)"
)
