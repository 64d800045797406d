"""Adding a way: the first counts at once, a further one was allowed by a bound way, a recovery code or the office, and rests.

Source: SECURITY, rules R1 and R2.
"""

from datetime import datetime, timedelta

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.security.models import enrolled, had_passkey, has_permit

PERMIT_LIFE = {"office": timedelta(days=7), "way": timedelta(hours=1), "recovery": timedelta(hours=1)}
"""For how long a way may be added, by who said so."""


class NotSafeAlone(Refused):
    """Who only knows the password must not give himself a second way: a way in use is changed by a bound way, a recovery code or the office."""

    says = N_("To add a way of confirming, first confirm with a passkey or a code by SMS, use a recovery code, or ask the office.")


@action
def permit(person: int, source: str, *, actor: Actor, at: datetime) -> None:
    """Let one way be added: by the office, by a bound way, or by a recovery code."""
    run(PERMIT, person, source, micros(at), actor.person, micros(at + PERMIT_LIFE[source]))
    note(actor, "way permitted", person, at=at, after=source)


def must_be_permitted(person: int, at: datetime) -> None:
    """Raise NotSafeAlone unless this is the first way, or adding one was allowed."""
    if not _is_first(person) and not has_permit(person, at):
        raise NotSafeAlone


def begins_at(person: int, at: datetime) -> datetime:
    """When a way that is enrolled now begins to count; spends the permit. The first way counts at once, a further one rests. Raises NotSafeAlone."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    if _is_first(person):
        return at
    if not one(SPEND_PERMIT, micros(at), person, micros(at)):
        raise NotSafeAlone
    return at + timedelta(hours=company().rest_hours)


def _is_first(person: int) -> bool:
    # Removing a passkey takes no code. Whoever removed the last one has not become somebody new by it.
    return not enrolled(person) and not had_passkey(person)


PERMIT = "INSERT INTO permit (person_id, source, made_at, made_by, expires_at) VALUES (?, ?, ?, ?, ?)"
SPEND_PERMIT = "UPDATE permit SET used_at = ? WHERE id = (SELECT min(id) FROM permit WHERE person_id = ? AND used_at IS NULL AND expires_at > ?) RETURNING id"
