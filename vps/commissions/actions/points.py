"""Saying what a point is worth in a currency. Nothing is overwritten: what is written last counts on its days."""

from datetime import date, datetime
from fractions import Fraction

from vps.commissions.models.rows import PointRate
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.cells import WrongCurrency
from vps.kernel.database import action, one
from vps.kernel.rates import NANO, must_be_rate, plain_rate
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record


class EndsTooEarly(Refused):
    says = N_("The last day is before the first.")
    field = "valid_to"


@action
def set_point_value(currency: str, nano: int, *, valid_from: date, valid_to: date | None = None, actor: Actor, at: datetime) -> bool:
    """One point is worth so many billionths of a major unit, on all days from `valid_from` on, until `valid_to` or until further notice.

    Whether that said anything new. Raises WrongCurrency, RateOfZero, RateTooHigh, EndsTooEarly.
    """
    if currency not in company().kept_in:
        raise WrongCurrency
    must_be_rate(nano)
    if valid_to and valid_to < valid_from:
        raise EndsTooEarly
    days = valid_from.isoformat(), valid_to.isoformat() if valid_to else None
    before = one(COUNTS, currency, days[0], days[0])
    if before and (before[0], before[1], before[2]) == (nano, *days):
        return False
    PointRate.create(currency=currency, nano=nano, valid_from=valid_from, valid_to=valid_to, set_at=at, set_by=actor.person)
    now = f"{plain_rate(Fraction(nano, NANO))} {days[0]} – {days[1] or ''}".rstrip()
    record(actor, "point value set", f"points:{currency}", at=at, before=plain_rate(Fraction(before[0], NANO)) if before else "", after=now)
    return True


COUNTS = (
    "SELECT nano, valid_from, valid_to FROM point_rate WHERE currency = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)"
    " ORDER BY id DESC LIMIT 1"
)
