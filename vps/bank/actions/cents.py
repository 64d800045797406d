"""An account is shown to be a partner's own: a cent goes there with a code in its text, and the code comes back.

The company pays it; nothing leaves his wallet. Source: ISSUE, identification by a coded cent.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any

from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payouts import KIND as VOUCHER
from vps.bank.actions.payouts import AccountRests, NoBankForIt, paying_account, reached
from vps.bank.models import Ours, Payee, Payout, bank_accounts, payee_of
from vps.bank.models.cents import CENT_TRIES, TEXT, cent_code, cent_states, open_cent, sent_since
from vps.bank.paydays import next_pay_day
from vps.bank.watching import is_of
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.codes import read_code
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import words
from vps.ledger.actions import book, company_account, voucher
from vps.people.actions import note
from vps.trust.actions import accept_proved
from vps.trust.models import IBAN

A_YEAR = 3
"""Cents for one partner within 365 days."""
YEAR = timedelta(days=365)


class NotInOwnName(Refused):
    says = N_(
        "This account has another holder than you. Only an account in your own name can be confirmed; if it is yours, tell the office."
    )
    status = 409


class ConfirmedBefore(Refused):
    says = N_("This account is confirmed already.")
    status = 409


class TooManyCents(Refused):
    """Facts: most, at."""

    says = N_("%(most)s cents a year are the most. The next one can be sent from %(at)s on; the office can help before.")
    status = 429


class NoCentSent(Refused):
    says = N_("No cent waits to be confirmed for this account. Please have one sent.")
    status = 409


class WrongCentCode(Refused):
    """Facts: left."""

    says = N_("This is not the code in the text of the cent. Tries left: %(left)s.")
    field = "code"


class CentGivenUp(Refused):
    says = N_("Three wrong codes: this cent confirms nothing any more. You can have another one sent.")
    status = 409


@action
def ask_cent(person: int, payee: int, *, actor: Actor, at: datetime) -> int:
    """Send a coded cent to a partner's own account with the next file, and answer its id; pressed twice, it is one.

    Raises NotFound, AccountRests, NotInOwnName, ConfirmedBefore, TooManyCents, NoBankForIt.
    """
    _lock(person)
    account = _own(person, payee)
    if account.rests(at):
        raise AccountRests(until=account.usable_from)
    if cent_states(person, at)[payee].confirmed:
        raise ConfirmedBefore
    waiting = open_cent(person, payee, at)
    if waiting:
        return int(waiting.id)
    sent = sent_since(person, at - YEAR)
    if len(sent) >= A_YEAR:
        raise TooManyCents(most=A_YEAR, at=sent[-A_YEAR] + YEAR)
    run("UPDATE cent SET ended_at = ? WHERE payee_id = ? AND confirmed_at IS NULL AND ended_at IS NULL", micros(at), payee)  # too old
    payout = _pay(account, actor=actor, at=at)
    key = insert(
        "INSERT INTO cent (person_id, payee_id, payout_id, asked_at, tries) VALUES (?, ?, ?, ?, 0)", person, payee, payout, micros(at)
    )
    note(actor, "cent asked", person, at=at, after=account.masked)
    return key


def confirm_cent(person: int, payee: int, code: str, *, actor: Actor, at: datetime) -> None:
    """The code that stood in the cent's text proves the account. Raises NotACode, NotFound, NotInOwnName, NoCentSent, WrongCentCode,
    CentGivenUp; a wrong guess is remembered.
    """
    digits = read_code(code)
    refusal = _count(person, payee, digits, actor=actor, at=at)
    if refusal:
        raise refusal


def end_cent(payout: int, *, at: datetime) -> None:
    """Inside an action: what the bank never gets confirms nothing."""
    run("UPDATE cent SET ended_at = ? WHERE payout_id = ? AND confirmed_at IS NULL AND ended_at IS NULL", micros(at), payout)


@action
def _count(person: int, payee: int, digits: str, *, actor: Actor, at: datetime) -> Refused | None:
    # The refusal is answered and not raised: a rollback would forget the try.
    _lock(person)
    account, cent = _own(person, payee), open_cent(person, payee, at)
    if cent is None:
        raise NoCentSent
    if hmac.compare_digest(cent_code(cent.id, micros(cent.asked_at), account.number), digits):
        run("UPDATE cent SET confirmed_at = ? WHERE id = ?", micros(at), cent.id)
        accept_proved(person, IBAN, account.number, actor=actor, at=at)
        return None
    (tries,) = one("UPDATE cent SET tries = tries + 1 WHERE id = ? RETURNING tries", cent.id)
    if tries < CENT_TRIES:
        return WrongCentCode(left=CENT_TRIES - tries)
    run("UPDATE cent SET ended_at = ? WHERE id = ?", micros(at), cent.id)
    note(actor, "cent given up", person, at=at, after=account.masked)
    return CentGivenUp()


def _lock(person: int) -> None:
    one(locked("SELECT id FROM person WHERE id = ?"), person)


def _own(person: int, payee: int) -> Payee:
    account = payee_of(person, payee)
    if account is None:
        raise NotFound
    if not words(account.holder) or not is_of(account.holder, *one("SELECT name, bank_name FROM person WHERE id = ?", person)):
        raise NotInOwnName
    return account


def _pay(account: Payee, *, actor: Actor, at: datetime) -> int:
    """The smallest amount, out of the company's own business."""
    ours, zone = _paid_from(account.kind), company().zone
    amount, day = Money(1, ours.currency), next_pay_day(ours.pay_days, ours.cutoff, at=at, zone=zone)
    facts: Any = account.holder, account.kind, account.number, account.bic, amount.minor, amount.currency
    key = insert(MAKE, *facts, TEXT, micros(at), day.isoformat())
    paper = voucher(VOUCHER, str(key), day=day_in(at, zone), text=account.masked, by=actor.person)
    own, transit = company_account("own", amount.currency), company_account("transit", amount.currency)
    booked = book(
        key=f"payout:{key}:cent", voucher=paper, motive="own", debit=own, credit=transit, amount=amount, at=at, actor=actor,
        value_date=day_in(at, zone),
    )  # fmt: skip
    run("UPDATE payout SET booking = ? WHERE id = ?", booked.id, key)
    tell_payout(Payout.get_by_id(key), "pay-out asked", actor=actor, at=at)
    return key


def _paid_from(kind: str) -> Ours:
    """The account of the company that pays there, in its own currency where it can."""
    ours = paying_account(company().currency, kind) or next((each for each in bank_accounts() if kind in reached(each.pay_format)), None)
    if ours is None:
        raise NoBankForIt(currency=company().currency)
    return ours


MAKE = (
    "INSERT INTO payout (holder, kind, number, bic, amount, fee, currency, text, asked_at, day, held_reason, return_reason, refuse_reason)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, '', '', '')"
)
