"""Whether somebody else of the office is needed. The one place that says so: rights and approvals that are to come change only this.

Source: the issue on wallets, "four eyes above the company's threshold"; SECURITY, four eyes.
"""

from datetime import datetime

from vps.company.models import company
from vps.company.models.rates import estimate
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused

TRANSFER, REVERSAL, REFUND = "transfer", "reversal", "refund"
WHAT = (TRANSFER, REVERSAL, REFUND)
"""What the office does that may take two."""


class NotYourOwn(Refused):
    says = N_("Nobody of the office moves money of his own wallets here. A colleague does it.")
    status = 403


class TakesAnother(Refused):
    says = N_("You asked for this yourself. Somebody else of the office approves it.")
    status = 403


def needs_second(actor: Actor, amount: Money, *, what: str, at: datetime) -> bool:
    """Whether what this colleague asks for waits until another one approves it: from the company's threshold on.

    An amount in another currency is compared by today's rate; without one nobody can say that it is small.
    """
    assert actor.person is not None and what in WHAT
    ours = company()
    worth = amount if amount.currency == ours.currency else estimate(amount, ours.currency, day_in(at, ours.zone))
    return worth is None or worth.minor >= ours.four_eyes_from


def must_be_second(actor: Actor, asked_by: int) -> None:
    """Raise TakesAnother for whoever asked himself."""
    if actor.person == asked_by:
        raise TakesAnother


def must_be_nobody_of(actor: Actor, *people: int | None) -> None:
    """Raise NotYourOwn for whoever is one of the partners it is about."""
    if actor.person in people:
        raise NotYourOwn
