"""Accounts, pay-outs and standing orders of partners, for tests."""

from datetime import timedelta

from tests.cast import CODES, NOON, eur
from tests.security.test_sending import phone_of
from vps.bank.actions import add_payee, add_payee_for, ask_payout, plan, read_account, set_rule
from vps.bank.actions.payees import KIND as ACCOUNT
from vps.bank.actions.payees import subject_of
from vps.bank.actions.payout_rules import KIND as RULE
from vps.bank.actions.payout_rules import subject_of as rule_subject
from vps.bank.actions.payouts import KIND, make_payout
from vps.bank.models import Payout, payee_of, payees_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import action, insert, run
from vps.ledger.actions import company_account
from vps.ledger.models.sums import balance as account_balance
from vps.people.models import Person
from vps.post.models import offer_sms
from vps.security.actions import ask, confirm, send_code, snapshot
from vps.security.actions.sending import sms_code
from vps.security.models import CHANGE, HIGH, PAY_OUT, SMS, STANDARD

IBAN, OTHER = "DE89370400440532013000", "AT611904300234573201"
YESTERDAY = NOON - timedelta(days=2)


def books(kind: str) -> int:
    """What one of the company's accounts has, in cents: credits less debits."""
    return account_balance(company_account(kind, "EUR"))


def me(person: Person) -> Actor:
    return Actor(person.id, "192.0.2.1")


def by_phone(person: Person) -> None:
    """Codes by SMS, which show what they confirm."""
    offer_sms(True)
    phone_of(person, usable_from=YESTERDAY)


def confirmed(person: Person, kind: str, subject: str, payee: str, *, amount=None, motive=PAY_OUT, way=None, at=NOON):
    """The right answer to a dialog about this."""
    asked = ask(person.id, at=at, prefer=way, level=HIGH if way == SMS else STANDARD)
    shown = snapshot(kind, subject, amount=amount, payee=payee, ask=asked, at=at, motive=motive)
    if way == SMS:
        send_code(shown, actor=me(person), at=at)
    code = sms_code(shown) if way == SMS else CODES[(shown.n or 0) - 1]
    return confirm(shown, code=code, actor=me(person), at=at)


def add(person: Person, number: str = IBAN, *, holder: str | None = None, at=NOON) -> int:
    """An account that its owner adds himself, by a code that came by SMS."""
    account = read_account(number)
    by = confirmed(person, ACCOUNT, subject_of(account), holder or person.bank_name, motive=CHANGE, way=SMS, at=at)
    return add_payee(authorisation=by, at=at)


def usable(cast, person: Person, number: str = IBAN, *, at=YESTERDAY) -> int:
    """An account that the office added in time."""
    return add_payee_for(person.id, read_account(number), person.bank_name, actor=Actor(cast.elena.id), at=at)


def planned(person: Person, payee: int, amount: int, *, at=NOON):
    return plan(person.id, payee_of(person.id, payee), eur(amount), at=at)


def request(person: Person, payee: int, amount: int, *, at=NOON):
    """What `ask_payout` asks for."""
    would = planned(person, payee, amount, at=at)
    return confirmed(person, KIND, would.subject, would.payee.holder, amount=would.amount, at=at)


def ask_for(person: Person, payee: int, amount: int, *, at=NOON) -> Payout:
    return Payout.get_by_id(ask_payout(authorisation=request(person, payee, amount, at=at), at=at))


def by_rule(person: Person, amount: int = 10_00) -> int:
    """A pay-out that needed no code of its own: the standing order that it follows from was written by hand."""
    (payee,), now = payees_of(person.id), micros(NOON)
    shown = person.id, RULE, "x", "x", b"x" * 32, now, now, now
    intent = insert(INTENT, f"rule of {person.id}", *shown)
    order = insert(ORDER, person.id, payee.id, now, intent)
    return action(make_payout)(person.id, planned(person, payee.id, amount, at=clock()), rule=order, actor=HOUSE, at=NOON)


def rule(person: Person, payee: int, above: int, *, weekday: int = 5, at=NOON) -> int:
    """A standing order, confirmed by a code that came by SMS: it may take any amount."""
    to = payee_of(person.id, payee)
    return set_rule(authorisation=confirmed(person, RULE, rule_subject(to, eur(above), weekday), to.holder, way=SMS, at=at), at=at)


def freeze_now(person: Person) -> None:
    run("INSERT INTO wallet_freeze (person_id, frozen_at) VALUES (?, ?)", person.id, micros(NOON))


INTENT = "INSERT INTO intent (nonce, person_id, kind, subject, payee, digest, opened_at, expires_at, posted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
ORDER = "INSERT INTO payout_rule (person_id, payee_id, above, currency, weekday, made_at, intent_id) VALUES (?, ?, 0, 'EUR', 5, ?, ?)"
