"""Rights of the staff: given, withdrawn, told to everybody who manages; and never is nobody left who manages.

Source: SECURITY, the rogue administrator.
"""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, is_postgres, locked, one, rows, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.people.actions.notices import note
from vps.people.models import RIGHTS, Person
from vps.post.actions import post


class LastManager(Refused):
    says = N_("Nobody else manages the staff. Give a colleague this right first.")
    status = 409


class NotYourOwnRights(Refused):
    says = N_("You cannot change your own rights; ask a colleague who manages.")
    status = 409


@action
def change_rights(person: Person, rights: set[str], *, actor: Actor, at: datetime) -> None:
    """Change what a colleague may do. Raises NotFound, NotYourOwnRights, LastManager."""
    must_be_a_colleague(person, actor)
    grant(person, rights, actor=actor, at=at)


def must_be_a_colleague(person: Person, actor: Actor) -> None:
    """Raise NotFound for who never was staff, and NotYourOwnRights."""
    must_be_staff(person)
    if actor.person == person.id:
        raise NotYourOwnRights


def must_be_staff(person: Person) -> None:
    """Raise NotFound for who never was staff."""
    if not one("SELECT 1 FROM person_right WHERE person_id = ?", person.id):
        raise NotFound


@action
def grant(person: Person, rights: set[str], *, actor: Actor, at: datetime) -> None:
    """Make these the rights of a person: what is new is given, what is missing is withdrawn. Raises LastManager."""
    assert rights <= set(RIGHTS)
    one_at_a_time()
    one(locked("SELECT id FROM person WHERE id = ?"), person.id)
    before = person.rights()
    if "manage" not in rights:
        must_not_be_the_last(person)
    for right in sorted(rights - before):
        run(GIVE, person.id, right, micros(at), actor.person)
    for right in sorted(before - rights):
        run(WITHDRAW, micros(at), person.id, right)
    if rights and not before:
        # Staff sign in with a second factor; a session begun without it opens nothing of the office.
        run("UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL", micros(at), person.id)
    if before != rights:
        note(actor, "rights changed", person.id, at=at, before=", ".join(sorted(before)), after=", ".join(sorted(rights)))
        _tell_who_manages(person, before, rights, actor=actor, at=at)


def one_at_a_time() -> None:
    """Of two who take the right to manage from each other, the second sees what the first did."""
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10002)")


def must_not_be_the_last(person: Person) -> None:
    """Raise LastManager if this is the only open account that manages."""
    managers = [key for (key,) in rows(MANAGERS)]
    if managers == [person.id]:
        raise LastManager


def _tell_who_manages(person: Person, before: frozenset[str], rights: set[str], *, actor: Actor, at: datetime) -> None:
    by = one("SELECT name FROM person WHERE id = ?", actor.person)[0] if actor.person is not None else ""
    facts = {"colleague": person.name, "by": by, "before": sorted(before), "after": sorted(rights), "at": micros(at)}
    for key, name, email, language, zone in rows(TO_TELL, person.id if "manage" in before else 0):
        if key != actor.person:
            own = {"name": name, "zone": zone, **facts}
            post("rights", key=f"rights:{person.id}:{key}:{micros(at)}", address=email, language=language, facts=own, at=at)


GIVE = "INSERT INTO person_right (person_id, granted, granted_at, granted_by) VALUES (?, ?, ?, ?)"
WITHDRAW = "UPDATE person_right SET withdrawn_at = ? WHERE person_id = ? AND granted = ? AND withdrawn_at IS NULL"
MANAGING = "SELECT person_id FROM person_right WHERE granted = 'manage' AND withdrawn_at IS NULL"
MANAGERS = f"SELECT id FROM person WHERE id IN ({MANAGING}) AND closed_at IS NULL LIMIT 2"  # noqa: S608 - constants
# Everybody who manages, and who did until now.
TO_TELL = (
    f"SELECT id, name, email, language, zone FROM person WHERE id IN ({MANAGING} UNION SELECT CAST(? AS bigint))"  # noqa: S608 - constants
    " AND closed_at IS NULL AND email <> '' ORDER BY id"
)
