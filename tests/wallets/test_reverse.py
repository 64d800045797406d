"""Taking a booking by hand back: whole, once, with a reason; a shortfall only when the office says so, and then visibly."""

from datetime import UTC, date, datetime

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, balance, eur, red_order, sheet_of
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit
from vps.ledger.models.audit import audit
from vps.orders.actions import pay_now
from vps.security.actions import ask, confirm, snapshot
from vps.wallets.actions import NoReason, NotByHand, Slip, WouldBeDebt, pay_out, reverse_by_hand, top_up
from vps.wallets.models import Wallet

DAY = date(2026, 11, 19)


def staff(cast) -> ByStaff:
    return ByStaff(Actor(cast.dragan.id))


def topped_up(cast, person, minor: int = 30_00) -> int:
    return top_up(person.id, eur(minor), Slip("2026-17", DAY, person.name, "cash"), authorisation=staff(cast), at=NOON).id


def take_back(cast, person, booking: int, **more):
    return reverse_by_hand(person.id, booking, **{"reason": "wrong partner", "authorisation": staff(cast), "at": NOON} | more)


def pay(cast, order, person) -> None:
    dialog = snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON), at=NOON)
    pay_now(order.id, authorisation=confirm(dialog, code=CODES[dialog.n - 1], actor=Actor(person.id), at=NOON), at=NOON)


def test_a_top_up_taken_back_leaves_what_was_there_before(cast):
    booking = topped_up(cast, cast.anna)

    take_back(cast, cast.anna, booking)

    assert balance(cast.anna) == eur(250_00)
    assert one("SELECT reverses, motive FROM booking WHERE key = ?", f"reversal:{booking}") == (booking, "top-up")
    assert one("SELECT text FROM voucher WHERE kind = 'reversal'")[0] == "wrong partner"
    assert one("SELECT before, after FROM event WHERE verb = 'booking reversed'") == ("receipt:2026-17", "wrong partner")


def test_a_payment_out_taken_back_returns_the_money(cast):
    booking = pay_out(cast.anna.id, eur(50_00), Slip("7", DAY, "Anna", "came back"), authorisation=staff(cast), at=NOON).id

    take_back(cast, cast.anna, booking)

    assert balance(cast.anna) == eur(250_00)


def test_taking_back_twice_changes_nothing(cast):
    booking = topped_up(cast, cast.anna)

    first, again = take_back(cast, cast.anna, booking), take_back(cast, cast.anna, booking)

    assert (again.id, again.again) == (first.id, True)
    assert balance(cast.anna) == eur(250_00)
    assert one("SELECT count(*) FROM event WHERE verb = 'booking reversed'")[0] == 1


def test_taken_back_in_eight_windows_at_once_is_taken_back_once(cast):
    booking = topped_up(cast, cast.anna)

    answers = at_once(8, lambda _: take_back(cast, cast.anna, booking))

    assert len({answer.id for answer in answers}) == 1
    assert balance(cast.anna) == eur(250_00)


def test_a_top_up_that_was_spent_is_not_taken_back_silently(cast):
    booking = topped_up(cast, cast.boris, 60_00)
    sheet_of(cast.boris)
    pay(cast, red_order(cast, cast.boris), cast.boris)

    with pytest.raises(WouldBeDebt) as refused:
        take_back(cast, cast.boris, booking)

    assert refused.value.facts == {"missing": eur(49_90)}
    assert balance(cast.boris) == eur(10_10)
    assert one("SELECT count(*) FROM voucher WHERE kind = 'reversal'")[0] == 0


def test_a_top_up_that_was_spent_is_taken_back_as_a_debt_that_everybody_sees(cast):
    booking = topped_up(cast, cast.boris, 60_00)
    sheet_of(cast.boris)
    pay(cast, red_order(cast, cast.boris), cast.boris)

    take_back(cast, cast.boris, booking, as_debt=True)

    account = Wallet.of(cast.boris.id, "EUR").account
    assert (account.booked, account.available, account.shortfall) == (eur(-49_90), eur(0), eur(49_90))
    assert account.debt == 49_90
    with pytest.raises(NotEnoughCredit):
        pay(cast, red_order(cast, cast.boris), cast.boris)
    assert [str(problem.says) for problem in audit("Europe/Berlin")] == []


def test_a_top_up_pays_the_debt_first(cast):
    booking = topped_up(cast, cast.boris, 60_00)
    sheet_of(cast.boris)
    pay(cast, red_order(cast, cast.boris), cast.boris)
    take_back(cast, cast.boris, booking, as_debt=True)

    top_up(cast.boris.id, eur(50_00), Slip("8", DAY, "Boris", "cash"), authorisation=staff(cast), at=NOON)

    account = Wallet.of(cast.boris.id, "EUR").account
    assert (account.available, account.shortfall, account.debt) == (eur(10), eur(0), 0)


def test_only_what_the_office_booked_by_hand_is_taken_back(cast):
    sheet_of(cast.anna)
    pay(cast, red_order(cast), cast.anna)
    gift, purchase = (one("SELECT id FROM booking WHERE motive = ?", motive)[0] for motive in ("opening", "purchase"))

    for booking in (gift, purchase, 999_999):
        with pytest.raises(NotByHand):
            take_back(cast, cast.anna, booking)


def test_another_partners_booking_is_not_taken_back_from_this_one(cast):
    booking = topped_up(cast, cast.boris)

    with pytest.raises(NotByHand):
        take_back(cast, cast.anna, booking)

    assert (balance(cast.anna), balance(cast.boris)) == (eur(250_00), eur(30_00))


def test_a_reversal_is_not_reversed(cast):
    reversal = take_back(cast, cast.anna, topped_up(cast, cast.anna)).id

    with pytest.raises(NotByHand):
        take_back(cast, cast.anna, reversal)


def test_nothing_is_taken_back_without_a_reason(cast):
    booking = topped_up(cast, cast.anna)

    for reason in ("", "   "):
        with pytest.raises(NoReason):
            take_back(cast, cast.anna, booking, reason=reason)

    assert balance(cast.anna) == eur(280_00)


def test_a_booking_reversed_in_another_way_is_not_reversed_again(cast):
    from vps.ledger.actions import reverse, voucher

    booking = topped_up(cast, cast.anna)
    paper = voucher("correction", "1", day=DAY)
    reverse(booking, key="correction:1", voucher=paper, at=NOON, actor=Actor())

    with pytest.raises(AlreadyReversed):
        take_back(cast, cast.anna, booking)


def test_the_day_on_the_voucher_is_the_companys(cast):
    booking = topped_up(cast, cast.anna)

    take_back(cast, cast.anna, booking, at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))

    assert one("SELECT day FROM voucher WHERE kind = 'reversal'")[0] == "2026-12-01"
