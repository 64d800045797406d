"""Keeping and checking passwords. Each is bound to its owner: a hash that was copied or written into the database opens nothing.

Source: SECURITY, somebody with access to the database.
"""

from datetime import datetime
from unicodedata import normalize

from vps.company.actions import remember, remembered
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, run
from vps.kernel.hashing import matches
from vps.people.actions.notices import note
from vps.people.models import Person, password_mac


def is_password(person: Person | None, typed: str, *, actor: Actor, at: datetime) -> bool:
    """Whether this is the password of the person, and was set here for him. Takes equally long for nobody."""
    # NFKC, as it was set: one keyboard sends é as one sign, the next one as two.
    right = matches(person.password if person else None, normalize("NFKC", typed))
    if person is None or person.password_fits:
        return right
    _note_misfit(person.id, actor=actor, at=at)
    return False


@action
def set_password(person: Person, hashed: str, *, actor: Actor, at: datetime, keep: int = 0) -> None:
    """Keep a new password's hash; every session of the person ends, but the one to `keep`."""
    run(SET, hashed, password_mac(person.id, hashed), micros(at), person.id)
    run("UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL AND id <> ?", micros(at), person.id, keep)
    run("UPDATE invitation SET used_at = ? WHERE person_id = ? AND used_at IS NULL", micros(at), person.id)
    note(actor, "password set" if person.password is None else "password changed", person.id, at=at)


@action
def bind_passwords(*, at: datetime) -> None:
    """Bind the passwords from before they were bound: once in the life of these books.

    A second time would bind what somebody wrote into the database meanwhile.
    """
    if not remembered("passwords"):
        for person, hashed in run(UNBOUND).fetchall():
            run("UPDATE person SET password_mac = ? WHERE id = ?", password_mac(person, hashed), person)
        remember("passwords", "bound", at=at)


@action
def _note_misfit(person: int, *, actor: Actor, at: datetime) -> None:
    note(actor, "credential does not fit", person, at=at, after="password")


SET = "UPDATE person SET password = ?, password_mac = ?, password_set_at = ? WHERE id = ?"
UNBOUND = "SELECT id, password FROM person WHERE password IS NOT NULL AND password_mac IS NULL ORDER BY id"
