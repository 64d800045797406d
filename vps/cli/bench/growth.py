"""Whether the house stays as quick as it is while the books grow: the same questions at several sizes, the sizes in turn.

A read is the product's own function, warm; a check is all that a transfer is looked at for, limits and flags; a write is the whole of Pay
Now by partners whose rows lie far from each other.
"""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

from peewee import OperationalError

from vps.cli.bench.bare import pragmas
from vps.cli.bench.checks import checks
from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed, worked
from vps.cli.bench.filling import HUGE, SMALL, ZONE, Filled, fill
from vps.cli.bench.presses import press, several
from vps.cli.bench.scratch import scratch_folder
from vps.cli.books import problems_of
from vps.kernel.clock import clock, day_in, months_back
from vps.kernel.database import configure, connect, database, one, rows
from vps.ledger.actions import company_account
from vps.ledger.models import balance, lines, months
from vps.orders.models import Colour, company_counts, company_list, partner_counts, partner_list
from vps.wallets.models import purse

PAGE = 26
"""A page of 25 lines and the one that says that there are older ones."""
REPEATS = 40
"""How often a read is asked in a round; its figure is the median."""
PRESSES, CHECKS, TURNS = 20, 20, 5
"""Payments, or checks of each wallet, on one size before the next size has its turn, and turns in a round."""
AUDITS = 3
FETCH = 20_000
AUDITED = 1_000_000
"""Larger books are audited only when asked: it takes minutes and says the same."""
BOOKINGS = (
    "SELECT id, key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest FROM booking ORDER BY id"
)


class House:
    """One size with its open connection, so that caches stay as warm as in a running house."""

    def __init__(self, filled: Filled, presses: int, now: datetime) -> None:
        self.filled, self.now = filled, now
        self.url = f"sqlite:///{filled.path}"
        configure(self.url)
        connect()
        self.connection = database.obj
        self.checks = checks(filled, now)
        self.stock = iter(several(presses, filled.payers, now))
        self.us: dict[str, list[float]] = defaultdict(list)
        """Medians in microseconds, one for each round."""

    def enter(self) -> None:
        """From here on this process works on this size."""
        configure(self.url)
        database.initialize(self.connection)

    def read(self) -> None:
        """One round of every question."""
        self.enter()
        for name, ask in questions(self.filled, self.now).items():
            ask()
            self.us[name].append(1e6 * median(timed(ask) for _ in range(REPEATS)))

    def check(self) -> dict[str, list[float]]:
        """Seconds of processor time of a few checks of each wallet."""
        self.enter()
        for ask in self.checks.values():
            ask()  # what is remembered of a database was forgotten
        return {name: [worked(ask) for _ in range(CHECKS)] for name, ask in self.checks.items()}

    def write(self) -> list[float]:
        """Seconds of a few payments."""
        self.enter()
        return [timed(partial(press, each)) for each in islice(self.stock, PRESSES)]


def measure(*, folder: Path | None, sizes: list[int], rounds: int, audit_all: bool) -> Figures:
    """Medians in microseconds by size, and how much they grow from the first size and from size to size."""
    with scratch_folder(folder) as scratch:
        now = clock()
        filling = [(fill(scratch, size, now=now), clock()) for size in sizes]
        houses = [House(filled, (rounds + 1) * TURNS * PRESSES, now) for filled, _ in filling]
        for n in range(rounds + 1):
            for house in houses if n % 2 else reversed(houses):
                house.read()
            _check(houses)
            _write(houses)
            if not n:  # warmed up
                for house in houses:
                    house.us.clear()
        began = [now, *(ended for _, ended in filling)]
        by_size = {}
        for n, house in enumerate(houses):
            house.enter()
            audited = house.filled.size <= AUDITED or audit_all
            by_size[str(house.filled.size)] = {
                "filled_in_seconds": round((began[n + 1] - began[n]).total_seconds(), 1),
                "us": {name: middle(found, 1) for name, found in house.us.items()},
                **_bytes(house.filled),
                "audit": _audit(house.filled) if audited else None,
            }
        return {"bench": "growth", "disk": disk_of(scratch), "rounds": rounds, "sizes": by_size, "growth": _growth(houses)}


def questions(filled: Filled, now: datetime) -> dict[str, Callable[[], object]]:
    """Every read that has to stay flat."""
    days = months_back(day_in(now, ZONE), 12)
    purchases = company_account("purchases", "EUR")
    asked: dict[str, Callable[[], object]] = {"balance_company": lambda: balance(purchases)}
    for who, person, account in (("small", SMALL, filled.small), ("huge", HUGE, filled.huge)):
        deep = _place(account)
        asked |= {
            f"balance_{who}": partial(purse, person, "EUR"),
            f"statement_first_{who}": partial(lines, account, limit=PAGE),
            f"statement_hundredth_{who}": partial(lines, account, before=deep, limit=PAGE),
            f"chart_{who}": partial(months, account, days, zone=ZONE),
        }
    for colour in Colour:
        asked[f"orders_{colour.css}_partner"] = partial(partner_list, SMALL, colour, now=now, limit=PAGE)
        asked[f"orders_{colour.css}_company"] = partial(company_list, colour, now=now, limit=PAGE)
    return asked | {"counts_partner": lambda: partner_counts(SMALL, now), "counts_company": lambda: company_counts(now)}


def _place(account: int) -> int:
    # The booking after which the hundredth page begins.
    both = (
        "SELECT id FROM booking WHERE debit_id = ? UNION ALL SELECT id FROM booking WHERE credit_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
    )
    return int(one(both, account, account, 99 * (PAGE - 1) - 1)[0])


def _write(houses: list[House]) -> None:
    waited: list[list[float]] = [[] for _ in houses]
    for _ in range(TURNS):
        for house, seconds in zip(houses, waited, strict=True):
            seconds += house.write()
    for house, seconds in zip(houses, waited, strict=True):
        house.us["pay_now"].append(1e6 * median(seconds))


def _check(houses: list[House]) -> None:
    # Once a size is left, its pages leave the processor's caches: the sizes take turns often, so that this hits all of them alike.
    spent: list[dict[str, list[float]]] = [defaultdict(list) for _ in houses]
    for turn in range(TURNS):
        for house, seconds in sorted(zip(houses, spent, strict=True), key=lambda pair: pair[0].filled.size, reverse=bool(turn % 2)):
            for name, found in house.check().items():
                seconds[name] += found
    for house, seconds in zip(houses, spent, strict=True):
        for name, found in seconds.items():
            house.us[name].append(1e6 * median(found))


def _growth(houses: list[House]) -> Figures:
    # From the first size to each other one, and from one size to the next: medians of the ratios of each round.
    found: Figures = {}
    pairs = [(houses[0], house) for house in houses[1:]] + list(pairwise(houses[1:]))
    for before, after in pairs:
        grown = {name: middle(ratios(after.us[name], before.us[name])) for name in after.us}
        checked = {name: ratio for name, ratio in grown.items() if name in after.checks}
        reads = {name: ratio for name, ratio in grown.items() if name != "pay_now" and name not in checked}
        worst = max(reads, key=lambda name: reads[name])
        found[f"{before.filled.size}-{after.filled.size}"] = {
            "reads": reads[worst],
            "slowest": worst,
            "checks": max(checked.values()),
            "writes": grown["pay_now"],
            "each": grown,
        }
    return found


def _bytes(filled: Filled) -> Figures:
    # Whole pages, as they stand in the file. The ledger's row is the booking; what stands beside it is told apart.
    try:
        found = rows("SELECT name, pgsize FROM dbstat WHERE aggregate = 1")
    except OperationalError:  # a library without the table that tells
        return {"bytes_per_booking": None}
    tables = dict(rows("SELECT name, tbl_name FROM sqlite_master WHERE type IN ('table', 'index')"))
    pages: dict[str, int] = defaultdict(int)
    for name, size in found:
        pages[tables.get(name, name)] += size
    each = {name: round(pages[name] / filled.size, 1) for name in ("booking", "usage", "total", "voucher", "orders")}
    return {"bytes_per_booking": each.pop("booking"), "bytes_beside": each, "file_mb": round(filled.path.stat().st_size / 2**20)}


def _audit(filled: Filled) -> Figures:
    # Fetched by a connection of its own, set like the product's, in the same portions.
    connection = sqlite3.connect(filled.path, isolation_level=None)
    for name, value in pragmas().items():
        connection.execute(f"PRAGMA {name} = {value}")
    fetched, audited, problems = [], [], 0
    for _ in range(AUDITS):
        fetched.append(timed(lambda: _fetch(connection, BOOKINGS)))
        begun = time.perf_counter()
        problems += len(problems_of())
        audited.append(time.perf_counter() - begun)
    connection.close()
    return {
        "bookings_per_second": round(filled.size / median(audited)),
        "fetch_per_second": round(filled.size / median(fetched)),
        "ratio": middle(ratios(fetched, audited)),
        "problems": problems,
    }


def _fetch(connection: sqlite3.Connection, sql: str) -> None:
    cursor = connection.execute(sql)
    while cursor.fetchmany(FETCH):
        pass
