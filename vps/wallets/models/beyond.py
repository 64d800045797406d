"""Whom a level set would stop, going by what he moved lately: looked up before it counts, some hundred partners at a time.

The busiest 24 hours, the largest movement and the sum of the last 30 days, and the calendar year up to now. Exceptions that somebody has
of his own are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate, rate_on
from vps.kernel.clock import day_in, micros
from vps.kernel.database import rows
from vps.kernel.money import Money, digits
from vps.ledger.models import HIDDEN
from vps.trust.models import Level, Rule
from vps.trust.models.levels import IN, MOTIVES
from vps.trust.models.limits import BALANCE, DAY, MONTH, start_of

AT_ONCE = 500
"""Partners in one question."""
HELD = ("top-up", "income")
"""Of what comes in anyway; what is too much of it is held."""


class Beyond(NamedTuple):
    """A partner, and a limit over which he was. `limit` None: it is about how often (`times` of `most`)."""

    number: str
    name: str
    rank: int
    kind: str
    window: str
    moved: Money
    limit: Money | None
    times: int
    most: int | None

    @property
    def is_held(self) -> bool:
        """Whether nothing would be refused, but something held."""
        return self.window == BALANCE or self.kind in HELD


class Moved(NamedTuple):
    """One movement, in the company's currency."""

    at: int
    minor: int


class Sum(NamedTuple):
    """What was moved in all, and how often."""

    minor: int
    times: int


class Looked(NamedTuple):
    """A partner as a look finds him."""

    id: int
    number: str
    name: str
    level: int | None


class Standing(NamedTuple):
    """What a partner has, and what he moved: the last 30 days, one by one, and the sums of the year, by the ledger's kinds."""

    balance: int
    lately: dict[str, list[Moved]]
    year: dict[str, Sum]


def look_over(ours: tuple[Level, ...], start: int, at: datetime, *, most: int | None = None) -> Iterator[tuple[Looked, list[Beyond]]]:
    """Every partner, at most so many, with each limit of these levels over which he was; who has no level as if he had `start`.

    Raises NoRate where wallets are kept in a currency without a rate.
    """
    last, seen, convert = 0, 0, _Converts(at)
    while most is None or seen < most:
        batch = [Looked(*row) for row in rows(PARTNERS, last, AT_ONCE if most is None else min(AT_ONCE, most - seen))]
        if not batch:
            return
        stands = _standing(batch[0].id, batch[-1].id, convert)
        for each in batch:
            rank = min(start if each.level is None else each.level, len(ours) - 1)
            yield each, list(_beyond(each, ours[rank], stands.get(each.id, Standing(0, {}, {})), convert.currency))
        last, seen = batch[-1].id, seen + len(batch)


class _Converts:
    """Reads amounts in the company's currency by the rate of the day, which is asked for once for each currency."""

    def __init__(self, at: datetime) -> None:
        self.at, self.currency, self.day = at, company().currency, day_in(at, company().zone)
        self.rates: dict[str, Fraction] = {}

    def __call__(self, minor: int, currency: str) -> int:
        """Minor units. Raises NoRate."""
        if currency == self.currency or not minor:
            return minor
        if currency not in self.rates:
            rate = rate_on(currency, self.currency, self.day)
            if rate is None:
                raise NoRate(base=currency, quote=self.currency, day=self.day)
            self.rates[currency] = rate * Fraction(10) ** (digits(self.currency) - digits(currency))
        return int(minor * self.rates[currency])


def _beyond(who: Looked, level: Level, stands: Standing, ours: str) -> Iterator[Beyond]:
    if level.most_balance is not None and stands.balance > level.most_balance:
        balance, limit = Money(stands.balance, ours), Money(level.most_balance, ours)
        yield Beyond(who.number, who.name, level.rank, "income", BALANCE, balance, limit, 0, None)
    for rule in level.rules:
        if rule.kind in IN and rule.window == "each":
            continue  # what came in came in; from a partner it would have been refused to him
        minor, times = _most(rule, stands)
        over = rule.most is not None and minor > rule.most
        if over or (rule.times is not None and times > rule.times):
            passed = Money(rule.most, ours) if over and rule.most is not None else None
            yield Beyond(who.number, who.name, level.rank, rule.kind, rule.window, Money(minor, ours), passed, times, rule.times)


def _most(rule: Rule, stands: Standing) -> tuple[int, int]:
    """What a rule would have seen at the worst moment: minor units, and how many."""
    if rule.window == "year":
        sums = [stands.year[motive] for motive in MOTIVES[rule.kind] if motive in stands.year]
        return sum(each.minor for each in sums), sum(each.times for each in sums)
    moved = sorted(each for motive in MOTIVES[rule.kind] for each in stands.lately.get(motive, ()))
    if rule.window == "each":
        return max((each.minor for each in moved), default=0), 0
    if rule.window == "month":
        return sum(each.minor for each in moved), sum(each.minor > 0 for each in moved)
    return _busiest(moved)


def _busiest(moved: list[Moved]) -> tuple[int, int]:
    """The most within 24 hours."""
    span, first, minor, times = int(DAY.total_seconds()) * 1_000_000, 0, 0, 0
    most, often = 0, 0
    for each in moved:
        minor, times = minor + each.minor, times + (each.minor > 0)
        while moved[first].at <= each.at - span:
            minor, times, first = minor - moved[first].minor, times - (moved[first].minor > 0), first + 1
        most, often = max(most, minor), max(often, times)
    return most, often


def _standing(first: int, last: int, convert: _Converts) -> dict[int, Standing]:
    """What these partners have and moved: three questions for all of them."""
    found: dict[int, Standing] = {}
    balances: dict[int, int] = defaultdict(int)
    owner: dict[int, tuple[int, str]] = {}
    for person, account, currency, balance in rows(WALLETS, first, last):
        owner[account] = person, currency
        balances[person] += convert(balance, currency)
    lately, year = _lately(owner, first, last, convert), _year(owner, first, last, convert)
    for person, balance in balances.items():
        found[person] = Standing(balance, lately.get(person, {}), year.get(person, {}))
    return found


def _lately(owner: Mapping[int, tuple[int, str]], first: int, last: int, convert: _Converts) -> dict[int, dict[str, list[Moved]]]:
    before = {(account, kind): minor for account, kind, minor in rows(BEFORE, micros(convert.at - MONTH), first, last)}
    found: dict[int, dict[str, list[Moved]]] = defaultdict(lambda: defaultdict(list))
    for account, kind, moment, minor in rows(LATELY, micros(convert.at - MONTH), first, last):
        step = minor - (before.get((account, kind)) or 0)
        before[account, kind] = minor
        person, currency = owner[account]
        found[person][kind].append(Moved(moment, convert(step, currency)))
    return found


def _year(owner: Mapping[int, tuple[int, str]], first: int, last: int, convert: _Converts) -> dict[int, dict[str, Sum]]:
    found: dict[int, dict[str, Sum]] = defaultdict(dict)
    for account, kind, minor, times, minor_before, times_before in rows(YEAR, *[start_of("year", convert.at)] * 2, first, last):
        person, currency = owner[account]
        known, moved = found[person].get(kind, Sum(0, 0)), max(0, minor - (minor_before or 0))
        found[person][kind] = Sum(known.minor + convert(moved, currency), known.times + times - (times_before or 0))
    return found


PARTNERS = (
    "SELECT p.id, p.number, p.name, (SELECT t.level FROM trust_level t WHERE t.person_id = p.id ORDER BY t.id DESC LIMIT 1)"
    " FROM person p WHERE p.number IS NOT NULL AND p.closed_at IS NULL AND p.id > ? ORDER BY p.id LIMIT ?"
)
WALLETS = (
    f"SELECT w.person_id, w.account_id, w.currency, a.balance - {HIDDEN.format('a.id', '')} FROM wallet w JOIN account a ON a.id = w.account_id"
    " WHERE w.person_id BETWEEN ? AND ?"
)
_KINDS = " UNION ALL ".join(f"SELECT '{kind}' AS kind" for kind in sorted({each for kinds in MOTIVES.values() for each in kinds}))
_EACH = f" FROM wallet w CROSS JOIN ({_KINDS}) k"
_AT = "(SELECT u.{} FROM usage u WHERE u.account_id = w.account_id AND u.kind = k.kind{} ORDER BY u.at DESC, u.seq DESC LIMIT 1)"
BEFORE = f"SELECT w.account_id, k.kind, {_AT.format('cum_minor', ' AND u.at <= ?')}{_EACH} WHERE w.person_id BETWEEN ? AND ?"
LATELY = (
    f"SELECT u.account_id, u.kind, u.at, u.cum_minor{_EACH} JOIN usage u ON u.account_id = w.account_id AND u.kind = k.kind AND u.at > ?"
    " WHERE w.person_id BETWEEN ? AND ? ORDER BY u.account_id, u.kind, u.seq"
)
_SUMS = [_AT.format(what, when) for when in ("", " AND u.at <= ?") for what in ("cum_minor", "cum_count")]
YEAR = (
    f"SELECT * FROM (SELECT w.account_id, k.kind, {_SUMS[0]} AS minor, {_SUMS[1]} AS times, {_SUMS[2]} AS before, {_SUMS[3]} AS times_before"
    f"{_EACH} WHERE w.person_id BETWEEN ? AND ?) found WHERE times IS NOT NULL"
)
