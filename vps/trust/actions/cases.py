"""What the office does about a case: opens one by hand, writes notes, and closes it by two different people."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.people.models import Person
from vps.trust.actions.flags import CASE, REOPEN
from vps.trust.models.watch import OUTCOMES

LONGEST = 2000
"""Characters of a note."""


class NobodyOfThisNumber(Refused):
    says = N_("There is no partner with this number.")
    field = "number"


class NoWords(Refused):
    says = N_("Please write down why.")
    field = "text"


class CaseClosed(Refused):
    says = N_("This case is closed. What is noticed from now on opens another one.")
    status = 409


class ClosingProposed(Refused):
    says = N_("Closing this case has been proposed already. A colleague agrees or sends it back.")
    status = 409


class NothingProposed(Refused):
    says = N_("Nothing is proposed for this case now. Something new may have been noticed; please look at it again.")


class NeedsAnother(Refused):
    says = N_("You proposed this yourself. Somebody else has to agree.")
    status = 403


@action
def open_case(number: str, *, actor: Actor, at: datetime) -> int:
    """The open case about the partner of this number, opened now if there is none. Raises NobodyOfThisNumber."""
    person = Person.by_number(number.strip())
    if person is None:
        raise NobodyOfThisNumber
    made = one(CASE, person.id, micros(at), actor.person)
    if made:
        record(actor, "case opened", f"case:{made[0]}", at=at)
    found = made or one("SELECT id FROM watch_case WHERE person_id = ? AND closed_at IS NULL", person.id)
    return int(found[0])


@action
def write_note(case: int, text: str, *, actor: Actor, at: datetime) -> None:
    """Add a note to a case, a closed one too; pressed twice it is one note. Raises NotFound, NoWords and what cleaning raises."""
    words = _words(text)
    if not one(locked("SELECT id FROM watch_case WHERE id = ?"), case):
        raise NotFound
    last = one(LAST_NOTE, case)
    if last != (actor.person, words):
        _keep(case, words, actor, at)
        record(actor, "case noted", f"case:{case}", at=at)


@action
def propose_closing(case: int, outcome: str, why: str, *, actor: Actor, at: datetime) -> None:
    """Say how a case ends and why; it ends when a colleague agrees. Raises NotFound, NoWords, CaseClosed, ClosingProposed."""
    assert outcome in OUTCOMES
    words = _words(why)
    if _proposed_by(case) is not None:
        raise ClosingProposed
    run(PROPOSE, actor.person, micros(at), words, outcome, case)
    _keep(case, words, actor, at)  # so that it stays, whatever becomes of the proposal
    record(actor, "closing proposed", f"case:{case}", at=at, after=outcome)


@action
def agree_to_closing(case: int, *, actor: Actor, at: datetime) -> None:
    """The second of the two closes it, for good. Raises NotFound, CaseClosed, NothingProposed, NeedsAnother."""
    by = _proposed_by(case)
    if by is None:
        raise NothingProposed
    if by == actor.person:
        raise NeedsAnother
    (outcome,) = one("UPDATE watch_case SET closed_by = ?, closed_at = ? WHERE id = ? RETURNING outcome", actor.person, micros(at), case)
    record(actor, "case closed", f"case:{case}", at=at, after=outcome)


@action
def send_closing_back(case: int, why: str, *, actor: Actor, at: datetime) -> None:
    """Not yet, with the reason; who proposed it may withdraw it too. Raises NotFound, NoWords, CaseClosed, NothingProposed."""
    words = _words(why)
    if _proposed_by(case) is None:
        raise NothingProposed
    run(REOPEN, case)
    _keep(case, words, actor, at)
    record(actor, "closing sent back", f"case:{case}", at=at)


@action
def note_export(case: int, *, actor: Actor, at: datetime) -> None:
    """Write down that the file of a case was taken out of the house."""
    record(actor, "case exported", f"case:{case}", at=at)


def _proposed_by(case: int) -> int | None:
    # The row stays locked: what is noticed meanwhile waits, and finds the case closed or takes the proposal off.
    row = one(locked("SELECT closing_by, closed_at FROM watch_case WHERE id = ?"), case)
    if row is None:
        raise NotFound
    if row[1] is not None:
        raise CaseClosed
    return None if row[0] is None else int(row[0])


def _words(text: str) -> str:
    words = clean_text(text, most=LONGEST, lines=True)
    if not words:
        raise NoWords
    return words


def _keep(case: int, words: str, actor: Actor, at: datetime) -> None:
    insert(NOTE, case, actor.person, micros(at), words)


NOTE = 'INSERT INTO case_note (case_id, "by", at, text) VALUES (?, ?, ?, ?)'
PROPOSE = "UPDATE watch_case SET closing_by = ?, closing_at = ?, closing_why = ?, outcome = ? WHERE id = ?"
LAST_NOTE = 'SELECT "by", text FROM case_note WHERE case_id = ? ORDER BY id DESC LIMIT 1'
