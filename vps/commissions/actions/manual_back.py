"""What a partner got as a manual provision is taken back: whole, once, by a reversing booking; above the threshold by two.

Source: the issue on commissions, "signs come only from reversing bookings".
"""

from datetime import datetime
from typing import Any

from vps.commissions.actions.booking import booking_key
from vps.commissions.actions.manual import needs_second
from vps.commissions.actions.notes import comes_back, taken_back
from vps.commissions.models import Run
from vps.commissions.models.manual import MANUAL, ProvisionBack
from vps.company.models import company
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.kernel.text import clean_text
from vps.ledger.actions import AlreadyReversed, Booked, NotEnoughCredit, record, release, reverse, voucher
from vps.people.actions import note
from vps.wallets.actions import Decided, NoReason, NotYourOwn, ReversalWaits, TakesAnother, WouldBeDebt, excess_freed, tell_taken


@action
def ask_back(
    key: int, person: int, kind: str, currency: str, *, reason: str, as_debt: bool = False, authorisation: ByStaff, at: datetime
) -> int:
    """Ask to take back what a partner got of these provisions in one wallet, and answer the asking's id; what needs nobody else is done.

    Raises NotFound, NoReason, NotYourOwn, AlreadyReversed, ReversalWaits, WouldBeDebt.
    """
    why, actor = clean_text(reason, most=200), authorisation.actor
    if not why:
        raise NoReason
    if actor.person == person:
        raise NotYourOwn
    booking, amount = _booked(key, person, kind, currency)
    live = one("SELECT reversal FROM manual_provision_back WHERE booking = ? AND refused_at IS NULL", booking)
    if live:
        raise ReversalWaits if live[0] is None else AlreadyReversed
    facts = key, person, kind, booking, amount.minor, currency, why, as_debt, actor.person, micros(at)
    asked = insert(ASK, *facts)
    if needs_second([amount], at=at):
        record(actor, "provision asked back", f"provisions:{key}", at=at, after=f"{amount} {why}")
    else:
        run("UPDATE manual_provision_back SET reversal = ? WHERE id = ?", _undo(ProvisionBack.get_by_id(asked), actor, at), asked)
    return asked


@action
def approve_back(asked: int, *, authorisation: ByStaff, at: datetime) -> None:
    """A colleague approves it, and it is booked. Raises NotFound, Decided, TakesAnother, NotYourOwn, WouldBeDebt."""
    row, actor = _waiting(asked), authorisation.actor
    if actor.person == row.asked_by:
        raise TakesAnother
    if actor.person == row.person_id:
        raise NotYourOwn
    run(APPROVE, _undo(row, actor, at), actor.person, micros(at), asked)


@action
def refuse_back(asked: int, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """A colleague refuses it, and says why; or whoever asked for it gives it up. Raises NotFound, Decided, NoReason, NotYourOwn."""
    row, why = _waiting(asked), clean_text(reason, most=200)
    own = actor.person == row.asked_by
    if not why and not own:
        raise NoReason
    if actor.person == row.person_id:
        raise NotYourOwn
    run(
        "UPDATE manual_provision_back SET refused_by = ?, refused_at = ?, refused_why = ? WHERE id = ?",
        actor.person,
        micros(at),
        why,
        asked,
    )
    record(actor, "asking back withdrawn" if own else "asking back refused", f"provisions:{row.run_id}", at=at, after=why)


def _booked(key: int, person: int, kind: str, currency: str) -> tuple[int, Money]:
    this: Run | None = Run.get_or_none(Run.id == key, Run.kind == MANUAL, Run.booked_at.is_null(False))
    found = this and one(locked(BOOKING), booking_key(this, person, kind, currency))
    if not found:
        raise NotFound
    return int(found[0]), Money(found[1], currency)


def _undo(row: ProvisionBack, actor: Actor, at: datetime) -> int:
    paper = voucher("reversal", str(row.booking), day=day_in(at, company().zone), text=row.reason, by=actor.person)
    try:
        with excess_freed(row.person_id, at):
            for (kept,) in rows(KEPT_BACK, row.booking):
                release(kept, at=at)
            done = _reversed(row, {"key": f"reversal:{row.booking}", "voucher": paper, "at": at, "actor": actor})
    except NotEnoughCredit as short:
        raise WouldBeDebt(missing=short.facts["missing"]) from short
    taken_back(row.run_id, row.person_id, row.money, key=f"reversal:{row.booking}", at=at)  # his note is corrected, and the tax on it
    note(actor, "provision taken back", row.person_id, at=at, before=str(row.money), after=row.reason)
    tell_taken(row.person_id, done, row.money, motive="commission", at=at, back=True)
    return done.id


def _reversed(row: ProvisionBack, facts: dict[str, Any]) -> Booked:
    # What tax was withheld of it comes back with the note's correction: for that much he need not have the money.
    try:
        return reverse(row.booking, **facts, as_debt=row.as_debt)
    except NotEnoughCredit as short:
        missing = short.facts["missing"]
        assert isinstance(missing, Money)
        if missing.minor > comes_back(row.run_id, row.person_id, row.money).minor:
            raise
        return reverse(row.booking, **facts, as_debt=True)


def _waiting(asked: int) -> ProvisionBack:
    if not one(locked("SELECT 1 FROM manual_provision_back WHERE id = ?"), asked):
        raise NotFound
    row: ProvisionBack = ProvisionBack.get_by_id(asked)
    if not row.waits:
        raise Decided
    return row


# Nothing is left of it that could be held back.
KEPT_BACK = (
    "SELECT h.id FROM booking b JOIN hold h ON h.account_id = b.credit_id AND h.key IN (b.key || ':hold', b.key || ':hold:tax')"
    " AND h.released_at IS NULL WHERE b.id = ?"
)
BOOKING = "SELECT id, amount FROM booking WHERE key = ?"
ASK = (
    "INSERT INTO manual_provision_back (run_id, person_id, kind, booking, amount, currency, reason, as_debt, asked_by, asked_at,"
    " refused_why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
APPROVE = "UPDATE manual_provision_back SET reversal = ?, approved_by = ?, approved_at = ? WHERE id = ?"
