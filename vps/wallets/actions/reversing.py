"""A transfer is taken back by the office: whole, once, linked both ways, and as a debt only where somebody says so.

Source: the issue, "reversal of a transfer: links both ways, once, refused when the money is gone unless booked as debt".
"""

from contextlib import nullcontext
from datetime import datetime
from typing import Any, NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit, record, reverse, voucher
from vps.people.actions import note
from vps.wallets.actions.by_hand import NoReason, WouldBeDebt
from vps.wallets.actions.excess import excess_freed, settle_excess
from vps.wallets.actions.four_eyes import REVERSAL, must_be_nobody_of, needs_second
from vps.wallets.actions.office_planning import Side, sides
from vps.wallets.models import Purse, Transfer, excess_held, given_back, locked_purses


class ReversalWaits(Refused):
    says = N_("Somebody asked for this reversal already. It waits for a colleague.")
    status = 409


class Undo(NamedTuple):
    """What a reversal would be: where it takes back and where it gives back, what is missing there, and whether it takes a second one."""

    transfer: Transfer
    giver: Side
    getter: Side
    missing: Money
    second: bool


def plan_reversal(transfer: int, *, actor: Actor, at: datetime, locked: bool = False) -> Undo:
    """What it would be, or what stands in its way. Raises NotFound, AlreadyReversed, WalletClosed, NotYourOwn."""
    row: Transfer | None = Transfer.get_or_none(Transfer.id == transfer)
    if row is None:
        raise NotFound
    must_be_nobody_of(actor, row.sender_id, row.recipient_id)
    getter, giver = sides(row.debit_id, row.credit_id, locked=locked)  # type: ignore[attr-defined]
    if row.reversed_at is not None or given_back(transfer):  # by its recipient, who locks the same wallets
        raise AlreadyReversed
    got, none = Money(row.got, row.got_currency), Money.zero(row.got_currency)
    missing = max(got - _reachable(giver.purse), none) if giver.purse else none
    return Undo(row, giver, getter, missing, needs_second(actor, Money(row.amount, row.currency), what=REVERSAL, at=at))


@action
def ask_reversal(key: str, transfer: int, *, reason: str, as_debt: bool = False, authorisation: ByStaff, at: datetime) -> int:
    """Ask for a reversal and answer the asking's id: what needs nobody else is done at once. The same key again finds the first.

    Raises NoReason, ReversalWaits, WouldBeDebt, and what `plan_reversal` raises.
    """
    done = one("SELECT id FROM office_transfer WHERE key = ?", key)
    if done:
        return int(done[0])
    why, actor = clean_text(reason, most=200), authorisation.actor
    if not why:
        raise NoReason
    plan = plan_reversal(transfer, actor=actor, at=at, locked=True)
    if one(WAITS, transfer):
        raise ReversalWaits
    if plan.missing.is_positive and not as_debt:
        raise WouldBeDebt(missing=plan.missing)
    row = plan.transfer
    facts = plan.giver.account, plan.getter.account, row.got, row.got_currency, why, transfer, as_debt, actor.person, micros(at)
    asked = insert(ASK, key, *facts)
    record(actor, "reversal asked", f"transfer:{transfer}", at=at, after=why)
    if not plan.second:
        undo_transfer(transfer, why=why, as_debt=as_debt, actor=actor, at=at)
        run("UPDATE office_transfer SET transfer_id = ? WHERE id = ?", transfer, asked)
    return asked


@action
def undo_transfer(transfer: int, *, why: str, as_debt: bool, actor: Actor, at: datetime) -> None:
    """Mirror every booking of a transfer at its old amounts; both partners are told. Raises AlreadyReversed, WalletClosed, WouldBeDebt."""
    plan = plan_reversal(transfer, actor=actor, at=at, locked=True)
    row = plan.transfer
    if not run(REVERSED, micros(at), actor.person, transfer).rowcount:
        raise AlreadyReversed
    paper = voucher("reversal", f"transfer:{transfer}", day=day_in(at, company().zone), text=why, by=actor.person)
    common: dict[str, Any] = {"voucher": paper, "at": at, "actor": actor}
    # What arrived goes first: it is what may be gone.
    legs = [leg for leg in (row.arrival, row.booking) if leg is not None]
    try:
        with excess_freed(plan.giver.person, at) if plan.giver.person else nullcontext():
            for leg in legs:
                reverse(leg, key=f"reversal:{leg}", as_debt=as_debt, **common)
    except NotEnoughCredit as short:
        raise WouldBeDebt(missing=short.facts["missing"]) from short
    if row.fee_booking is not None:
        reverse(row.fee_booking, key=f"reversal:{row.fee_booking}", **common)
    record(actor, "transfer reversed", f"transfer:{transfer}", at=at, before=str(Money(row.amount, row.currency)), after=why)
    for person in sorted({each.person for each in (plan.giver, plan.getter) if each.person is not None}):
        settle_excess(locked_purses(person), at=at)
        note(actor, "transfer reversed", person, at=at, before=str(Money(row.amount, row.currency)), after=why)


def _reachable(purse: Purse) -> Money:
    """What can be taken back: what is available, and what is held as excess, which is there."""
    held = excess_held([purse])
    return purse.available + held if held.is_positive else purse.available


WAITS = "SELECT 1 FROM office_transfer WHERE reverses_id = ? AND transfer_id IS NULL AND refused_at IS NULL"
REVERSED = "UPDATE transfer SET reversed_at = ?, reversed_by = ? WHERE id = ? AND reversed_at IS NULL"
ASK = (
    "INSERT INTO office_transfer (key, debit_id, credit_id, amount, currency, reason, reverses_id, as_debt, asked_by, asked_at, refused_why)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
