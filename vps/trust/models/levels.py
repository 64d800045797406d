"""Trust levels: what each asks for and allows. The set is one document, kept in versions, so that an edit is whole and has a history.

Source: seed VPS, "TrustLevels can be configured by you according to your special needs"; the default set: SECURITY, trust levels.
"""

import json
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from vps.company.models import company
from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import on_configure, one, rows
from vps.kernel.refusals import N_, Refused

STEPS = ("email", "mobile", "address", "birth", "document", "iban", "contract")
"""Steps of identification, in the order in which they are usually taken."""
OUT = ("purchase", "transfer", "pay-out")
IN = ("top-up", "received", "income")
KINDS = (*OUT, *IN)
"""What is limited. Received is what comes from partners; income is all that comes in: commission, top-ups, what partners send."""
MOTIVES = {
    "purchase": ("out:purchase",),
    "transfer": ("out:transfer",),
    "pay-out": ("out:pay-out",),
    "top-up": ("in:top-up",),
    "received": ("in:transfer",),
    "income": ("in:commission", "in:top-up", "in:transfer"),
}
"""The ledger's running sums behind each."""
WINDOWS = ("each", "day", "month", "year")
"""One movement, 24 hours, 30 days, and the calendar year in the company's zone."""
LIMITED = {**dict.fromkeys((*OUT, "received"), WINDOWS), "top-up": WINDOWS[1:], "income": WINDOWS[1:]}
"""Which windows a rule can be about: what the company itself pays in comes as it comes."""
TIMED = (*OUT, "received")
"""Of what a rule can say how often."""
GAPS = OUT
"""Between which there can be a pause."""
MOST_MINOR = 10**11
"""The highest limit that can be written: as much as an amount can be."""


class LevelsUnreadable(Refused):
    """The set in force was damaged: nothing leaves a wallet by guess. Money in does not ask for it."""

    says = N_("The trust levels cannot be read, so nothing can be moved now. Nothing was booked; please ask the office.")
    status = 409


class Rule(NamedTuple):
    """At most `most` minor units of the company's currency, and `times` movements, of a kind within a window; None: any."""

    kind: str
    window: str
    most: int | None
    times: int | None = None


class Level(NamedTuple):
    """What a level asks for and allows; amounts in minor units of the company's currency, None: any."""

    rank: int
    names: tuple[tuple[str, str], ...]
    """Its name by language; none where the company has not named it."""
    requires: tuple[str, ...]
    days: int
    """Days of membership."""
    most_balance: int | None
    rules: tuple[Rule, ...]
    gaps: tuple[tuple[str, int], ...] = ()
    """Minutes that must lie between two movements of a kind."""
    first_payee: int | None = None
    """What may go to somebody in the 24 hours since the first time."""
    security: tuple[tuple[int, int], ...] = ()
    """The least security level, from which amount on."""

    def of(self, kind: str) -> tuple[Rule, ...]:
        """The rules about a kind of movement."""
        return tuple(rule for rule in self.rules if rule.kind == kind)

    def gap(self, kind: str) -> int:
        """Minutes between two movements of a kind."""
        return dict(self.gaps).get(kind, 0)


NAMES = (N_("Anonymous"), N_("Contact confirmed"), N_("Identified"), N_("Verified"), N_("Business"))
"""What the default levels are called; a level beyond them is told by its number."""


def _level(rank: int, *, requires: str, balance: int, days: int = 0, first: int | None = None, security: Any, rules: str) -> Level:
    # Amounts of the default set are whole units of the company's currency.
    found = []
    for rule in rules.split("; "):
        kind, *windows = rule.split(" ")
        found += [Rule(kind, window, int(most) * 100) for window, most in (each.split(":") for each in windows)]
    return Level(rank, (), tuple(requires.split()), days, balance * 100, tuple(found), (), None if first is None else first * 100, security)


_CONTACT, _DOCUMENT = "email mobile address birth", "email mobile address birth document"
DEFAULT = (
    _level(
        0, requires="", balance=150, first=0, security=((0, 1),),
        rules="purchase each:50 month:150; transfer each:0; pay-out each:0; top-up month:150; received month:0; income year:150",
    ),
    _level(
        1, requires=_CONTACT, balance=1_000, first=0, security=((0, 1),),
        rules="purchase each:500 month:1000; transfer each:0; pay-out each:50 month:150; top-up month:500; received month:150; income year:2500",
    ),
    _level(
        2, requires=_DOCUMENT, balance=5_000, first=50, security=((0, 2),),
        rules="purchase each:2500 month:10000; transfer each:250 day:500 month:2000; pay-out each:1000 month:2500; top-up month:2500;"
        " received month:2000; income year:15000",
    ),
    _level(
        3, requires=f"{_DOCUMENT} iban", days=30, balance=25_000, first=100, security=((0, 2), (500_01, 3)),
        rules="purchase each:10000 month:25000; transfer each:1000 day:2500 month:10000; pay-out each:10000 month:25000; top-up month:10000;"
        " received month:10000",
    ),
    _level(
        4, requires=f"{_DOCUMENT} iban contract", days=30, balance=100_000, first=500, security=((0, 3),),
        rules="purchase each:25000 month:100000; transfer each:5000 day:10000 month:50000; pay-out each:50000 month:100000;"
        " top-up month:50000; received month:50000",
    ),
)  # fmt: skip
"""What applies until the company writes a set of its own."""


class Trusted(NamedTuple):
    """The level somebody has now, since when and whence; `in_force`: whether limits are kept to already."""

    level: Level
    since: datetime | None
    source: str
    reason: str
    in_force: bool
    exceptions: bool


_read: dict[int, tuple[Level, ...]] = {}
on_configure(_read.clear)


def levels() -> tuple[Level, ...]:
    """The levels in force, by rank. Read again only when a newer set exists."""
    return _set(one("SELECT max(id) FROM level_set")[0])


def are_readable() -> bool:
    """Whether the set in force can be read."""
    try:
        levels()
    except LevelsUnreadable:
        return False
    return True


def _set(newest: int | None) -> tuple[Level, ...]:
    if newest is None:
        return DEFAULT
    if newest not in _read:
        _read.clear()
        _read[newest] = levels_of(one("SELECT body FROM level_set WHERE id = ?", newest)[0])
    return _read[newest]


def levels_of(body: str) -> tuple[Level, ...]:
    """The levels of a set's document. Raises LevelsUnreadable."""
    try:
        return _levels(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as damaged:
        raise LevelsUnreadable from damaged


def _levels(document: list[dict[str, Any]]) -> tuple[Level, ...]:
    if not document:
        raise ValueError("no level")
    return tuple(
        Level(
            rank,
            tuple(sorted(each["names"].items())),
            tuple(each["requires"]),
            each["days"],
            each["most_balance"],
            tuple(Rule(*rule) for rule in each["rules"]),
            tuple((kind, minutes) for kind, minutes in each["gaps"]),
            each["first_payee"],
            tuple((minor, level) for minor, level in each["security"]),
        )
        for rank, each in enumerate(document)
    )


def body_of(wanted: tuple[Level, ...]) -> str:
    """The document of these levels."""
    return json.dumps([{**each._asdict(), "names": dict(each.names)} for each in wanted], ensure_ascii=False, separators=(",", ":"))


def begins() -> date | None:
    """The day from which limits are kept to; None while the company has no trust levels."""
    return _day(company().trust_from)


def in_force(at: datetime) -> bool:
    """Whether limits are kept to now."""
    first = begins()
    return first is not None and day_in(at, company().zone) >= first


def trusted(person: int, at: datetime) -> Trusted:
    """How far a person is trusted now. Who never got a level has the one that the company begins with."""
    now = micros(at)
    level, since, source, reason, exceptions, newest = one(STANDS, now, person, now, person)
    ours = _set(newest)
    rank = company().trust_start if level is None else level
    kept = in_force(at)
    return Trusted(
        ours[min(rank, len(ours) - 1)],
        instant(since) if since is not None else None,
        source or "start",
        reason or "",
        kept,
        bool(exceptions),
    )


def rules_of(person: int, who: Trusted, kind: str, at: datetime) -> tuple[Rule, ...]:
    """The rules that bind a person for a kind of movement: his level's, or an exception of his own in its place."""
    return tuple(rule for rule in all_rules(person, who, at) if rule.kind == kind)


def all_rules(person: int, who: Trusted, at: datetime) -> tuple[Rule, ...]:
    """The rules that bind a person, of all kinds of movements."""
    if not who.exceptions:
        return who.level.rules
    mine = {(kind, window): Rule(kind, window, most, times) for kind, window, most, times in rows(EXCEPTIONS, person, micros(at))}
    kept = tuple(mine.pop((rule.kind, rule.window), rule) for rule in who.level.rules)
    return kept + tuple(mine.values())


def earned(ours: tuple[Level, ...], steps: frozenset[str], member: timedelta) -> int:
    """The highest level of which, and of all below it, everything that is asked for is there."""
    reached = 0
    for level in ours:
        if not set(level.requires) <= steps or member < timedelta(days=level.days):
            break
        reached = level.rank
    return reached


@cache
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


STANDS = (
    "SELECT t.level, t.since, t.source, t.reason,"
    ' EXISTS (SELECT 1 FROM trust_exception e WHERE e.person_id = p.id AND e.ended_at IS NULL AND e."until" > ?),'
    " (SELECT max(id) FROM level_set)"
    " FROM person p LEFT JOIN trust_level t ON t.id ="
    " (SELECT id FROM trust_level WHERE person_id = ? AND since <= ? ORDER BY id DESC LIMIT 1) WHERE p.id = ?"
)
EXCEPTIONS = 'SELECT kind, span, most, times FROM trust_exception WHERE person_id = ? AND ended_at IS NULL AND "until" > ? ORDER BY id'
