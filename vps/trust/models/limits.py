"""How much is left of a limit: moving windows over all wallets of a person, at flat cost.

The ledger writes running sums with every booking; a window is the difference of two rows, however long the history is.
Source: RECIPES R8; the issue's "the cost of a check is flat".
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate, estimate
from vps.kernel.clock import day_in, instant, micros, midnight
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.ledger.models import HIDDEN
from vps.trust.models.levels import IN, MOTIVES, Rule, all_rules, rules_of, trusted

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
SPANS = {"day": DAY, "month": MONTH}
BALANCE = "balance"
"""The window of a room that is about what may be there at once, not about what moves."""

Accounts = Sequence[tuple[int, str]]
"""Ledger accounts of one person's wallets, with their currencies."""


class Room(NamedTuple):
    """What is left of one rule now, in the company's currency. `left` and `limit` None: the sum is not limited."""

    rule: Rule
    limit: Money | None
    left: Money | None
    times_left: int | None
    used: Money
    frees: datetime | None
    """When the oldest movement leaves a moving window, or a new year begins, where `freeing` looked it up; None for a single movement or
    where nothing was moved."""


class Used(NamedTuple):
    """What was moved within a window."""

    minor: int
    times: int


def rooms(accounts: Accounts, rules: Sequence[Rule], at: datetime) -> list[Room]:
    """What is left of each rule, in one question for all of them; when more becomes free is asked with `freeing` by who tells somebody."""
    ours = company().currency
    windows = {(rule.kind, rule.window) for rule in rules if rule.window != "each"}
    used = _used(accounts, windows, at) if windows else {}
    return [_room(rule, used.get((rule.kind, rule.window), Used(0, 0)), ours) for rule in rules]


def freeing(accounts: Accounts, found: Sequence[Room], at: datetime) -> list[Room]:
    """The same rooms with the moment at which more becomes free, in one more question for all of them."""
    asked = [room.rule for room in found if room.rule.window in SPANS and room.used.minor]
    slots = [(rule, account, motive) for rule in asked for account, _ in accounts for motive in MOTIVES[rule.kind]]
    values = [value for tag, (rule, account, motive) in enumerate(slots) for value in (tag, account, motive, start_of(rule.window, at))]
    oldest: dict[Rule, int] = {}
    for tag, moved in rows(_union([OLDEST] * len(slots)), *values) if slots else ():
        rule = slots[tag][0]
        oldest[rule] = min(moved, oldest.get(rule, moved))
    return [room._replace(frees=_frees(room, oldest.get(room.rule), at)) for room in found]


def tightest(found: Sequence[Room]) -> Room | None:
    """Of several rooms the one that leaves the least now; None where nothing is limited."""
    bound = [room for room in found if room.left is not None or room.times_left == 0]
    return min(bound, key=lambda room: 0 if room.times_left == 0 or room.left is None else room.left.minor, default=None)


def allowance(person: int, accounts: Accounts, at: datetime) -> list[Room]:
    """All that a person's level and exceptions say, with what is left of each and when more becomes free. Raises NoRate."""
    if not accounts:
        return []
    who = trusted(person, at)
    found = freeing(accounts, rooms(accounts, all_rules(person, who, at), at), at)
    return found + _up_to(who.level.most_balance, accounts, at)


def room_for(person: int, accounts: Accounts, kind: str, at: datetime) -> Room | None:
    """The tightest of what limits a movement of this kind now; None where nothing does, or where no rate tells how much was moved.

    Of money in, which is never refused: how much may come before some of it is held.
    """
    who = trusted(person, at)
    if not who.in_force or not accounts:
        return None
    kinds = (kind, "income") if kind == "top-up" else (kind,)
    wanted = tuple(rule for each in kinds for rule in rules_of(person, who, each, at) if kind not in IN or rule.window != "each")
    try:
        found = rooms(accounts, wanted, at) + (_up_to(who.level.most_balance, accounts, at) if kind in IN else [])
    except NoRate:
        return None
    least = tightest(found)
    return freeing(accounts, [least], at)[0] if least else None


def start_of(window: str, at: datetime) -> int:
    """The moment (microseconds) after which movements count."""
    if window == "year":
        zone = company().zone
        return micros(midnight(day_in(at, zone).replace(month=1, day=1), zone)) - 1
    return micros(at - SPANS[window])


def last_moved(accounts: Accounts, kind: str) -> datetime | None:
    """When something of this kind moved last."""
    found = rows(_union([LAST_AT] * len(accounts) * len(MOTIVES[kind])), *(v for a, _ in accounts for u in MOTIVES[kind] for v in (a, u)))
    return instant(max(at for (at,) in found)) if found else None


def _room(rule: Rule, used: Used, currency: str) -> Room:
    used = Used(max(0, used.minor), max(0, used.times))  # what was given back within a window makes no room for more
    left = None if rule.most is None else Money(max(0, rule.most - used.minor), currency)
    limit = None if rule.most is None else Money(rule.most, currency)
    times_left = None if rule.times is None else max(0, rule.times - used.times)
    return Room(rule, limit, left, times_left, Money(used.minor, currency), None)


def _up_to(most: int | None, accounts: Accounts, at: datetime) -> list[Room]:
    """The highest balance as one more room."""
    if most is None:
        return []
    balance = balance_of(accounts, at)
    return [_room(Rule("income", BALANCE, most), Used(balance.minor, 0), balance.currency)]


def question(accounts: Accounts, windows: set[tuple[str, str]], at: datetime) -> tuple[str, list[object], list[tuple[str, str, str]]]:
    """The one statement that reads all windows, with its values; and what each tag of its rows, halved, is about: kind, window, currency.

    One branch for each running sum's newest row, and one for the row each window begins after: keyed look-ups, no SUM.
    """
    parts: list[str] = []
    values: list[object] = []
    slots: list[tuple[str, str, str]] = []
    for account, currency in accounts:
        for kind, window in sorted(windows):
            start = start_of(window, at)
            for motive in MOTIVES[kind]:
                parts += [NEWEST, BEFORE]
                values += [2 * len(slots), account, motive, 2 * len(slots) + 1, account, motive, start]
                slots.append((kind, window, currency))
    return _union(parts), values, slots


def _used(accounts: Accounts, windows: set[tuple[str, str]], at: datetime) -> dict[tuple[str, str], Used]:
    sql, values, slots = question(accounts, windows, at)
    minors: dict[tuple[str, str, str], int] = defaultdict(int)
    times: dict[tuple[str, str], int] = defaultdict(int)
    for tag, minor, count in rows(sql, *values):
        slot, sign = slots[tag // 2], -1 if tag % 2 else 1
        minors[slot] += sign * minor
        times[slot[:2]] += sign * count
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (kind, window, currency), minor in minors.items():
        sums[kind, window] += in_ours(Money(minor, currency), at).minor
    return {what: Used(minor, times[what]) for what, minor in sums.items()}


def in_ours(amount: Money, at: datetime) -> Money:
    """An amount in the company's currency, in which limits are written, by today's rate. Raises NoRate."""
    ours = company()
    if amount.currency == ours.currency or not amount.minor:
        return Money(amount.minor, ours.currency)
    found = estimate(amount, ours.currency, day_in(at, ours.zone))
    if found is None:
        raise NoRate(base=amount.currency, quote=ours.currency, day=day_in(at, ours.zone))
    return found


def _frees(room: Room, oldest: int | None, at: datetime) -> datetime | None:
    if room.rule.window == "year" and room.used.minor:
        zone = company().zone
        return midnight(day_in(at, zone).replace(month=1, day=1, year=day_in(at, zone).year + 1), zone)
    return None if oldest is None else instant(oldest) + SPANS[room.rule.window]


def balance_of(accounts: Accounts, at: datetime) -> Money:
    """What a person has in all wallets together, in the company's currency."""
    sums = Money.zero(company().currency)
    for minor, currency in rows(BALANCES.format(", ".join("?" * len(accounts))), *(account for account, _ in accounts)):
        sums += in_ours(Money(minor, currency), at)
    return sums


def _union(parts: list[str]) -> str:
    return " UNION ALL ".join(f"SELECT * FROM ({part}) AS p{n}" for n, part in enumerate(parts))


NEWEST = "SELECT CAST(? AS bigint) AS tag, cum_minor, cum_count FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
BEFORE = "SELECT CAST(? AS bigint), cum_minor, cum_count FROM usage WHERE account_id = ? AND kind = ? AND at <= ? ORDER BY at DESC, seq DESC LIMIT 1"
OLDEST = "SELECT CAST(? AS bigint) AS tag, at FROM usage WHERE account_id = ? AND kind = ? AND at > ? ORDER BY at, seq LIMIT 1"
LAST_AT = "SELECT at FROM usage WHERE account_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
BALANCES = f"SELECT a.balance - {HIDDEN.format('a.id', '')}, a.currency FROM account a WHERE a.id IN ({{}})"
