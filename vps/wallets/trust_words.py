"""Trust levels and what changes of them, in words for the office."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from vps.company.models import company
from vps.hypermedia.languages import say, spoken
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.people.words import STEPS
from vps.trust.models import KINDS, Level, Rule
from vps.trust.models.changes import Change
from vps.trust.models.limits import BALANCE
from vps.wallets.ladder import MOVES as MOVES

SPANS = {"each": N_("at once"), "day": N_("24 hours"), "month": N_("30 days"), "year": N_("calendar year")}
"""Within what something is limited."""
SOURCES = {
    "steps": N_("Steps of identification"),
    "office": N_("The office"),
    "import": N_("Import"),
    "start": N_("Introduction of trust levels"),
}
"""Where a level comes from."""
FACTS = {
    "names": N_("Name"),
    "requires": N_("Needs"),
    "days": N_("Days as a partner"),
    "most_balance": N_("Highest balance"),
    "gaps": N_("Minutes between two"),
    "first_payee": N_("To somebody new in the first 24 hours"),
    "security": N_("Least security level"),
}
"""What a level says beside its rules."""


class Said(NamedTuple):
    """A change in words: which level, what of it, what was there before and is there then."""

    rank: int
    what: str
    before: str
    after: str


def money(minor: int | None, currency: str) -> str:
    """An amount; a dash where nothing is limited."""
    return "–" if minor is None else str(spoken(Money(minor, currency)))


def limited(rule: Rule | None, currency: str) -> str:
    """What a rule allows."""
    if rule is None:
        return "–"
    often = "" if rule.times is None else say(N_("%(n)s times"), n=rule.times)
    return ", ".join(filter(None, (money(rule.most, currency) if rule.most is not None else "", often)))


def table(levels: tuple[Level, ...]) -> list[tuple[str, list[list[str]]]]:
    """The set as rows: what it is about, and for each level what it says, in lines."""
    currency = company().currency
    found = [(say(FACTS[what]), [_lines(what, level._asdict()[what], currency) for level in levels]) for what in FACTS if what != "names"]
    for kind in KINDS:
        cells = [[f"{limited(rule, currency)} · {say(SPANS[rule.window])}" for rule in level.of(kind)] or ["–"] for level in levels]
        found.append((say(MOVES[kind]), cells))
    return found


def said(change: Change, currency: str) -> Said:
    """A change as it stands on a page."""
    if change.window:
        what = f"{say(MOVES[change.what])} · {say(SPANS[change.window])}"
        before, after = (limited(rule, currency) for rule in (change.before, change.after))  # type: ignore[arg-type]
        return Said(change.rank, what, before, after)
    before, after = ("; ".join(_lines(change.what, value, currency)) for value in (change.before, change.after))
    return Said(change.rank, say(FACTS[change.what]), before, after)


def place(kind: str, window: str) -> str:
    """What a limit is about."""
    if window == BALANCE or kind == BALANCE:
        return say(FACTS["most_balance"])
    return f"{say(MOVES[kind])} · {say(SPANS[window])}"


def _lines(what: str, value: Any, currency: str) -> list[str]:
    if value is None or value == ():
        return ["–"]
    if what == "names":
        return [name for _, name in value]
    if what == "requires":
        return [say(STEPS[step]) for step in value]
    if what == "gaps":
        return [f"{say(MOVES[kind])}: {minutes}" for kind, minutes in value]
    if what == "security":
        return [say(N_("%(level)s from %(amount)s on"), level=least, amount=money(minor, currency)) for minor, least in value]
    return [money(value, currency) if what in ("most_balance", "first_payee") else str(value)]


def exception(kind: str, window: str, most: int | None, times: int | None) -> str:
    """An exception in words."""
    return f"{place(kind, window)}: {limited(Rule(kind, window, most, times), company().currency)}"


WORDS: Mapping[str, Any] = {"place": place, "exception": exception, "source": lambda code: say(SOURCES[code])}
"""What templates about trust levels say things with."""
