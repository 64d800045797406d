"""What a transfer would be, or what stands in its way: asked by the preview, and again by the same code where it is booked.

Source: seed on financial operations, "these rules may specify the minimum or maximum amount of the transfer, as well as the fee".
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from vps.company.models import company
from vps.company.models.rates import exchanged
from vps.kernel.clock import day_in
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit
from vps.trust.actions.limits import FirstPayee, must_be_within, takes_in
from vps.trust.models import Trusted, in_ours
from vps.wallets.actions.paying import NotThisKind, WalletFrozen
from vps.wallets.actions.transfer_refusals import (
    FeeTooHigh,
    LessThanLeast,
    MoreThanMost,
    NoRecipient,
    NotAMultiple,
    NothingArrives,
    Owing,
    SameWallet,
    TooMuchForThem,
)
from vps.wallets.models import MAIN, Purse, accounts_of, purses
from vps.wallets.models.transfers import Rule, rule_of, sent_to_new

OWN, PARTNER, OFFICE = "own", "partner", "office"


class Planned(NamedTuple):
    """What a transfer would be. `amount` is as typed; `sent` leaves for the other wallet, `fee` for the company, `arrives` gets there."""

    kind: str
    sender: Purse
    receiver: Purse
    amount: Money
    sent: Money
    fee: Money
    arrives: Money
    rate: str

    @property
    def takes(self) -> Money:
        """All that leaves the wallet."""
        return self.sent + self.fee

    @property
    def subject(self) -> str:
        """What is confirmed beside amount and payee; always seven words."""
        sides = f"{self.sender.wallet} {self.receiver.wallet}"
        return f"{sides} {self.sent.minor} {self.fee.minor} {self.arrives.minor} {self.arrives.currency} {self.rate or '-'}"


def plan_transfer(
    sender: Purse, receiver: Purse, amount: Money, *, mine: Sequence[Purse], theirs: Sequence[Purse], at: datetime
) -> Planned:
    """What a transfer would be, or what stands in its way, before anybody is asked for a code; asked again where it is booked.

    `mine` and `theirs` are all wallets of the two. Raises NoRecipient, SameWallet, WalletFrozen, NotThisKind, Owing, LessThanLeast,
    MoreThanMost, NotAMultiple, FeeTooHigh, NoRate, NothingArrives, LimitReached, TooMuchForThem, NotEnoughCredit.
    """
    own = sender.person == receiver.person
    if sender.wallet == receiver.wallet:
        raise SameWallet
    _must_be_able(sender, receiver, mine, own=own)
    whose = OWN if own else PARTNER
    rule = rule_of(sender.kind, whose, sender.currency)
    _must_keep_to(rule, amount)
    fee = rule.costs(amount)
    if fee >= amount:
        raise FeeTooHigh(fee=fee)
    sent = amount if rule.on_top else amount - fee
    arrives, rate = sent, ""
    if sender.currency != receiver.currency:
        change = exchanged(sent, receiver.currency, day=day_in(at, company().zone))
        arrives, rate = change.money, change.rate
        if not arrives.is_positive:
            raise NothingArrives(currency=receiver.currency)
    if not own:
        who = must_be_within(sender.person, accounts_of(mine), "transfer", amount, at=at)
        _must_not_be_new(who, sender.person, receiver.person, amount, at)
        if not takes_in(receiver.person, accounts_of(theirs), "received", arrives, at=at):
            raise TooMuchForThem
    missing = sent + fee - sender.available
    if missing.is_positive:
        raise NotEnoughCredit(available=max(sender.available, Money.zero(sender.currency)), missing=missing)
    return Planned(whose, sender, receiver, amount, sent, fee, arrives, rate)


def receiving(theirs: Sequence[Purse], currency: str) -> Purse:
    """The wallet in which somebody gets what is sent to him in a currency: one of that currency, or his main one. Raises NoRecipient."""
    able = [each for each in theirs if each.receives and not each.frozen]
    same = [each for each in able if each.currency == currency]
    main = [each for each in able if each.kind == MAIN]
    ours = [each for each in main if each.currency == company().currency]
    for found in (*same, *ours, *main):
        return found
    raise NoRecipient


def wallet_among(mine: Sequence[Purse], key: int) -> Purse:
    """A wallet among somebody's open ones. Raises NotFound."""
    found = next((each for each in mine if each.wallet == key), None)
    if found is None:
        raise NotFound
    return found


def plan_between(sender: int, from_wallet: int, recipient: int, to_wallet: int | None, amount: Money, *, at: datetime) -> Planned:
    """`plan_transfer` for two persons by id, as a page previews it; `to_wallet` None: where the recipient gets this currency."""
    return plan_among(purses(*{sender, recipient}), sender, from_wallet, recipient, to_wallet, amount, at)


def plan_among(
    both: Sequence[Purse], sender: int, from_wallet: int, recipient: int, to_wallet: int | None, amount: Money, at: datetime
) -> Planned:
    """`plan_between` with the wallets of both already read."""
    mine = [each for each in both if each.person == sender]
    theirs = [each for each in both if each.person == recipient]
    if sender != recipient and one(CLOSED, recipient):
        raise NoRecipient
    origin = wallet_among(mine, from_wallet)
    to = receiving(theirs, origin.currency) if to_wallet is None else next((each for each in theirs if each.wallet == to_wallet), None)
    if to is None:
        raise NoRecipient
    return plan_transfer(origin, to, amount, mine=mine, theirs=theirs, at=at)


def _must_be_able(sender: Purse, receiver: Purse, mine: Sequence[Purse], *, own: bool) -> None:
    if sender.frozen:
        raise WalletFrozen
    if not sender.sends:
        raise NotThisKind
    if not receiver.receives or receiver.frozen:
        raise NotThisKind if own else NoRecipient
    short = next((each.shortfall for each in mine if each.shortfall.is_positive and each.wallet != receiver.wallet), None)
    if short:
        raise Owing(shortfall=short)


def _must_keep_to(rule: Rule, amount: Money) -> None:
    if amount.minor < rule.least:
        raise LessThanLeast(least=Money(rule.least, amount.currency))
    if rule.most is not None and amount.minor > rule.most:
        raise MoreThanMost(most=Money(rule.most, amount.currency))
    if amount.minor % rule.multiple:
        raise NotAMultiple(multiple=Money(rule.multiple, amount.currency))


def _must_not_be_new(who: Trusted, sender: int, recipient: int, amount: Money, at: datetime) -> None:
    if not who.in_force or who.level.first_payee is None:
        return
    before = sent_to_new(sender, recipient, at)
    if before is None:
        return
    limit = Money(who.level.first_payee, company().currency)
    used = sum((in_ours(each, at) for each in before), start=Money.zero(limit.currency))
    if used + in_ours(amount, at) > limit:
        raise FirstPayee(limit=limit, left=max(limit - used, Money.zero(limit.currency)))


CLOSED = (
    "SELECT 1 FROM person p WHERE p.id = ? AND (p.closed_at IS NOT NULL OR p.number IS NULL"
    " OR EXISTS (SELECT 1 FROM wallet_freeze f WHERE f.person_id = p.id AND f.lifted_at IS NULL))"
)
