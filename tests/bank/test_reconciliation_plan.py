"""A page of ten million bookings costs what one of ten costs: balances come from totals and tail, receipts by their vouchers."""

import pytest

from vps.bank.models.reconciliation import LINES_OF, MOVED, OPENED, STATEMENTS, TAKEN_BACK, UNCLEAR
from vps.kernel.database import is_postgres, rows, run
from vps.ledger.models.sums import BALANCES

FEW = {"bulk", "bank_account", "bank_statement", "a", "s", "n", "h", "o", "moved", "(subquery-1)"}
"""What may be read whole: bulks that are open (of which there is one at most), accounts, statements, and what a question has made itself."""
ASKED = {
    "balances": (BALANCES.format("?, ?"), 1, 2),
    "by hand": (MOVED, *["2026-11-16"] * 4),
    "opened": (OPENED,),
    "statements": (STATEMENTS,),
    "taken back": (TAKEN_BACK,),
    "lines without balances": (LINES_OF.format("?"), 1),
}


def read_whole(sql, values):
    if is_postgres():
        run("SET enable_seqscan = off")
        plan = [row[0] for row in rows(f"EXPLAIN (COSTS OFF) {sql}", *values)]
        return {step.partition("Seq Scan on ")[2].split()[-1] for step in plan if "Seq Scan on" in step}
    plan = [row[-1] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *values)]
    return {step.partition("SCAN ")[2].split()[0] for step in plan if "SCAN " in step}


@pytest.mark.parametrize("question", ASKED)
def test_neither_bookings_nor_lines_nor_vouchers_are_read_through(engine, question):
    sql, *values = ASKED[question]

    assert read_whole(sql, values) <= FEW


def test_what_is_unclear_is_read_from_its_own_small_index(sqlite):
    """On an empty PostgreSQL every way costs the same."""
    plan = " ".join(row[-1] for row in rows(f"EXPLAIN QUERY PLAN {UNCLEAR}"))

    assert "bank_line_unclear" in plan
