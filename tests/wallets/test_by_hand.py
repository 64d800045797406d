"""Top-ups and payments out that the office books by hand, with a receipt, once."""

from datetime import date

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.text import HiddenCharacters, LineBreaks
from vps.ledger.actions import NoSuchCurrency, NotEnoughCredit
from vps.wallets.actions import NoReceipt, NoWallet, Slip, VoucherUsed, pay_out, top_up
from vps.wallets.models import Wallet

SLIP = Slip("2026-17", date(2026, 11, 19), "Anna Bauer", "cash at the fair")


def staff(cast) -> ByStaff:
    return ByStaff(Actor(cast.dragan.id, "192.0.2.9"))


def events(verb: str) -> list[str]:
    return [after for (after,) in rows("SELECT after FROM event WHERE verb = ?", verb)]


def test_a_top_up_credits_the_wallet_against_the_bank(cast):
    top_up(cast.anna.id, eur(30_00), SLIP, authorisation=staff(cast), at=NOON)

    assert balance(cast.anna) == eur(280_00)
    row = one(
        'SELECT b.motive, b.value_date, b.actor, v.kind, v.ref, v.day, v.text, v."by", a.code FROM booking b'
        " JOIN voucher v ON v.id = b.voucher_id JOIN account a ON a.id = b.debit_id WHERE b.key = 'receipt:2026-17'"
    )
    paper = ("receipt", "2026-17", "2026-11-19", "Anna Bauer · cash at the fair", cast.dragan.id)
    assert row == ("top-up", "2026-11-19", cast.dragan.id, *paper, "bank:EUR")
    assert events("top-up booked") == ["30.00 EUR receipt 2026-17"]


def test_the_first_top_up_opens_the_wallet(cast):
    assert Wallet.of(cast.clara.id, "EUR") is None

    top_up(cast.clara.id, eur(5_00), SLIP, authorisation=staff(cast), at=NOON)

    assert balance(cast.clara) == eur(5_00)


def test_eight_first_top_ups_at_once_open_one_wallet(cast):
    def step(n: int) -> None:
        top_up(cast.clara.id, eur(1_00), SLIP._replace(number=f"2026-{n}"), authorisation=staff(cast), at=NOON)

    answers = at_once(8, step)

    made = answers.count(None)
    assert {type(answer).__name__ for answer in answers} <= {"NoneType", "Again"}
    assert made >= 3
    assert balance(cast.clara) == eur(made * 1_00)
    assert one("SELECT count(*) FROM wallet WHERE person_id = ?", cast.clara.id)[0] == 1


@pytest.mark.parametrize("book", [top_up, pay_out])
def test_the_same_receipt_with_the_same_details_changes_nothing(cast, book):
    first = book(cast.anna.id, eur(30_00), SLIP, authorisation=staff(cast), at=NOON)
    after = balance(cast.anna)

    again = book(cast.anna.id, eur(30_00), SLIP._replace(number=" 2026-17 "), authorisation=staff(cast), at=NOON)

    assert (again.id, again.again) == (first.id, True)
    assert balance(cast.anna) == after != eur(250_00)
    assert len(events("top-up booked") + events("pay-out booked")) == 1


def test_a_receipt_booked_at_once_in_eight_windows_is_booked_once(cast):
    answers = at_once(8, lambda _: top_up(cast.anna.id, eur(30_00), SLIP, authorisation=staff(cast), at=NOON))

    assert len({answer.id for answer in answers}) == 1
    assert balance(cast.anna) == eur(280_00)


def test_the_same_receipt_with_other_details_is_refused(cast):
    top_up(cast.anna.id, eur(30_00), SLIP, authorisation=staff(cast), at=NOON)

    for other in ({"day": date(2026, 11, 18)}, {"payer": "Boris"}, {"reason": "cash at the door"}):
        with pytest.raises(VoucherUsed) as refused:
            top_up(cast.anna.id, eur(30_00), SLIP._replace(**other), authorisation=staff(cast), at=NOON)
        assert refused.value.facts == {"number": "2026-17"}

    assert balance(cast.anna) == eur(280_00)


def test_a_used_receipt_is_refused_for_another_amount_partner_or_direction(cast):
    top_up(cast.anna.id, eur(30_00), SLIP, authorisation=staff(cast), at=NOON)

    for book, person, amount in (
        (top_up, cast.anna, 31_00),
        (top_up, cast.boris, 30_00),
        (top_up, cast.clara, 30_00),
        (pay_out, cast.anna, 30_00),
        (pay_out, cast.boris, 30_00),
    ):
        with pytest.raises(VoucherUsed):
            book(person.id, eur(amount), SLIP, authorisation=staff(cast), at=NOON)

    assert (balance(cast.anna), balance(cast.boris)) == (eur(280_00), eur(0))


def test_a_payment_out_debits_the_wallet(cast):
    pay_out(cast.anna.id, eur(50_00), SLIP, authorisation=staff(cast), at=NOON)

    assert balance(cast.anna) == eur(200_00)
    assert one("SELECT motive, value_date FROM booking WHERE key = 'receipt:2026-17'")[:] == ("pay-out", "2026-11-19")
    assert events("pay-out booked") == ["50.00 EUR receipt 2026-17"]


def test_no_more_is_paid_out_than_there_is_and_the_receipt_stays_free(cast):
    with pytest.raises(NotEnoughCredit) as refused:
        pay_out(cast.anna.id, eur(250_01), SLIP, authorisation=staff(cast), at=NOON)
    assert refused.value.facts == {"available": eur(250_00), "missing": eur(1)}
    assert one("SELECT count(*) FROM voucher WHERE kind = 'receipt'")[0] == 0

    pay_out(cast.anna.id, eur(250_00), SLIP, authorisation=staff(cast), at=NOON)

    assert balance(cast.anna) == eur(0)


def test_nobody_without_a_wallet_is_paid_out(cast):
    with pytest.raises(NoWallet):
        pay_out(cast.clara.id, eur(1_00), SLIP, authorisation=staff(cast), at=NOON)


def test_a_currency_the_company_keeps_no_books_in_is_refused(cast):
    with pytest.raises(NoSuchCurrency):
        top_up(cast.anna.id, Money(100, "USD"), SLIP, authorisation=staff(cast), at=NOON)

    assert Wallet.of(cast.anna.id, "USD") is None


UNREADABLE = [
    (SLIP._replace(number="  "), NoReceipt),
    (SLIP._replace(number="17\nreceipt:18"), LineBreaks),
    (SLIP._replace(payer="An\x00na"), HiddenCharacters),
    (SLIP._replace(reason="\u202e"), HiddenCharacters),
]


def test_a_receipt_that_cannot_be_read_is_refused(cast):
    for slip, refusal in UNREADABLE:
        for book in (top_up, pay_out):
            with pytest.raises(refusal):
                book(cast.anna.id, eur(1_00), slip, authorisation=staff(cast), at=NOON)

    assert balance(cast.anna) == eur(250_00)
