"""The source documents' own numbers, booked."""

import pytest

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.database import action
from vps.kernel.money import Money
from vps.ledger.actions import Booked, book, company_account, open_account, seal, set_up, voucher
from vps.ledger.models import balance
from vps.ledger.models.audit import audit


@pytest.fixture
def shop(engine):
    """A partner with 20.00 USD in his wallet."""
    set_up(currency="USD", at=NOON)
    wallet = open_account(code="wallet:1:USD", kind="wallet", currency="USD", floor=0, at=NOON)
    put("opening", company_account("opening", "USD"), wallet, 20_00, "start")
    return wallet


def put(motive: str, debit: int, credit: int, minor: int, key: str) -> Booked:
    paper = voucher("example", key, day=NOON.date())
    actor = ByRule(HOUSE).actor
    return book(key=key, voucher=paper, motive=motive, debit=debit, credit=credit, amount=Money(minor, "USD"), at=NOON, actor=actor)


@action
def pay_with_commission(wallet: int, price: int, per_cent: int) -> None:
    """The whole price is charged and the commission credited, or neither."""
    purchases, commission = company_account("purchases", "USD"), company_account("commission", "USD")
    put("purchase", wallet, purchases, price, "order:1:payment:1")
    put("commission", commission, wallet, price * per_cent // 100, "order:1:commission")


@pytest.mark.parametrize(("per_cent", "charged", "profit"), [(15, 8_50, 1_50), (10, 9_00, 1_00)])
def test_a_payment_of_ten_dollars_charges_it_less_the_commission(shop, per_cent, charged, profit):
    pay_with_commission(shop, 10_00, per_cent)

    assert balance(shop) == 20_00 - charged
    assert -balance(company_account("commission", "USD")) == profit
    assert balance(company_account("purchases", "USD")) == 10_00
    assert list(audit("UTC")) == []


def test_for_every_incoming_payment_exactly_one_outgoing_payment_exists(shop):
    pay_with_commission(shop, 10_00, 15)
    seal(at=NOON, zone="UTC")

    kinds = ("bank", "purchases", "commission", "fees", "exchange", "transit", "clarify", "opening")
    assert balance(shop) + sum(balance(company_account(kind, "USD")) for kind in kinds) == 0


def test_a_commission_in_advance_pays_for_the_order_it_comes_from(shop):
    """With 8.50 in his wallet a partner can pay 10.00 when his 15 % are credited first, and only then."""
    put("purchase", shop, company_account("purchases", "USD"), 11_50, "spent")

    put("commission", company_account("commission", "USD"), shop, 1_50, "order:2:commission")
    done = put("purchase", shop, company_account("purchases", "USD"), 10_00, "order:2:payment:1")

    assert done.debit_after == 0
