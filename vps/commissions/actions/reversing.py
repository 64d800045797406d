"""A blue order is refunded: what everybody got for it goes back in proportion, in the transaction of the refund.

Source: the issue, "blue also reverses the commission lines exactly in proportion, down to the cent, for everybody".
"""

from itertools import groupby
from operator import itemgetter

from vps.commissions.actions.booking import booking_key
from vps.commissions.actions.notes import taken_back
from vps.commissions.models import HELD, WITHDRAWAL
from vps.commissions.models.reversals import Credited, credited_for, going_back
from vps.company.models import company
from vps.kernel.clock import day_in
from vps.kernel.database import action, locked, many, one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.ledger.actions import book, company_account, record, release, release_part, voucher
from vps.orders.actions import Refunding, on_refund, on_refund_preview
from vps.wallets.actions import excess_freed, open_wallet, tell_taken
from vps.wallets.models import locked_purses

PAPER = "commission refund"
"""The kind of voucher."""


@action
def take_back(refunding: Refunding) -> None:
    """Take back what an order's commissions came to, as far as it is refunded now. Whoever spent it owes it from now on."""
    found = credited_for(refunding.order)
    if not refunding.was_blue or found is None:
        return
    assert refunding.refund is not None
    number, at = order_number(refunding.order), refunding.at
    paper = voucher(PAPER, f"{number}:{refunding.refund}", day=day_in(at, company().zone), text=number, by=refunding.actor.person)
    going = going_back(found, refunding.order, refunding.refunded_after.minor)
    booked: list[tuple[object, ...]] = []
    if going:
        locked_purses(*sorted({each.payee for each in going}))  # all at once, in the order in which every payment locks them
    for (payee, kind, currency), lines in groupby(sorted(going, key=itemgetter(0, 2, 3, 1)), key=itemgetter(0, 2, 3)):
        parts = list(lines)
        amount = Money(sum(part.minor for part in parts), currency)
        booking = _from_wallet(found, refunding, paper, payee, kind, amount)
        booked += [(refunding.refund, found.run.id, payee, refunding.order, part.n, kind, currency, part.minor, booking) for part in parts]
    many(WRITE, booked)
    if booked:
        record(refunding.actor, "commission taken back", f"order:{number}", at=at, after=str(len(booked)))


def would_take_back(refunding: Refunding) -> list[tuple[int, Money]]:
    """What it would take back, and from whom (a person's id): nothing for an order whose commission is not credited."""
    found = credited_for(refunding.order) if refunding.was_blue else None
    going = sorted(going_back(found, refunding.order, refunding.refunded_after.minor), key=itemgetter(0, 3)) if found else []
    sums = groupby(going, key=itemgetter(0, 3))
    return [(payee, Money(sum(part.minor for part in parts), currency)) for (payee, currency), parts in sums]


def _from_wallet(found: Credited, refunding: Refunding, paper: int, payee: int, kind: str, amount: Money) -> int | None:
    share = booking_key(found.run, payee, kind, amount.currency)
    row = one("SELECT credit_id FROM booking WHERE key = ?", share)
    if row is None:  # it was listed and never booked
        return None
    at, actor = refunding.at, refunding.actor
    account = _open_account(row[0], payee, amount.currency, refunding)
    with excess_freed(payee, at):
        _unlock(account, share, found, amount, refunding)
        booked = book(
            key=f"refund:{refunding.refund}:{share}",
            voucher=paper,
            motive="commission",
            debit=account,
            credit=company_account("commission", amount.currency),
            amount=amount,
            at=at,
            actor=actor,
            as_debt=True,
        )
    taken_back(found.run.id, payee, amount, key=f"refund:{refunding.refund}:{share}", at=at)
    tell_taken(payee, booked, amount, motive="commission", at=at, back=True)
    return booked.id


def _open_account(account: int, payee: int, currency: str, refunding: Refunding) -> int:
    # A wallet that was closed since keeps its nothing: the main one owes.
    is_open = one("SELECT 1 FROM wallet WHERE account_id = ? AND closed_at IS NULL", account)
    return account if is_open else open_wallet(payee, currency, at=refunding.at)


def _unlock(account: int, share: str, found: Credited, amount: Money, refunding: Refunding) -> None:
    """Reserve so much less of this share: what this order's day holds, or what the office holds back. What is free already is taken from there."""
    one(locked("SELECT 1 FROM account WHERE id = ?"), account)  # who moves or frees holds meanwhile is waited for
    left, mine = amount.minor, (f"{share}:{found.free_on}:", f"{share}:hold:")
    for key, minor, name in rows(HOLDS, account, WITHDRAWAL, HELD):
        taken = min(left, minor) if f"{name}:".startswith(mine) else 0
        if taken:
            left -= taken
            if minor > taken:
                release_part(key, Money(taken, amount.currency), key=f"{name}:r{refunding.refund}", at=refunding.at)
            else:
                release(key, at=refunding.at)


HOLDS = "SELECT id, amount, key FROM hold WHERE account_id = ? AND released_at IS NULL AND reason IN (?, ?) ORDER BY id"
WRITE = "INSERT INTO commission_reversal (refund_id, run_id, payee, order_id, n, kind, currency, amount, booking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
on_refund(take_back)
on_refund_preview(would_take_back)
