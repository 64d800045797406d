"""A case as a file for a report: what was noticed with its evidence, the bookings in question, and what was written down."""

from collections.abc import Iterator

from vps.hypermedia.languages import say
from vps.kernel.csvout import write_table
from vps.kernel.refusals import N_
from vps.trust.models.cases import Case, Moved, Note, Noticed
from vps.trust.words import OUTCOMES, RULES, People, evidence_of

HEADER = ("what", "at", "rule", "words", "booking", "motive", "amount", "currency", "payer", "payee", "by")
NOTICED, BOOKING, NOTE, CLOSING, CLOSED = N_("Noticed"), N_("Booking"), N_("Note"), N_("Closing proposed"), N_("Closed")


def as_csv(case: Case, flags: list[Noticed], notes: list[Note], moved: dict[int, Moved], people: People) -> bytes:
    """The file's bytes, in the reader's language; instants are UTC, amounts as machines write them."""
    return write_table(HEADER, _lines(case, flags, notes, moved, people))


def _lines(case: Case, flags: list[Noticed], notes: list[Note], moved: dict[int, Moved], people: People) -> Iterator[tuple[str, ...]]:
    for flag in reversed(flags):
        words = f"{say(RULES[flag.rule])}: {evidence_of(flag, people)}"
        yield _line(NOTICED, flag.at.isoformat(), flag.rule, words, *(str(flag.booking or ""), *[""] * 3, case.number or "", "", ""))
    for each in moved.values():
        money = each.amount.plain, each.amount.currency
        yield _line(BOOKING, each.at.isoformat(), "", "", str(each.id), each.motive, *money, each.payer or "", each.payee or "", "")
    for note in notes:
        yield _line(NOTE, note.at.isoformat(), "", note.text, *[""] * 6, note.name)
    if case.closing_at and case.outcome:
        yield _line(CLOSING, case.closing_at.isoformat(), "", say(OUTCOMES[case.outcome]), *[""] * 6, case.proposer or "")
    if case.closed_at and case.outcome:
        yield _line(CLOSED, case.closed_at.isoformat(), "", say(OUTCOMES[case.outcome]), *[""] * 6, case.closer or "")


def _line(what: str, *cells: str) -> tuple[str, ...]:
    return (say(what), *cells)
