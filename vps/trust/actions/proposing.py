"""Limits are changed by two of the office: one asks for it, a colleague looks at the same and puts it into force.

Source: SECURITY, trust levels: "Limits changed only by four eyes".
"""

from collections.abc import Callable
from datetime import datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, is_postgres, locked, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.people.actions import note
from vps.trust.models import TrustProposal

SUBJECT = "trust:levels"
"""What the trail says a change of the level set is about."""
LONGEST_REASON = 200


class NoReasonForIt(Refused):
    says = N_("Please write why.")
    field = "reason"


class NeedsColleague(Refused):
    says = N_("Somebody else who manages must put this into force: whoever asked for it cannot.")
    status = 422


class ProposalGone(Refused):
    says = N_("This was decided in the meantime, or something newer is in force. Nothing was changed.")


class NotYourOwnLevel(Refused):
    says = N_("You cannot decide about your own trust level; ask a colleague.")


Put = Callable[[TrustProposal, Actor, datetime], None]
_puts: dict[str, Put] = {}


def puts(kind: str) -> Callable[[Put], Put]:
    """What puts a proposal of this kind into force, inside the action that approves it. It raises ProposalGone when it no longer fits."""

    def join(put: Put) -> Put:
        _puts[kind] = put
        return put

    return join


def needs_second() -> bool:
    """Whether limits are changed by two. In an office of one the company says so by the setting trust_staff."""
    return company().trust_staff > 1


def reason_of(text: str) -> str:
    """A reason, cleaned. Raises NoReasonForIt."""
    found = clean_text(text, most=LONGEST_REASON)
    if not found:
        raise NoReasonForIt
    return found


def one_at_a_time() -> None:
    """Of two level sets that are put into force at once, the second sees the first."""
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10027)")


def propose(kind: str, body: str, reason: str, *, person: int | None, base: int, actor: Actor, at: datetime) -> int:
    """Inside an action: have this wait for a colleague. Answers its key."""
    assert actor.person is not None
    made = TrustProposal.create(kind=kind, person=person, body=body, reason=reason, base=base, asked_at=at, asked_by=actor.person)
    _tell_about(made, "trust change asked", actor, at)
    return int(made.id)


@action
def approve(key: int, *, actor: Actor, at: datetime) -> None:
    """A colleague of who asked puts it into force. Raises ProposalGone, NeedsColleague, NotYourOwnLevel."""
    found = _waiting(key, actor)
    if actor.person is None or found.asked_by == actor.person:
        raise NeedsColleague
    run("UPDATE trust_proposal SET approved_at = ?, approved_by = ? WHERE id = ?", micros(at), actor.person, found.id)
    _tell_about(found, "trust change approved", actor, at)
    _puts[found.kind](found, actor, at)


@action
def turn_down(key: int, *, actor: Actor, at: datetime) -> None:
    """Whoever manages takes it from the list: who asked for it, or a colleague who will not have it. Raises ProposalGone, NotYourOwnLevel."""
    found = _waiting(key, actor)
    run("UPDATE trust_proposal SET ended_at = ?, ended_by = ? WHERE id = ?", micros(at), actor.person, found.id)
    _tell_about(found, "trust change turned down", actor, at)


def _waiting(key: int, actor: Actor) -> TrustProposal:
    one_at_a_time()
    if one(locked("SELECT id FROM trust_proposal WHERE id = ?"), key) is None:
        raise ProposalGone
    found: TrustProposal = TrustProposal.get_by_id(key)
    if found.approved_at is not None or found.ended_at is not None:
        raise ProposalGone
    if found.person_id is not None and found.person_id == actor.person:
        raise NotYourOwnLevel
    return found


def _tell_about(proposal: TrustProposal, verb: str, actor: Actor, at: datetime) -> None:
    if proposal.person_id is None:
        record(actor, verb, SUBJECT, at=at, after=proposal.reason)
    else:
        note(actor, verb, proposal.person_id, at=at, after=proposal.reason)
