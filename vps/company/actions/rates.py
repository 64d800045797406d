"""Putting rates of exchange into force, one by hand or many from a file. Nothing is overwritten: what is written last counts."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from vps.company.models.rates import SOURCES, NewRate
from vps.company.models.settings import company
from vps.kernel.authorisation import Actor
from vps.kernel.cells import currency
from vps.kernel.clock import micros
from vps.kernel.database import action, one, rows, run
from vps.kernel.rates import NANO, must_be_rate, parse_rate, plain_rate
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record

PUBLISHED = "ecb"
"""The source that says from when a rate holds, but not until when."""


class SameCurrency(Refused):
    says = N_("A rate is between two different currencies.")
    field = "quote"


class EndsBeforeItBegins(Refused):
    says = N_("The last day is before the first.")
    field = "valid_to"


class Imported(NamedTuple):
    """What an import did, or would do: which rates are new, and how many were known."""

    new: tuple[NewRate, ...]
    known: int


@action
def set_rate(
    base: str,
    quote: str,
    rate: str | int,
    *,
    valid_from: date,
    valid_to: date | None = None,
    source: str = "hand",
    actor: Actor,
    at: datetime,
) -> bool:
    """Put one rate into force: its text as machines write it ('117.25'), or its billionths. Whether that said anything new.

    Opens no books. Raises what `kernel.rates` raises, WrongCurrency, SameCurrency, EndsBeforeItBegins.
    """
    nano = parse_rate(rate) if isinstance(rate, str) else must_be_rate(rate)
    asked = checked(NewRate(base, quote, nano, valid_from, valid_to))
    before = one(IN_FORCE, base, quote, valid_from.isoformat(), valid_from.isoformat())
    done = import_rates([asked], source=source, actor=actor, at=at, told=False)
    if done.new:
        was = plain_rate(Fraction(before[0], NANO)) if before else ""
        now = f"{plain_rate(Fraction(nano, NANO))} {valid_from} – {valid_to or ''}".rstrip()
        record(actor, "rate set", f"rate:{base}/{quote}", at=at, before=was, after=now)
    return bool(done.new)


@action
def import_rates(asked: Sequence[NewRate], *, source: str, actor: Actor, at: datetime, told: bool = True) -> Imported:
    """Put all of these rates into force that are not known yet, earlier days first, so that a later day's rate counts on its days.

    A published rate holds for the days of the setting `rate_days`, but never into the days of one that begins later: the file of last
    month, read today, leaves today's rates alone.
    """
    assert source in SOURCES
    done = compared(asked, source=source)
    for rate in done.new:
        days = rate.valid_from.isoformat(), rate.valid_to.isoformat() if rate.valid_to else None
        run(INSERT, rate.base, rate.quote, rate.nano, *days, source, micros(at), actor.person)
    if done.new and told:
        record(actor, "rates imported", f"rates:{source}", at=at, after=str(len(done.new)))
    return done


def compared(asked: Sequence[NewRate], *, source: str) -> Imported:
    """What `import_rates` would do. Writes nothing."""
    wanted = sorted(map(checked, asked), key=lambda rate: rate.valid_from)
    there = _there(wanted[0].valid_from) if wanted else []
    if source == PUBLISHED:
        known = {(base, quote, begins): nano for base, quote, nano, begins, _, written_as in there if written_as == PUBLISHED}
        new = [rate for rate in wanted if known.get((rate.base, rate.quote, rate.valid_from)) != rate.nano]
        return Imported(tuple(_until_the_next(new, there)), len(wanted) - len(new))
    same = {(base, quote, begins, ends): nano for base, quote, nano, begins, ends, _ in there}
    new = [rate for rate in wanted if same.get((rate.base, rate.quote, rate.valid_from, rate.valid_to)) != rate.nano]
    return Imported(tuple(new), len(wanted) - len(new))


def checked(rate: NewRate) -> NewRate:
    """The same rate; raises WrongCurrency, SameCurrency, EndsBeforeItBegins, RateOfZero or RateTooHigh."""
    currency(rate.base), currency(rate.quote), must_be_rate(rate.nano)
    if rate.base == rate.quote:
        raise SameCurrency
    if rate.valid_to and rate.valid_to < rate.valid_from:
        raise EndsBeforeItBegins
    return rate


def _until_the_next(new: list[NewRate], there: list[Any]) -> Iterator[NewRate]:
    lasting = timedelta(days=company().rate_days - 1)
    begins: dict[tuple[str, str], list[date]] = {}
    for base, quote, first in sorted({*((row[0], row[1], row[3]) for row in there), *((*rate[:2], rate.valid_from) for rate in new)}):
        begins.setdefault((base, quote), []).append(first)
    for rate in new:
        days = begins[rate.base, rate.quote]
        following = bisect_right(days, rate.valid_from)
        ends = [rate.valid_from + lasting, *(day - timedelta(days=1) for day in days[following : following + 1])]
        yield rate._replace(valid_to=min(ends))


def _there(since: date) -> list[Any]:
    found = rows(THERE, since.isoformat())
    return [(*row[:3], date.fromisoformat(row[3]), row[4] and date.fromisoformat(row[4]), row[5]) for row in found]


INSERT = "INSERT INTO rate (base, quote, nano, valid_from, valid_to, source, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
THERE = "SELECT base, quote, nano, valid_from, valid_to, source FROM rate WHERE valid_from >= ? ORDER BY id"
IN_FORCE = """
SELECT nano FROM rate WHERE base = ? AND quote = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id DESC LIMIT 1
"""
