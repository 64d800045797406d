"""Held money is booked, but may not be spent until it is released or its time is over."""

from datetime import timedelta

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY, MINUTE
from vps.kernel.database import one
from vps.ledger.actions import NotEnoughCredit, hold, holds, release
from vps.ledger.actions.holds import NotAvailable


def held(books, minor, *, key="h", until=None, at=NOON, account=0):
    return hold(account or books.anna, eur(minor), reason="order:1", key=key, at=at, until=until)


def test_what_is_held_stays_booked_and_cannot_be_spent(books, clean):
    held(books, 4_000)

    assert books.account() == (5_000, 4_000, 0)
    with pytest.raises(NotEnoughCredit) as refused:
        books.pay(1_001)
    assert refused.value.facts == {"available": eur(1_000), "missing": eur(1)}
    assert books.pay(1_000).debit_after == 4_000
    clean()


def test_of_six_holds_of_ten_on_fifty_the_sixth_is_refused(books, clean):
    for n in range(5):
        held(books, 1_000, key=f"h{n}")

    with pytest.raises(NotAvailable) as refused:
        held(books, 1_000, key="h5")

    assert refused.value.facts == {"amount": eur(1_000)}
    assert books.account() == (5_000, 5_000, 0)
    assert one("SELECT count(*) FROM hold")[0] == 5
    clean()


def test_the_same_hold_again_reserves_nothing_more(books):
    assert held(books, 1_000) == held(books, 1_000)
    assert books.account() == (5_000, 1_000, 0)


def test_whoever_loses_the_race_for_a_hold_finds_the_winners(books, overlook):
    first = held(books, 1_000)
    overlooked = overlook(holds, "SELECT id FROM hold")

    assert held(books, 1_000) == first
    assert overlooked == [(first,)]
    assert books.account() == (5_000, 1_000, 0)


def test_a_released_hold_can_be_spent_and_is_released_once(books, clean):
    first = held(books, 5_000)

    assert release(first, at=NOON + MINUTE) is True
    assert release(first, at=NOON + DAY) is False

    assert books.account() == (5_000, 0, 0)
    assert one("SELECT released_at - held_at FROM hold WHERE id = ?", first)[0] == 60_000_000
    assert books.pay(5_000).debit_after == 0
    clean()


@pytest.mark.parametrize("next_action", ["payment", "credit", "hold"])
def test_an_expired_hold_is_released_by_the_next_action_on_the_account(books, clean, next_action):
    held(books, 3_000, key="a", until=NOON + MINUTE)
    held(books, 1_500, key="b", until=NOON + MINUTE)
    held(books, 500, key="c", until=NOON + DAY)
    late = NOON + MINUTE

    if next_action == "payment":
        books.pay(4_500, at=late)
    elif next_action == "credit":
        books.top_up(1, at=late)
    else:
        held(books, 4_500, key="d", at=late)

    assert books.account()[1] == 500 + 4_500 * (next_action == "hold")
    clean()


def test_a_hold_counts_until_the_moment_it_ends(books):
    held(books, 5_000, until=NOON + MINUTE)

    with pytest.raises(NotEnoughCredit):
        books.pay(1, at=NOON + MINUTE - timedelta(microseconds=1))


def test_a_hold_without_an_end_does_not_expire(books):
    held(books, 5_000)

    with pytest.raises(NotEnoughCredit):
        books.pay(1, at=NOON + 10_000 * DAY)


def test_one_wallets_holds_do_not_expire_by_anothers_action(books):
    held(books, 5_000, until=NOON + MINUTE)

    books.top_up(1, to=books.boris, at=NOON + DAY)

    assert books.account() == (5_000, 5_000, 0)


def test_what_is_expired_makes_a_debt_smaller(books, clean):
    topped = books.top_up(1_000)
    held(books, 6_000, until=NOON + MINUTE)
    books.undo(topped.id, as_debt=True)
    assert books.account() == (5_000, 6_000, 1_000)

    books.top_up(1, at=NOON + DAY)

    assert books.account() == (5_001, 0, 0)
    clean()


def test_nothing_can_be_held_on_a_company_account(books):
    with pytest.raises(NotAvailable):
        held(books, 1, account=books.bank)


def test_only_an_amount_above_nothing_can_be_held(books):
    with pytest.raises(AssertionError):
        held(books, 0)


def test_a_part_is_released_and_the_rest_stays_held_also_of_who_owes_something(books, clean):
    key = held(books, 4_000, until=NOON + DAY)
    books.pay(3_000, as_debt=True)
    assert books.account() == (2_000, 4_000, 2_000)

    holds.release_part(key, eur(1_000), key="rest", at=NOON)

    assert books.account() == (2_000, 3_000, 1_000)
    assert one("SELECT amount, reason, released_at FROM hold WHERE key = ?", "rest") == (3_000, "order:1", None)
    clean()
