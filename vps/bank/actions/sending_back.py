"""Money that belongs to nobody here goes back to whom it came from: a pay-out without a partner, made of an unclear line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vps.bank.actions.claiming import NotUnclear, claim
from vps.bank.actions.clarifying import must_be_as_shown
from vps.bank.actions.executed import mirrored
from vps.bank.actions.matching import Found, Kind, Seen, Stuck, Taking, Undoing, among, join
from vps.bank.actions.payees import read_account
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payouts import NoBankForIt, locked_payout, paying_account
from vps.bank.models import Payout
from vps.bank.paydays import next_pay_day
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_name
from vps.ledger.actions import Booked, book, company_account

NAME = "sent back"
ON_ITS_WAY = N_("Pay-out %(label)s takes this money back and is with the bank already.")


class OnItsWayBack(Refused):
    says = N_("This money is on its way back already. First see to the pay-out that takes it there.")
    status = 409


@action
def send_back(
    line: int,
    *,
    amount: Money | None = None,
    holder: str = "",
    account: str = "",
    bic: str = "",
    shown: int | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Make a pay-out of what is unclear of a line, or of a part, to whom it came from, and answer its id; the next file takes it.

    `holder` and `account` are the line's own unless somebody types others; `shown` as in `clarify`. Raises NotFound, NotUnclear, NoBankForIt, and what reading
    an account and a name refuses.
    """
    must_be_as_shown(line, shown)
    row = one(UNCLEAR, line)
    if row is None:
        raise NotFound
    unclear, currency, party, party_account = row
    open_, to = Money(unclear, currency), read_account(account.strip() or party_account, bic)
    back = amount or open_
    if not back.is_positive:
        raise NotUnclear(amount=back, unclear=abs(open_))
    ours = paying_account(currency, to.kind)
    if ours is None:
        raise NoBankForIt(currency=currency)
    day = next_pay_day(ours.pay_days, ours.cutoff, at=at, zone=company().zone)
    name = clean_name(holder.strip() or party)
    key = insert(MAKE, name, to.kind, to.number, to.bic, back.minor, currency, micros(at), day.isoformat())
    claimed = claim(line, NAME, key, back, actor=actor, at=at)
    run("UPDATE payout SET text = ?, booking = ? WHERE id = ?", f"{company().name} {key}", claimed.booked.id, key)
    tell_payout(Payout.get_by_id(key), "pay-out asked", actor=actor, at=at)
    return key


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Nothing says by itself that money is to go back."""
    return [[] for _ in lines]


def take(taking: Taking) -> Booked:
    """On its way out."""
    transit = company_account("transit", taking.amount.currency)
    facts: dict[str, Any] = {"voucher": taking.voucher, "at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    return book(key=taking.key, motive="pay-out", debit=taking.clarify, credit=transit, amount=taking.amount, **facts)


def undo(undoing: Undoing) -> Booked:
    """To be clarified again; its pay-out is refused. Raises OnItsWayBack."""
    payout = locked_payout(undoing.target)
    if payout is None or not payout.may_be_withdrawn:
        raise OnItsWayBack
    mirror = mirrored(undoing)
    run(REFUSE, micros(undoing.at), undoing.actor.person, undoing.reason or "–", mirror.id, payout.id)
    return mirror


def stuck(claims: Sequence[int], at: datetime) -> list[Stuck]:
    """Those whose pay-out is with the bank."""
    return [Stuck(claim, str(payout), ON_ITS_WAY, {"label": str(payout)}) for claim, payout in among(WITH_BANK, claims)]


join(Kind(NAME, find, take, undo, once=True, stuck=stuck))

UNCLEAR = (
    "SELECT l.unclear, l.currency, l.party, l.party_account FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
    " WHERE l.id = ? AND s.taken_back_at IS NULL"
)
MAKE = (
    "INSERT INTO payout (holder, kind, number, bic, amount, fee, currency, asked_at, day, text, held_reason, return_reason, refuse_reason)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, '', '', '', '')"
)
WITH_BANK = (
    "SELECT c.id, p.id FROM line_claim c JOIN payout p ON p.id = c.target WHERE c.id IN ({}) AND (p.file_id IS NOT NULL"
    " OR p.executed_at IS NOT NULL OR EXISTS (SELECT 1 FROM payout_by_hand h WHERE h.payout_id = p.id AND h.ended_at IS NULL)) ORDER BY c.id"
)
REFUSE = "UPDATE payout SET refused_at = ?, refused_by = ?, refuse_reason = ?, ended_booking = ? WHERE id = ?"
