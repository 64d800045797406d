"""What a transfer by the office would be, or what stands in its way: asked by its preview, by a colleague's, and where it is booked.

The rules of kinds and the limits of partners are not for the office, which sets right what they could not. What is frozen or closed
stays so until somebody lifts that first.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from vps.company.models import company
from vps.company.models.rates import exchanged
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import NotEnoughCredit, company_account
from vps.people.models import Person
from vps.wallets.actions.four_eyes import TRANSFER, must_be_nobody_of, needs_second
from vps.wallets.actions.paying import WalletFrozen
from vps.wallets.actions.transfer_refusals import NothingArrives, SameWallet
from vps.wallets.models import Purse, locked_purses, purse, purses

OURS = {"commission": "commission", "fees": "fee", "own": "transfer"}
"""The company's accounts that the office moves money from and to, and the motive at the other side's wallet."""


class NoSuchWallet(Refused):
    """Facts: number. Said at the end that is wrong; `end` is the field."""

    says = N_("Partner %(number)s has no open wallet of this kind and currency.")

    def __init__(self, *, end: str, **facts: object) -> None:
        super().__init__(**facts)
        self.field = end  # type: ignore[misc]


class WalletClosed(Refused):
    says = N_("This wallet is closed. Nothing was moved.")
    status = 409


class OtherCurrencies(Refused):
    says = N_("Between two accounts of the company nothing is exchanged.")


class Side(NamedTuple):
    """One end: a wallet, or one of the company's own accounts (`purse` None)."""

    account: int
    currency: str
    kind: str
    purse: Purse | None

    @property
    def person(self) -> int | None:
        return self.purse.person if self.purse else None


class OfficePlan(NamedTuple):
    """What leaves `debit`, what arrives at `credit`, and whether that takes a second one."""

    debit: Side
    credit: Side
    amount: Money
    arrives: Money
    rate: str
    second: bool

    @property
    def people(self) -> tuple[int, ...]:
        """The partners it is about."""
        return tuple(sorted({side.person for side in (self.debit, self.credit) if side.person is not None}))

    @property
    def motive(self) -> str:
        if self.debit.person is not None and self.debit.person == self.credit.person:
            return "move"
        if not self.people:
            return "own"
        return OURS.get(self.debit.kind) or OURS.get(self.credit.kind, "transfer")


def end_of(what: str, number: str, kind: str, currency: str, *, field: str) -> int:
    """The ledger account that a form names: a partner's wallet, or one of the company's. Raises NoSuchWallet, NoSuchCurrency."""
    if what in OURS:
        return company_account(what, currency)
    person = Person.by_number(number)
    found = purse(person.id, currency, kind) if person else None
    if found is None:
        raise NoSuchWallet(end=field, number=number[:20])
    return found.account


def plan_office(debit: int, credit: int, amount: Money, *, actor: Actor, at: datetime, locked: bool = False) -> OfficePlan:
    """What it would be; `locked`: with the wallets of both locked, as it is booked.

    Raises NotFound, SameWallet, WalletClosed, NotYourOwn, WalletFrozen, NoRate, NothingArrives, NotEnoughCredit, OtherCurrencies.
    """
    if debit == credit:
        raise SameWallet
    out, to = sides(debit, credit, locked=locked)
    must_be_nobody_of(actor, out.person, to.person)
    assert out.currency == amount.currency
    if (out.purse and out.purse.frozen) or (to.purse and to.purse.frozen):
        raise WalletFrozen
    arrives, rate = amount, ""
    if out.currency != to.currency:
        if out.purse is None or to.purse is None:
            raise OtherCurrencies
        change = exchanged(amount, to.currency, day=day_in(at, company().zone))
        arrives, rate = change.money, change.rate
        if not arrives.is_positive:
            raise NothingArrives(currency=to.currency)
    if out.purse and out.purse.available < amount:
        free = max(out.purse.available, Money.zero(amount.currency))
        raise NotEnoughCredit(available=free, missing=amount - out.purse.available)
    return OfficePlan(out, to, amount, arrives, rate, needs_second(actor, amount, what=TRANSFER, at=at))


def sides(debit: int, credit: int, *, locked: bool = False) -> tuple[Side, Side]:
    """Both ends by their ledger accounts. Raises NotFound, WalletClosed."""
    found = {row[0]: row[1:] for row in rows(ENDS, debit, credit)}
    people = sorted({person for _, _, person in found.values() if person is not None})
    owned: Sequence[Purse] = (locked_purses if locked else purses)(*people) if people else ()
    return _side(debit, found, owned), _side(credit, found, owned)


def _side(account: int, found: dict[int, tuple[str, str, int | None]], owned: Sequence[Purse]) -> Side:
    kind, currency, person = found.get(account, ("", "", None))
    if person is None:
        if kind not in OURS:
            raise NotFound
        return Side(account, currency, kind, None)
    mine = next((each for each in owned if each.account == account), None)
    if mine is None:
        raise WalletClosed
    return Side(account, currency, kind, mine)


ENDS = "SELECT a.id, a.kind, a.currency, w.person_id FROM account a LEFT JOIN wallet w ON w.account_id = a.id WHERE a.id IN (?, ?)"
