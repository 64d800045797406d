"""A wallet: one per person and currency, what is booked, held and available in it, and what it can pay."""

from datetime import UTC, date, datetime

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.ledger.actions import NotEnoughCredit, hold, set_up, voucher
from vps.people.actions import Details
from vps.wallets.actions import NoWallet, account_of, credit, join_partner, open_wallet, spend
from vps.wallets.models import Wallet, balances, purse

RULE = ByRule(HOUSE)


def paper(ref: str) -> int:
    return voucher("test", ref, day=date(2026, 11, 20))


def test_a_wallet_is_opened_once_per_currency(cast):
    set_up(currency="RSD", at=NOON)

    first = open_wallet(cast.anna.id, "EUR", at=NOON)
    other = open_wallet(cast.anna.id, "RSD", at=NOON)

    assert open_wallet(cast.anna.id, "EUR", at=NOON) == first == account_of(cast.anna.id, "EUR")
    assert account_of(cast.anna.id, "RSD") == other != first
    assert purse(cast.anna.id, "RSD")[:3] == (other, Money(0, "RSD"), None)


def test_who_joins_as_a_partner_has_an_empty_wallet(cast):
    petra = join_partner(Details("Petra Muster", "de", "Europe/Berlin"), currency="EUR", actor=HOUSE, at=NOON)

    assert petra.is_partner
    assert balance(petra) == eur(0)


def test_a_wallet_opened_in_eight_windows_at_once_is_one(cast):
    answers = at_once(8, lambda _: open_wallet(cast.clara.id, "EUR", at=NOON))

    opened = {answer for answer in answers if isinstance(answer, int)}
    assert len(opened) == 1
    assert {type(answer).__name__ for answer in answers} <= {"int", "Again"}


def test_who_has_no_wallet_has_no_purse(cast):
    assert purse(cast.clara.id, "EUR") is None
    assert Wallet.of(cast.clara.id, "EUR") is None
    with pytest.raises(NoWallet) as refused:
        account_of(cast.clara.id, "EUR")
    assert refused.value.facts == {"currency": "EUR"}


def test_what_is_held_is_there_but_not_available(cast):
    hold(account_of(cast.anna.id, "EUR"), eur(100_00), reason="pay-out", key="hold:1", at=NOON)

    account = Wallet.of(cast.anna.id, "EUR").account
    assert (account.booked, account.held, account.available) == (eur(250_00), eur(100_00), eur(150_00))
    assert purse(cast.anna.id, "EUR")[1] == eur(150_00)
    with pytest.raises(NotEnoughCredit):
        spend(cast.anna.id, eur(150_01), voucher=paper("1"), key="test:1", at=NOON, authorisation=RULE)


def test_spending_in_eight_windows_at_once_never_overdraws(cast):
    def step(n: int) -> None:
        spend(cast.anna.id, eur(40_00), voucher=paper(str(n)), key=f"test:{n}", at=NOON, authorisation=RULE)

    answers = at_once(8, step)

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] * 6 + ["NotEnoughCredit"] * 2
    assert balance(cast.anna) == eur(10_00)


def test_a_key_spends_once(cast):
    booked = [spend(cast.anna.id, eur(40_00), voucher=paper("1"), key="test:1", at=NOON, authorisation=RULE) for _ in range(2)]

    assert [one_.again for one_ in booked] == [False, True]
    assert balance(cast.anna) == eur(210_00)


def test_a_purchase_counts_on_the_companys_day(cast):
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)

    booked = spend(cast.anna.id, eur(40_00), voucher=paper("1"), key="test:1", at=late, authorisation=RULE)

    assert one("SELECT value_date FROM booking WHERE id = ?", booked.id)[0] == "2026-12-01"


def test_a_credit_counts_on_the_day_of_its_paper(cast):
    booked = credit(
        cast.boris.id,
        eur(1),
        source="bank",
        motive="top-up",
        voucher=paper("1"),
        key="x",
        at=NOON,
        authorisation=RULE,
        day=date(2026, 1, 2),
    )

    assert one("SELECT value_date FROM booking WHERE id = ?", booked.id)[0] == "2026-01-02"


def test_balances_of_several_are_read_at_once(cast):
    assert balances([cast.anna.id, cast.boris.id, cast.clara.id], "EUR") == {cast.anna.id: eur(250_00), cast.boris.id: eur(0)}
    assert balances([cast.anna.id], "RSD") == {}
    assert balances([], "EUR") == {}
