"""Looking at somebody's document is written down: who, and which. Source: ASVS 16.3.2; SECURITY, the curious employee."""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.database import action
from vps.ledger.actions import looked_lately
from vps.people.actions import note
from vps.people.actions.looking import AGAIN
from vps.trust import files
from vps.trust.models import IdentityDocument, pictures_of


def see_picture(document: int, n: int, *, actor: Actor, at: datetime) -> bytes | None:
    """A picture of a document as a JPEG, for somebody of the office, who is written down. None: there is none, or none any more.

    Raises NotOurs.
    """
    found = {number: (name, secret) for number, name, secret in pictures_of(document)}
    if n not in found:
        return None
    try:
        content = files.content_of(*found[n])
    except FileNotFoundError:  # the audit names it
        return None
    _write_down(IdentityDocument.get_by_id(document).person_id, f"#{document}.{n}", actor=actor, at=at)
    return content


@action
def _write_down(person: int, which: str, *, actor: Actor, at: datetime) -> None:
    assert actor.person is not None
    # Once in a quarter of an hour: a page that is loaded anew is the same look.
    if not looked_lately(actor.person, f"person:{person}", "document seen", which, since=at - AGAIN):
        note(actor, "document seen", person, at=at, after=which)
