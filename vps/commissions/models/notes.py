"""Commission notes: self-billed credit notes with numbers that leave no gap, and what a page of them shows."""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from peewee import SQL, BigIntegerField, Check, CompositeKey, IntegerField, TextField

from vps.commissions.models.rows import Run
from vps.company.models import LANGUAGES
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.kernel.rows import Day, Instant, Row, columns, currency_field, key_to, made_of
from vps.people.models import Person

SERIES = "PG"


class NoteCounter(Row):
    """The last number given in a year. It rises in the transaction that writes the notes, so a rollback loses none."""

    id = None
    series = TextField()
    year = IntegerField()
    last = IntegerField(constraints=[Check("last >= 0")])

    class Meta:
        table_name = "commission_note_counter"
        primary_key = CompositeKey("series", "year")


class Note(Row):
    """What a partner was credited by one run in one currency, or what of that was taken back (`corrects` names the first note).

    `facts` is everything that is printed, as it was when the note was issued; nothing that changes later changes a note.
    `credited` is what the run booked into his wallets, `tax` the VAT contained in `total`, `withheld` the tax that the company
    took out of them for the tax office (or gave back with a correction), all in minor units.
    """

    run = key_to(Run)
    run_id: int
    payee = key_to(Person)
    payee_id: int
    currency = currency_field()
    corrects = key_to("self", null=True)
    corrects_id: int | None
    series = TextField()
    year = IntegerField()
    n = IntegerField(constraints=[Check("n > 0")])
    number = TextField(unique=True)
    issued_on = Day(constraints=[Check("length(issued_on) = 10")])
    issued_at = Instant()
    language = TextField(constraints=[Check(f"language IN ({', '.join(repr(word) for word in LANGUAGES)})")])
    credited = BigIntegerField(constraints=[Check("credited > 0")])
    tax = BigIntegerField(constraints=[Check("tax >= 0")])
    total = BigIntegerField()
    facts = TextField()
    digest = TextField(constraints=[Check("length(digest) = 64")])
    withheld = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("withheld >= 0")])

    class Meta:
        table_name = "commission_note"
        immutable = True
        constraints = (Check("total >= credited AND total >= tax"),)

    @property
    def printed(self) -> dict[str, Any]:
        """What stands on it."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


Note.add_index(Note.series, Note.year, Note.n, unique=True, name="commission_note_series")
Note.add_index(Note.run, Note.payee, Note.currency, unique=True, where=SQL("corrects_id IS NULL"), name="commission_note_first")
Note.add_index(Note.payee, Note.id, name="commission_note_payee")
Note.add_index(Note.corrects, where=SQL("corrects_id IS NOT NULL"), name="commission_note_corrects")


class Back(Row):
    """Commission of a run that was taken back from a partner, by a refund or by hand; `note` is the correction that says so."""

    run = key_to(Run)
    run_id: int
    payee = key_to(Person)
    currency = currency_field()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    key = TextField(unique=True)
    at = Instant()
    note = key_to(Note, null=True)

    class Meta:
        table_name = "commission_back"
        immutable = ("id", "run_id", "payee_id", "currency", "amount", "key", "at")


Back.add_index(Back.run, Back.payee, Back.currency, name="commission_back_run")
Back.add_index(Back.id, where=SQL("note_id IS NULL"), name="commission_back_open")


class ListedNote(NamedTuple):
    """A note in a list. `partner` and `name` are the payee's."""

    id: int
    number: str
    run: int
    issued_on: date
    total: Money
    correction: bool
    partner: str
    name: str


def number_of(series: str, year: int, n: int) -> str:
    """'PG-2026-000001'."""
    return f"{series}-{year}-{n:06}"


def note_numbered(number: str, payee: int | None = None) -> Note | None:
    """The note with this number, of this payee where one is named."""
    row = one(f"{NOTES} WHERE n.number = ?", number)
    found = made_of(Note, row) if row else None
    return found if found and payee in (None, found.payee_id) else None


def first_of(note: Note) -> Note:
    """The note that a correction corrects; of any other it is itself."""
    return note if note.corrects_id is None else made_of(Note, one(f"{NOTES} WHERE n.id = ?", note.corrects_id))


def corrections_of(note: Note) -> list[str]:
    """The numbers of the notes that correct this one."""
    return [number for (number,) in rows("SELECT number FROM commission_note WHERE corrects_id = ? ORDER BY id", note.id)]


def notes_of(payee: int, *, before: int | None = None, limit: int) -> list[ListedNote]:
    """A partner's notes, the newest first."""
    return _listed(rows(f"{LISTED} WHERE n.payee_id = ? AND n.id < ? ORDER BY n.id DESC LIMIT ?", payee, before or LAST, limit))


def notes_of_run(run: int, *, after: int = 0, limit: int) -> list[ListedNote]:
    """A run's notes and their corrections, by number."""
    return _listed(rows(f"{LISTED} WHERE n.run_id = ? AND n.id > ? ORDER BY n.id LIMIT ?", run, after, limit))


def count_of_run(run: int) -> tuple[int, int]:
    """How many notes a run has, and how many it still lacks."""
    there, due = one(COUNTED, run, run)
    return int(there), int(due) - int(there)


def audit_notes() -> Iterator[Problem]:
    """Numbers without a gap and none twice, and every note as it was issued about what its run credited (A21)."""
    for series, year, last, count, low, high in rows(GAPS):
        if (last, low, high) != (count, 1, count):
            yield Problem("A21", GAP, {"series": f"{series}-{year}", "count": count, "last": max(last, high)})
    for (number,) in rows(WRONG):
        yield Problem("A21", WRONG_SUM, {"number": number})
    last = 0
    while found := rows(WRITTEN, last, CHUNK):
        last = found[-1][0]
        for _, number, total, facts, digest in found:
            if digest_of(number, total, facts) != digest:
                yield Problem("A21", ALTERED, {"number": number})


def digest_of(number: str, total: int, facts: str) -> str:
    """What binds a note's text to its number and sum."""
    return sha256(f"{number}\n{total}\n{facts}".encode()).hexdigest()


def _listed(found: list[Any]) -> list[ListedNote]:
    return [
        ListedNote(key, number, run, date.fromisoformat(day), Money(total, currency), first is not None, partner, name)
        for key, number, run, day, total, currency, first, partner, name in found
    ]


LAST = 2**62
CHUNK = 1_000
ALTERED = N_("Commission note %(number)s was altered after it was issued.")
GAP = N_("Commission notes %(series)s: there are %(count)s, and the last number is %(last)s.")
WRONG_SUM = N_("Commission note %(number)s does not say what its run credited.")
WRITTEN = "SELECT id, number, total, facts, digest FROM commission_note WHERE id > ? ORDER BY id LIMIT ?"
NOTES = f"SELECT {columns(Note, 'n')} FROM commission_note n"
LISTED = (
    "SELECT n.id, n.number, n.run_id, n.issued_on, n.total, n.currency, n.corrects_id, p.number, p.name"
    " FROM commission_note n JOIN person p ON p.id = n.payee_id"
)
COUNTED = (
    "SELECT (SELECT count(*) FROM commission_note WHERE run_id = ? AND corrects_id IS NULL),"
    " (SELECT count(*) FROM (SELECT DISTINCT payee, currency FROM commission_share WHERE run_id = ? AND held = '') AS due)"
)
GAPS = (
    "SELECT k.series, k.year, coalesce(c.last, 0), count(n.id), coalesce(min(n.n), 1), coalesce(max(n.n), 0) FROM"
    " (SELECT series, year FROM commission_note_counter UNION SELECT series, year FROM commission_note) k"
    " LEFT JOIN commission_note_counter c ON c.series = k.series AND c.year = k.year"
    " LEFT JOIN commission_note n ON n.series = k.series AND n.year = k.year GROUP BY k.series, k.year, c.last ORDER BY k.series, k.year"
)
# What a run booked is written down in its shares; a note of anything else was forged.
WRONG = (
    "SELECT n.number FROM commission_note n WHERE n.corrects_id IS NULL AND n.credited <> (SELECT coalesce(sum(s.amount), 0)"
    " FROM commission_share s WHERE s.run_id = n.run_id AND s.payee = n.payee_id AND s.currency = n.currency AND s.held = '') ORDER BY n.id"
)
