"""Partners' own bank accounts: added by a bound way or the office, rest, and are announced to every old channel; ended by a press.

Source: SECURITY, rules R1 and R2; an account that several partners give as theirs is shown to the office and to nobody else (M8).
"""

from datetime import datetime, timedelta

from vps.bank.accounts import IBAN, RUSSIAN, AccountRefused, PayeeAccount, payee_account
from vps.bank.models import bank_accounts, payee_numbered
from vps.bank.payfiles.sepa import EEA
from vps.bank.watching import watch_account
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one, rows, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_name
from vps.ledger.actions import record
from vps.people.actions import note
from vps.post.actions import NoSms, post_sms
from vps.security.actions import ByTan, posted
from vps.security.models import Phone
from vps.trust.actions import end_proved
from vps.trust.models import IBAN as IBAN_STEP

KIND = "account"
"""The kind of intent that adds one."""
MOST = 5


class TooManyAccounts(Refused):
    """Facts: most."""

    says = N_("There can be %(most)s bank accounts here. Please remove one before you add another.")
    field = "account"


class AccountListed(Refused):
    says = N_("This bank account stands in the list already. To change its holder, remove it and add it anew.")
    field = "account"
    status = 409


class BankNeeded(AccountRefused):
    """A file of SEPA names a bank outside the European Economic Area by its BIC, too."""

    says = N_("The bank of this account is outside the European Economic Area: please enter its BIC, too.")
    field = "bic"


class NotOnesOwnAccount(Refused):
    says = N_("Nobody adds a bank account of his own in the office.")
    status = 403


def read_account(text: str, bic: str = "") -> PayeeAccount:
    """The account somebody typed, in one of the countries the company pays to. Raises an AccountRefused.

    Letters make it an IBAN; figures alone are an account in Russia when there are twenty or a bank's BIC beside them, else in Serbia.
    """
    allowed = company().payout_countries.split()
    figures = sum(sign.isdigit() for sign in text)
    country = "RU" if "RU" in allowed and (figures == 20 or bic.strip().isdigit()) else "RS" if "RS" in allowed else ""
    account = payee_account(text, country, allowed=allowed, bic=bic)
    if _lacks_bank(account):
        raise BankNeeded
    return account


def asks_bank() -> bool:
    """Whether a form for an account has to ask for the BIC: the company pays to countries where it is needed."""
    return not EEA.issuperset(company().payout_countries.split())


def subject_of(account: PayeeAccount) -> str:
    """What is confirmed for an account: its number, and its bank's code if it has one."""
    return f"{account.number} {account.bic}".strip()


def must_be_addable(person: int, account: PayeeAccount) -> None:
    """Raise AccountListed or TooManyAccounts before anybody is asked for a code."""
    numbers = [number for (number,) in rows(NUMBERS, person)]
    if account.number in numbers:
        raise AccountListed
    if len(numbers) >= MOST:
        raise TooManyAccounts(most=MOST)


def _lacks_bank(account: PayeeAccount) -> bool:
    # Without it the file of a whole pay day could not be written. A Serbian list needs none; accounts in Russia always have one.
    if account.bic or account.kind == RUSSIAN or account.country in EEA:
        return False
    return account.kind == IBAN or not any(each.pay_format == "rs" for each in bank_accounts())


@action
def add_payee(*, authorisation: ByTan, at: datetime) -> int:
    """Add the account that was confirmed by its owner, and answer its id; a resend finds it. Raises AccountListed, TooManyAccounts."""
    person, shown = authorisation.changing(KIND), authorisation.snapshot
    number, _, bic = shown.subject.partition(" ")
    known = payee_numbered(person, number) if posted(shown.nonce, person) else None
    if known:
        return known.id
    authorisation.use_up(subject=shown.subject, amount=None, at=at)
    return _add(person, read_account(number, bic), shown.payee, actor=authorisation.actor, at=at)


@action
def add_payee_for(person: int, account: PayeeAccount, holder: str, *, actor: Actor, at: datetime) -> int:
    """The office adds one for a partner who is known to it. Raises what `add_payee` raises, and NotOnesOwnAccount."""
    if actor.person == person:
        raise NotOnesOwnAccount
    return _add(person, account, clean_name(holder), actor=actor, at=at)


@action
def end_payee(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """No more pay-outs to this account, nor a standing order; what was asked for already stays. Raises NotFound."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # a cent that is asked for or confirmed at this moment waits
    ended = one(END, micros(at), key, person)
    if not ended:
        if one("SELECT 1 FROM payee_account WHERE id = ? AND person_id = ?", key, person):
            return  # pressed twice
        raise NotFound
    note(actor, "account ended", person, at=at, after=_short(*ended))
    run(END_CENT, micros(at), key)
    end_proved(person, IBAN_STEP, ended[1], actor=actor, at=at)
    for _ in rows(END_RULES, micros(at), key):
        note(actor, "pay-out rule ended", person, at=at)


def _add(person: int, account: PayeeAccount, holder: str, *, actor: Actor, at: datetime) -> int:
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    must_be_addable(person, account)
    since = at + timedelta(hours=company().rest_hours)
    facts = account.kind, account.number, account.bic, account.country, holder
    made = insert(ADD, person, *facts, micros(at), actor.person, micros(since))
    note(actor, "account added", person, at=at, after=_short(account.country, account.number))
    _tell_phone(person, made, account, at)
    others = [number for (number,) in rows(OTHERS, account.number, person)]
    if others:
        # Not on the partner's own page: it is not for him.
        record(actor, "account shared", f"payee account:{made}", at=at, after=", ".join(others))
        watch_account(person, account.number, at=at)
    return made


def _tell_phone(person: int, payee: int, account: PayeeAccount, at: datetime) -> None:
    phone = Phone.in_force(person, at)
    if phone is None:
        return
    language = one("SELECT language FROM person WHERE id = ?", person)[0]
    facts, ends = {"ending": account.number[-4:]}, at + timedelta(days=1)
    try:
        post_sms(KIND, key=f"account:{payee}", number=phone.plain, language=language, facts=facts, person=person, at=at, expires_at=ends)
    except NoSms:
        return  # the mail is on its way; a gateway that is away must not decide who changes his account


def _short(country: str, number: str) -> str:
    return f"{country} …{number[-4:]}"


NUMBERS = "SELECT number FROM payee_account WHERE person_id = ? AND ended_at IS NULL"
ADD = (
    "INSERT INTO payee_account (person_id, kind, number, bic, country, holder, made_at, made_by, usable_from)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
END = "UPDATE payee_account SET ended_at = ? WHERE id = ? AND person_id = ? AND ended_at IS NULL RETURNING country, number"
END_CENT = "UPDATE cent SET ended_at = ? WHERE payee_id = ? AND confirmed_at IS NULL AND ended_at IS NULL"
END_RULES = "UPDATE payout_rule SET ended_at = ? WHERE payee_id = ? AND ended_at IS NULL RETURNING id"
OTHERS = (
    "SELECT p.number FROM payee_account k JOIN person p ON p.id = k.person_id"
    " WHERE k.number = ? AND k.person_id <> ? AND k.ended_at IS NULL ORDER BY p.number"
)
