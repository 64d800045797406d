"""Credits for many partners at once: where they go, and what follows when everybody sees them."""

from collections.abc import Sequence
from datetime import datetime

from vps.kernel.clock import instant
from vps.kernel.database import action, rows
from vps.kernel.money import Money
from vps.ledger.actions import Booked
from vps.trust.models import in_force
from vps.wallets.actions.excess import settle_excess_of
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.paying import KindEnded, open_wallet
from vps.wallets.models import MAIN

Place = tuple[int, str, str]
"""A person, the kind of his wallet and its currency."""


@action
def accounts_for(places: Sequence[Place], *, at: datetime) -> dict[Place, int]:
    """The accounts of these wallets, opened where they are new; of a kind that has ended the main one is taken."""
    people = sorted({person for person, _, _ in places})
    found: dict[Place, int] = {}
    if people:
        found = {
            (person, kind, currency): account
            for person, kind, currency, account in rows(OPEN.format(", ".join("?" * len(people))), *people)
        }
    return {place: found[place] if place in found else _opened(place, at) for place in places}


@action
def tell_of_credits(keys: Sequence[str], *, motive: str, at: datetime) -> None:
    """The mails about these bookings, for whoever wants them; and what is too much for a trust level is held from now on."""
    for key, minor, currency, after, booked_at, person, threshold in (
        rows(CREDITS.format(", ".join("?" * len(keys))), *keys) if keys else []
    ):
        if threshold is not None:
            booked = Booked(key, None, after, False)
            tell_of(person, booked, Money(minor, currency), motive=motive, incoming=True, threshold=threshold, at=instant(booked_at))
        if in_force(at):
            settle_excess_of(person, at)


def _opened(place: Place, at: datetime) -> int:
    person, kind, currency = place
    try:
        return open_wallet(person, currency, at=at, kind=kind)
    except KindEnded:
        return open_wallet(person, currency, at=at, kind=MAIN)


OPEN = "SELECT person_id, kind, currency, account_id FROM wallet WHERE person_id IN ({}) AND closed_at IS NULL"
CREDITS = (
    "SELECT b.id, b.amount, b.currency, b.credit_after, b.booked_at, p.id, p.notify_from FROM booking b JOIN wallet w ON w.account_id = b.credit_id"
    " JOIN person p ON p.id = w.person_id WHERE b.key IN ({}) ORDER BY b.id"
)
