"""Looking is written down: which of the staff saw which partner's pages. Source: SECURITY, the curious employee."""

from datetime import datetime, timedelta

from vps.kernel.authorisation import Actor
from vps.kernel.database import action, locked, one
from vps.ledger.actions import looked_lately
from vps.people.actions.notices import note

AGAIN = timedelta(minutes=15)
"""Looking at the same kind of page of the same partner is one line for so long, or paging would flood his history."""


def look(partner: int, page: str, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody of the staff looked at a page of a partner, unless he did so a moment ago."""
    assert actor.person is not None
    if not _known(actor.person, partner, page, at):  # asked before the transaction: most looks need none
        _look(partner, page, actor=actor, at=at)


@action
def _look(partner: int, page: str, *, actor: Actor, at: datetime) -> None:
    assert actor.person is not None
    one(locked("SELECT id FROM person WHERE id = ?"), actor.person)  # the same person's looks go one after another
    if not _known(actor.person, partner, page, at):
        note(actor, "looked at", partner, at=at, after=page)


def _known(who: int, partner: int, page: str, at: datetime) -> bool:
    return looked_lately(who, f"person:{partner}", "looked at", page, since=at - AGAIN)
