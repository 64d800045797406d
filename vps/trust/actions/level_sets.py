"""Versions of the level set: a new one is put into force whole, the older ones stay as its history."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, one
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.trust.actions.proposing import SUBJECT, ProposalGone, needs_second, one_at_a_time, propose, puts, reason_of
from vps.trust.models import DEFAULT, Level, LevelsUnreadable, TrustProposal, body_of, levels_of
from vps.trust.models.changes import loosened, newest_set, partners_at_or_above
from vps.trust.models.documents import read_set


class LevelInUse(Refused):
    """Facts: n."""

    says = N_("Partners who have a level that would be gone: %(n)s. Give them another level first.")


class NothingChanged(Refused):
    says = N_("This is what is in force already.")


class LooserThanLaw(Refused):
    """Somebody must say that he means it."""

    says = N_("This allows more than the law of the European Union expects before somebody is identified. Tick the box if you mean it.")
    field = "sure"


@action
def change_set(wanted: tuple[Level, ...], reason: str, *, base: int, sure: bool, actor: Actor, at: datetime) -> int | None:
    """Put a new version into force, or have it wait for a colleague; answers the key of what waits.

    `base` is the version (0: none) that it was made from. Raises NoReasonForIt, ProposalGone, NothingChanged, LevelInUse, LooserThanLaw.
    """
    why = reason_of(reason)
    one_at_a_time()
    must_fit(wanted, base)
    if loosened(wanted) and not sure:
        raise LooserThanLaw
    if needs_second() and actor.person is not None:
        return propose("set", body_of(wanted), why, person=None, base=base, actor=actor, at=at)
    _put(wanted, why, "trust levels changed alone" if actor.person is not None else "trust levels changed", actor=actor, at=at)
    return None


@puts("set")
def _approved(proposal: TrustProposal, actor: Actor, at: datetime) -> None:
    wanted = read_set(proposal.body)
    try:
        must_fit(wanted, proposal.base)
    except NothingChanged as same:
        raise ProposalGone from same
    _put(wanted, proposal.reason, "trust levels changed", actor=actor, at=at)


def must_fit(wanted: tuple[Level, ...], base: int) -> None:
    """Raise what stands in the way of a new set: ProposalGone, NothingChanged, LevelInUse."""
    newest, body = newest_set()
    if newest != base:
        raise ProposalGone
    if body == body_of(wanted):
        raise NothingChanged
    if len(wanted) < len(_levels_of(body)) and (gone := partners_at_or_above(len(wanted))):
        raise LevelInUse(n=gone)


def _levels_of(body: str) -> tuple[Level, ...]:
    try:
        return levels_of(body)
    except LevelsUnreadable:  # a damaged set is mended by a new one
        return DEFAULT


def _put(wanted: tuple[Level, ...], reason: str, verb: str, *, actor: Actor, at: datetime) -> None:
    made = insert('INSERT INTO level_set (body, since, "by") VALUES (?, ?, ?)', body_of(wanted), micros(at), actor.person)
    before = one("SELECT max(id) FROM level_set WHERE id < ?", made)[0]
    record(actor, verb, SUBJECT, at=at, before=str(before or 0), after=f"{made}: {reason}")
