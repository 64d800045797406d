"""What pages need to know of the request when something is confirmed: which session it is, and where we are reached."""

from flask import g, request, session

from vps.kernel.clock import clock
from vps.people.session import my_actor
from vps.security.actions import Site, note_added_fields

SENT = {"csrf_token", "shown", "tan", "sms", "passkey", "send"}
"""What the forms of our dialogs send."""


def session_id() -> int:
    """The session of this request: a dialog belongs to one."""
    return int(session.live.id)  # type: ignore[attr-defined]


def site() -> Site:
    """The host passkeys belong to, and the origin they are used at."""
    return Site.at(g.public_url)


def watch_fields() -> None:
    """Write down the names of fields that no dialog of ours has: they change nothing, but somebody tries."""
    names = {"".join(sign for sign in name if sign.isalnum() or sign in "_-.")[:20] for name in set(request.form) - SENT}
    if names:
        note_added_fields(", ".join(sorted(names))[:200], actor=my_actor(), at=clock())
