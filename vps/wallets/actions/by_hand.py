"""Bookings by hand: the office books what came in or went out with its receipt, and sets right what was wrong."""

from datetime import date, datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import day_in
from vps.kernel.database import action, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account, record, reverse, voucher
from vps.wallets.actions.excess import excess_freed
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.paying import NoWallet, credit
from vps.wallets.actions.questions import NothingWritten
from vps.wallets.models import MAIN, Wallet, purse
from vps.wallets.watching import watch_outflow

HAND = "receipt"
"""The kind of voucher of a booking by hand."""


class ReceiptBooked(Refused):
    """Facts: number."""

    says = N_("Receipt %(number)s has been booked already. Nothing is booked twice.")
    field = "number"
    status = 409


class WouldBeDebt(Refused):
    """Facts: missing."""

    says = N_("%(missing)s of it has been spent. Tick this to reverse it all the same.")
    field = "as_debt"


class VoucherUsed(Refused):
    """Facts: number."""

    says = N_("Receipt %(number)s has been booked before, with other details. Nothing was booked.")
    field = "number"


class NotByHand(Refused):
    says = N_("Only top-ups and payments out that the office booked can be reversed here.")


class NoReceipt(NothingWritten):
    """Said at the receipt's number."""

    field = "number"


class NoReason(NothingWritten):
    """Said at the reason."""

    field = "reason"


class Slip(NamedTuple):
    """The document behind a booking by hand: its number, day, who paid or was paid, and why."""

    number: str
    day: date
    payer: str
    reason: str

    @property
    def text(self) -> str:
        return " · ".join(filter(None, (self.payer, self.reason)))

    def cleaned(self) -> "Slip":
        """As it is kept. Raises NoReceipt, and what cleaning raises."""
        number = clean_text(self.number, most=40)
        if not number:
            raise NoReceipt
        return Slip(number, self.day, clean_text(self.payer, most=80), clean_text(self.reason, most=200))


def must_be_possible(wallet: Wallet, amount: Money, slip: Slip, *, out: bool) -> None:
    """Raise ReceiptBooked or NotEnoughCredit before anybody is promised a booking.

    Sent again after it was confirmed, a slip is the same booking, and is not asked this.
    """
    known = one(PAPER, HAND, slip.cleaned().number)
    if known and known[0] is not None:
        raise ReceiptBooked(number=slip.number)
    free = wallet.account.available
    if out and free < amount:
        raise NotEnoughCredit(available=free, missing=amount - free)


@action
def top_up(person: int, amount: Money, slip: Slip, *, kind: str = MAIN, authorisation: ByStaff, at: datetime) -> Booked:
    """Book money that came in, by hand, with its receipt. The same receipt booked again changes nothing.

    Source: seed VPS, "entitled to book incoming or outgoing payments". Raises NoReceipt, VoucherUsed.
    """
    slip = slip.cleaned()
    paper = _paper(person, amount, slip, "top-up", authorisation, kind)
    booked = credit(
        person,
        amount,
        source="bank",
        motive="top-up",
        voucher=paper,
        key=f"{HAND}:{slip.number}",
        at=at,
        authorisation=authorisation,
        day=slip.day,
        kind=kind,
    )
    _note(person, "top-up booked", amount, slip, booked, authorisation, at)
    return booked


@action
def pay_out(person: int, amount: Money, slip: Slip, *, kind: str = MAIN, authorisation: ByStaff, at: datetime) -> Booked:
    """Book money that went out to the partner, by hand, with its receipt. Raises NoReceipt, VoucherUsed, NoWallet, NotEnoughCredit."""
    slip = slip.cleaned()
    paper, wallet = _paper(person, amount, slip, "pay-out", authorisation, kind), purse(person, amount.currency, kind)
    if wallet is None:
        raise NoWallet(currency=amount.currency)
    booked = book(
        key=f"{HAND}:{slip.number}",
        voucher=paper,
        motive="pay-out",
        debit=wallet.account,
        credit=company_account("bank", amount.currency),
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=slip.day,
    )
    watch_outflow(person, wallet.account, booked, amount, motive="pay-out", at=at)
    _note(person, "pay-out booked", amount, slip, booked, authorisation, at)
    tell_of(person, booked, amount, motive="pay-out", incoming=False, threshold=wallet.tell_from, at=at)
    return booked


@action
def reverse_by_hand(person: int, booking: int, *, reason: str, authorisation: ByStaff, at: datetime, as_debt: bool = False) -> Booked:
    """Take a booking by hand back, whole and once. `as_debt`: even if the wallet then lacks money, which everybody will see.

    Raises NoReason, NotByHand, AlreadyReversed, WouldBeDebt.
    """
    why = clean_text(reason, most=200)
    if not why:
        raise NoReason
    row = one(BY_HAND, booking, HAND, person)
    if row is None:
        raise NotByHand
    paper = voucher("reversal", str(booking), day=day_in(at, company().zone), text=why, by=authorisation.actor.person)
    try:
        with excess_freed(person, at):
            done = reverse(booking, key=f"reversal:{booking}", voucher=paper, at=at, actor=authorisation.actor, as_debt=as_debt)
    except NotEnoughCredit as short:
        raise WouldBeDebt(missing=short.facts["missing"]) from short
    if not done.again:
        record(authorisation.actor, "booking reversed", f"person:{person}", at=at, before=row[0], after=why)
        _tell_of_reversal(person, done, *row[1:], at=at)
    return done


def _paper(person: int, amount: Money, slip: Slip, motive: str, authorisation: ByStaff, kind: str) -> int:
    known = one(PAPER, HAND, slip.number)
    if known and known[0] is not None:
        same = known[:3] == (amount.minor, amount.currency, motive) and known[5:] == (slip.day.isoformat(), slip.text)
        wallet = purse(person, amount.currency, kind)
        if not same or wallet is None or wallet[0] not in known[3:5]:
            raise VoucherUsed(number=slip.number)
    return voucher(HAND, slip.number, day=slip.day, text=slip.text, by=authorisation.actor.person)


def _note(person: int, verb: str, amount: Money, slip: Slip, booked: Booked, authorisation: ByStaff, at: datetime) -> None:
    if not booked.again:
        record(authorisation.actor, verb, f"person:{person}", at=at, after=f"{amount} {HAND} {slip.number}")


def _tell_of_reversal(
    person: int, done: Booked, motive: str, minor: int, currency: str, incoming: bool, threshold: int | None, *, at: datetime
) -> None:
    amount = Money(minor, currency)
    tell_of(person, done, amount, motive=motive, incoming=bool(incoming), threshold=threshold, at=at, back=True)


BY_HAND = (
    "SELECT b.key, b.motive, b.amount, b.currency, w.account_id = b.debit_id, p.notify_from FROM booking b"
    " JOIN voucher v ON v.id = b.voucher_id JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) JOIN person p ON p.id = w.person_id"
    " WHERE b.id = ? AND v.kind = ? AND w.person_id = ? AND w.closed_at IS NULL"
)
PAPER = (
    "SELECT b.amount, b.currency, b.motive, b.debit_id, b.credit_id, v.day, v.text FROM voucher v"
    " LEFT JOIN booking b ON b.key = v.kind || ':' || v.ref WHERE v.kind = ? AND v.ref = ?"
)
