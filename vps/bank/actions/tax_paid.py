"""What the company withheld from commissions is paid to the tax office, or comes back from there: never more than is withheld."""

from collections.abc import Sequence
from typing import Any

from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, join
from vps.kernel.database import locked, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Booked, NoSuchCurrency, book, company_account, reverse
from vps.ledger.models import balances

NAME, ACCOUNT = "tax", "withheld"
WITHHELD = N_("%(withheld)s is withheld from commissions and not yet paid to the tax office.")
OVERPAID = N_("%(withheld)s more was paid to the tax office than is withheld: commissions were taken back since.")


class NotSoMuchWithheld(Refused):
    """Facts: withheld (Money)."""

    says = N_("Only %(withheld)s can be booked as withheld tax. Nothing was booked.")
    field = "amount"
    status = 409


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Never sure, and offered only where something is withheld: who knows the tax office's account can tell."""
    stand = _stand({line.amount.currency for line in lines if line.line is not None})
    return [_found(line, stand.get(line.amount.currency, 0)) for line in lines]


def take(taking: Taking) -> Booked:
    """Between what is to be clarified and what is withheld. Raises NotSoMuchWithheld."""
    withheld = company_account(ACCOUNT, taking.amount.currency)
    one(locked("SELECT 1 FROM account WHERE id = ?"), withheld)  # who pays a part at the same time is waited for
    room = _room(taking.amount, balances([withheld])[withheld])
    if room < abs(taking.amount).minor:
        raise NotSoMuchWithheld(withheld=Money(room, taking.amount.currency))
    debit, credit = (taking.clarify, withheld) if taking.amount.is_positive else (withheld, taking.clarify)
    facts: dict[str, Any] = {"at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    return book(key=taking.key, voucher=taking.voucher, motive="own", debit=debit, credit=credit, amount=abs(taking.amount), **facts)


def undo(undoing: Undoing) -> Booked:
    """The line is to be clarified again, and the tax is still to be paid."""
    return reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)


def _found(line: Seen, stands: int) -> list[Found]:
    room = _room(line.amount, stands)
    if line.line is None or not room:
        return []
    part = min(room, abs(line.amount).minor)
    offered = Money(part if line.amount.is_positive else -part, line.amount.currency)
    says = OVERPAID if line.amount.is_positive else WITHHELD
    return [Found(NAME, line.line, offered, "", False, says, {"withheld": Money(room, line.amount.currency)})]


def _room(amount: Money, stands: int) -> int:
    # Money that goes out pays what is withheld; money that comes in gives back what was paid too much.
    return max(0, -stands if amount.is_positive else stands)


def _stand(currencies: set[str]) -> dict[str, int]:
    accounts = {}
    for currency in sorted(currencies):
        try:
            accounts[currency] = company_account(ACCOUNT, currency)
        except NoSuchCurrency:
            continue
    stand = balances(list(accounts.values()))
    return {currency: stand[account] for currency, account in accounts.items()}


join(Kind(NAME, find, take, undo))
