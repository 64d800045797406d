"""What became of manual provisions, in the words of whoever reads them."""

from vps.commissions.models.manual_lists import Asked, Listed
from vps.commissions.models.manual_shown import Shown
from vps.hypermedia.languages import say
from vps.kernel.refusals import N_
from vps.wallets.desk_words import State


def state_of(it: Listed | Shown) -> State:
    """How far a proposal is."""
    if it.discarded_at is not None:
        return State("red", say(N_("Given up") if it.withdrawn else N_("Refused")))
    if it.booked_at is not None:
        return State("green", say(N_("Credited")))
    if it.approved_at is not None:
        return State("yellow", say(N_("Is being booked")))
    confirmed = it.confirmed if isinstance(it, Listed) else it.decided(1)
    return State("yellow", say(N_("Waits for a colleague"))) if confirmed else State("red", say(N_("Not confirmed yet")))


def state_of_back(asked: Asked) -> State:
    """What became of something that was to be taken back."""
    if asked.waits:
        return State("yellow", say(N_("Waits for a colleague")))
    if asked.done:
        return State("green", say(N_("Taken back")))
    return State("red", say(N_("Given up") if asked.withdrawn else N_("Refused")))
