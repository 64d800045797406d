"""A few partners who move money among themselves, and what the rules noticed about each."""

import itertools
import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.cast import NOON, eur
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import action, one, rows
from vps.ledger.actions import book, company_account, reverse, voucher
from vps.people.actions import Details, register_partner
from vps.people.models import Person
from vps.wallets.actions import account_of, open_wallet
from vps.wallets.watching import Limits, Moved, watch_movement

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Town:
    """Money moves as transfers, top-ups, pay-outs and purchases do, and is watched as they are."""

    def __init__(self, cast: SimpleNamespace) -> None:
        self.cast, self.numbers = cast, itertools.count(1)
        self.paper = voucher("test", "town", day=date(2026, 11, 20))

    def partner(self, name: str = "Vera Petrović", *, at: datetime = NOON, money: int = 0, **more: Any) -> Person:
        n = next(self.numbers)
        person = register_partner(Details(name, "en", "Europe/Berlin", username=f"partner{n}", **more), actor=HOUSE, at=at)
        open_wallet(person.id, "EUR", at=at)
        if money:
            self.move("opening", person, money, "opening", at=at)
        return person

    def partners(self, count: int, **more: Any) -> list[Person]:
        return [self.partner(**more) for _ in range(count)]

    def send(self, payer: Person, payee: Person, minor: int, *, at: datetime = NOON, limits: Limits | None = ()) -> int:
        return self.move(payer, payee, minor, "transfer", at=at, limits=limits)

    def top_up(self, person: Person, minor: int, *, at: datetime = NOON, limits: Limits | None = ()) -> int:
        return self.move("bank", person, minor, "top-up", at=at, limits=limits)

    def pay_out(self, person: Person, minor: int, *, at: datetime = NOON, limits: Limits | None = ()) -> int:
        return self.move(person, "transit", minor, "pay-out", at=at, limits=limits)

    def buy(self, person: Person, minor: int, *, at: datetime = NOON) -> int:
        return self.move(person, "purchases", minor, "purchase", at=at)

    def give_back(self, person: Person, minor: int, *, at: datetime = NOON) -> int:
        return self.move("purchases", person, minor, "refund", at=at)

    @action
    def move(self, payer: Person | str, payee: Person | str, minor: int, motive: str, *, at: datetime, limits: Limits | None = ()) -> int:
        debit, credit = (company_account(side, "EUR") if isinstance(side, str) else account_of(side.id, "EUR") for side in (payer, payee))
        facts: dict[str, Any] = {"voucher": self.paper, "actor": HOUSE, "motive": motive}
        done = book(key=f"town:{next(self.numbers)}", debit=debit, credit=credit, amount=eur(minor), at=at, **facts)
        for side, account, after in ((payer, debit, done.debit_after), (payee, credit, done.credit_after)):
            if isinstance(side, Person):
                incoming = side is payee
                before = after - minor if incoming else after + minor
                watch_movement(Moved(side.id, account, done.id, motive, incoming, eur(minor), at, before), limits)
        return done.id

    @action
    def undo(self, booking: int, *, at: datetime = NOON) -> int:
        """Reversed whole; whoever gets his money back is looked at, as after a purchase that ended."""
        done = reverse(booking, key=f"undo:{booking}", voucher=self.paper, at=at, actor=HOUSE)
        found = one(
            "SELECT w.person_id, w.account_id, b.motive, b.amount FROM booking b JOIN wallet w ON w.account_id = b.credit_id WHERE b.id = ?",
            done.id,
        )
        person, account, motive, minor = found
        watch_movement(Moved(person, account, done.id, motive, True, eur(minor), at, done.credit_after - minor))
        return done.id


def noticed(person: Person, rule: str) -> list[dict[str, Any]]:
    """The facts of each flag of this rule about a person, in the order in which they were raised."""
    return [json.loads(facts) for (facts,) in rows("SELECT facts FROM flag WHERE person_id = ? AND rule = ? ORDER BY id", person.id, rule)]
