"""Sums over any length of history at flat cost: sealed totals plus the unsealed tail, read in one statement, so of one moment."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from vps.kernel.clock import day_in, instant
from vps.kernel.database import one, rows
from vps.ledger.models.bulks import UNSEEN


class Month(NamedTuple):
    """What came in and went out in one month, in minor units and as a number of bookings."""

    month: date
    count_in: int
    minor_in: int
    count_out: int
    minor_out: int


def balance(account: int) -> int:
    """Credits less debits of any account, company accounts included, in minor units."""
    return int(one(BALANCE, account, account, account)[0])


def balances(accounts: Collection[int]) -> dict[int, int]:
    """The same for several accounts, in one question."""
    if not accounts:
        return {}
    return {account: int(minor) for account, minor in rows(BALANCES.format(", ".join("?" * len(accounts))), *accounts)}


def months(account: int, first_days: list[date], *, zone: str) -> list[Month]:
    """The account's movements in the months that begin on `first_days`, by the company's `zone`."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for month, side, count, minor in rows(MONTHS, account, first_days[0].isoformat()[:7], account, account):
        name = month if "-" in month else day_in(instant(int(month)), zone).isoformat()[:7]
        sums[name, side][0] += count
        sums[name, side][1] += minor
    names = [(day, day.isoformat()[:7]) for day in first_days]
    return [Month(day, *sums[name, "credit"], *sums[name, "debit"]) for day, name in names]


HORIZON = "WITH h AS (SELECT coalesce(max(upto), 0) AS upto FROM seal WHERE chain = 'booking')"
STANDS = (
    "CAST(coalesce((SELECT sum(CASE side WHEN 'credit' THEN minor ELSE -minor END) FROM total WHERE account_id = {0}), 0)"
    f" + coalesce((SELECT sum(amount) FROM booking, h WHERE credit_id = {{0}} AND booking.id > h.upto AND {UNSEEN}), 0)"
    f" - coalesce((SELECT sum(amount) FROM booking, h WHERE debit_id = {{0}} AND booking.id > h.upto AND {UNSEEN}), 0) AS bigint)"
)
BALANCE = f"{HORIZON} SELECT {STANDS.format('?')}"
BALANCES = f"{HORIZON} SELECT a.id, {STANDS.format('a.id')} FROM account a WHERE a.id IN ({{}})"
MONTHS = (
    f"{HORIZON} SELECT month, side, CAST(sum(count) AS bigint), CAST(sum(minor) AS bigint) FROM total"
    " WHERE account_id = ? AND month >= ? GROUP BY month, side"
    f" UNION ALL SELECT CAST(booked_at AS text), 'debit', 1, amount FROM booking, h WHERE debit_id = ? AND id > h.upto AND {UNSEEN}"
    f" UNION ALL SELECT CAST(booked_at AS text), 'credit', 1, amount FROM booking, h WHERE credit_id = ? AND id > h.upto AND {UNSEEN}"
)
