"""Money goes from one wallet to another: one's own, or another partner's. What was planned is planned once more, and booked.

Source: seed VPS, "A partner transfers VPS value to another partner"; seed on financial operations, transfers within the system.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert
from vps.kernel.money import Money
from vps.ledger.actions import Booked, book, company_account, record, voucher
from vps.security.actions import ByTan
from vps.wallets.actions.confirmed import Agreed, agreed
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.planning import OWN, PARTNER, Planned, plan_among
from vps.wallets.actions.transfer_refusals import Changed
from vps.wallets.models import Purse, locked_purses
from vps.wallets.models.transfers import transfer_by_key
from vps.wallets.watching import watch_inflow, watch_outflow

KIND = "transfer"
"""The kind of intent and of voucher, and the motive between partners."""


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
    planned = plan_among(both, sender, from_wallet, recipient, to_wallet, amount, at)
    if expected is not None and planned.subject != expected:
        raise Changed
    return book_transfer(key, planned, message=message, actor=actor, at=at, both=both)


@action
def transfer(*, authorisation: ByTan, at: datetime) -> int:
    """Make the transfer that was confirmed by a code, and answer its id; a resend finds the one that the first made."""
    shown, person = authorisation.snapshot, authorisation.actor.person
    assert shown.kind == KIND and shown.amount is not None and person is not None
    key = f"code:{shown.nonce}"
    done = transfer_by_key(key)
    if done:
        return done
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    what = agreed(shown.subject, shown.amount)
    return make_agreed(key, what, shown.amount, message=what.rest, actor=authorisation.actor, at=at)


def make_agreed(key: str, what: Agreed, amount: Money, *, message: str, actor: Actor, at: datetime) -> int:
    """Make what was confirmed; the caller has used up its code in the same transaction."""
    assert actor.person is not None
    facts: dict[str, Any] = {"from_wallet": what.from_wallet, "to_wallet": what.to_wallet, "amount": amount, "expected": what.expected}
    return make_transfer(key, sender=actor.person, recipient=what.recipient, message=message, actor=actor, at=at, **facts)


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
    _watch(planned, left, arrival or left, at)
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


def _watch(planned: Planned, left: Booked, arrived: Booked, at: datetime) -> None:
    if planned.kind == PARTNER:
        sender, receiver = planned.sender, planned.receiver
        watch_outflow(sender.person, sender.account, left, planned.sent, motive=KIND, at=at)
        watch_inflow(receiver.person, receiver.account, arrived, planned.arrives, motive=KIND, at=at)


def _tell(planned: Planned, motive: str, left: Booked, arrived: Booked, at: datetime) -> None:
    if planned.kind == OWN:
        return
    sender, receiver = planned.sender, planned.receiver
    tell_of(sender.person, left, planned.sent, motive=motive, incoming=False, threshold=sender.tell_from, at=at)
    tell_of(receiver.person, arrived, planned.arrives, motive=motive, incoming=True, threshold=receiver.tell_from, at=at)


MAKE = (
    "INSERT INTO transfer (key, kind, sender_id, recipient_id, debit_id, credit_id, amount, currency, fee, got, got_currency, rate, message,"
    " reason, made_at, booking, arrival, fee_booking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
