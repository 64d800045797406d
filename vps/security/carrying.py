"""What was asked for and typed, carried by the page that asks for a code: given back to the same session, for the same address.

Codes and passwords are never in it: see `vps.people.guards.CODES`.
"""

import json
from typing import NamedTuple

from flask import request
from itsdangerous import Signer

from vps.kernel.keys import keys
from vps.people.actions import Live
from vps.people.guards import CODES, here, typed_now
from vps.people.web import kept_fields, safe_next


class Carried(NamedTuple):
    """Where to go on, the fields of the form that was sent there, and the seal over both; no seal for what was only looked at."""

    next: str
    kept: list[tuple[str, str]]
    seal: str


NOTHING = Carried("", [], "")


def carry(live: Live) -> Carried:
    """This request, so that the same session can send it again after the code."""
    next_url, kept = here(), typed_now()
    if request.method != "POST" or CODES & set(request.form):
        return Carried(next_url, [], "")
    return Carried(next_url, kept, _signer(live).get_signature(_text(next_url, kept)).decode())


def carried_on(live: Live) -> Carried:
    """What the page with the code brought back. Without the right seal it is only an address to look at, if it is one of ours."""
    next_url, kept, seal = request.form.get("next", ""), kept_fields(), request.form.get("seal", "")
    if _signer(live).verify_signature(_text(next_url, kept), seal):
        return Carried(next_url, kept, seal)
    return Carried(safe_next(next_url), [], "")


def _text(next_url: str, kept: list[tuple[str, str]]) -> str:
    # A browser sends every line's end as two signs, whichever way the page had it.
    return json.dumps([next_url, *((name, value.replace("\r\n", "\n").replace("\r", "\n")) for name, value in kept)])


def _signer(live: Live) -> Signer:
    return Signer(keys().web, salt=f"carried in session {live.csrf}")
