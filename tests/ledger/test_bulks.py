"""What a bulk has credited cannot be spent before everybody sees it."""

from datetime import date

import pytest

from tests.cast import NOON, eur
from vps.kernel.authorisation import HOUSE
from vps.ledger.actions import (
    Credit,
    NotEnoughCredit,
    book,
    close_bulk,
    company_account,
    credit_bulk,
    open_account,
    open_bulk,
    set_up,
    voucher,
)


def test_a_credit_is_free_when_its_bulk_is_closed_and_not_before(engine):
    set_up(currency="EUR", at=NOON)
    wallet = open_account(code="wallet:9:EUR", kind="wallet", currency="EUR", floor=0, at=NOON)
    paper = voucher("commission run", "1", day=date(2026, 11, 20))
    bulk = open_bulk(paper, at=NOON)
    credit_bulk(bulk, [Credit(wallet, 10_00, "EUR", "run:1:partner:9")], source="commission", motive="commission",
                day=NOON.date(), at=NOON, actor=HOUSE)  # fmt: skip

    def spend():
        return book(key="order:1", voucher=paper, motive="purchase", debit=wallet, credit=company_account("purchases", "EUR"),
                    amount=eur(10_00), at=NOON, actor=HOUSE)  # fmt: skip

    with pytest.raises(NotEnoughCredit):
        spend()
    close_bulk(bulk, at=NOON)
    assert spend().debit_after == 0
