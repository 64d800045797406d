"""The company's bank accounts, as slips, statements and pay-outs need them."""

import re
from typing import NamedTuple

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
    """The account that a statement names, however its format writes it; None when it is none of ours.

    An IBAN, a German "bank code/account" as MT940 has it, a number with its currency behind it, or digits with signs between them.
    """
    plain = re.sub(r"[^0-9A-Z/]", "", named.upper())
    for account in ours:
        if account.currency == currency and plain.removesuffix(currency) in _written(account.number):
            return account
    return None


def _written(number: str) -> set[str]:
    # DE: two check digits, eight of the bank, ten of the account, which is written with or without its zeros.
    ways = {number, f"/{number}"}
    if re.fullmatch(r"DE[0-9]{20}", number):
        bank, account = number[4:12], number[12:]
        ways |= {f"{bank}/{account}", f"{bank}/{account.lstrip('0')}", bank + account}
    return ways


OURS = (
    "SELECT id, number, currency, account_id, name, bank, bic, correspondent, pay_format, instant, cutoff, pay_days, shown, mapping"
    " FROM bank_account WHERE closed_at IS NULL"
)
