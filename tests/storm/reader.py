"""A process of its own that does nothing but sum up everything, over and over, while money moves."""

import time
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from tests.storm.house import enter
from vps.kernel.database import connect, database, reading, rows

SHARE = 4
"""A read rests this many times as long as it took, and at least a twentieth of a second: it is to watch, not to be the load."""


class Seen(NamedTuple):
    """How many reads there were, how long the longest took, and what was wrong in any of them."""

    reads: int
    longest: float
    wrong: list[str]


class Reader:
    """Use it with `with`; `seen` is there afterwards."""

    def __init__(self, data: Path, url: str, constants: Mapping[str, int]) -> None:
        context = get_context("spawn")  # a forked process would inherit an open connection
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_live, args=(other, data, url, dict(constants)), daemon=True)
        self.seen = Seen(0, 0.0, ["it never answered"])

    def __enter__(self) -> "Reader":
        self.process.start()
        self.pipe.recv()  # it has opened the books
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.send("enough")
        self.seen = self.pipe.recv()
        self.process.join()


def look(constants: Mapping[str, int]) -> list[str]:
    """What is wrong in one read of everything, in one statement: sums that are not the constants, wallets below their floor or not what was booked."""
    with reading():
        found = rows(EVERYTHING)
    wrong = [f"{currency}: {below} below the floor" for currency, _, below, _ in found if below]
    wrong += [f"{currency}: {other} balances are not what was booked" for currency, _, _, other in found if other]
    return wrong + [f"{currency}: the sum is {total}" for currency, total, _, _ in found if total != constants[currency]]


def _live(pipe: Connection, data: Path, url: str, constants: Mapping[str, int]) -> None:
    enter(data, url)
    connect()
    reads, longest, wrong = 0, 0.0, look(constants)
    pipe.send("open")
    while not pipe.poll():
        begun = time.monotonic()
        wrong += look(constants)
        took = time.monotonic() - begun
        reads, longest = reads + 1, max(longest, took)
        time.sleep(max(0.05, SHARE * took))
    database.close()
    pipe.send(Seen(reads, longest, wrong))


# Everything that was ever given, wherever it stands now: wallets by their balance, the company's accounts by their bookings.
EVERYTHING = """
WITH moved AS (
  SELECT account, sum(minor) AS minor FROM (
    SELECT credit_id AS account, amount AS minor FROM booking UNION ALL SELECT debit_id, -amount FROM booking) AS sides GROUP BY account)
SELECT a.currency,
       CAST(sum(CASE WHEN a.kind = 'opening' THEN 0 WHEN a.floor IS NULL THEN coalesce(m.minor, 0) ELSE a.balance END) AS bigint),
       CAST(sum(CASE WHEN a.balance < a.floor THEN 1 ELSE 0 END) AS bigint),
       CAST(sum(CASE WHEN a.floor IS NOT NULL AND a.balance <> coalesce(m.minor, 0) THEN 1 ELSE 0 END) AS bigint)
  FROM account a LEFT JOIN moved m ON m.account = a.id GROUP BY a.currency
"""
