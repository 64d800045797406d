"""A partner's trust level in words: what it allows and how much of that is left, what is held, and the levels above each other."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.hypermedia.languages import say, sentence
from vps.kernel.clock import day_in
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.people.models import Person
from vps.trust.models import KINDS, Level, Room, Stand, State, Trusted, allowance, begins, levels, steps_of, trusted
from vps.trust.models.limits import BALANCE
from vps.trust.titles import title
from vps.wallets.models import accounts_of, excess_held, purses

MOVES = {
    "purchase": N_("Paying orders"),
    "transfer": N_("Sending to partners"),
    "pay-out": N_("Pay-outs"),
    "top-up": N_("Topping up"),
    "received": N_("Receiving from partners"),
    "income": N_("All that comes in"),
}
LEFT = {
    "each": N_("At most %(limit)s at once."),
    "day": N_("Left within 24 hours: %(left)s of %(limit)s."),
    "month": N_("Left within 30 days: %(left)s of %(limit)s."),
    "year": N_("Left this year: %(left)s of %(limit)s."),
    BALANCE: N_("Left up to the highest balance: %(left)s of %(limit)s."),
}
FREES = {
    "day": N_("Left within 24 hours: %(left)s of %(limit)s; more on %(frees)s."),
    "month": N_("Left within 30 days: %(left)s of %(limit)s; more on %(frees)s."),
    "year": N_("Left this year: %(left)s of %(limit)s; the next year begins on %(frees)s."),
}
TIMES = {
    "day": N_("Possible within 24 hours: %(left)s of %(times)s times."),
    "month": N_("Possible within 30 days: %(left)s of %(times)s times."),
    "year": N_("Possible this year: %(left)s of %(times)s times."),
}


class Line(NamedTuple):
    """What moves, and what limits it, a sentence each."""

    title: str
    says: list[str]


class Rung(NamedTuple):
    """A level of the ladder: its name, where its reader stands, what it asks for, and the highest balance."""

    title: str
    place: str
    asks: tuple[str, ...]
    days: int
    most: Money | None


def left(room: Room | None) -> str:
    """What is left of a limit, in words for beside a field; nothing where nothing is limited."""
    return " ".join(_sentences(room)) if room else ""


def coming(room: Room | None) -> str:
    """The same for money in, which is never refused."""
    return say(N_("%(left)s can come in now; what is more is held until your trust level allows it."), left=room.left) if room else ""


def standing(person: Person, at: datetime) -> dict[str, Any]:
    """What the page about one's level shows."""
    mine, who, ours = purses(person.id), trusted(person.id, at), levels()
    facts: dict[str, Any] = {
        "who": who,
        "called": title(who.level),
        "begins": begins(),
        "held": excess_held(mine),
        "lines": [],
        "unknown": "",
    }
    try:
        facts["lines"] = _lines(who, allowance(person.id, accounts_of(mine), at))
    except NoRate as refusal:
        facts["unknown"] = sentence(refusal)
    above = ours[who.level.rank + 1] if who.level.rank + 1 < len(ours) else None
    stands = steps_of(person.id, at) if above else []
    facts["rungs"] = [_rung(level, who.level.rank) for level in ours]
    facts["above"] = title(above) if above else ""
    facts["step"] = _next_step(stands, {step for level in ours[: who.level.rank + 2] for step in level.requires})
    facts["day"] = _day_of(person.joined_at, max(level.days for level in ours[: who.level.rank + 2]), at)
    return facts


def _sentences(room: Room) -> list[str]:
    rule = room.rule
    if rule.most == 0 or rule.times == 0:
        return [say(N_("Not possible at this level."))]
    found = []
    if room.limit is not None:
        words = FREES.get(rule.window) if room.frees and room.left != room.limit else None
        found.append(say(words or LEFT[rule.window], left=room.left, limit=room.limit, frees=room.frees))
    if rule.times is not None and rule.window in TIMES:
        found.append(say(TIMES[rule.window], left=room.times_left, times=rule.times))
    return found


def _lines(who: Trusted, found: list[Room]) -> list[Line]:
    lines = []
    for kind in KINDS:
        says = [each for room in found if room.rule.kind == kind for each in _sentences(room)]
        gap = who.level.gap(kind)
        if gap:
            says.append(say(N_("Minutes between two of them: %(minutes)s."), minutes=gap))
        if kind == "transfer" and who.level.first_payee:
            first = Money(who.level.first_payee, company().currency)
            says.append(say(N_("To somebody new in the first 24 hours: at most %(limit)s."), limit=first))
        if says:
            lines.append(Line(say(MOVES[kind]), list(dict.fromkeys(says))))
    return lines


def _rung(level: Level, rank: int) -> Rung:
    place = "reached" if level.rank < rank else "here" if level.rank == rank else "next" if level.rank == rank + 1 else ""
    most = None if level.most_balance is None else Money(level.most_balance, company().currency)
    return Rung(title(level), place, level.requires, level.days, most)


def _next_step(stands: Sequence[Stand], asked: set[str]) -> Stand | None:
    """The first step that is missing and not already with somebody; else the first that waits."""
    missing = [each for each in stands if each.step in asked and each.state is not State.ACCEPTED]
    return next((each for each in missing if each.state is not State.WAITING), missing[0] if missing else None)


def _day_of(joined: datetime, days: int, at: datetime) -> date | None:
    """The day on which somebody has been a partner for so long, if that is still to come."""
    reached = joined + timedelta(days=days)
    return day_in(reached, company().zone) if reached > at else None
