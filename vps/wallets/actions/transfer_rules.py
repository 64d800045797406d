"""The company's rules for transfers: written anew and never over, so that the trail and every fee can be followed.

Source: seed on financial operations, "these rules may specify the minimum or maximum amount of the transfer, as well as the fee".
"""

from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import record
from vps.wallets.models.rows import WHOSE
from vps.wallets.models.transfers import Rule, rule_of

HIGHEST = 10_000
"""Basis points of a fee: all of it."""


class LeastOverMost(Refused):
    says = N_("The smallest amount is larger than the largest.")
    field = "most"


class NothingBetween(Refused):
    """Facts: multiple."""

    says = N_("No multiple of %(multiple)s lies between the smallest and the largest amount.")
    field = "multiple"


class FeeEatsIt(Refused):
    """Facts: fee, least (both Money)."""

    says = N_(
        "The fee on the smallest amount, %(least)s, would be %(fee)s: nothing would be left. Please lower the fee or raise the amount."
    )
    field = "fee"


class FeeOverAll(Refused):
    says = N_("A fee is 100 percent at the most.")
    field = "percent"


@action
def set_transfer_rule(kind: str, whose: str, currency: str, rule: Rule, *, actor: Actor, at: datetime) -> bool:
    """Put a rule into force for transfers from wallets of a kind; whether that said anything new.

    Raises NotFound, LeastOverMost, NothingBetween, FeeEatsIt, FeeOverAll.
    """
    if whose not in WHOSE or not one("SELECT 1 FROM wallet_kind WHERE code = ?", kind):
        raise NotFound
    _must_make_sense(rule, currency)
    before = rule_of(kind, whose, currency)
    if rule == before:
        return False
    run(WRITE, kind, whose, currency, *rule, micros(at), actor.person)
    record(
        actor,
        "transfer rule set",
        f"transfer rule:{kind} {whose} {currency}",
        at=at,
        before=said(before, currency),
        after=said(rule, currency),
    )
    return True


def said(rule: Rule, currency: str) -> str:
    """A rule as the trail keeps it."""
    most = "–" if rule.most is None else Money(rule.most, currency)
    how = "on top" if rule.on_top else "out of it"
    least, multiple, fee = (Money(minor, currency) for minor in (rule.least, rule.multiple, rule.fee))
    return f"{least} … {most}, × {multiple}, {fee} + {rule.fee_bp / 100:.2f} % {how}"


def _must_make_sense(rule: Rule, currency: str) -> None:
    least = Money(rule.least, currency)
    if rule.most is not None and rule.most < rule.least:
        raise LeastOverMost
    first = -(-rule.least // rule.multiple) * rule.multiple
    if rule.most is not None and first > rule.most:
        raise NothingBetween(multiple=Money(rule.multiple, currency))
    if rule.fee_bp > HIGHEST:
        raise FeeOverAll
    if rule.costs(least) >= least:
        raise FeeEatsIt(fee=rule.costs(least), least=least)


WRITE = (
    'INSERT INTO transfer_rule (kind, whose, currency, least, most, multiple, fee, fee_bp, on_top, since, "by")'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
