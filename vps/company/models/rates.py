"""What one currency is worth in another, from a day on; append-only: the row that was written last and holds on a day counts.

A pair is known by its own rates, in either direction, or over a third currency: the company's own, or else the euro, which the
rates of the European Central Bank are in. There and back are always the same fraction.
"""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from peewee import BigIntegerField, Check, TextField

from vps.company.models.settings import company
from vps.kernel.amounts import MOST as MOST_MINOR
from vps.kernel.amounts import TooMuch
from vps.kernel.clock import instant
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.rates import MOST, NANO, Exchanged, converted
from vps.kernel.refusals import N_, Refused
from vps.kernel.rows import Day, Instant, Row

SOURCES = ("hand", "csv", "ecb")
"""Typed in the office, read from a CSV, read from the file of the European Central Bank."""


class NoRate(Refused):
    """Facts: base, quote, day."""

    says = N_("There is no exchange rate from %(base)s to %(quote)s for %(day)s. Please ask the office. Nothing was booked.")


class Rate(Row):
    """One major unit of `base` is `nano` billionths of a major unit of `quote`, on all days from `valid_from` to `valid_to`, which may be open."""

    base = TextField(constraints=[Check("length(base) = 3")])
    quote = TextField(constraints=[Check("length(quote) = 3")])
    nano = BigIntegerField(constraints=[Check(f"nano BETWEEN 1 AND {MOST}")])
    valid_from = Day(constraints=[Check("length(valid_from) = 10")])
    valid_to = Day(null=True)
    source = TextField(constraints=[Check(f"source IN ({', '.join(map(repr, SOURCES))})")])
    set_at = Instant()
    set_by = BigIntegerField(null=True)

    class Meta:
        immutable = True
        indexes = ((("base", "quote", "id"), False),)
        constraints = (Check("base <> quote"), Check("valid_to IS NULL OR valid_to >= valid_from"))


class NewRate(NamedTuple):
    """A rate that may be put into force: one major unit of `base` is `nano` billionths of one of `quote`. `valid_to` None: until further notice."""

    base: str
    quote: str
    nano: int
    valid_from: date
    valid_to: date | None = None

    @property
    def rate(self) -> Fraction:
        return Fraction(self.nano, NANO)


class KnownRate(NamedTuple):
    """A rate as it was written down."""

    id: int
    base: str
    quote: str
    nano: int
    valid_from: date
    valid_to: date | None
    source: str
    set_at: datetime
    set_by: int | None

    @property
    def rate(self) -> Fraction:
        return Fraction(self.nano, NANO)


def rates_in_force(day: date) -> list[KnownRate]:
    """What counts on a day: of each pair one rate, whichever direction was written last. What it costs does not grow with the history."""
    on = day.isoformat()
    newest = {frozenset(rate[1:3]): rate for rate in sorted(_known(rows(ALL_NEWEST, on, on)))}
    return sorted(newest.values(), key=lambda rate: (rate.base, rate.quote))


def history_of(base: str, quote: str, *, before: int | None, limit: int) -> list[KnownRate]:
    """Every rate between two currencies, in either direction, the one written last first."""
    upto = before or 2**63 - 1
    return _known(rows(HISTORY, base, quote, upto, limit, quote, base, upto, limit, limit))


def rate_on(base: str, quote: str, day: date) -> Fraction | None:
    """Major units of `quote` for one of `base`, exactly; None where nothing says it for that day. One look-up, whatever the history."""
    if base == quote:
        return Fraction(1)
    thirds = (company().currency, "EUR")
    asked = [pair for one, two in _legs(base, quote, thirds) for pair in ((one, two), (two, one))]
    on = day.isoformat()
    return crossed(base, quote, thirds, rows(NEWEST, *(value for pair in asked for value in (*pair, on, on))))


def exchanged(amount: Money, into: str, *, day: date) -> Exchanged:
    """An amount in another currency, rounded towards zero, with the rate and what rounding left over.

    Raises NoRate; kernel.amounts.TooMuch where the sum is larger than one booking may be.
    """
    rate = rate_on(amount.currency, into, day)
    if rate is None:
        raise NoRate(base=amount.currency, quote=into, day=day)
    done = converted(amount, into, rate)
    if done.money.minor > MOST_MINOR:
        raise TooMuch(most=Money(MOST_MINOR, into))
    return done


def needed(amount: Money, out_of: str, *, day: date) -> tuple[Money, str]:
    """The least in another currency that is worth this amount, rounded up: what is owed is reached; and that rate, for one of the amount's.

    Raises NoRate; kernel.amounts.TooMuch where the sum is larger than one booking may be.
    """
    rate = rate_on(amount.currency, out_of, day)
    if rate is None:
        raise NoRate(base=amount.currency, quote=out_of, day=day)
    done = converted(amount, out_of, rate)
    least = Money(done.money.minor + (1 if done.rest else 0), out_of)
    if least.minor > MOST_MINOR:
        raise TooMuch(most=Money(MOST_MINOR, out_of))
    return least, done.rate


def estimate(amount: Money, into: str, day: date) -> Money | None:
    """About what an amount, or a debt, is in another currency; None without a rate. For totals that nobody books."""
    rate = rate_on(amount.currency, into, day)
    if rate is None:
        return None
    about = converted(abs(amount), into, rate).money
    return -about if amount.minor < 0 else about


def crossed(base: str, quote: str, thirds: Iterable[str], found: Iterable[Any]) -> Fraction | None:
    """The rate that follows from the rows (id, base, quote, nano) in force: the pair's own, or over the first third currency that has both."""
    # Whichever direction of a pair was written last counts for both.
    newest = {frozenset((one, two)): (one, Fraction(nano, NANO)) for _, one, two, nano in sorted(found)}

    def leg(one: str, two: str) -> Fraction | None:
        known = newest.get(frozenset((one, two)))
        return None if known is None else known[1] if known[0] == one else 1 / known[1]

    if own := leg(base, quote):
        return own
    for third in thirds:
        if (to := leg(base, third)) and (onward := leg(third, quote)):
            return to * onward
    return None


def _legs(base: str, quote: str, thirds: Iterable[str]) -> list[tuple[str, str]]:
    return [(base, quote), *(leg for third in thirds for leg in ((base, third), (third, quote)))]


def _known(found: list[Any]) -> list[KnownRate]:
    return [
        KnownRate(key, base, quote, nano, _day(begins), _day(ends) if ends else None, source, instant(at), by)
        for key, base, quote, nano, begins, ends, source, at, by in found
    ]


def _day(text: str) -> date:
    return date.fromisoformat(text)


_ONE = "(SELECT id FROM rate WHERE base = ? AND quote = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id DESC LIMIT 1)"
NEWEST = f"SELECT id, base, quote, nano FROM rate WHERE id IN ({', '.join([_ONE] * 10)})"
"""Of each pair in both directions, and of its legs over both third currencies, the row that counts on a day."""
ALL_NEWEST = """
WITH RECURSIVE pair(base, quote) AS (
  SELECT base, quote FROM (SELECT base, quote FROM rate ORDER BY base, quote LIMIT 1) AS first
  UNION ALL
  SELECT n.base, n.quote FROM pair p JOIN rate n
    ON n.id = (SELECT m.id FROM rate m WHERE (m.base, m.quote) > (p.base, p.quote) ORDER BY m.base, m.quote, m.id LIMIT 1)
)
SELECT r.id, r.base, r.quote, r.nano, r.valid_from, r.valid_to, r.source, r.set_at, r.set_by FROM pair p JOIN rate r
  ON r.id = (SELECT m.id FROM rate m WHERE m.base = p.base AND m.quote = p.quote AND m.valid_from <= ?
             AND (m.valid_to IS NULL OR m.valid_to >= ?) ORDER BY m.id DESC LIMIT 1)
"""
"""Steps from pair to pair along the index, instead of reading every rate there ever was."""
_OF_PAIR = """
SELECT * FROM (SELECT id, base, quote, nano, valid_from, valid_to, source, set_at, set_by FROM rate
               WHERE base = ? AND quote = ? AND id < ? ORDER BY id DESC LIMIT ?) AS part
"""
HISTORY = f"{_OF_PAIR} UNION ALL {_OF_PAIR} ORDER BY id DESC LIMIT ?"
