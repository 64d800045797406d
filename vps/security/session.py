"""What pages need to know of the request when something is confirmed: which session it is, and where we are reached."""

from flask import g, session

from vps.security.actions import Site


def session_id() -> int:
    """The session of this request: a dialog belongs to one."""
    return int(session.live.id)  # type: ignore[attr-defined]


def site() -> Site:
    """The host passkeys belong to, and the origin they are used at."""
    return Site.at(g.public_url)
