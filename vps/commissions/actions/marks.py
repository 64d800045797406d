"""Commission stop and commission hold: two different things that the office may do to a partner, with a reason, until it ends them.

Stopped: nothing is calculated for him; his sales still count for others, and what would be his stays with the company.
Held: everything is calculated and credited, but what is credited from then on stays reserved until the hold ends.
"""

from datetime import datetime

from vps.commissions.actions.freeing import free_kept_back
from vps.commissions.models import HOLD, KINDS, STOP
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import must_not_be_booked
from vps.people.actions import note
from vps.wallets.actions import NoReason, must_be_nobody_of


class MarkedAlready(Refused):
    says = N_("This is in force for this partner already.")
    status = 409


class NotMarked(Refused):
    says = N_("This is not in force for this partner any more.")
    status = 409


@action
def set_mark(person: int, kind: str, *, reason: str, actor: Actor, at: datetime) -> None:
    """Stop a partner's commissions, or hold them back, from now on. Raises NoReason, NotYourOwn, MarkedAlready, BeingBooked."""
    assert kind in KINDS
    why = _given(reason)
    must_be_nobody_of(actor, person)
    must_not_be_booked()
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # presses at once go one after another
    if one(OPEN, person, kind):
        raise MarkedAlready
    run(SET, person, kind, micros(at), actor.person, why)
    note(actor, "commission stop set" if kind == STOP else "commission hold set", person, at=at, after=why)


@action
def end_mark(person: int, kind: str, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a stop, or a hold: what it kept back is free, but for what customers can still withdraw from.

    Raises NoReason, NotYourOwn, NotMarked, BeingBooked.
    """
    why = _given(reason)
    must_be_nobody_of(actor, person)
    must_not_be_booked()
    if not run(END, micros(at), actor.person, why, person, kind).rowcount:
        raise NotMarked
    if kind == HOLD:
        free_kept_back(person, at=at)
    note(actor, "commission stop ended" if kind == STOP else "commission hold ended", person, at=at, after=why)


def _given(reason: str) -> str:
    why = clean_text(reason, most=200)
    if not why:
        raise NoReason
    return why


OPEN = "SELECT 1 FROM commission_mark WHERE person_id = ? AND kind = ? AND ended_at IS NULL"
SET = "INSERT INTO commission_mark (person_id, kind, since, \"by\", reason, ended_why) VALUES (?, ?, ?, ?, ?, '')"
END = "UPDATE commission_mark SET ended_at = ?, ended_by = ?, ended_why = ? WHERE person_id = ? AND kind = ? AND ended_at IS NULL"
