"""A wallet is opened, paid from and credited: what every payment and every credit goes through."""

from collections.abc import Iterable
from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor, Authorisation
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Booked, book, company_account, open_account
from vps.people.actions import Details, register_partner
from vps.people.models import Person
from vps.trust.actions.limits import must_be_within
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.notices import tell_of
from vps.wallets.models import MAIN, Purse, accounts_of, locked_purses, purse, purses
from vps.wallets.watching import watch_inflow, watch_outflow


class NoWallet(Refused):
    """Facts: currency."""

    says = N_("There is no wallet in %(currency)s.")


class WalletFrozen(Refused):
    says = N_("The office has frozen this wallet. Nothing was taken; please ask the office.")


class NotThisKind(Refused):
    says = N_("Wallets of this kind are not for that. Nothing was taken.")


class KindEnded(Refused):
    says = N_("No wallets of this kind are opened any more.")
    field = "kind"


@action
def join_partner(details: Details, *, currency: str, actor: Actor, at: datetime) -> Person:
    """Make a partner, with an empty wallet in the company's currency."""
    person = register_partner(details, actor=actor, at=at)
    open_wallet(person.id, currency, at=at)
    return person


@action
def open_wallet(person: int, currency: str, *, at: datetime, kind: str = MAIN) -> int:
    """The account of this person's wallet of a kind and currency, opened now if it is new. Raises KindEnded."""
    return _opened(person, currency, kind, at=at).account


@action
def spend(person: int, amount: Money, *, voucher: int, key: str, at: datetime, authorisation: Authorisation) -> Booked:
    """Pay the company from the main wallet. Raises NoWallet, WalletFrozen, NotThisKind, LimitReached, NotEnoughCredit."""
    mine = locked_purses(person)
    wallet = main_of(mine, amount.currency)
    if wallet.frozen:
        raise WalletFrozen
    if not wallet.pays:
        raise NotThisKind
    must_be_within(person, accounts_of(mine), "purchase", amount, at=at)
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
    if wallet.reserved:
        settle_excess(mine, at=at)
    watch_outflow(person, wallet.account, booked, amount, motive="purchase", at=at)
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
    kind: str = MAIN,
) -> Booked:
    """Credit a wallet from one of the company's accounts (bank, opening …).

    It is never refused: what lies over what its owner's trust level lets come in is held, and shown.
    """
    wallet = _opened(person, amount.currency, kind, at=at)
    mine = locked_purses(person)  # before the account, as every payment does
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
    settle_excess(mine, at=at)
    watch_inflow(person, wallet.account, booked, amount, motive=motive, at=at)
    tell_of(person, booked, amount, motive=motive, incoming=True, threshold=wallet.tell_from, at=at)
    return booked


def must_have_room(person: int, kind: str, amount: Money, *, at: datetime) -> None:
    """Raise LimitReached unless a person of this level may move this much now: for a page, before anybody is asked for a code."""
    must_be_within(person, accounts_of(purses(person)), kind, amount, at=at)


def account_of(person: int, currency: str) -> int:
    """The ledger account of a person's main wallet. Raises NoWallet."""
    return purse_of(person, currency).account


def purse_of(person: int, currency: str) -> Purse:
    """A person's main wallet at the moment of booking on it. Raises NoWallet."""
    found = purse(person, currency)
    if found is None:
        raise NoWallet(currency=currency)
    return found


def main_of(mine: Iterable[Purse], currency: str) -> Purse:
    """The main wallet in a currency among a person's wallets. Raises NoWallet."""
    for each in mine:
        if each.kind == MAIN and each.currency == currency:
            return each
    raise NoWallet(currency=currency)


def _opened(person: int, currency: str, kind: str, *, at: datetime) -> Purse:
    found = purse(person, currency, kind)
    if found:
        return found
    floor, ended, earlier = one(KIND, person, kind, currency, kind) or (0, 0, 0)
    if ended is not None:
        raise KindEnded
    code = f"wallet:{person}:{currency}" if (kind, earlier) == (MAIN, 0) else f"wallet:{person}:{currency}:{kind}:{earlier + 1}"
    account = open_account(code=code, kind="wallet", currency=currency, floor=floor, at=at)
    run(OPEN, person, account, currency, micros(at), kind)
    opened = purse(person, currency, kind)
    assert opened
    return opened


KIND = "SELECT floor, ended_at, (SELECT count(*) FROM wallet w WHERE w.person_id = ? AND w.kind = ? AND w.currency = ?) FROM wallet_kind WHERE code = ?"
OPEN = (
    "INSERT INTO wallet (person_id, account_id, currency, opened_at, kind, name, frozen_why) VALUES (?, ?, ?, ?, ?, '', '')"
    " ON CONFLICT DO NOTHING"
)
