"""Partners' own bank accounts and standing orders, as pages and pay-outs need them."""

from datetime import datetime
from typing import NamedTuple

from vps.bank import accounts
from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money


class Payee(NamedTuple):
    """A bank account of a partner. It counts from `usable_from` on."""

    id: int
    person: int
    kind: str
    number: str
    bic: str
    country: str
    holder: str
    made_at: datetime
    usable_from: datetime

    @property
    def shown(self) -> str:
        """The number in groups."""
        return accounts.shown(self._account)

    @property
    def masked(self) -> str:
        """Country and last four."""
        return accounts.masked(self._account)

    def rests(self, now: datetime) -> bool:
        """Whether it is too new to be used."""
        return self.usable_from > now

    @property
    def _account(self) -> accounts.PayeeAccount:
        return accounts.PayeeAccount(self.kind, self.number, self.country, self.bic)


class StandingOrder(NamedTuple):
    """What is above `above` goes to `payee` every `weekday`."""

    id: int
    payee: Payee
    above: Money
    weekday: int
    made_at: datetime


class Shared(NamedTuple):
    """An account that stands in the lists of several partners: its number, who they are, and whose names they gave it."""

    number: str
    partners: list[tuple[str, str]]
    holders: list[str]


def payees_of(person: int) -> list[Payee]:
    """A partner's accounts, in the order in which they were added."""
    return [_payee(row) for row in rows(f"{PAYEES} WHERE k.person_id = ? AND k.ended_at IS NULL ORDER BY k.id", person)]


def payee_of(person: int, key: int) -> Payee | None:
    """One of a partner's accounts."""
    row = one(f"{PAYEES} WHERE k.person_id = ? AND k.id = ? AND k.ended_at IS NULL", person, key)
    return _payee(row) if row else None


def payee_numbered(person: int, number: str) -> Payee | None:
    """The same by its number."""
    row = one(f"{PAYEES} WHERE k.person_id = ? AND k.number = ? AND k.ended_at IS NULL", person, number)
    return _payee(row) if row else None


def standing_order(person: int, currency: str) -> StandingOrder | None:
    """A partner's standing order in a currency."""
    row = one(RULE, person, currency)
    return StandingOrder(row[0], _payee(row[4:]), Money(row[1], currency), row[2], instant(row[3])) if row else None


def shared_accounts(limit: int = 50) -> list[Shared]:
    """Accounts that several partners gave as their own, for the office alone."""
    found: dict[str, Shared] = {}
    for number, partner, name, holder in rows(SHARED, limit):
        shared = found.setdefault(number, Shared(number, [], []))
        shared.partners.append((partner, name))
        shared.holders.append(holder)
    return list(found.values())


def shared_with(person: int) -> dict[str, list[tuple[str, str]]]:
    """Of a partner's accounts those that others gave too, with number and name of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for number, partner, name in rows(SHARED_WITH, person):
        found.setdefault(number, []).append((partner, name))
    return found


def _payee(row: tuple[int, int, str, str, str, str, str, int, int]) -> Payee:
    return Payee(*row[:7], instant(row[7]), instant(row[8]))


PAYEE = "k.id, k.person_id, k.kind, k.number, k.bic, k.country, k.holder, k.made_at, k.usable_from"
PAYEES = f"SELECT {PAYEE} FROM payee_account k"
RULE = (
    f"SELECT r.id, r.above, r.weekday, r.made_at, {PAYEE} FROM payout_rule r JOIN payee_account k ON k.id = r.payee_id"
    " WHERE r.person_id = ? AND r.currency = ? AND r.ended_at IS NULL"
)
SHARED = (
    "SELECT k.number, p.number, p.name, k.holder FROM (SELECT number FROM payee_account WHERE ended_at IS NULL GROUP BY number"
    " HAVING count(*) > 1 ORDER BY number LIMIT ?) AS twice JOIN payee_account k ON k.number = twice.number AND k.ended_at IS NULL"
    " JOIN person p ON p.id = k.person_id ORDER BY k.number, k.id"
)
SHARED_WITH = (
    "SELECT k.number, p.number, p.name FROM payee_account k JOIN payee_account o ON o.number = k.number AND o.ended_at IS NULL"
    " AND o.person_id <> k.person_id JOIN person p ON p.id = o.person_id WHERE k.person_id = ? AND k.ended_at IS NULL ORDER BY k.number, p.number"
)
