"""Amounts beside the caps and minimums of the company's settings, which are in minor units of its own currency."""

from datetime import datetime

from vps.company.models import company
from vps.company.models.rates import NoRate, exchanged
from vps.kernel.amounts import MOST, TooMuch
from vps.kernel.clock import day_in
from vps.kernel.money import Money


def in_ours(amount: Money | None, at: datetime) -> int:
    """An amount in minor units of the company's currency, by today's rate and rounded up.

    As much as there can be where there is none, or no rate: then the strictest answer holds.
    """
    ours = company()
    if amount is None:
        return MOST
    if amount.currency == ours.currency:
        return amount.minor
    try:
        found = exchanged(amount, ours.currency, day=day_in(at, ours.zone))
    except (NoRate, TooMuch):
        return MOST
    return found.money.minor + bool(found.rest)
