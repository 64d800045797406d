"""Money goes from one wallet to another: one's own, or another partner's. One core plans and books; whoever previews asks the same code.

Source: seed VPS, "A partner transfers VPS value to another partner"; seed on financial operations, transfers within the system.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from vps.company.models import company
from vps.company.models.rates import exchanged
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account, record, voucher
from vps.security.actions import ByTan
from vps.trust.actions.limits import FirstPayee, must_be_within, takes_in
from vps.trust.models import Trusted, in_ours
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.paying import NotThisKind, WalletFrozen, accounts
from vps.wallets.models import MAIN, Purse, locked_purses, purses
from vps.wallets.models.transfers import Rule, rule_of, sent_to_new, transfer_by_key

KIND = "transfer"
"""The kind of intent and of voucher, and the motive between partners."""
OWN, PARTNER, OFFICE = "own", "partner", "office"


class NoRecipient(Refused):
    """The same for somebody who is not there, is closed or frozen, or cannot receive: nothing can be found out by trying."""

    says = N_("No partner who can receive this was found. Please check what you typed.")
    field = "recipient"


class SameWallet(Refused):
    says = N_("That is the wallet it comes from. Nothing was moved.")
    field = "recipient"


class ToYourself(Refused):
    says = N_("That is you. To move something between your own wallets, choose the wallet.")
    field = "recipient"


class TooMuchForThem(Refused):
    says = N_("This partner cannot receive that much at present. Nothing was moved.")
    field = "amount"


class Owing(Refused):
    """Facts: shortfall."""

    says = N_(
        "%(shortfall)s is missing in your wallet because a booking was corrected. Until that is repaid, nothing can be sent or paid out."
    )


class LessThanLeast(Refused):
    """Facts: least."""

    says = N_("The smallest transfer is %(least)s.")
    field = "amount"


class MoreThanMost(Refused):
    """Facts: most."""

    says = N_("The largest transfer is %(most)s.")
    field = "amount"


class NotAMultiple(Refused):
    """Facts: multiple."""

    says = N_("Only multiples of %(multiple)s can be transferred.")
    field = "amount"


class FeeTooHigh(Refused):
    """Facts: fee."""

    says = N_("The fee would be %(fee)s, which is not less than the amount. Please choose a larger amount.")
    field = "amount"


class NothingArrives(Refused):
    """Facts: currency."""

    says = N_("This is so little that nothing of it would arrive in %(currency)s.")
    field = "amount"


class Changed(Refused):
    says = N_("Meanwhile the fee or the exchange rate has changed. Nothing was moved; please look at it again.")
    status = 409


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
        """What is confirmed beside amount and payee."""
        return f"{self.sender.wallet} {self.receiver.wallet} {self.fee.minor} {self.arrives.minor} {self.arrives.currency}"


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
        who = must_be_within(sender.person, accounts(mine), KIND, amount, at=at)
        _must_not_be_new(who, sender.person, receiver.person, amount, at)
        if not takes_in(receiver.person, accounts(theirs), "received", arrives, at=at):
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
    return _plan(purses(*{sender, recipient}), sender, from_wallet, recipient, to_wallet, amount, at)


@action
def make_transfer(
    key: str,
    *,
    sender: int,
    from_wallet: int,
    recipient: int,
    to_wallet: int | None,
    amount: Money,
    message: str = "",
    expected: str | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Plan once more with both persons' wallets locked, book, and answer the transfer's id; the same key again finds it.

    `expected` is the subject that was confirmed. Raises Changed, and what `plan_transfer` raises.
    """
    done = transfer_by_key(key)
    if done:
        return done
    both = locked_purses(*{sender, recipient})
    planned = _plan(both, sender, from_wallet, recipient, to_wallet, amount, at)
    if expected is not None and planned.subject != expected:
        raise Changed
    return book_transfer(key, planned, message=message, actor=actor, at=at, both=both)


@action
def transfer(*, authorisation: ByTan, recipient: int, message: str = "", at: datetime) -> int:
    """Make the transfer that was confirmed by a code, and answer its id; a resend finds the one that the first made."""
    shown, person = authorisation.snapshot, authorisation.actor.person
    assert shown.kind == KIND and shown.amount is not None and person is not None
    key = f"code:{shown.nonce}"
    done = transfer_by_key(key)
    if done:
        return done
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    from_wallet, to_wallet = (int(part) for part in shown.subject.split(" ")[:2])
    facts: dict[str, Any] = {"from_wallet": from_wallet, "to_wallet": to_wallet, "amount": shown.amount, "expected": shown.subject}
    return make_transfer(key, sender=person, recipient=recipient, message=message, actor=authorisation.actor, at=at, **facts)


def book_transfer(
    key: str,
    planned: Planned,
    *,
    message: str = "",
    reason: str = "",
    kind: str | None = None,
    actor: Actor,
    at: datetime,
    both: Sequence[Purse],
) -> int:
    """Book what was planned and write it down, inside the caller's transaction."""
    sender, receiver, day = planned.sender, planned.receiver, day_in(at, company().zone)
    paper = voucher(KIND, key, day=day, text=message, by=actor.person)
    motive = "move" if planned.kind == OWN else KIND
    common: dict[str, Any] = {"voucher": paper, "at": at, "actor": actor, "value_date": day}
    arrival = None
    if planned.rate:
        out = company_account("exchange", sender.currency)
        left = book(key=f"transfer:{key}", motive=motive, debit=sender.account, credit=out, amount=planned.sent, **common)
        out = company_account("exchange", receiver.currency)
        arrival = book(key=f"transfer:{key}:in", motive=motive, debit=out, credit=receiver.account, amount=planned.arrives, **common)
    else:
        left = book(key=f"transfer:{key}", motive=motive, debit=sender.account, credit=receiver.account, amount=planned.sent, **common)
    charged = _charge(key, planned, common)
    made = insert(
        MAKE,
        *(key, kind or planned.kind, sender.person, receiver.person, sender.account, receiver.account, planned.sent.minor),
        *(sender.currency, planned.fee.minor, planned.arrives.minor, receiver.currency, planned.rate, message, reason, micros(at)),
        *(left.id, arrival.id if arrival else None, charged.id if charged else None),
    )
    record(actor, "transferred", f"transfer:{made}", at=at, after=str(planned.sent))
    _settle(planned, both, at)
    _tell(planned, motive, left, arrival or left, at)
    return made


def _charge(key: str, planned: Planned, common: dict[str, Any]) -> Booked | None:
    if not planned.fee.is_positive:
        return None
    fees, wallet = company_account("fees", planned.fee.currency), planned.sender.account
    return book(key=f"transfer:{key}:fee", motive="fee", debit=wallet, credit=fees, amount=planned.fee, **common)


def _settle(planned: Planned, both: Sequence[Purse], at: datetime) -> None:
    # What was held of the sender may be free now that he has less; the receiver takes in nothing that would have to be held.
    if planned.kind == PARTNER and any(each.reserved for each in both if each.person == planned.sender.person):
        settle_excess([each for each in both if each.person == planned.sender.person], at=at)


def _tell(planned: Planned, motive: str, left: Booked, arrived: Booked, at: datetime) -> None:
    if planned.kind == OWN:
        return
    sender, receiver = planned.sender, planned.receiver
    tell_of(sender.person, left, planned.sent, motive=motive, incoming=False, threshold=sender.tell_from, at=at)
    tell_of(receiver.person, arrived, planned.arrives, motive=motive, incoming=True, threshold=receiver.tell_from, at=at)


def _plan(
    both: Sequence[Purse], sender: int, from_wallet: int, recipient: int, to_wallet: int | None, amount: Money, at: datetime
) -> Planned:
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
MAKE = (
    "INSERT INTO transfer (key, kind, sender_id, recipient_id, debit_id, credit_id, amount, currency, fee, got, got_currency, rate, message,"
    " reason, made_at, booking, arrival, fee_booking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
