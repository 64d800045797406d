"""What the office does with one wallet of a partner: opens another, freezes it, lets it go, closes it when nothing is in it."""

from collections.abc import Callable
from datetime import datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import NoSuchCurrency, must_not_be_booked
from vps.people.actions import note
from vps.wallets.actions.by_hand import NoReason
from vps.wallets.actions.four_eyes import must_be_nobody_of
from vps.wallets.actions.kinds import MainStays
from vps.wallets.actions.paying import open_wallet
from vps.wallets.actions.planning import wallet_among
from vps.wallets.models import MAIN, Purse, locked_purses, purse, purses

Uses = Callable[[Purse], bool]
"""Whether something of a floor above still needs this wallet."""
_uses: list[Uses] = []


class WalletThere(Refused):
    says = N_("This partner has such a wallet already.")
    field = "kind"
    status = 409


class StillInIt(Refused):
    """Facts: amount."""

    says = N_("There is %(amount)s in this wallet. It can be closed once it is empty.")
    status = 409


class StillOwed(Refused):
    """Facts: amount."""

    says = N_("%(amount)s is missing in this wallet. It can be closed once that is repaid.")
    status = 409


class StillHeldInIt(Refused):
    """Facts: amount."""

    says = N_("%(amount)s is held in this wallet. It can be closed once that is free.")
    status = 409


class StillUsed(Refused):
    says = N_("A request, a standing order, a plan or a pay-out that is on its way still uses this wallet.")
    status = 409


def used_by(uses: Uses) -> Uses:
    """Ask this, too, before a wallet is closed."""
    _uses.append(uses)
    return uses


@action
def open_another(person: int, kind: str, currency: str, *, actor: Actor, at: datetime) -> int:
    """Open another wallet for a partner and answer its id. Raises NoSuchCurrency, WalletThere, KindEnded."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    if currency not in company().kept_in:
        raise NoSuchCurrency(currency=currency)
    if purse(person, currency, kind):
        raise WalletThere
    open_wallet(person, currency, kind=kind, at=at)
    opened = purse(person, currency, kind)
    assert opened
    note(actor, "wallet opened", person, at=at, after=f"{kind} {currency}")
    return opened.wallet


@action
def freeze_wallet(person: int, wallet: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Nothing leaves this wallet any more; what comes in still comes in. Twice is once. Raises NotFound, NoReason."""
    why, found = clean_text(reason, most=200), _mine(person, wallet)
    if not why:
        raise NoReason
    if run(FREEZE, micros(at), actor.person, why, wallet).rowcount:
        note(actor, "one wallet frozen", person, at=at, before=f"{found.kind} {found.currency}", after=why)


@action
def let_wallet_go(person: int, wallet: int, *, actor: Actor, at: datetime) -> None:
    """It is not frozen any more. Raises NotFound, NotYourOwn."""
    must_be_nobody_of(actor, person)
    found = _mine(person, wallet)
    if run(LET_GO, wallet).rowcount:
        note(actor, "one wallet let go", person, at=at, after=f"{found.kind} {found.currency}")


@action
def close_wallet(person: int, wallet: int, *, actor: Actor, at: datetime) -> None:
    """Close an empty wallet, by its owner or the office; the same kind can be opened anew. Raises NotFound, MainStays, StillInIt, StillOwed, StillHeldInIt, StillUsed."""
    must_not_be_booked()
    found = _mine(person, wallet)
    if found.kind == MAIN and found.currency == company().currency:
        raise MainStays
    if found.reserved:
        raise StillHeldInIt(amount=Money(found.reserved, found.currency))
    if found.booked.is_positive:
        raise StillInIt(amount=found.booked)
    if found.booked.minor:
        raise StillOwed(amount=abs(found.booked))
    must_not_be_used(found)
    run("UPDATE wallet SET closed_at = ? WHERE id = ?", micros(at), wallet)
    note(actor, "own wallet closed" if actor.person == person else "wallet closed", person, at=at, after=f"{found.kind} {found.currency}")


def must_not_be_used(wallet: Purse) -> None:
    """Raise StillUsed while a plan for a debt needs this wallet, or something of a floor above does."""
    if one(PLANNED, wallet.account) or any(uses(wallet) for uses in _uses):
        raise StillUsed


def _mine(person: int, wallet: int) -> Purse:
    """An open wallet of this person, locked with its account: what books on it at the same time waits, or is waited for."""
    found = wallet_among(locked_purses(person), wallet)
    one(locked("SELECT id FROM account WHERE id = ?"), found.account)
    return wallet_among(purses(person), wallet)


FREEZE = "UPDATE wallet SET frozen_at = ?, frozen_by = ?, frozen_why = ? WHERE id = ? AND frozen_at IS NULL"
LET_GO = "UPDATE wallet SET frozen_at = NULL, frozen_by = NULL, frozen_why = '' WHERE id = ? AND frozen_at IS NOT NULL"
PLANNED = "SELECT 1 FROM debt_plan WHERE account_id = ? AND ended_at IS NULL"
