"""Pictures of documents that are not needed any more: the keys to them go, then the files. The rows stay."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.people.actions import note
from vps.people.models.holds import is_held
from vps.trust import files


class MustBeKept(Refused):
    says = N_("The pictures of this document must be kept for now. Nothing was deleted.")
    status = 409


class NoReason(Refused):
    says = N_("Please write why.")
    field = "reason"


def forget_document(document: int, why: str, *, actor: Actor, at: datetime) -> None:
    """Delete the pictures of a document, with a reason; doing it twice changes nothing. Raises NoReason, MustBeKept, NotFound."""
    files.remove(_forget(document, why, actor=actor, at=at))


def remove_strays(*, at: datetime) -> int:
    """Delete files that no row names and that are not young: what was written for a row that never came. Answers how many."""
    found = files.strays({name for (name,) in rows(NAMES)}, at)
    files.remove(found)
    return len(found)


def forget(document: int, person: int, why: str, *, by: int | None, at: datetime) -> list[str]:
    """Inside an action: lose the keys to a document's pictures, unless they must be kept. Answers the files that can go."""
    if is_held(person) or not one(FORGET, micros(at), by, why, document):
        return []
    gone = [name for (name,) in rows("SELECT name FROM identity_picture WHERE document_id = ? AND secret IS NOT NULL", document)]
    run("UPDATE identity_picture SET secret = NULL WHERE document_id = ?", document)
    return gone


@action
def _forget(document: int, why: str, *, actor: Actor, at: datetime) -> list[str]:
    reason = clean_text(why, most=200)
    if not reason:
        raise NoReason
    row = one(locked("SELECT person_id, forgotten_at FROM identity_document WHERE id = ?"), document)
    if row is None:
        raise NotFound
    if row[1] is not None:
        return []
    if is_held(row[0]):
        raise MustBeKept
    note(actor, "document forgotten", row[0], at=at, after=f"#{document}")
    return forget(document, row[0], reason, by=actor.person, at=at)


FORGET = (
    "UPDATE identity_document SET forgotten_at = ?, forgotten_by = ?, forgotten_why = ? WHERE id = ? AND forgotten_at IS NULL RETURNING id"
)
NAMES = "SELECT name FROM identity_picture WHERE secret IS NOT NULL"
