"""Transfers by the office: one asks with a reason, and from the company's threshold on another one of the office approves.

Source: seed on financial operations, transfers "started by the administrator"; the issue, "office transfers".
"""

from datetime import datetime
from typing import Any

from vps.company.models import company
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import Booked, book, company_account, record, voucher
from vps.wallets.actions.by_hand import NoReason
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.four_eyes import must_be_nobody_of, must_be_second
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.office_planning import OfficePlan, plan_office
from vps.wallets.actions.reversing import undo_transfer
from vps.wallets.actions.transfer_refusals import Changed
from vps.wallets.actions.transfers import KIND, MAKE
from vps.wallets.models import OfficeTransfer, locked_purses

DECIDE = "UPDATE office_transfer SET transfer_id = ?, approved_by = ?, approved_at = ? WHERE id = ?"


class Decided(Refused):
    says = N_("This was decided already. Nothing was changed.")
    status = 409


@action
def ask_office_transfer(
    key: str, debit: int, credit: int, amount: Money, *, reason: str, expected: str | None = None, authorisation: ByStaff, at: datetime
) -> int:
    """Ask for a transfer and answer its id: what needs nobody else is booked at once. The same key again finds what the first made.

    `expected` is what was to arrive when it was shown. Raises NoReason, Changed, and what `plan_office` raises.
    """
    done = one("SELECT id FROM office_transfer WHERE key = ?", key)
    if done:
        return int(done[0])
    why = clean_text(reason, most=200)
    if not why:
        raise NoReason
    actor = authorisation.actor
    plan = plan_office(debit, credit, amount, actor=actor, at=at, locked=True)
    if expected is not None and str(plan.arrives) != expected:
        raise Changed
    asked = insert(ASK, key, debit, credit, amount.minor, amount.currency, why, None, False, actor.person, micros(at))
    record(actor, "office transfer asked", f"office transfer:{asked}", at=at, after=f"{amount} {why}")
    if not plan.second:
        run(DECIDE, _book(asked, plan, why, actor, at), None, None, asked)
    return asked


@action
def approve_office_transfer(asked: int, *, expected: str, authorisation: ByStaff, at: datetime) -> None:
    """Book what a colleague asked for. Raises NotFound, Decided, TakesAnother, NotYourOwn, Changed, and what stands in its way now."""
    row, actor = _waiting(asked), authorisation.actor
    must_be_second(actor, row.asked_by)
    if row.reverses_id is not None:
        must_be_nobody_of(actor, *parties(row.reverses_id))
        undo_transfer(row.reverses_id, why=row.reason, as_debt=row.as_debt, actor=actor, at=at)
        made = row.reverses_id
    else:
        plan = plan_office(row.debit_id, row.credit_id, row.money, actor=actor, at=at, locked=True)
        if str(plan.arrives) != expected:
            raise Changed
        made = _book(asked, plan, row.reason, actor, at)
    run(DECIDE, made, actor.person, micros(at), asked)
    record(actor, "office transfer approved", f"office transfer:{asked}", at=at, after=str(row.money))


@action
def refuse_office_transfer(asked: int, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """A colleague refuses it, and says why; or whoever asked for it withdraws it. Raises NotFound, Decided, NoReason, NotYourOwn."""
    row, why = _waiting(asked), clean_text(reason, most=200)
    own = actor.person == row.asked_by
    if not why and not own:
        raise NoReason
    if row.reverses_id is not None:
        must_be_nobody_of(actor, *parties(row.reverses_id))
    run(REFUSE, actor.person, micros(at), why, asked)
    record(actor, "office transfer withdrawn" if own else "office transfer refused", f"office transfer:{asked}", at=at, after=why)


def parties(transfer: int) -> tuple[int | None, int | None]:
    """The partners whom a transfer was between."""
    sender, recipient = one("SELECT sender_id, recipient_id FROM transfer WHERE id = ?", transfer)
    return sender, recipient


def _waiting(asked: int) -> OfficeTransfer:
    if not one(locked("SELECT id FROM office_transfer WHERE id = ?"), asked):
        raise NotFound
    row: OfficeTransfer = OfficeTransfer.get_by_id(asked)
    if not row.waits:
        raise Decided
    return row


def _book(asked: int, plan: OfficePlan, why: str, actor: Actor, at: datetime) -> int:
    key, day, out, to = f"office:{asked}", day_in(at, company().zone), plan.debit, plan.credit
    paper = voucher(KIND, key, day=day, text=why, by=actor.person)
    common: dict[str, Any] = {"voucher": paper, "motive": plan.motive, "at": at, "actor": actor, "value_date": day}
    arrival = None
    if plan.rate:
        left = book(
            key=f"transfer:{key}", debit=out.account, credit=company_account("exchange", out.currency), amount=plan.amount, **common
        )
        change = company_account("exchange", to.currency)
        arrival = book(key=f"transfer:{key}:in", debit=change, credit=to.account, amount=plan.arrives, **common)
    else:
        left = book(key=f"transfer:{key}", debit=out.account, credit=to.account, amount=plan.amount, **common)
    made = insert(
        MAKE,
        *(key, "office", out.person, to.person, out.account, to.account, plan.amount.minor, plan.amount.currency, 0),
        *(plan.arrives.minor, plan.arrives.currency, plan.rate, "", why, micros(at), left.id, arrival.id if arrival else None, None),
    )
    record(actor, "transferred", f"transfer:{made}", at=at, after=str(plan.amount))
    for person in plan.people:
        settle_excess(locked_purses(person), at=at)
    _tell(plan, left, arrival or left, at)
    return made


def _tell(plan: OfficePlan, left: Booked, arrived: Booked, at: datetime) -> None:
    for side, booked, amount, incoming in ((plan.debit, left, plan.amount, False), (plan.credit, arrived, plan.arrives, True)):
        if side.purse and plan.motive != "move":
            threshold = side.purse.tell_from
            tell_of(side.purse.person, booked, amount, motive=plan.motive, incoming=incoming, threshold=threshold, at=at)


ASK = (
    "INSERT INTO office_transfer (key, debit_id, credit_id, amount, currency, reason, reverses_id, as_debt, asked_by, asked_at, refused_why)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
REFUSE = "UPDATE office_transfer SET refused_by = ?, refused_at = ?, refused_why = ? WHERE id = ?"
