"""Which code is asked for. The server decides the way; a page that only shows the question writes nothing."""

import secrets
from datetime import datetime

from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.security.actions.confirm import Frozen, Snapshot, WayBlocked, WayResting
from vps.security.models import APP, Ask, blocks_of, is_frozen, lowest_unused, ways_of


class NoWay(Refused):
    says = N_("You have no way yet to confirm payments. Activate your TAN sheet or an app first.")


def ask(person: int, *, at: datetime, prefer: str | None = None) -> Ask:
    """The question for the next payment: the lowest unused TAN of the sheet, or a code of the app.

    Asking again asks the same until it is answered, so nobody can shop for a TAN he happens to know.
    """
    if is_frozen(person):
        raise Frozen
    ways = ways_of(person)
    if not ways:
        raise NoWay
    blocks = [block for block in blocks_of(person, at) if block.way in ways]
    usable = [way for way in ways if way not in {block.way for block in blocks}]
    if not usable:
        ends = [block.opens_at for block in blocks if block.opens_at]
        raise WayResting(until=min(ends)) if ends else WayBlocked
    way = prefer if prefer in usable else usable[0]
    sheet = None if way == APP else lowest_unused(person)
    if sheet is None and APP not in usable:
        raise NoWay
    return sheet or Ask(APP)


def snapshot(kind: str, subject: str, *, amount: Money, payee: str, ask: Ask, at: datetime) -> Snapshot:
    """What the dialog is about to show, with a number of its own."""
    return Snapshot(secrets.token_urlsafe(12), kind, subject, amount, payee, ask.way, ask.sheet, ask.n, at)
