"""Running sums of what moved: any window is the difference of two rows."""

from tests.cast import NOON
from tests.ledger.books import MINUTE
from vps.kernel.database import is_postgres, one, rows, run
from vps.ledger.actions.usage import STANDS


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
