"""Small books: two wallets, the company's accounts, one voucher, and words to move money between them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.cast import NOON, eur
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one
from vps.ledger.actions import Booked, book, company_account, open_account, reverse, set_up, voucher

ZONE = "Europe/Berlin"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass
class Books:
    """Anna's wallet holds 50.00 EUR, Boris's nothing; both have a floor of zero."""

    anna: int = 0
    boris: int = 0
    bank: int = 0
    purchases: int = 0
    opening: int = 0
    paper: int = 0
    keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        set_up(currency="EUR", at=NOON)
        self.bank, self.purchases, self.opening = (company_account(kind, "EUR") for kind in ("bank", "purchases", "opening"))
        self.anna = open_account(code="wallet:1:EUR", kind="wallet", currency="EUR", floor=0, at=NOON)
        self.boris = open_account(code="wallet:2:EUR", kind="wallet", currency="EUR", floor=0, at=NOON)
        self.paper = voucher("test", "1", day=date(2026, 11, 20))
        self.top_up(5_000, key="start")

    def move(
        self, debit: int, credit: int, minor: int, *, key: str = "", motive: str = "transfer", at: datetime = NOON, **more: Any
    ) -> Booked:
        """Book between any two accounts, under a key of its own unless one is given."""
        key = key or f"test {next(self.keys)}"
        facts: dict[str, Any] = {"voucher": self.paper, "actor": Actor(7, "192.0.2.1"), **more}
        return book(key=key, motive=motive, debit=debit, credit=credit, amount=eur(minor), at=at, **facts)

    def top_up(self, minor: int, *, to: int = 0, **more: Any) -> Booked:
        return self.move(self.bank, to or self.anna, minor, **{"motive": "top-up", **more})

    def pay(self, minor: int, *, by: int = 0, **more: Any) -> Booked:
        return self.move(by or self.anna, self.purchases, minor, **{"motive": "purchase", **more})

    def undo(self, booking: int, *, key: str = "", at: datetime = NOON, as_debt: bool = False) -> Booked:
        return reverse(booking, key=key or f"undo:{booking}", voucher=self.paper, at=at, actor=HOUSE, as_debt=as_debt)

    def account(self, account: int = 0) -> tuple[int, int, int]:
        """(balance, reserved, debt) of Anna's wallet or another one."""
        return tuple(one("SELECT balance, reserved, debt FROM account WHERE id = ?", account or self.anna))

    @property
    def count(self) -> int:
        return int(one("SELECT count(*) FROM booking")[0])
