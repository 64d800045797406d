"""A mistake is mirrored by a booking of its own, whole and once; what was spent meanwhile becomes a debt that everybody sees."""

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY
from vps.kernel.database import IntegrityError, one, run
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit, Unlike, booking, hold, release
from vps.ledger.models import Account


def test_a_reversal_mirrors_the_whole_booking(books, clean):
    paid = books.pay(700)

    back = books.undo(paid.id, at=NOON + DAY)

    assert one("SELECT debit_id, credit_id, amount, currency, motive, reverses FROM booking WHERE id = ?", back.id) == (
        *(books.purchases, books.anna, 700, "EUR", "purchase", paid.id),
    )
    assert (back.debit_after, back.credit_after) == (None, 5_000)
    assert books.account() == (5_000, 0, 0)
    clean()


def test_the_same_reversal_again_answers_the_first_one(books):
    paid = books.pay(700)
    first = books.undo(paid.id)

    assert books.undo(paid.id) == first._replace(again=True)
    assert books.account() == (5_000, 0, 0)


def test_a_booking_is_reversed_once(books):
    paid = books.pay(700)
    books.undo(paid.id)

    with pytest.raises(AlreadyReversed):
        books.undo(paid.id, key="another day")

    assert books.account() == (5_000, 0, 0)


def test_of_two_reversals_at_once_the_second_is_refused(books, overlook):
    paid = books.pay(700)
    books.undo(paid.id)
    overlooked = overlook(booking, "SELECT key FROM booking WHERE reverses")

    with pytest.raises(AlreadyReversed):
        books.undo(paid.id, key="at the same moment")

    assert overlooked == [(f"undo:{paid.id}",)]
    assert books.account() == (5_000, 0, 0)


def test_a_reversal_under_the_key_of_another_booking_is_refused(books):
    books.pay(300, key="order:1")
    paid = books.pay(700)

    with pytest.raises(Unlike):
        books.undo(paid.id, key="order:1")


def test_a_top_up_that_was_spent_is_not_reversed_by_accident(books):
    topped = books.top_up(1_000)
    books.pay(5_500)

    with pytest.raises(NotEnoughCredit) as refused:
        books.undo(topped.id)

    assert refused.value.facts == {"available": eur(500), "missing": eur(500)}
    assert books.account() == (500, 0, 0)


def test_reversed_as_a_debt_the_wallet_shows_what_it_lacks(books, clean):
    topped = books.top_up(1_000)
    books.pay(5_500)

    assert books.undo(topped.id, as_debt=True).debit_after == -500

    assert books.account() == (-500, 0, 500)
    wallet = Account.get_by_id(books.anna)
    assert (wallet.booked, wallet.available, wallet.shortfall) == (eur(-500), eur(0), eur(500))
    clean()


def test_a_reversal_as_a_debt_that_needs_none_makes_none(books):
    topped = books.top_up(1_000)

    books.undo(topped.id, as_debt=True)

    assert books.account() == (5_000, 0, 0)


def test_with_a_debt_nothing_can_be_spent(books):
    in_debt(books, 500)

    with pytest.raises(NotEnoughCredit) as refused:
        books.pay(1)

    assert refused.value.facts == {"available": eur(0), "missing": eur(501)}


def test_every_credit_makes_the_debt_smaller_until_it_is_gone(books, clean):
    in_debt(books, 500)
    seen = []
    for credit in (200, 299, 1, 50):
        books.top_up(credit)
        seen.append(books.account())

    assert seen == [(-300, 0, 300), (-1, 0, 1), (0, 0, 0), (50, 0, 0)]
    assert books.pay(50).debit_after == 0
    clean()


def test_a_second_debt_adds_to_the_first(books, clean):
    in_debt(books, 500)
    start = one("SELECT id FROM booking WHERE key = 'start'")[0]

    books.undo(start, as_debt=True)

    assert books.account() == (-5_500, 0, 5_500)
    clean()


def test_the_database_lets_a_debt_grow_no_further_than_it_was_booked(books):
    in_debt(books, 500)

    with pytest.raises(IntegrityError):
        run("UPDATE account SET balance = balance - 1 WHERE id = ?", books.anna)


def test_a_paid_debt_leaves_no_room_below_the_floor(books):
    in_debt(books, 500)
    books.top_up(500)

    with pytest.raises(IntegrityError):
        run("UPDATE account SET balance = balance - 1 WHERE id = ?", books.anna)


def test_what_is_held_counts_as_missing_until_it_is_released(books, clean):
    topped = books.top_up(1_000)
    held = hold(books.anna, eur(6_000), reason="order:1", key="h", at=NOON)
    books.undo(topped.id, as_debt=True)
    assert books.account() == (5_000, 6_000, 1_000)
    clean()

    release(held, at=NOON)

    assert books.account() == (5_000, 0, 0), "released, nothing is missing any more"
    clean()


def in_debt(books, minor):
    """Anna spends a top-up that is then taken back."""
    topped = books.top_up(minor)
    books.pay(5_000 + minor)
    books.undo(topped.id, as_debt=True)
    assert books.account() == (-minor, 0, minor)
