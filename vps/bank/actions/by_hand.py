"""A pay-out that somebody made in the bank's own program: it leaves the list with the bank's number, and the bank's debit finds it."""

from datetime import date, datetime

from vps.bank.actions.paydesk import approve_payout
from vps.bank.models import PaidByHand
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record


class NoNumber(Refused):
    says = N_("Please write the number that the bank gave the payment.")
    field = "number"


class NotByHand(Refused):
    says = N_("This pay-out was not made by hand, or the bank has booked it.")
    status = 409


@action
def paid_by_hand(key: int, *, number: str, day: date, actor: Actor, at: datetime) -> None:
    """Approve a pay-out and say that it was made at the bank, with the number of its voucher there and the day.

    Raises NotFound, NotWaiting, StillHeld, NotOnesOwnPayout, NoNumber.
    """
    voucher = clean_text(number, most=40).strip()
    if not voucher:
        raise NoNumber
    approve_payout(key, actor=actor, at=at)
    PaidByHand.create(payout=key, number=voucher, day=day, made_at=at, made_by=actor.person)
    record(actor, "payout made by hand", f"payout:{key}", at=at, after=f"{voucher} {day.isoformat()}")


@action
def undo_by_hand(key: int, *, actor: Actor, at: datetime) -> None:
    """It was not made after all: it waits again, approved. Raises NotFound, NotByHand."""
    row = one(locked("SELECT executed_at FROM payout WHERE id = ?"), key)
    if row is None:
        raise NotFound
    if row[0] is not None or not run(END, micros(at), key).rowcount:
        raise NotByHand
    record(actor, "payout not made by hand", f"payout:{key}", at=at)


END = "UPDATE payout_by_hand SET ended_at = ? WHERE payout_id = ? AND ended_at IS NULL"
