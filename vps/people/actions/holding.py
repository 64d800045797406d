"""A legal hold begins and ends. The lines of the trail are not about the person but about the hold, so his own history stays silent."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, one
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.people.models.holds import is_held


class NoFileNumber(Refused):
    says = N_("Please enter the file number of the court or authority.")
    field = "file_number"


class NoReasonForHold(Refused):
    says = N_("Please say why.")
    field = "reason"


class StillHeld(Refused):
    """For whoever wants to forget somebody; it is shown in the office only."""

    says = N_("A legal hold keeps these data. They can be forgotten when it has ended.")
    status = 409


@action
def hold_data(person: int, *, file_number: str, reason: str, actor: Actor, at: datetime) -> int:
    """Keep everything of a person until this hold is ended; answers its id. Raises NoFileNumber, NoReasonForHold.

    Source: customer's wish, full discovery: a legal hold with file number that blocks erasure, silently.
    """
    number, why = clean_text(file_number, most=80), clean_text(reason, most=500)
    if not number:
        raise NoFileNumber
    if not why:
        raise NoReasonForHold
    hold = insert(BEGIN, person, number, why, micros(at), actor.person)
    record(actor, "legal hold begun", f"legal hold:{hold}", at=at, after=_called(person, number))
    return hold


@action
def end_hold(hold: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """From now on this hold keeps nothing; answers whose it was. Raises NoReasonForHold, NotFound."""
    why = clean_text(reason, most=500)
    if not why:
        raise NoReasonForHold
    ended = one(END, micros(at), actor.person, why, hold)
    if ended is None:
        raise NotFound
    record(actor, "legal hold ended", f"legal hold:{hold}", at=at, before=_called(*ended), after=why)
    return int(ended[0])


def must_not_be_held(person: int) -> None:
    """Whoever forgets something of a person asks this first. Raises StillHeld."""
    if is_held(person):
        raise StillHeld


def _called(person: int, number: str) -> str:
    (known,) = one("SELECT coalesce(number, username) FROM person WHERE id = ?", person)
    return f"{known} · {number}"


BEGIN = "INSERT INTO legal_hold (person_id, file_number, reason, from_at, \"by\", ended_why) VALUES (?, ?, ?, ?, ?, '')"
END = "UPDATE legal_hold SET ended_at = ?, ended_by = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL RETURNING person_id, file_number"
