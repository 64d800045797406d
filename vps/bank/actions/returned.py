"""The bank gives a pay-out back: it names it and says why, and the money is in the wallet again; a customer's, in the sales.

Sure is only a credit of the whole amount that names the pay-out among the bank's references, or with the bank's reason. What is less
by what a bank kept is the company's cost, when somebody says so: the partner gets back what was taken.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

from vps.bank.actions.executed import mirrored, plain
from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, among, join
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payouts import give_back, locked_payout, origin_of
from vps.bank.models.paydesk import payouts_named
from vps.kernel.clock import micros
from vps.kernel.database import one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Booked, book, company_account, reverse
from vps.wallets.actions import excess_freed

NAME = "returned"
NAMED = N_("Pay-out %(label)s came back.")
IN_TEXT = N_("It speaks of pay-out %(label)s, and the amount is the same.")
KEPT = N_("Pay-out %(label)s came back, and a bank kept %(kept)s, which the company would bear.")
LOOKS_LIKE = N_("The bank sends money back, and amount and account are those of pay-out %(label)s.")


class NotPaidOut(Refused):
    says = N_("This pay-out is not with the bank, or came back before. Nothing was booked.")
    status = 409


class TooMuchBack(Refused):
    """Facts: amount (Money)."""

    says = N_("Only %(amount)s was paid out there. More cannot come back.")
    field = "amount"
    status = 409


class _Out(NamedTuple):
    id: int
    amount: int
    currency: str
    number: str


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Which credits are pay-outs that came back; money for which there is no wallet stays to be clarified."""
    named = [payouts_named((*line.references, line.text)) if line.amount.is_positive else set() for line in lines]
    outs = {row[0]: _Out(*row) for row in among(BY_ID, (key for keys in named for key in keys))}
    wanted = [line for line, keys in zip(lines, named, strict=True) if line.amount.is_positive and line.reason and not keys & outs.keys()]
    alike = [_Out(*row) for currency in {line.amount.currency for line in wanted} for row in _alike(wanted, currency)]
    return [
        [_named(line, outs[key]) for key in sorted(keys & outs.keys()) if _may_be(line, outs[key])]
        or [_like(line, out) for out in alike if line in wanted and _is_like(line, out)]
        for line, keys in zip(lines, named, strict=True)
    ]


def take(taking: Taking) -> Booked:
    """To transit and on to the wallet; the company bears what a bank kept. Raises NotPaidOut, TooMuchBack."""
    payout = locked_payout(taking.target)
    if (
        payout is None
        or not (payout.person_id or payout.cause)
        or payout.returned_at is not None
        or not (payout.file_id or payout.executed_at)
    ):
        raise NotPaidOut
    if taking.amount > payout.money or not taking.amount.is_positive:
        raise TooMuchBack(amount=payout.money)
    transit = company_account("transit", payout.currency)
    facts: dict[str, Any] = {"voucher": taking.voucher, "at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    done = book(key=taking.key, motive="pay-out", debit=taking.clarify, credit=transit, amount=taking.amount, **facts)
    kept = payout.money - taking.amount
    if kept.is_positive:
        book(key=f"{taking.key}:kept", motive="fee", debit=company_account("fees", payout.currency), credit=transit, amount=kept, **facts)
    back = give_back(payout, "returned", with_fee=False, actor=taking.actor, at=taking.at)
    run(RETURNED, micros(taking.at), taking.seen.reason, back, payout.id)
    tell_payout(payout, "pay-out returned", reason=taking.seen.reason or "MS03", actor=taking.actor, at=taking.at)
    return done


def undo(undoing: Undoing) -> Booked:
    """Out of the wallet again. Raises NotEnoughCredit unless `as_debt`."""
    payout = locked_payout(undoing.target)
    assert payout is not None
    kept = one("SELECT k.id FROM booking b JOIN booking k ON k.key = b.key || ':kept' WHERE b.id = ?", undoing.booking)
    facts: dict[str, Any] = {"voucher": undoing.voucher, "at": undoing.at, "actor": undoing.actor}
    if kept:
        reverse(kept[0], key=f"{undoing.key}:kept", **facts)
    origin, transit = origin_of(payout), company_account("transit", payout.currency)
    # Its request was mirrored already, and a mirror has none of its own: the money goes the same way once more.
    again = f"payout:{payout.id}:again:{undoing.claim}"
    with excess_freed(payout.person_id, undoing.at) if payout.person_id else nullcontext():
        book(key=again, motive="recall", debit=origin, credit=transit, amount=payout.money, as_debt=undoing.as_debt, **facts)
    run("UPDATE payout SET returned_at = NULL, return_reason = '', ended_booking = NULL WHERE id = ?", payout.id)
    return mirrored(undoing)


def _may_be(line: Seen, out: _Out) -> bool:
    return out.currency == line.amount.currency and out.amount >= line.amount.minor


def _named(line: Seen, out: _Out) -> Found:
    whole = out.amount == line.amount.minor
    certain = bool(line.reason) or line.reversal or out.id in payouts_named(line.references)
    says = (NAMED if certain else IN_TEXT) if whole else KEPT
    return _found(line, out, whole and certain, says)


def _like(line: Seen, out: _Out) -> Found:
    return _found(line, out, False, LOOKS_LIKE)


def _found(line: Seen, out: _Out, sure: bool, says: str) -> Found:
    facts = {"label": str(out.id), "kept": Money(out.amount - line.amount.minor, out.currency)}
    return Found(NAME, out.id, line.amount, str(out.id), sure, says, facts)


def _is_like(line: Seen, out: _Out) -> bool:
    return out.amount == line.amount.minor and out.currency == line.amount.currency and plain(line.party_account).endswith(out.number)


def _alike(lines: list[Seen], currency: str) -> list[Any]:
    return among(BY_AMOUNT, (line.amount.minor for line in lines if line.amount.currency == currency), currency)


OUT = "SELECT p.id, p.amount, p.currency, p.number FROM payout p WHERE (p.person_id IS NOT NULL OR p.cause IS NOT NULL) AND p.returned_at IS NULL"
BY_ID = f"{OUT} AND (p.file_id IS NOT NULL OR p.executed_at IS NOT NULL) AND p.id IN ({{}})"
BY_AMOUNT = f"{OUT} AND p.file_id IS NOT NULL AND p.amount IN ({{}}) AND p.currency = ? AND p.id > (SELECT max(id) - 20000 FROM payout)"  # noqa: S608 - constants only
RETURNED = "UPDATE payout SET returned_at = ?, return_reason = ?, ended_booking = ? WHERE id = ?"
join(Kind(NAME, find, take, undo, once=True))
