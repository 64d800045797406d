"""A wallet is opened, paid from and credited: what every payment and every credit goes through."""

from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor, Authorisation
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Booked, book, company_account, open_account
from vps.people.actions import Details, register_partner
from vps.people.models import Person
from vps.wallets.actions.notices import tell_of
from vps.wallets.models import Purse, purse


class NoWallet(Refused):
    """Facts: currency."""

    says = N_("There is no wallet in %(currency)s.")


@action
def join_partner(details: Details, *, currency: str, actor: Actor, at: datetime) -> Person:
    """Make a partner, with an empty wallet in the company's currency."""
    person = register_partner(details, actor=actor, at=at)
    open_wallet(person.id, currency, at=at)
    return person


@action
def open_wallet(person: int, currency: str, *, at: datetime) -> int:
    """The account of this person's wallet in a currency, opened now if it is new."""
    return _opened(person, currency, at=at).account


@action
def spend(person: int, amount: Money, *, voucher: int, key: str, at: datetime, authorisation: Authorisation) -> Booked:
    """Pay the company from a wallet. Raises NotEnoughCredit."""
    wallet = purse_of(person, amount.currency)
    booked = book(
        key=key,
        voucher=voucher,
        motive="purchase",
        debit=wallet.account,
        credit=company_account("purchases", amount.currency),
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=day_in(at, company().zone),
    )
    tell_of(person, booked, amount, motive="purchase", incoming=False, threshold=wallet.tell_from, at=at)
    return booked


@action
def credit(
    person: int,
    amount: Money,
    *,
    source: str,
    motive: str,
    voucher: int,
    key: str,
    at: datetime,
    authorisation: Authorisation,
    day: date,
) -> Booked:
    """Credit a wallet from one of the company's accounts (bank, opening …)."""
    wallet = _opened(person, amount.currency, at=at)
    booked = book(
        key=key,
        voucher=voucher,
        motive=motive,
        debit=company_account(source, amount.currency),
        credit=wallet.account,
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=day,
    )
    tell_of(person, booked, amount, motive=motive, incoming=True, threshold=wallet.tell_from, at=at)
    return booked


def account_of(person: int, currency: str) -> int:
    """The ledger account of a person's wallet. Raises NoWallet."""
    return purse_of(person, currency).account


def purse_of(person: int, currency: str) -> Purse:
    """A person's wallet at the moment of booking on it. Raises NoWallet."""
    found = purse(person, currency)
    if found is None:
        raise NoWallet(currency=currency)
    return found


def _opened(person: int, currency: str, *, at: datetime) -> Purse:
    found = purse(person, currency)
    if found:
        return found
    account = open_account(code=f"wallet:{person}:{currency}", kind="wallet", currency=currency, floor=0, at=at)
    run(OPEN, person, account, currency, micros(at))
    return purse_of(person, currency)


OPEN = "INSERT INTO wallet (person_id, account_id, currency, opened_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
