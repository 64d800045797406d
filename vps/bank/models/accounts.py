"""The company's bank accounts, as slips, statements and pay-outs need them."""

import re
from typing import NamedTuple

from vps.bank.plain import same_account
from vps.kernel.database import one, rows


class Ours(NamedTuple):
    """An open account of the company. `ledger` is the account that mirrors it."""

    id: int
    number: str
    currency: str
    ledger: int
    name: str
    bank: str
    bic: str
    correspondent: str
    pay_format: str
    instant: bool
    cutoff: int
    pay_days: str
    shown: bool
    mapping: str


def bank_accounts() -> list[Ours]:
    """The open accounts, in the order in which they were set up."""
    return [Ours(*row) for row in rows(f"{OURS} ORDER BY id")]


def bank_account(key: int) -> Ours | None:
    """An open account by its id."""
    row = one(f"{OURS} AND id = ?", key)
    return Ours(*row) if row else None


def our_account(named: str, currency: str, ours: list[Ours]) -> Ours | None:
    """The account that a statement names, however its format writes it (`same_account`); None when it is none of ours."""
    plain = re.sub(r"[^0-9A-Z/-]", "", named.upper()).removesuffix(currency).strip("/")
    return next((account for account in ours if account.currency == currency and same_account(plain, account.number)), None)


OURS = (
    "SELECT id, number, currency, account_id, name, bank, bic, correspondent, pay_format, instant, cutoff, pay_days, shown, mapping"
    " FROM bank_account WHERE closed_at IS NULL"
)
