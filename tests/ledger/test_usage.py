"""Limits over a moving window, from running sums: no sum over history, and a reversal gives the room back."""

from datetime import timedelta

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY, MINUTE
from vps.kernel.database import is_postgres, one, rows, run
from vps.ledger.actions import Limit, LimitReached
from vps.ledger.actions.usage import STANDS, moved

TEN_A_DAY = Limit("out:purchase", DAY, 1_000)


def test_a_limit_can_be_used_up_to_the_last_cent(books):
    books.pay(400, limits=(TEN_A_DAY,))
    books.pay(600, limits=(TEN_A_DAY,))

    with pytest.raises(LimitReached) as refused:
        books.pay(1, limits=(TEN_A_DAY,))

    assert refused.value.facts == {"limit": eur(1_000), "left": eur(0), "frees": NOON + DAY}
    assert books.account() == (4_000, 0, 0)


def test_the_refusal_says_how_much_is_left_and_when_the_oldest_leaves_the_window(books):
    books.pay(100, at=NOON)
    books.pay(400, at=NOON + MINUTE)
    books.pay(300, at=NOON + 2 * MINUTE)

    with pytest.raises(LimitReached) as refused:
        books.pay(301, at=NOON + DAY, limits=(TEN_A_DAY,))

    assert refused.value.facts == {"limit": eur(1_000), "left": eur(300), "frees": NOON + DAY + MINUTE}


def test_what_left_the_window_is_free_again(books):
    books.pay(1_000, at=NOON)

    with pytest.raises(LimitReached):
        books.pay(1, at=NOON + DAY - timedelta(microseconds=1), limits=(TEN_A_DAY,))
    assert books.pay(1_000, at=NOON + DAY, limits=(TEN_A_DAY,)).debit_after == 3_000


def test_an_amount_above_the_whole_limit_is_refused_on_an_empty_window(books):
    with pytest.raises(LimitReached) as refused:
        books.pay(1_001, limits=(TEN_A_DAY,))

    assert refused.value.facts == {"limit": eur(1_000), "left": eur(1_000), "frees": NOON + DAY}


def test_a_limit_that_was_lowered_leaves_nothing_and_never_less(books):
    books.pay(1_000)

    with pytest.raises(LimitReached) as refused:
        books.pay(1, limits=(Limit("out:purchase", DAY, 200),))

    assert refused.value.facts["left"] == eur(0)


def test_of_several_windows_each_counts(books):
    month = Limit("out:purchase", 30 * DAY, 1_500)
    books.pay(1_000, at=NOON, limits=(TEN_A_DAY, month))

    with pytest.raises(LimitReached) as refused:
        books.pay(501, at=NOON + DAY, limits=(TEN_A_DAY, month))

    assert refused.value.facts["limit"] == eur(1_500)


def test_a_limit_counts_its_own_kind_of_movement_and_its_own_account(books):
    books.pay(900, motive="fee")
    books.top_up(900)
    books.top_up(2_000, to=books.boris)
    books.pay(900, by=books.boris)

    assert books.pay(1_000, limits=(TEN_A_DAY, Limit("in:purchase", DAY, 1))).debit_after == 4_000


def test_the_receiver_has_limits_too(books):
    received = Limit("in:transfer", DAY, 500)
    books.move(books.anna, books.boris, 500, limits=(received,))

    with pytest.raises(LimitReached):
        books.move(books.anna, books.boris, 1, limits=(received,))

    assert books.account() == (4_500, 0, 0), "the giver's part is undone as well"


def test_a_reversal_gives_the_room_back(books, clean):
    paid = books.pay(1_000, limits=(TEN_A_DAY,))
    books.undo(paid.id, at=NOON + MINUTE)

    assert books.pay(1_000, at=NOON + 2 * MINUTE, limits=(TEN_A_DAY,)).debit_after == 4_000
    clean()


def test_a_reversal_is_never_stopped_by_a_limit(books):
    paid = books.pay(1_000)

    books.move(books.purchases, books.anna, 1_000, motive="purchase", reverses=paid.id, limits=(Limit("out:purchase", DAY, 1),))

    assert moved(books.anna, "out:purchase", since=NOON - DAY) == 0


def test_what_moved_since_a_moment_is_the_difference_of_two_rows(books):
    for day, minor in enumerate((100, 200, 400)):
        books.pay(minor, at=NOON + day * DAY)

    assert [moved(books.anna, "out:purchase", since=NOON + day * DAY) for day in (-1, 0, 1, 2)] == [700, 600, 400, 0]
    assert moved(books.anna, "out:fee", since=NOON) == 0


def test_a_clock_that_goes_back_does_not_disorder_the_sums(books):
    books.pay(100, at=NOON)
    books.pay(200, at=NOON - MINUTE)

    kept = rows("SELECT seq, at, cum_minor, cum_count FROM usage WHERE kind = 'out:purchase' ORDER BY seq")
    assert [(row[0], row[1] - kept[0][1], *row[2:]) for row in kept] == [(1, 0, 100, 1), (2, 0, 300, 2)]


def test_company_accounts_keep_no_running_sums(books):
    assert {row[0] for row in rows("SELECT DISTINCT account_id FROM usage")} == {books.anna}


def test_the_newest_sum_is_found_without_reading_the_others(books):
    """A wallet's thousandth payment looks at no more rows than its first."""
    run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) SELECT ?, 'out:purchase', i, i, i, i FROM n",
        books.anna,
    )
    if is_postgres():
        run("ANALYZE usage")
        run("ANALYZE account")
    explain = "EXPLAIN (COSTS OFF) " if is_postgres() else "EXPLAIN QUERY PLAN "
    plan = " | ".join(str(row[-1]) for row in rows(explain + STANDS, "out:purchase", books.anna, "out:purchase", books.anna))

    assert plan.count("Scan on usage" if is_postgres() else "SCAN") == 0, plan
    assert "Sort" not in plan and "TEMP B-TREE" not in plan
    assert books.pay(1).debit_after == 4_999
    assert one("SELECT seq, cum_minor FROM usage ORDER BY seq DESC LIMIT 1") == (20_001, 20_001)
