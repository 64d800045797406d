"""The office decides about pay-outs that wait: approves, holds, releases or refuses them, before a file takes them to the bank.

Rules hold too: a frozen wallet, an account that rests or is in a country the company does not pay to, always; an account that
several partners gave, and an amount below the least, until somebody approves the pay-out all the same.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from vps.bank.actions.cents import end_cent
from vps.bank.actions.claiming import undo_claim
from vps.bank.actions.matching import among
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payouts import give_back, least_in, locked_payout, reached
from vps.bank.models import Ours, Payout, bank_accounts
from vps.bank.models.cents import is_cent
from vps.bank.models.paydesk import FREE, Group, Rules, Waiting, groups, waiting, waits
from vps.bank.paydays import next_pay_day
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.rows import columns, made_of
from vps.kernel.text import clean_text

LONGEST_REASON = 150


class NotWaiting(Refused):
    says = N_("This pay-out is with the bank already, or has ended. Nothing was changed.")
    status = 409


class StillHeld(Refused):
    says = N_("This pay-out is held. First see to the reason; then it can be approved.")
    status = 409


class NotOnesOwnPayout(Refused):
    says = N_("Nobody decides about a pay-out of his own.")
    status = 403


class NoReason(Refused):
    says = N_("Please write why.")
    field = "reason"


class Total(NamedTuple):
    """How many, and how much."""

    n: int
    amount: Money


class Desk(NamedTuple):
    """What waits for one of the company's accounts: what goes out on `day`, what follows later, what is held, what nobody has approved yet."""

    ours: Ours
    day: date
    kinds: tuple[str, ...]
    due: Total
    later: Total
    held: Total
    unseen: Total


def rules(at: datetime) -> Rules:
    """What holds pay-outs now."""
    return Rules(tuple(company().payout_countries.split()), least_in(company().currency), at)


def desks(at: datetime) -> tuple[list[Desk], list[Group]]:
    """Each open account with what waits for it; and what waits for an account that there is not."""
    ours, found = bank_accounts(), groups(rules(at))
    places = [(each, _kinds(each, ours)) for each in ours]
    made = [
        _desk(each, kinds, [group for group in found if group.currency == each.currency and group.kind in kinds], at)
        for each, kinds in places
        if kinds
    ]
    nowhere = [group for group in found if not any(group.currency == each.currency and group.kind in kinds for each, kinds in places)]
    return made, nowhere


def desk_of(account: int, at: datetime) -> Desk:
    """The same of one account. Raises NotFound."""
    found = next((desk for desk in desks(at)[0] if desk.ours.id == account), None)
    if found is None:
        raise NotFound
    return found


def due_for(desk: Desk, at: datetime) -> list[Waiting]:
    """What goes out with the next file of this account."""
    return [each for each in waiting(rules(at), desk.ours.currency, desk.kinds) if each.why == FREE and each.day <= desk.day]


@action
def approve_payout(key: int, *, actor: Actor, at: datetime) -> None:
    """Say that a pay-out may go, also if its account is another partner's too or it is below the least; twice is once.

    Raises NotFound, NotWaiting, StillHeld, NotOnesOwnPayout.
    """
    payout, found = _waiting(key, actor), waits(rules(at), key)
    assert found is not None
    if found.why in ("held", "frozen", "country", "rests"):
        raise StillHeld
    _approve(payout, actor=actor, at=at)


@action
def approve_payouts(account: int, *, actor: Actor, at: datetime) -> int:
    """Approve all that goes out next from an account and nothing holds; answers how many. One's own stays as it is."""
    seen = [each.id for each in due_for(desk_of(account, at), at) if not each.approved and each.person != actor.person]
    return approved_with(seen, actor=actor, at=at)


@action
def approved_with(keys: list[int], *, actor: Actor, at: datetime) -> int:
    """Approve these, all of which were seen and nothing holds; answers how many nobody had approved before."""
    found = [made_of(Payout, row) for row in among(MANY, keys)]
    return sum(_approve(payout, actor=actor, at=at) for payout in found)


@action
def hold_payout(key: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Keep a pay-out here, with a reason that its owner is told. Raises NotFound, NotWaiting, NoReason."""
    payout, why = _waiting(key, actor, own=True), reason_given(reason)
    if payout.held_at is None:
        run(HOLD, micros(at), actor.person, why, key)
        tell_payout(payout, "pay-out held", reason=why, actor=actor, at=at)


@action
def release_payout(key: int, *, actor: Actor, at: datetime) -> None:
    """Hold it no longer; twice is once. Raises NotFound, NotWaiting, NotOnesOwnPayout."""
    payout = _waiting(key, actor)
    if payout.held_at is not None:
        run(RELEASE, key)
        tell_payout(payout, "pay-out released", actor=actor, at=at)


@action
def refuse_payout(key: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Do not pay it: amount and fee are in the wallet again at once. Raises NotFound, NotWaiting, NoReason."""
    payout, why = Payout.get_or_none(Payout.id == key), reason_given(reason)
    if payout is not None and payout.refused_at is not None:
        return
    payout = _waiting(key, actor, own=True)
    if payout.person_id or payout.cause or is_cent(key):
        end_cent(key, at=at)
        run(REFUSE, micros(at), actor.person, why, give_back(payout, "refused", actor=actor, at=at), key)
    else:
        _unclear_again(payout, why, actor, at)
    tell_payout(payout, "pay-out refused", reason=why, actor=actor, at=at)


def _waiting(key: int, actor: Actor, *, own: bool = False) -> Payout:
    payout = locked_payout(key)
    if payout is None:
        raise NotFound
    if not payout.may_be_withdrawn:
        raise NotWaiting
    if not own and payout.person_id is not None and payout.person_id == actor.person:
        raise NotOnesOwnPayout
    return payout


def _approve(payout: Payout, *, actor: Actor, at: datetime) -> bool:
    approved = bool(run(APPROVE, micros(at), actor.person, payout.id).rowcount)
    if approved:
        tell_payout(payout, "pay-out approved", actor=actor, at=at)
    return approved


def _unclear_again(payout: Payout, reason: str, actor: Actor, at: datetime) -> None:
    # It was to go back to whoever sent it; now the line it came by waits for somebody to look again.
    claim = one("SELECT id FROM line_claim WHERE kind = 'sent back' AND target = ? AND undone_at IS NULL", payout.id)
    undo_claim(claim[0], reason=reason, actor=actor, at=at)


def reason_given(typed: str) -> str:
    """Why, as somebody wrote it. Raises NoReason."""
    reason = clean_text(typed, most=LONGEST_REASON).strip()
    if not reason:
        raise NoReason
    return reason


def _kinds(ours: Ours, all_ours: list[Ours]) -> tuple[str, ...]:
    # Of several that could pay, the one that was set up first does.
    earlier = {kind for each in all_ours if each.currency == ours.currency and each.id < ours.id for kind in reached(each.pay_format)}
    return tuple(kind for kind in reached(ours.pay_format) if kind not in earlier)


def _desk(ours: Ours, kinds: tuple[str, ...], found: Sequence[Group], at: datetime) -> Desk:
    day = next_pay_day(ours.pay_days, ours.cutoff, at=at, zone=company().zone)
    free = [group for group in found if group.why == FREE]
    due = [group for group in free if group.day <= day]
    parts = (
        due,
        [group for group in free if group.day > day],
        [group for group in found if group.why],
        [each for each in due if not each.approved],
    )
    return Desk(ours, day, kinds, *(_total(part, ours.currency) for part in parts))


def _total(found: Sequence[Group], currency: str) -> Total:
    return Total(sum(group.n for group in found), Money(sum(group.amount for group in found), currency))


APPROVE = "UPDATE payout SET approved_at = ?, approved_by = ? WHERE id = ? AND approved_at IS NULL AND held_at IS NULL AND file_id IS NULL AND ended_booking IS NULL"
HOLD = "UPDATE payout SET held_at = ?, held_by = ?, held_reason = ? WHERE id = ?"
RELEASE = "UPDATE payout SET held_at = NULL, held_by = NULL, held_reason = '' WHERE id = ?"
MANY = f"SELECT {columns(Payout, 'p')} FROM payout p WHERE p.id IN ({{}}) ORDER BY p.id"  # noqa: S608 - constants only
REFUSE = "UPDATE payout SET refused_at = ?, refused_by = ?, refuse_reason = ?, ended_booking = ? WHERE id = ?"
