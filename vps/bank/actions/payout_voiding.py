"""What does not go as the file said: a file that never reached the bank, or one payment of it that the bank did not take."""

from datetime import datetime

from vps.bank.actions.paydesk import reason_given, refuse_payout
from vps.bank.actions.payouts import with_its_file
from vps.bank.models.paydesk import members
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import record


class FileBooked(Refused):
    says = N_("The bank has booked this file, or part of it. It cannot be voided any more.")
    status = 409


class NotInAFile(Refused):
    says = N_("This pay-out is not with the bank, or the bank has booked it.")
    status = 409


class VoidedAndGone(Refused):
    """Facts: number, of a pay-out."""

    says = N_(
        "This file was voided, and pay-out %(number)s of it has been dealt with otherwise. If the bank has paid it, ask the bank for it back."
    )
    status = 409


@action
def void_file(key: int, *, reason: str, refuse: bool = False, actor: Actor, at: datetime) -> None:
    """Say that a file never reached the bank: its pay-outs wait again, approved, or are refused. Raises NotFound, FileBooked, NoReason."""
    why = reason_given(reason)
    row = one(locked("SELECT message_id, voided_at, executed_at FROM payout_file WHERE id = ?"), key)
    if row is None:
        raise NotFound
    message, voided, executed = row
    if voided is not None:
        return
    if executed is not None or one(BOOKED, key):
        raise FileBooked
    kept = [payout for (payout,) in rows("SELECT id FROM payout WHERE file_id = ? ORDER BY id", key)]
    run("UPDATE payout SET file_id = NULL WHERE file_id = ?", key)
    run(VOID, micros(at), actor.person, why, key)
    record(actor, "payout file voided", f"payout file:{key}", at=at, before=message, after=why)
    for payout in kept if refuse else ():
        refuse_payout(payout, reason=why, actor=actor, at=at)


@action
def take_out(key: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Say that the bank did not take one payment of a file: it waits again, and is held until somebody has seen to the reason.

    The bank then debits less than the file's sum. Raises NotFound, NotInAFile, NoReason.
    """
    why, payout = reason_given(reason), with_its_file(key)
    if payout is None:
        raise NotFound
    if payout.file_id is None or payout.executed_at is not None or payout.returned_at is not None:
        raise NotInAFile
    run(TAKE_OUT, micros(at), actor.person, why, key)
    if not one("SELECT 1 FROM payout WHERE file_id = ? AND executed_at IS NULL", payout.file_id):
        # It was the last one that was open: all others were debited one by one, or there are none.
        executed = one(BOOKED, payout.file_id)
        run(DONE, micros(at), payout.file_id) if executed else run(VOID, micros(at), actor.person, why, payout.file_id)
    record(actor, "payout taken out", f"payout:{key}", at=at, before=f"payout file {payout.file_id}", after=why)


def bring_back(file: int) -> None:
    """The bank paid a voided file all the same: it is in force again, if all of its pay-outs still wait. Raises VoidedAndGone."""
    for payout in members(file):
        if not run(PUT_BACK, file, payout).rowcount:
            raise VoidedAndGone(number=payout)
    run("UPDATE payout_file SET voided_at = NULL, voided_by = NULL, void_reason = '' WHERE id = ?", file)


BOOKED = "SELECT 1 FROM payout WHERE file_id = ? AND (executed_at IS NOT NULL OR returned_at IS NOT NULL) LIMIT 1"
VOID = "UPDATE payout_file SET voided_at = ?, voided_by = ?, void_reason = ? WHERE id = ?"
DONE = "UPDATE payout_file SET executed_at = ? WHERE id = ?"
TAKE_OUT = "UPDATE payout SET file_id = NULL, held_at = ?, held_by = ?, held_reason = ? WHERE id = ?"
PUT_BACK = (
    "UPDATE payout SET file_id = ?, held_at = NULL, held_by = NULL, held_reason = '' WHERE id = ? AND file_id IS NULL"
    " AND executed_at IS NULL AND ended_booking IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM payout_by_hand h WHERE h.payout_id = payout.id AND h.ended_at IS NULL)"
)
