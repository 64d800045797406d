"""Which wallets pay an order: what the dialog offers, and what was chosen in it."""

from datetime import datetime
from typing import Any, NamedTuple

from vps.hypermedia.languages import reader, say, spoken
from vps.kernel.amounts import decimal_sign
from vps.kernel.refusals import N_
from vps.orders.models import Order, PaidPart, debt_of, parts_of
from vps.orders.models.refund_lists import newest_wish, refunds_of
from vps.wallets.actions import Part, fundings, wallets_in
from vps.wallets.models import MAIN, purses
from vps.wallets.words import called


class Choice(NamedTuple):
    """One line of the list: as the address names it, and in words."""

    value: str
    words: str
    current: bool


def choices_of(order: Order, person: int, asked: str, *, at: datetime) -> dict[str, Any]:
    """What the dialog says of wallets. `asked` is a choice as an address names it; what is not offered is the first that suffices.

    `funding` is missing where nothing suffices; `choices` are given only where there is something to choose.
    """
    mine = purses(person)
    offered = fundings(mine, order.price, at=at)
    funding = next((each for each in offered if each.chosen == asked), offered[0] if offered else None)
    main = next((each for each in mine if each.kind == MAIN and each.currency == order.currency), None)
    choices = [Choice(each.chosen, in_words(each.parts), each is funding) for each in offered] if len(offered) > 1 else []
    return {"purse": main, "funding": funding, "choices": choices}


def told_of(order: Order, now: datetime) -> dict[str, Any]:
    """What an order's own page tells besides its facts: the goods, why it has its colour, which wallets paid it, a debt, and refunds."""
    why = order.why(now)
    parts = parts_of(why.payment.id) if why.payment and why.payment.means == "wallet" else []
    return {"lines": order.lines(), "why": why, "debt": debt_of(order.id), "parts": parts, **_refunded(order)}


def _refunded(order: Order) -> dict[str, Any]:
    # What was never paid has none.
    if not order.paid_at:
        return {"refunds": [], "wish": None}
    return {"refunds": refunds_of(order.id), "wish": newest_wish(order.id)}


def chosen_in(subject: str) -> str:
    """The choice of what was confirmed, as an address names it."""
    parts = subject.partition(" ")[2]
    return " ".join(map(str, wallets_in(parts))) if parts else ""


def in_words(parts: tuple[Part, ...]) -> str:
    """What leaves which wallet."""
    return " + ".join(f"{called(part.purse)}: {taken(part)}" for part in parts)


def taken(part: Part | PaidPart) -> str:
    """What leaves a wallet, and at which rate."""
    if not part.rate:
        return str(spoken(part.paid))
    return str(say(N_("%(amount)s at %(rate)s"), amount=part.paid, rate=rated(part)))


def rated(part: Part | PaidPart) -> str:
    """The rate as the reader writes it."""
    return part.rate.replace(".", decimal_sign(reader().language))
