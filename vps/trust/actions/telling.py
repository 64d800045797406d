"""Mails to a partner about his steps: accepted or not and why, soon over, over. And the steps whose time is over."""

from datetime import datetime, timedelta

from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, one, rows
from vps.people.actions import note
from vps.post.actions import post
from vps.trust.actions.standing import steps_changed
from vps.trust.models import IdentityStep
from vps.trust.models.identity import LASTS

AHEAD = timedelta(days=30)
"""How long before it expires its owner is told."""
AT_ONCE = 100


def tell_step(verb: str, claim: IdentityStep, *, at: datetime, reason: str = "") -> None:
    """Inside an action: post a mail about what became of a step; nothing to who has no address."""
    name, language, email = one("SELECT name, language, email FROM person WHERE id = ?", claim.person_id)
    if email:
        day = claim.expires_on.isoformat() if claim.expires_on else ""
        facts = {"name": name, "verb": verb, "step": claim.step, "reason": reason, "day": day}
        post("identity", key=f"{verb}:{claim.id}:{micros(at)}", address=email, language=language, facts=facts, at=at)


def tell_expiring(*, at: datetime) -> int:
    """Tell who has a step that expires within thirty days, once, and whose has expired. Answers how many were told."""
    today = day_in(at, company().zone)
    over = [claim for (claim,) in rows(OVER, today.isoformat(), AT_ONCE)]
    soon = [claim for (claim,) in rows(SOON, today.isoformat(), (today + AHEAD).isoformat(), AT_ONCE)]
    for claim in over:
        _tell_once(claim, "step expired", at)
    for claim in soon:
        _tell_once(claim, "step expiring", at)
    return len(over) + len(soon)


@action
def _tell_once(claim: int, verb: str, at: datetime) -> None:
    column = {"step expired": "expired_at", "step expiring": "told_at"}[verb]
    # Of two workers at once the second finds nothing to do.
    if one(f"UPDATE identity_step SET {column} = ? WHERE id = ? AND {LASTS} AND {column} IS NULL RETURNING id", micros(at), claim):  # noqa: S608
        row: IdentityStep = IdentityStep.get_by_id(claim)
        note(HOUSE, verb, row.person_id, at=at, after=row.step)
        tell_step(verb, row, at=at)
        if verb == "step expired":
            steps_changed(row.person_id, at)


_EXPIRES = f"SELECT id FROM identity_step WHERE {LASTS} AND expires_on IS NOT NULL"  # noqa: S608
OVER = f"{_EXPIRES} AND expires_on < ? ORDER BY expires_on LIMIT ?"
SOON = f"{_EXPIRES} AND expires_on >= ? AND expires_on <= ? AND told_at IS NULL ORDER BY expires_on LIMIT ?"
