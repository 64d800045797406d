"""A customer gets money back: a pay-out of the company's own, out of the sales, by the next file to the bank."""

from datetime import datetime

from vps.bank.actions.payees import read_account
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payouts import goes_out
from vps.bank.models import Payout
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, run
from vps.kernel.money import Money
from vps.kernel.text import clean_name
from vps.ledger.actions import book, company_account


@action
def pay_customer(
    cause: str, amount: Money, *, holder: str, account: str, bic: str = "", text: str, voucher: int, actor: Actor, at: datetime
) -> int:
    """Make a pay-out to a customer, booked under the key `cause`, and answer its id; the next file takes it.

    `text` is what he reads on his statement. Raises NoBankForIt, and what reading an account and a name refuses.
    """
    to, name = read_account(account.strip(), bic), clean_name(holder.strip())
    day = goes_out(to, amount.currency, at=at)
    facts = name, to.kind, to.number, to.bic, amount.minor, amount.currency
    key = insert(MAKE, *facts, micros(at), day.isoformat(), text, cause)
    sales, transit = company_account("purchases", amount.currency), company_account("transit", amount.currency)
    booked = book(
        key=cause, voucher=voucher, motive="refund", debit=sales, credit=transit, amount=amount, at=at, actor=actor,
        value_date=day_in(at, company().zone),
    )  # fmt: skip
    run("UPDATE payout SET booking = ? WHERE id = ?", booked.id, key)
    tell_payout(Payout.get_by_id(key), "pay-out asked", actor=actor, at=at)
    return key


MAKE = (
    "INSERT INTO payout (holder, kind, number, bic, amount, fee, currency, asked_at, day, text, cause, held_reason, return_reason, refuse_reason)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, '', '', '')"
)
