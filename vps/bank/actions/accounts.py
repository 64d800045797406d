"""The company's bank accounts are set up, changed and closed."""

import re
from datetime import datetime
from typing import Any

from stdnum import iban

from vps.bank.accounts import is_serbian
from vps.bank.models import PAY_FORMATS, BankAccount
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.numbers import is_iban
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import open_account, record, set_up


class NotAnIban(Refused):
    """Facts: found."""

    says = N_("“%(found)s” is not an IBAN: something in it was mistyped.")
    field = "number"


class AccountKnown(Refused):
    """Facts: number."""

    says = N_("The account %(number)s has been set up already.")
    field = "number"


class NotPayDays(Refused):
    says = N_("Pay-out days are figures from 1 (Monday) to 7 (Sunday), like 5 or 135.")
    field = "pay_days"


class NotATimeOfDay(Refused):
    says = N_("A time of day is written like 14:00.")
    field = "cutoff"


class NoSuchFormat(Refused):
    """Facts: found."""

    says = N_("There is no pay-out format “%(found)s”.")
    field = "pay_format"


TEXTS = ("name", "bank", "bic", "correspondent")
CHANGEABLE = (*TEXTS, "pay_format", "instant", "cutoff", "pay_days", "shown", "mapping")


@action
def open_bank_account(number: str, currency: str, *, actor: Actor, at: datetime, **facts: Any) -> int:
    """Set up an account of the company and answer its id; `facts` are those of CHANGEABLE.

    The first account of a currency is what was booked as the bank so far. Raises NotAnIban, AccountKnown, and what `change_bank_account` raises.
    """
    plain = re.sub(r"[\s.-]", "", number).upper()
    domestic = re.fullmatch(r"[0-9]{18}|[0-9]{20}", plain)  # Serbia and Russia have no IBAN inside the country
    if not (is_serbian(plain) if len(plain) == 18 else domestic or is_iban(plain)):
        raise NotAnIban(found=number[:40])
    plain = plain if domestic else iban.compact(plain)
    known = one("SELECT id, closed_at FROM bank_account WHERE number = ? AND currency = ?", plain, currency)
    if known and known[1] is None:
        raise AccountKnown(number=plain)
    if known:
        run("UPDATE bank_account SET closed_at = NULL WHERE id = ?", known[0])
        record(actor, "bank account opened", f"bank account:{plain}", at=at, after=currency)
        return int(known[0])
    set_up(currency=currency, at=at)
    main = int(one("SELECT id FROM account WHERE code = ?", f"bank:{currency}")[0])
    taken = one("SELECT 1 FROM bank_account WHERE account_id = ?", main)
    ledger = open_account(code=f"bank:{currency}:{plain}", kind="bank", currency=currency, at=at) if taken else main
    values = {"pay_format": _usual(plain), **_checked(facts)}
    made = BankAccount.create(number=plain, currency=currency, account=ledger, opened_at=at, **values)
    record(actor, "bank account opened", f"bank account:{plain}", at=at, after=currency)
    return int(made.id)


@action
def change_bank_account(key: int, *, actor: Actor, at: datetime, **facts: Any) -> None:
    """Change what is known of an account. Raises NotFound, NotPayDays, NotATimeOfDay, NoSuchFormat."""
    found = BankAccount.get_or_none(BankAccount.id == key, BankAccount.closed_at.is_null())
    if found is None:
        raise NotFound
    for name, value in _checked(facts).items():
        before = getattr(found, name)
        if before != value:
            run(f"UPDATE bank_account SET {name} = ? WHERE id = ?", value, key)  # noqa: S608 - one of CHANGEABLE
            record(actor, "bank account changed", f"bank account:{found.number}", at=at, before=f"{name} {before}", after=f"{name} {value}")


@action
def close_bank_account(key: int, *, actor: Actor, at: datetime) -> None:
    """No more statements, slips and pay-outs for this account; what was booked stays. Raises NotFound."""
    closed = one("UPDATE bank_account SET closed_at = ? WHERE id = ? AND closed_at IS NULL RETURNING number", micros(at), key)
    if not closed:
        raise NotFound
    record(actor, "bank account closed", f"bank account:{closed[0]}", at=at)


def minutes(text: str) -> int:
    """14:00 in minutes after midnight. Raises NotATimeOfDay."""
    typed = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if not typed:
        raise NotATimeOfDay
    return int(typed[1]) * 60 + int(typed[2])


def _usual(number: str) -> str:
    return {18: "rs", 20: "1c"}.get(len(number), PAY_FORMATS[0]) if number.isdigit() else PAY_FORMATS[0]


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    assert set(facts) <= set(CHANGEABLE), facts
    checked = {**facts, **{name: clean_text(facts[name], most=80) for name in TEXTS if name in facts}}
    if "pay_days" in facts:
        days = "".join(sorted(set(re.sub(r"[\s,]", "", facts["pay_days"]))))
        if not re.fullmatch(r"[1-7]{1,7}", days):
            raise NotPayDays
        checked["pay_days"] = days
    if facts.get("pay_format", PAY_FORMATS[0]) not in PAY_FORMATS:
        raise NoSuchFormat(found=facts["pay_format"])
    return checked
