"""One booking's story in words: by each method what it was made of, or where it went."""

from typing import NamedTuple

from vps.home.discovery.asked import Asked
from vps.home.discovery.flows import Ledger, Traced
from vps.home.discovery.words import end, source
from vps.hypermedia.languages import Words
from vps.kernel.database import one, reading
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.wallets.tracing import METHODS, story

MOST = 20_000
"""Bookings of the wallets that are walked over for one page."""


class TooManyBookings(Refused):
    """Facts: most."""

    says = N_("More than %(most)s bookings are too many for one page. The archive has every booking’s story, first in, first out.")
    status = 409


class Told(NamedTuple):
    """By method the sources of a booking and its ends, each with its amount, the largest first."""

    came: dict[str, list[tuple[str, Money]]]
    went: dict[str, list[tuple[str, Money]]]


def told_story(asked: Asked, booking: int, words: Words) -> Told | None:
    """The story of a booking of this dossier; None when it is none of it. Raises TooManyBookings."""
    row = one("SELECT debit_id, credit_id, currency FROM booking WHERE id = ? AND id <= ?", booking, asked.upto)
    if row is None or not {row[0], row[1]} & asked.accounts.keys():
        return None
    with reading():
        ledger = Ledger(asked)
    if len(ledger.columns[0]) > MOST:
        raise TooManyBookings(most=MOST)
    places, told = Traced({}, {key: ledger.place(key) for key in ledger.inside}, 0, ledger.stopped), Told({}, {})
    for method in METHODS:
        found = story(method, ledger.moves, ledger.opening, own=asked.accounts, undone=ledger.undone, booking=booking)
        came = [(source(label, places, words), Money(minor, row[2])) for label, minor in found.came.items()]
        went = [(end(label, place, places, words), Money(minor, row[2])) for (label, place), minor in found.went.items()]
        told.came[method], told.went[method] = (sorted(each, key=lambda item: (-item[1].minor, item[0])) for each in (came, went))
    return told
