"""A wallet's statement: newest first, signed as its owner sees it, paged by key."""

from datetime import date

from tests.cast import NOON, eur
from tests.ledger.books import MINUTE, Books
from vps.kernel.database import rows
from vps.ledger.models import Line, line, lines
from vps.ledger.models.statement import FAR, PAGE


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
        *(done.id, NOON + MINUTE, date(2026, 11, 23), "purchase", eur(-700), eur(4_300), "test", "1", "", "purchases:EUR", None, None),
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


def test_no_page_reads_the_whole_history(sqlite):
    """PostgreSQL's plan for a handful of rows would say nothing."""
    books = Books()
    plan = " ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {PAGE}", books.anna, FAR, 25, books.anna, FAR, 25, 25))

    assert "booking_debit (debit_id=?" in plan
    assert "booking_credit (credit_id=?" in plan
    assert "SCAN booking" not in plan
