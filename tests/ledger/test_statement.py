"""A wallet's statement: newest first, signed as its owner sees it, paged by key."""

from datetime import date

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY, MINUTE, Books
from vps.kernel.database import rows, run
from vps.ledger.models import Line, Looked, line, lines, statement
from vps.ledger.models.statement import ALL, START, question


def test_lines_come_newest_first_with_the_balance_after_each(books):
    books.pay(700)
    books.move(books.anna, books.boris, 300)
    books.top_up(50)

    seen = [(shown.motive, shown.amount, shown.after) for shown in lines(books.anna)]

    assert seen == [("top-up", eur(50), eur(4_050)), ("transfer", eur(-300), eur(4_000)),
                    ("purchase", eur(-700), eur(4_300)), ("top-up", eur(5_000), eur(5_000))]  # fmt: skip
    assert [(shown.amount, shown.after) for shown in lines(books.boris)] == [(eur(300), eur(300))]


def test_a_line_names_its_document_the_other_side_and_its_days(books):
    done = books.pay(700, at=NOON + MINUTE, value_date=date(2026, 11, 23))

    assert lines(books.anna)[0] == Line(
        *(
            done.id,
            NOON + MINUTE,
            date(2026, 11, 23),
            "purchase",
            eur(-700),
            eur(4_300),
            "test",
            "1",
            "",
            "purchases:EUR",
            None,
            None,
            books.anna,
        ),
    )


def test_a_reversed_line_and_its_reversal_name_each_other(books):
    paid = books.pay(700)
    back = books.undo(paid.id)

    newest, older, _ = lines(books.anna)

    assert (newest.id, newest.reverses, newest.reversed_by) == (back.id, paid.id, None)
    assert (older.id, older.reverses, older.reversed_by) == (paid.id, None, back.id)


def test_pages_follow_each_other_without_gap_or_repetition(books):
    for n in range(11):
        (books.pay if n % 2 else books.top_up)(n + 1)
    whole = [shown.id for shown in lines(books.anna, limit=100)]

    paged, before = [], None
    while page := lines(books.anna, before=before, limit=5):
        assert len(page) <= 5
        paged += [shown.id for shown in page]
        before = paged[-1]

    assert paged == whole == sorted(whole, reverse=True)
    assert len(whole) == 12


def test_a_single_line_is_found_on_its_own_statement_only(books):
    done = books.pay(700)
    moved = books.move(books.anna, books.boris, 1)

    assert line(books.anna, done.id) == lines(books.anna)[1]
    assert line(books.boris, moved.id).amount == eur(1)
    assert line(books.boris, done.id) is None
    assert line(books.anna, done.id + 99) is None


def test_a_wallet_without_movements_has_an_empty_statement(books):
    assert lines(books.boris) == []
    assert line(books.boris, 1) is None


def test_several_accounts_are_one_statement_and_a_booking_between_them_is_two_lines(books):
    books.move(books.anna, books.boris, 300)
    books.pay(100, by=books.boris)
    both = [(books.anna, ALL), (books.boris, ALL)]
    whole = [(shown.id, shown.amount.minor) for shown in statement(both, limit=9)]
    assert [minor for _, minor in whole] == [-100, 300, -300, 5_000]

    paged, before = [], START
    while page := statement(both, before=before, limit=1):
        paged.append((page[0].id, page[0].amount.minor))
        before = page[0].place
    assert paged == whole
    assert statement([], limit=9) == []


@pytest.mark.parametrize(
    ("looked", "found"),
    [
        (Looked(motive="fee"), [-30]),
        (Looked(least=30, most=50), [-50, -30]),
        (Looked(since=NOON + DAY), [-70, -50]),
        (Looked(since=NOON + DAY, until=NOON + 2 * DAY), [-50]),
        (Looked(until=NOON), []),
        (Looked(motive="purchase", most=50), [-50]),
    ],
)
def test_what_is_looked_for_is_found_and_nothing_else(books, looked, found):
    for n, (minor, motive) in enumerate([(30, "fee"), (50, "purchase"), (70, "purchase")]):
        books.pay(minor, motive=motive, at=NOON + n * DAY)

    seen = [shown.amount.minor for shown in statement([(books.anna, looked)], limit=9)]

    assert [minor for minor in seen if minor < 0] == found


def test_no_page_reads_the_whole_history(engine):
    """A tenth of all lines are one account's: the page comes from its own index, filtered or not."""
    books = Books()
    fill(books.anna, books.purchases, 3_000)
    fill(books.boris, books.purchases, 27_000)
    run("ANALYZE booking")

    for looked in (ALL, Looked(motive="fee", since=NOON, least=2)):
        sql, values = question([(books.anna, looked)], START, 25)
        plan = " ".join(str(row[-1]) for row in rows(f"{'EXPLAIN' if engine == 'postgres' else 'EXPLAIN QUERY PLAN'} {sql}", *values))
        assert "booking_debit" in plan, plan
        assert "booking_credit" in plan
        assert "SCAN booking" not in plan and "Seq Scan on booking" not in plan


def fill(account, other, count):
    """Purchases that only a statement is to look at: rows without the proof of them."""
    run(
        "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, debit_after, digest)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " SELECT 'whale ' || ? || ' ' || i, (SELECT min(id) FROM voucher), 'purchase', ?, ?, i, 'EUR', i, '2026-11-20', 0, (SELECT digest FROM booking LIMIT 1)"
        " FROM n",
        *(count, str(account), account, other),
    )
