"""Questions of partners to the office about a line of their statements, and the answers."""

from datetime import datetime

from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.post.actions import post


class NothingWritten(Refused):
    says = N_("Nothing was written here. Please fill this in.")


class NoText(NothingWritten):
    """Said at the question or answer."""

    field = "text"


@action
def ask_office(person: int, booking: int, text: str, *, at: datetime) -> int:
    """Send a question about a line of one's own to the office; the same question twice is one. Raises NotFound, NoText."""
    words = _words(text, most=1000)
    if not one(ON_STATEMENT, booking, person):
        raise NotFound
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # presses at once go one after another
    found = one("SELECT id FROM question WHERE person_id = ? AND booking = ? AND text = ?", person, booking, words)
    return int(found[0]) if found else insert(ASK, person, booking, words, micros(at))


@action
def answer_question(question: int, text: str, *, authorisation: ByStaff, at: datetime) -> None:
    """The office answers, once, and mails it to who asked. Raises NotFound, NoText."""
    words = _words(text, most=2000)
    if not (asked := one(ANSWER, words, micros(at), authorisation.actor.person, question)):
        raise NotFound
    name, email, language = one("SELECT name, email, language FROM person WHERE id = ?", asked[0])
    if email:
        facts = {"name": name, "booking": asked[1], "question": asked[2], "answer": words}
        post("answer", key=f"answer:{question}", address=email, language=language, facts=facts, at=at)


def _words(text: str, *, most: int) -> str:
    words = clean_text(text, most=most, lines=True)
    if not words:
        raise NoText
    return words


ON_STATEMENT = "SELECT 1 FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) WHERE b.id = ? AND w.person_id = ?"
ASK = "INSERT INTO question (person_id, booking, text, asked_at) VALUES (?, ?, ?, ?)"
ANSWER = "UPDATE question SET answer = ?, answered_at = ?, answered_by = ? WHERE id = ? AND answered_at IS NULL RETURNING person_id, booking, text"
