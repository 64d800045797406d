"""The office accepts a step or does not; a proof that came another way accepts it at once; a document's time runs out."""

from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.people.actions import note
from vps.trust.actions.claiming import lock, must_be_valid, open_claim, write_claim
from vps.trust.actions.forgetting import NoReason
from vps.trust.actions.standing import steps_changed
from vps.trust.actions.telling import tell_step
from vps.trust.models import BY_STAFF, DOCUMENT, IdentityStep
from vps.trust.models.identity import LASTS


class NotYourOwnStep(Refused):
    says = N_("You cannot decide about your own identification; ask a colleague.")
    status = 409


class StepDecided(Refused):
    says = N_("This was decided, or taken back, in the meantime. Nothing was changed.")
    status = 409


@action
def accept_step(step: int, *, expires_on: date | None = None, actor: Actor, at: datetime) -> bool:
    """Somebody of the office has looked and accepts; answers whether it counts now, or waits for a second person.

    A document needs the last day on which it is valid. Pressed twice, it is accepted once.
    Raises NotFound, NotYourOwnStep, StepDecided, NotAnEnd, DocumentExpired.
    """
    claim = _decidable(step, actor)
    if claim.accepted_by is not None and claim.accepted_by == actor.person:
        return True
    if not claim.is_open:
        raise StepDecided
    if claim.step == DOCUMENT:
        must_be_valid(expires_on, at)
        if company().identity_staff > 1 and claim.seen_by in (None, actor.person):
            if claim.seen_by is None:
                run("UPDATE identity_step SET seen_at = ?, seen_by = ? WHERE id = ?", micros(at), actor.person, claim.id)
                note(actor, "step seen", claim.person_id, at=at, after=claim.step)
            return False
    accept_claim(claim, actor.person, expires_on, actor=actor, at=at)
    return True


@action
def reject_step(step: int, reason: str, *, actor: Actor, at: datetime) -> None:
    """Somebody of the office has looked and does not accept; the partner reads why. Raises NotFound, NotYourOwnStep, StepDecided, NoReason."""
    claim, why = _decidable(step, actor), _reason(reason)
    if claim.rejected_by is not None and claim.rejected_by == actor.person:
        return
    if not claim.is_open:
        raise StepDecided
    run("UPDATE identity_step SET rejected_at = ?, rejected_by = ?, reason = ? WHERE id = ?", micros(at), actor.person, why, claim.id)
    note(actor, "step rejected", claim.person_id, at=at, after=claim.step)
    tell_step("step rejected", claim, at=at, reason=why)
    steps_changed(claim.person_id, at)


@action
def end_step(step: int, reason: str, *, actor: Actor, at: datetime) -> None:
    """What was accepted does not count any more, and the partner reads why. Raises NotFound, NotYourOwnStep, StepDecided, NoReason."""
    claim, why = _decidable(step, actor, any_step=True), _reason(reason)
    if claim.withdrawn_at is not None and claim.accepted_at is not None:
        return
    if not one(f"UPDATE identity_step SET withdrawn_at = ?, reason = ? WHERE id = ? AND {LASTS} RETURNING id", micros(at), why, claim.id):  # noqa: S608
        raise StepDecided
    note(actor, "step ended", claim.person_id, at=at, after=claim.step)
    tell_step("step ended", claim, at=at, reason=why)
    steps_changed(claim.person_id, at)


@action
def accept_proved(person: int, step: str, value: str, *, actor: Actor, at: datetime, expires_on: date | None = None) -> int:
    """A step that was proved elsewhere counts at once: a coded cent that came, a phone that gets codes. Proved twice, it is one.

    The caller has seen the proof. Answers the claim's id.
    """
    assert step not in BY_STAFF
    lock(person)
    same = one(SAME, person, step, value)
    if same:
        return int(same[0])
    waiting = open_claim(person, step)
    if waiting and waiting.value != value:
        run("UPDATE identity_step SET withdrawn_at = ? WHERE id = ?", micros(at), waiting.id)
        waiting = None
    claim = waiting or IdentityStep.get_by_id(write_claim(person, step, value, actor=actor, at=at))
    accept_claim(claim, None, expires_on, actor=actor, at=at)
    return int(claim.id)


@action
def end_proved(person: int, step: str, value: str, *, actor: Actor, at: datetime) -> None:
    """What proved a step is gone, like a bank account that was removed: it does not count any more. Twice is once."""
    lock(person)
    same = one(SAME, person, step, value)
    if same:
        run("UPDATE identity_step SET withdrawn_at = ? WHERE id = ?", micros(at), same[0])
        note(actor, "step gone", person, at=at, after=step)
        tell_step("step ended", IdentityStep.get_by_id(same[0]), at=at)
        steps_changed(person, at)


def accept_claim(claim: IdentityStep, by: int | None, expires_on: date | None, *, actor: Actor, at: datetime) -> None:
    """Inside an action that locked the person: a claim counts from now on, and the one before it does not."""
    run(REPLACE, micros(at), claim.person_id, claim.step)
    run(ACCEPT, micros(at), by, expires_on.isoformat() if expires_on else None, claim.id)
    note(actor, "step accepted", claim.person_id, at=at, after=claim.step)
    if actor.person != claim.person_id:
        tell_step("step accepted", claim, at=at)
    steps_changed(claim.person_id, at)


def _decidable(step: int, actor: Actor, *, any_step: bool = False) -> IdentityStep:
    """A claim the office decides about, its person locked."""
    row = one("SELECT person_id, step FROM identity_step WHERE id = ?", step)
    if row is None or not (any_step or row[1] in BY_STAFF):
        raise NotFound
    if row[0] == actor.person:
        raise NotYourOwnStep
    lock(row[0])
    found: IdentityStep = IdentityStep.get_by_id(step)
    return found


def _reason(text: str) -> str:
    why = clean_text(text, most=200)
    if not why:
        raise NoReason
    return why


SAME = f"SELECT id FROM identity_step WHERE person_id = ? AND step = ? AND value = ? AND {LASTS}"  # noqa: S608
REPLACE = f"UPDATE identity_step SET replaced_at = ? WHERE person_id = ? AND step = ? AND {LASTS}"  # noqa: S608
ACCEPT = "UPDATE identity_step SET accepted_at = ?, accepted_by = ?, expires_on = ? WHERE id = ?"
