"""What the company's account sees besides partners and orders: the bank's fees, rent, suppliers, wages. It leaves the books by one account."""

from collections.abc import Sequence
from typing import Any

from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, join
from vps.kernel.refusals import N_
from vps.ledger.actions import Booked, book, company_account, reverse

NAME = "own"
ANYTHING = N_("The bank's fees, rent, suppliers: nothing that concerns a partner or an order.")


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Never sure: whatever nobody else knows can be this, and only a person can tell."""
    return [[Found(NAME, line.line, line.amount, "", False, ANYTHING, {})] if line.line is not None else [] for line in lines]


def take(taking: Taking) -> Booked:
    """Between what is to be clarified and the company's own business, either way."""
    own = company_account(NAME, taking.amount.currency)
    debit, credit = (taking.clarify, own) if taking.amount.is_positive else (own, taking.clarify)
    facts: dict[str, Any] = {"at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    return book(key=taking.key, voucher=taking.voucher, motive=NAME, debit=debit, credit=credit, amount=abs(taking.amount), **facts)


def undo(undoing: Undoing) -> Booked:
    """The line is to be clarified again."""
    return reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)


join(Kind(NAME, find, take, undo))
