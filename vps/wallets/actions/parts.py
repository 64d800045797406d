"""A purchase paid from any wallet, or from two: what each gives, at which rate; and the bookings, by the same plan once more.

Source: ISSUE, "Pay Now shows which wallet pays (the order's currency first), the rate, and whether it may be split over two".
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate, estimate, needed
from vps.kernel.amounts import TooMuch
from vps.kernel.authorisation import Authorisation
from vps.kernel.clock import day_in
from vps.kernel.database import action
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account
from vps.trust.actions.limits import must_be_within
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.notices import tell_of
from vps.wallets.actions.paying import NotThisKind, WalletFrozen
from vps.wallets.models import MAIN, Purse, accounts_of, locked_purses
from vps.wallets.watching import watch_outflow

MOST_PARTS = 2


class OneWalletOnly(Refused):
    says = N_("Here an order is paid from one wallet. Nothing was taken.")


class PartsChanged(Refused):
    says = N_("Meanwhile your wallets or the exchange rate have changed. Nothing was taken; please look at it again.")
    status = 409


class Part(NamedTuple):
    """What one wallet gives: `paid` leaves it and is worth `amount` of the price. `rate` is for one of the price's, "" without exchange."""

    purse: Purse
    amount: Money
    paid: Money
    rate: str

    @property
    def left(self) -> Money:
        """What can be spent of the wallet afterwards."""
        return self.purse.available - self.paid


class Funding(NamedTuple):
    """The wallets that pay a price together."""

    parts: tuple[Part, ...]

    @property
    def chosen(self) -> str:
        """As an address names the choice: "12", "12 15"."""
        return " ".join(str(part.purse.wallet) for part in self.parts)

    @property
    def written(self) -> str:
        """As it is confirmed: each wallet and what leaves it. Nothing for the plain case, the whole price from its currency's main wallet."""
        first = self.parts[0]
        if len(self.parts) == 1 and first.purse.kind == MAIN and not first.rate:
            return ""
        return "+".join(f"w{part.purse.wallet}:{part.paid.minor}" for part in self.parts)


class Paid(NamedTuple):
    """A part as it was booked: `booking` took it out of the wallet, `arrival` paid the company where it was exchanged in between."""

    part: Part
    booking: int
    arrival: int | None

    @property
    def settled(self) -> int:
        """The booking that the company was paid by."""
        return self.arrival or self.booking


def wallets_in(written: str) -> list[int]:
    """The wallets of what was confirmed."""
    return [int(part.partition(":")[0].removeprefix("w")) for part in written.split("+")]


def fund(mine: Sequence[Purse], price: Money, chosen: Sequence[int], *, at: datetime) -> Funding:
    """What these wallets give: the first all it has when there are two, the second the rest.

    Raises NotFound, OneWalletOnly, WalletFrozen, NotThisKind, NoRate, TooMuch, NotEnoughCredit.
    """
    paying = [_among(mine, key) for key in dict.fromkeys(chosen)]
    if not 1 <= len(paying) <= (MOST_PARTS if company().split_payments else 1):
        raise OneWalletOnly
    parts: tuple[Part, ...] = ()
    rest = price
    if len(paying) > 1:
        first = _all_of(paying[0], price, at)
        if first is None:
            raise NotEnoughCredit(available=Money.zero(paying[0].currency), missing=price)
        parts, rest = (first,), price - first.amount
    if rest.is_positive:
        last = _whole(paying[-1], rest, at)
        if last.left.minor < 0:
            raise NotEnoughCredit(available=max(paying[-1].available, Money.zero(paying[-1].currency)), missing=-last.left)
        parts = (*parts, last)
    return Funding(parts)


def fundings(mine: Sequence[Purse], price: Money, *, at: datetime) -> list[Funding]:
    """Every choice that suffices, the price's own currency first, main wallets before others; two wallets only where no single one does."""
    paying = [each for each in mine if each.pays and not each.frozen and each.available.is_positive]
    paying.sort(key=lambda each: (each.currency != price.currency, each.kind != MAIN, each.wallet))
    alone = [found for each in paying if (found := _possible(mine, price, (each.wallet,), at))]
    if alone or not company().split_payments:
        return alone
    pairs = combinations([each.wallet for each in paying], MOST_PARTS)
    return [found for pair in pairs if (found := _possible(mine, price, pair, at))]


@action
def spend_from(
    person: int, price: Money, *, expected: str, voucher: int, key: str, at: datetime, authorisation: Authorisation
) -> list[Paid]:
    """Pay the company from the wallets that were confirmed (`expected`, a funding as written), exactly as they were shown.

    The legs that pay the company have the keys `key` and `key:2`; those that take exchanged money out of a wallet end in `:from`.
    Raises PartsChanged, LimitReached, and what `fund` raises.
    """
    mine = locked_purses(person)
    funding = fund(mine, price, wallets_in(expected), at=at)
    if funding.written != expected:
        raise PartsChanged
    must_be_within(person, accounts_of(mine), "purchase", price, at=at)
    common: dict[str, Any] = {
        "voucher": voucher, "motive": "purchase", "at": at, "actor": authorisation.actor, "value_date": day_in(at, company().zone),
    }  # fmt: skip
    done = []
    for n, part in enumerate(funding.parts, 1):
        paid, taken = _book(part, f"{key}:{n}" if n > 1 else key, common)
        watch_outflow(person, part.purse.account, taken, part.paid, motive="purchase", at=at)
        tell_of(person, taken, part.paid, motive="purchase", incoming=False, threshold=part.purse.tell_from, at=at)
        done.append(paid)
    if any(each.reserved for each in mine):
        settle_excess(mine, at=at)
    return done


def _book(part: Part, key: str, common: dict[str, Any]) -> tuple[Paid, Booked]:
    wallet, purchases = part.purse.account, company_account("purchases", part.amount.currency)
    if not part.rate:
        taken = book(key=key, debit=wallet, credit=purchases, amount=part.amount, **common)
        return Paid(part, taken.id, None), taken
    out, back = (company_account("exchange", money.currency) for money in (part.paid, part.amount))
    taken = book(key=f"{key}:from", debit=wallet, credit=out, amount=part.paid, **common)
    arrived = book(key=key, debit=back, credit=purchases, amount=part.amount, **common)
    return Paid(part, taken.id, arrived.id), taken


def _possible(mine: Sequence[Purse], price: Money, chosen: Sequence[int], at: datetime) -> Funding | None:
    try:
        return fund(mine, price, chosen, at=at)
    except (NotEnoughCredit, NoRate, TooMuch):
        return None


def _among(mine: Sequence[Purse], key: int) -> Purse:
    found = next((each for each in mine if each.wallet == key), None)
    if found is None:
        raise NotFound
    if found.frozen:
        raise WalletFrozen
    if not found.pays:
        raise NotThisKind
    return found


def _whole(purse: Purse, price: Money, at: datetime) -> Part:
    if purse.currency == price.currency:
        return Part(purse, price, price, "")
    # What is owed is reached exactly; what rounding up takes more stays in the exchange account.
    paid, rate = needed(price, purse.currency, day=day_in(at, company().zone))
    return Part(purse, price, paid, rate)


def _all_of(purse: Purse, price: Money, at: datetime) -> Part | None:
    """What a wallet gives when it gives all it can, but no more than the price; None where that is nothing."""
    has = purse.available
    if not has.is_positive:
        return None
    today = day_in(at, company().zone)
    worth = estimate(has, price.currency, today)  # of more than one booking can hold, too: it gives no more than the price
    if worth is None:
        raise NoRate(base=price.currency, quote=has.currency, day=today)
    gives = min(worth, price)
    return _whole(purse, gives, at) if gives.is_positive else None
