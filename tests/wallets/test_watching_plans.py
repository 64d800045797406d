"""What is watched costs the same at any size: every statement goes through an index, and ends after a few rows."""

import re

import pytest

from vps.bank.watching import OTHERS
from vps.kernel.database import database, is_postgres, rows, run
from vps.people.alike import ALIKE
from vps.trust.models.cases import CLOSED, FLAGS, NOTES, OF_PERSON, OPEN
from vps.wallets.watching.movements import BOUGHT, PURCHASES
from vps.wallets.watching.seen import LAST, LINES_OUT, RECEIVED, SENT, TOP_UPS, TURNOVER

STATEMENTS = {
    "SENT": (SENT, (1, 2, 50), ["booking_transfer_out", "wallet_account", "transfer_booking"]),
    "RECEIVED": (RECEIVED, (1, 2, 50), ["booking_transfer_in", "wallet_account", "transfer_arrival"]),
    "LINES_OUT": (LINES_OUT, (1, 2, 51), ["booking_debit"]),
    "TOP_UPS": (TOP_UPS, (1, 2, 20), ["booking_top_up"]),
    "LAST": (LAST, (1, 2, 1, 2, 9), ["booking_debit", "booking_credit"]),
    "BOUGHT": (BOUGHT, (1,), []),
    "TURNOVER": (TURNOVER, (1, "x", 1, "x", 1), []),
    "PURCHASES": (PURCHASES, (1, 51), []),
    "ALIKE": (ALIKE, (1, 1, 1, 1, 1, "2026-11-20", 1, "2026-11-20", 1), ["person_email", "person_phone", "browser_person", "browser_also"]),
    "OTHERS": (OTHERS, (1, "x", 1, 10), ["payee_account_"]),
    "OPEN": (OPEN, (1, 1, 51), ["watch_case_open"]),
    "CLOSED": (CLOSED, (1, 1, 51), ["watch_case_closed"]),
    "OF_PERSON": (OF_PERSON, (1, 200), ["watch_case_person"]),
    "FLAGS": (FLAGS, (1, 200), ["flag_case"]),
    "NOTES": (NOTES, (1,), ["case_note_case"]),
}
SMALL = re.compile(r"^SCAN (lately|went|came|found|said|arm\d|CONSTANT ROW)|USING (COVERING )?INDEX person_right_in_force")
"""What may be read whole: the few rows found already, and the staff's rights in force."""


def plan(sql, values):
    if not is_postgres():
        return [row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *values)]
    with database.atomic():
        run("SET LOCAL enable_seqscan = off")  # tables of a few rows are read whole; here it is asked whether they would have to be
        return [row[0].strip() for row in rows(f"EXPLAIN (COSTS OFF) {sql}", *values)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_goes_through_its_index(engine, name):
    sql, values, indexes = STATEMENTS[name]
    steps = plan(sql, values)

    assert [index for index in indexes if not any(index in step for step in steps)] == [], steps
    whole = [step for step in steps if step.startswith("SCAN") or "Seq Scan" in step]
    assert [step for step in whole if not SMALL.search(step)] == [], steps
