"""Which code is asked for. The server decides the way; a page that only shows the question writes nothing."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.money import Money
from vps.kernel.refusals import Refused
from vps.people.actions import NewBrowser, must_be_usual_browser
from vps.post.actions import SmsDown
from vps.post.models import sms_is_down, sms_offered
from vps.security.actions.intents import Snapshot
from vps.security.actions.refusals import EnrolFirst, Frozen, HeldToCap, NoWay, NoWayForThis, ViewOnly, WayBlocked, WayResting, WeakerWay
from vps.security.models import (
    BASIC,
    BOUND,
    HIGH,
    MOVES,
    PURCHASE,
    SHEET,
    SMS,
    STANDARD,
    VIEW,
    Ask,
    blocks_of,
    choices,
    held,
    is_frozen,
    least,
    lowest_unused,
    payer,
    ways_of,
)
from vps.security.models.caps import in_ours
from vps.security.models.levels import PRACTICE

Higher = Callable[[int, str, int, datetime], int]
_joined: list[Higher] = []


def on_demand(least: Higher) -> Higher:
    """Have `least(person, motive, minor, at)` asked for the least level of whatever moves money, in minor units of the company's currency.

    For what stands beside security and may ask for more than it does, never for less. Answers `least`.
    """
    _joined.append(least)
    return least


class Demand(NamedTuple):
    """The level something needs now, and the recovery that holds its person to small purchases, if one does."""

    level: int
    recovery: int | None = None


def demanded(person: int, motive: str, amount: Money | None, *, at: datetime, session: int | None = None, at_least: int = VIEW) -> Demand:
    """What this needs now: the partner's own level, the company's minimum or that of who joined, the highest; more from a new browser.

    Amounts are compared with the company's settings in its own currency.

    `at_least` is what whoever asks knows beside: money for somebody new needs a bound way (rule R1).

    Raises ViewOnly, EnrolFirst, HeldToCap, StrangeBrowser, NewBrowser.
    """
    if motive == PRACTICE:
        return Demand(BASIC)
    who = payer(person, at)
    if motive not in MOVES:
        return Demand(max(who.level, least(motive, None)))
    minor = in_ours(amount, at)
    needed = max(who.level, least(motive, minor), at_least, *(higher(person, motive, minor, at) for higher in _joined))
    if who.level == VIEW:
        raise ViewOnly
    if who.one_way:  # whoever loses his only way needs a second one, or codes that let him enrol one
        raise EnrolFirst
    holding = held(person, at) if who.held else None
    if holding and (motive != PURCHASE or holding.spent + minor > company().recovery_cap):
        raise HeldToCap(cap=Money(company().recovery_cap, company().currency), until=holding.until)
    # Level 1 is for small purchases; whatever is more is level 2, by the same ways.
    small = motive == PURCHASE and minor <= company().basic_most
    level = needed if small else max(needed, STANDARD)
    if session and level >= STANDARD:
        level = max(level, _of_the_browser(person, session, minor, at))
    return Demand(level, holding.recovery if holding else None)


def ask(person: int, *, at: datetime, prefer: str | None = None, level: int = BASIC, thawing: bool = False) -> Ask:
    """The question for the next payment: the lowest unused TAN of the sheet, a code of the app or by SMS, a passkey.

    Asking again asks the same until it is answered, so nobody can shop for a TAN he happens to know. `prefer` names one of the ways
    that suffice; a weaker one is refused (WeakerWay). `thawing` asks in spite of a freeze: it is what is to be ended.
    Raises Frozen, NoWay, NoWayForThis, WayBlocked, WeakerWay.
    """
    if not thawing and is_frozen(person):
        raise Frozen
    ways = ways_of(person, at)
    if not ways:
        raise NoWay
    blocks = [block for block in blocks_of(person, at) if block.way in ways]
    free = tuple(way for way in _reachable(ways, at) if way not in {block.way for block in blocks})
    sheet = lowest_unused(person) if SHEET in free else None
    usable = tuple(way for way in free if way != SHEET or sheet)
    offered = choices(level, usable)
    if not offered:
        raise _nothing(level, ways, free, [block.opens_at for block in blocks if block.opens_at], at)
    if prefer in ways and prefer not in {way for way, _ in choices(level, ways)}:
        raise WeakerWay
    way, also = next((pair for pair in offered if pair[0] == prefer), offered[0])
    return (sheet if way == SHEET and sheet else Ask(way))._replace(also=also)


def others(person: int, asked: Ask, *, at: datetime, level: int) -> list[str]:
    """The ways that could be asked instead."""
    blocked = {block.way for block in blocks_of(person, at)}
    free = tuple(way for way in _reachable(ways_of(person, at), at) if way not in blocked)
    return [way for way, _ in choices(level, free) if way != asked.way]


def snapshot(kind: str, subject: str, *, amount: Money | None, payee: str, ask: Ask, at: datetime, motive: str = PURCHASE) -> Snapshot:
    """What the dialog is about to show, with a number of its own."""
    return Snapshot(secrets.token_urlsafe(12), kind, subject, amount, payee, ask.way, ask.sheet, ask.n, at, motive, ask.also)


def _nothing(level: int, ways: tuple[str, ...], free: tuple[str, ...], ends: list[datetime], at: datetime) -> Refused:
    if choices(level, ways) and not choices(level, _reachable(ways, at)):
        return SmsDown()
    if choices(level, ways) and not choices(level, free):
        return WayResting(until=min(ends)) if ends else WayBlocked()
    return NoWayForThis(level=level) if not choices(level, ways) else NoWay()


def _reachable(ways: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    # A gateway that does not get through is no reason to wait for it: another way is offered at once.
    return ways if SMS not in ways or (sms_offered() and not sms_is_down(at)) else tuple(way for way in ways if way != SMS)


def _of_the_browser(person: int, session: int, minor: int, at: datetime) -> int:
    # A strange browser does not pay. A new one does, little, and by a way that is bound to what is paid.
    try:
        must_be_usual_browser(session, pinned=True, at=at)
    except NewBrowser:
        if minor > company().new_most or not set(ways_of(person, at)) & set(BOUND):
            raise
        return HIGH
    return STANDARD
