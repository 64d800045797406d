"""Sums over any length of history: sealed totals and the unsealed tail, of one moment."""

from datetime import UTC, date, datetime

import pytest

from tests.cast import NOON
from tests.ledger.books import ZONE
from vps.kernel.database import rows
from vps.ledger.actions import seal
from vps.ledger.models import Month, balance, balances, months

OCTOBER, NOVEMBER, DECEMBER, JANUARY = (date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize("sealed", ["nothing", "a part", "everything"])
def test_a_balance_is_the_same_however_much_of_it_is_sealed(books, sealed):
    books.pay(700)
    if sealed != "nothing":
        seal(at=NOON, zone=ZONE)
    books.pay(25)
    books.move(books.anna, books.boris, 300)
    if sealed == "everything":
        seal(at=NOON, zone=ZONE)

    sums = {account: balance(account) for account in (books.bank, books.purchases, books.opening, books.anna, books.boris)}

    assert sums == {books.bank: -5_000, books.purchases: 725, books.opening: 0, books.anna: 3_975, books.boris: 300}
    assert balances(list(sums)) == sums and balances([]) == {}
    assert sum(balance(account) for (account,) in rows("SELECT id FROM account")) == 0


def test_a_balance_is_a_whole_number_on_every_engine(books):
    books.pay(700)
    seal(at=NOON, zone=ZONE)
    books.pay(1)

    assert type(balance(books.purchases)) is int


@pytest.mark.parametrize("sealed", [False, True])
def test_months_show_what_came_in_and_went_out(books, sealed):
    books.pay(700)
    books.top_up(50)
    books.pay(40, at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    books.pay(9, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    if sealed:
        seal(at=NOON, zone=ZONE)

    assert months(books.anna, [OCTOBER, NOVEMBER, DECEMBER, JANUARY], zone=ZONE) == [
        Month(OCTOBER, 0, 0, 0, 0), Month(NOVEMBER, 2, 5_050, 1, 700), Month(DECEMBER, 0, 0, 1, 40), Month(JANUARY, 0, 0, 1, 9),
    ]  # fmt: skip


def test_a_month_that_is_half_sealed_is_whole(books):
    seal(at=NOON, zone=ZONE)
    books.pay(700)
    seal(at=NOON, zone=ZONE)
    books.pay(1)

    assert months(books.anna, [NOVEMBER], zone=ZONE) == [Month(NOVEMBER, 1, 5_000, 2, 701)]


def test_months_before_the_first_one_asked_for_are_left_out(books):
    seal(at=NOON, zone=ZONE)
    books.pay(700)

    assert months(books.anna, [DECEMBER], zone=ZONE) == [Month(DECEMBER, 0, 0, 0, 0)]
