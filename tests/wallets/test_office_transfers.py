"""Transfers by the office: with a reason, once, and from the company's threshold on by two; nobody moves what is his own."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur, give
from tests.wallets.sending import account, ask, ours, staff, wallet
from vps.company.actions import change_settings, set_rate
from vps.company.models.rates import NoRate
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import IntegrityError, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit, company_account
from vps.ledger.models import balance as stands
from vps.wallets.actions import (
    Changed,
    Decided,
    NoReason,
    NoSuchWallet,
    NothingArrives,
    NotYourOwn,
    OtherCurrencies,
    SameWallet,
    TakesAnother,
    WalletClosed,
    WalletFrozen,
    approve_office_transfer,
    end_of,
    freeze_wallet,
    needs_second,
    open_wallet,
    refuse_office_transfer,
)
from vps.wallets.models import OfficeTransfer, Transfer, purse
from vps.wallets.models.audit import audit


def approve(cast, asked, *, by=None, expected="1000.00 EUR"):
    approve_office_transfer(asked, expected=expected, authorisation=staff(by or cast.elena), at=NOON)


def said(verb):
    return one("SELECT after FROM event WHERE verb = ?", verb)


def test_what_is_small_is_booked_at_once_with_its_reason_on_the_voucher(cast):
    asked = ask(cast, account(cast.anna), account(cast.boris), eur(40_00))

    assert ask(cast, account(cast.anna), account(cast.boris), eur(40_00)) == asked, "sent twice"
    assert (balance(cast.anna), balance(cast.boris)) == (eur(210_00), eur(40_00))
    row = OfficeTransfer.get_by_id(asked)
    made = Transfer.get_by_id(row.transfer_id)
    assert (made.key, made.kind, made.reason, made.fee) == (f"office:{asked}", "office", "promised at the fair", 0)
    assert (row.approved_by, row.waits) == (None, False)
    assert one("SELECT v.text, b.motive, b.actor FROM booking b JOIN voucher v ON v.id = b.voucher_id WHERE b.id = ?", made.booking) == (
        "promised at the fair", "transfer", cast.dragan.id)  # fmt: skip
    assert list(audit()) == []


@pytest.mark.parametrize(("kind", "motive"), [("commission", "commission"), ("fees", "fee"), ("own", "transfer")])
def test_between_a_wallet_and_the_companys_accounts_the_motive_says_which(cast, kind, motive):
    ask(cast, ours(kind), account(cast.boris), eur(5_00), key="in")
    ask(cast, account(cast.anna), ours(kind), eur(7_00), key="out")

    assert (balance(cast.anna), balance(cast.boris), stands(ours(kind))) == (eur(243_00), eur(5_00), 2_00)
    assert [made.motive for made in rows_of_transfers()] == [motive] * 2
    assert list(audit()) == []


def rows_of_transfers():
    from vps.ledger.models.rows import Booking

    return list(Booking.select().join(Transfer, on=Transfer.booking == Booking.id).order_by(Booking.id))


def test_between_two_accounts_of_the_company_it_is_its_own_business(cast):
    ask(cast, ours("fees"), ours("own"), eur(7_00))

    assert (stands(ours("fees")), stands(ours("own"))) == (-7_00, 7_00)
    assert list(audit()) == []


def test_from_the_threshold_on_it_waits_for_somebody_else(cast):
    give(cast.anna, 2_000_00)
    asked = ask(cast, account(cast.anna), account(cast.boris), eur(1_000_00))
    assert (balance(cast.boris), OfficeTransfer.get_by_id(asked).waits) == (eur(0), True)

    with pytest.raises(TakesAnother):
        approve(cast, asked, by=cast.dragan)
    approve(cast, asked)

    assert balance(cast.boris) == eur(1_000_00)
    assert OfficeTransfer.get_by_id(asked).approved_by == cast.elena.id
    assert said("office transfer approved") == ("1000.00 EUR",)
    with pytest.raises(Decided):
        approve(cast, asked)
    assert list(audit()) == []


def test_the_database_knows_that_two_are_two(cast):
    asked = ask(cast, ours(), account(cast.boris), eur(1_000_00))
    approve(cast, asked)

    with pytest.raises(IntegrityError):
        run("UPDATE office_transfer SET approved_by = asked_by WHERE id = ?", asked)


def test_approved_in_eight_windows_at_once_it_is_booked_once(cast):
    asked = ask(cast, ours(), account(cast.boris), eur(1_000_00))

    answers = at_once(8, lambda _: approve(cast, asked))

    assert sum(answer is None for answer in answers) == 1, answers
    assert balance(cast.boris) == eur(1_000_00)


def test_one_who_asks_takes_it_back_and_a_colleague_refuses_with_a_reason(cast):
    first, second = (ask(cast, ours(), account(cast.boris), eur(1_000_00), key=key) for key in ("1", "2"))

    refuse_office_transfer(first, actor=staff(cast.dragan).actor, at=NOON)
    with pytest.raises(NoReason):
        refuse_office_transfer(second, actor=staff(cast.elena).actor, at=NOON)
    refuse_office_transfer(second, reason="no contract", actor=staff(cast.elena).actor, at=NOON)

    assert [row.refused_by == row.asked_by for row in OfficeTransfer.select().order_by(OfficeTransfer.id)] == [True, False]
    assert said("office transfer refused") == ("no contract",)
    for asked in (first, second):
        with pytest.raises(Decided):
            approve(cast, asked)
    with pytest.raises(NotFound):
        approve(cast, 99)
    assert balance(cast.boris) == eur(0)


def test_nobody_asks_for_or_approves_what_is_his_own(cast):
    open_wallet(cast.dragan.id, "EUR", at=NOON)
    with pytest.raises(NotYourOwn):
        ask(cast, ours(), account(cast.dragan), eur(1))
    asked = ask(cast, ours(), account(cast.dragan), eur(1_000_00), by=cast.clara)
    with pytest.raises(NotYourOwn):
        approve(cast, asked, by=cast.dragan)


def test_what_stands_in_the_way_moves_nothing(cast):
    anna, boris = account(cast.anna), account(cast.boris)
    with pytest.raises(NoReason):
        ask(cast, anna, boris, eur(1), reason=" ")
    with pytest.raises(SameWallet):
        ask(cast, anna, anna, eur(1))
    with pytest.raises(NotEnoughCredit) as short:
        ask(cast, anna, boris, eur(250_01))
    assert short.value.facts == {"available": eur(250_00), "missing": eur(1)}
    for kind in ("bank", "clarify", "exchange", "purchases"):
        with pytest.raises(NotFound):
            ask(cast, company_account(kind, "EUR"), boris, eur(1))
    freeze_wallet(cast.boris.id, wallet(cast.boris), reason="asked the court", actor=HOUSE, at=NOON)
    with pytest.raises(WalletFrozen):
        ask(cast, anna, boris, eur(1))
    run("UPDATE wallet SET closed_at = 1 WHERE person_id = ?", cast.boris.id)
    with pytest.raises(WalletClosed):
        ask(cast, anna, boris, eur(1))
    assert (balance(cast.anna), OfficeTransfer.select().count()) == (eur(250_00), 0)


def in_dinars(cast, rate="117.5"):
    change_settings({"currencies": "RSD JPY"}, actor=HOUSE, at=NOON)
    open_wallet(cast.boris.id, "RSD", at=NOON)
    if rate:
        set_rate("EUR", "RSD", rate, valid_from=NOON.date(), actor=HOUSE, at=NOON)
    return account(cast.boris, "RSD")


def test_between_wallets_it_is_exchanged_and_what_was_seen_is_what_is_booked(cast):
    dinars = in_dinars(cast)
    give(cast.anna, 2_000_00)
    asked = ask(cast, account(cast.anna), dinars, eur(1_000_00), expected="117500.00 RSD")
    set_rate("EUR", "RSD", "118", valid_from=NOON.date(), actor=HOUSE, at=NOON)

    with pytest.raises(Changed):
        approve(cast, asked, expected="117500.00 RSD")
    approve(cast, asked, expected="118000.00 RSD")

    assert purse(cast.boris.id, "RSD").available == Money(118_000_00, "RSD")
    assert list(audit()) == []
    with pytest.raises(Changed):
        ask(cast, account(cast.anna), dinars, eur(1_00), key="2", expected="117.50 RSD")


def test_without_a_rate_nothing_is_exchanged_and_nothing_is_small(cast):
    dinars = in_dinars(cast, rate=None)
    with pytest.raises(NoRate):
        ask(cast, account(cast.anna), dinars, eur(1))
    with pytest.raises(OtherCurrencies):
        ask(cast, ours(), dinars, eur(1))
    assert needs_second(staff(cast.dragan).actor, Money(1, "RSD"), what="transfer", at=NOON)
    set_rate("EUR", "RSD", "0.001", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    with pytest.raises(NothingArrives):
        ask(cast, account(cast.anna), dinars, eur(1))


def test_amounts_in_another_currency_are_compared_by_the_rate(cast):
    in_dinars(cast)
    actor = staff(cast.dragan).actor
    assert [needs_second(actor, Money(minor, "RSD"), what="reversal", at=NOON) for minor in (117_499_99, 117_500_00)] == [False, True]


def test_an_end_is_named_by_account_or_by_number_and_kind(cast):
    assert end_of("own", "", "", "EUR", field="debit") == ours()
    assert end_of("wallet", cast.anna.number, "main", "EUR", field="debit") == account(cast.anna)
    for number, kind in (("99999", "main"), ("x", "main"), (cast.anna.number, "bonus")):
        with pytest.raises(NoSuchWallet) as refused:
            end_of("wallet", number, kind, "EUR", field="credit_number")
        assert refused.value.field == "credit_number"


def test_between_two_wallets_of_one_partner_it_is_a_move(cast):
    from tests.wallets.sending import bonus_kind

    bonus_kind()
    open_wallet(cast.anna.id, "EUR", kind="bonus", at=NOON)
    ask(cast, account(cast.anna), account(cast.anna, kind="bonus"), eur(5_00))
    assert [made.motive for made in rows_of_transfers()] == ["move"]
    assert list(audit()) == []
