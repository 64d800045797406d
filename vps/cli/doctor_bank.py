"""The doctor's look at the bank: whether statements still come."""

from datetime import date, datetime

from vps.bank.days import bank_days_after
from vps.cli.findings import Findings, ill, well
from vps.company.models import company
from vps.kernel.clock import day_in
from vps.kernel.database import rows
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_

LATEST = 3
"""Whole banking days without a statement."""


def statements(now: datetime) -> Findings:
    """An account that ever had a statement and has had none for days: nobody fetches them, or the bank sends none."""
    today, behind = day_in(now, company().zone), False
    for number, newest in rows(NEWEST):
        if bank_days_after(date.fromisoformat(newest), LATEST + 1) < today:
            behind = True
            says = N_("The last bank statement of account %(account)s is of %(day)s. Fetch those that are missing: docs/bank.md")
            yield ill(says, account=spaced(number), day=newest)
    if not behind:
        yield well(N_("Bank statements are not behind."))


NEWEST = (
    "SELECT a.number, max(s.closing_day) FROM bank_account a JOIN bank_statement s ON s.account = a.number AND s.currency = a.currency"
    " AND s.taken_back_at IS NULL WHERE a.closed_at IS NULL AND s.closing_day IS NOT NULL GROUP BY a.id, a.number ORDER BY a.id"
)
