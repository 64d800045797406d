"""A commission run from the first order read to the last wallet proven, in a network of any size, beside plain sqlite3 writing the same rows.

Somebody pays meanwhile, and before: how long he waits for the run, and how long a payment takes with it and without.
"""

import json
import multiprocessing
import os
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from vps.cli.bench.bare_run import bare_seconds
from vps.cli.bench.figures import Figures, disk_of, timed, waits
from vps.cli.bench.scratch import new_house, open_house, scratch_folder
from vps.commissions.actions import approve_run, draft_period, work_on_runs
from vps.commissions.models import Run
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, day_in, micros, midnight
from vps.kernel.database import action, database, one, run
from vps.kernel.numbers import partner_number
from vps.ledger.actions import open_account

ZONE = "Europe/Berlin"
PACE = 0.01
"""Seconds between two payments of who pays meanwhile: a hundred a second, more than such a company ever has."""

T = TypeVar("T")


class Size(NamedTuple):
    """Partners, orders that are green, and levels of the plan."""

    partners: int
    orders: int
    levels: int


def measure(*, folder: Path | None, size: Size, plans: tuple[str, ...], sizes: tuple[int, ...], alone: float) -> Figures:
    """Seconds and megabytes of a run with each plan, `ratio` of them to the bare writes; and the cost of a line as the orders grow in number."""
    found: dict[str, Any] = {"bench": "commissions", **size._asdict(), "plans": {}}
    with scratch_folder(folder) as scratch:
        found["disk"] = disk_of(scratch)
        for plan in plans:
            found["plans"][plan] = _beside(scratch / plan, size, plan, alone)
        grown = [_apart(scratch / f"{orders}", size._replace(orders=orders)) for orders in sizes]
    if grown:
        found["growth"] = {str(orders): figures["us_per_line"] for orders, figures in zip(sizes, grown, strict=True)}
        found["growth_peak_mb"] = max(figures["peak_mb"] for figures in grown)
        found["growth_ratio"] = round(grown[-1]["us_per_line"] / grown[0]["us_per_line"], 3)
    return found


def _apart(folder: Path, size: Size) -> dict[str, Any]:
    _alone(_fill, _made(folder), size, "unilevel")
    return dict(_alone(_run, folder))


def _beside(folder: Path, size: Size, plan: str, alone: float) -> dict[str, Any]:
    """A run while somebody pays who paid for some seconds before, and the same rows by themselves."""
    _alone(_fill, _made(folder), size, plan)
    before = shutil.copyfile(folder / "vps.db", folder / "bare.db")
    os.sync()  # or half a gigabyte goes to the disk while somebody pays
    context = multiprocessing.get_context("spawn")
    stop, waited = context.Event(), context.SimpleQueue()
    payer = context.Process(target=_pay, args=(folder, stop, waited))
    payer.start()
    time.sleep(alone)
    began = time.perf_counter()
    figures = dict(_alone(_run, folder))
    stop.set()
    figures["payer"] = _waits(waited.get(), began)
    payer.join()
    bare = _alone(_bare, folder, before)
    return figures | {
        "bare": bare,
        "bare_seconds": round(sum(bare.values()), 2),
        "ratio": round(figures["seconds"] / sum(bare.values()), 3),
    }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _alone(act: Callable[..., T], *values: Any) -> T:
    # In a process of its own: its peak of memory is the run's, and not that of filling the house.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(act, *values).result()


def _waits(found: list[tuple[float, float, float]], began: float) -> dict[str, Any]:
    """For the write lock while the run goes on; and whole payments then, and before it began."""
    during, alone = ([each for each in found if (each[0] >= began) is later] for later in (True, False))
    return {
        "for_the_run": waits([lock for _, lock, _ in during]),
        "payments": waits([whole for *_, whole in during]),
        "payments_alone": waits([whole for *_, whole in alone]),
    }


def _bare(folder: Path, before: Path) -> dict[str, float]:
    open_house(folder)
    found = bare_seconds(folder / "vps.db", before)
    database.close()
    return found


def _run(folder: Path) -> dict[str, Any]:
    open_house(folder)
    before = _peak_mb()
    key = draft_period(*_month(clock()), actor=HOUSE, at=clock())
    began = time.perf_counter()
    calculated = timed(lambda: work_on_runs(now=clock))
    approve_run(key, actor=HOUSE, at=clock())
    booked = timed(lambda: work_on_runs(now=clock))
    took = time.perf_counter() - began
    this = Run.get_by_id(key)
    assert this.state == "booked", this.trouble
    database.close()
    return {
        "seconds": round(took, 2),
        "calculate_seconds": round(calculated, 2),
        "book_seconds": round(booked, 2),
        "lines": this.lines,
        "credits": this.partners,
        "us_per_line": round(1e6 * took / this.lines, 3),
        "peak_mb": _peak_mb(),
        "peak_before_mb": before,
        "lines_digest": this.lines_digest[:16],
    }


def _pay(folder: Path, stop: Event, waited: Any) -> None:
    # Who pays meanwhile: one durable transaction after the other. Kept is when he began, how long until he had the write lock, and
    # how long until all of it was on the disk.
    open_house(folder)
    account, found = one("SELECT id FROM account WHERE code = 'bench payer'")[0], []

    @action
    def pay() -> float:
        free = time.perf_counter()
        run("UPDATE account SET balance = balance - 1 WHERE id = ?", account)
        return free

    while not stop.is_set():
        began = time.perf_counter()
        free = pay()
        found.append((began, free - began, time.perf_counter() - began))
        time.sleep(PACE)
    database.close()
    waited.put(found)


def _month(now: datetime) -> tuple[Any, Any]:
    first = day_in(now, ZONE).replace(day=1)
    return (first - timedelta(days=1)).replace(day=1), first


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _fill(folder: Path, size: Size, plan: str) -> None:
    now = clock()
    new_house(folder, at=now - timedelta(days=90), zone=ZONE, trusted=False)
    payer = open_account(code="bench payer", kind="wallet", currency="EUR", floor=0, at=now)
    connection: sqlite3.Connection = database.connection()
    with connection:
        connection.execute("BEGIN")
        first = one("SELECT max(id) + 1 FROM account")[0]
        connection.execute("UPDATE account SET balance = 1000000000 WHERE id = ?", (payer,))
        connection.executemany(PERSON, _people(size.partners, micros(now)))
        connection.execute(CUSTOMER)
        connection.execute(ACCOUNT, (first, micros(now)))
        connection.execute(WALLET, (first,))
        since, until = (micros(midnight(day, ZONE)) for day in _month(now))
        connection.execute(
            ORDERS, {"count": size.orders, "partners": size.partners, "since": since, "step": (until - since) // size.orders}
        )
        text = json.dumps(_plan(plan, size.levels), sort_keys=True)
        connection.execute(PLAN, (text, sha256(text.encode()).hexdigest(), micros(now)))
        connection.execute(FORCE, (micros(now), micros(now)))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _people(count: int, now: int) -> Iterator[tuple[object, ...]]:
    # A random recursive tree, the same in every measurement: everybody was brought by one of those who were there before.
    state = 12345
    for n in range(1, count + 1):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield n, partner_number(10_000 + n), f"Anna Bauer {n}", now, (state >> 33) % (n - 1) + 1 if n > 1 else None


def _plan(kind: str, levels: int) -> dict[str, Any]:
    shares = ["10", "8", "6", "5", "4", "3", "3", "2", "2", "1"]
    bonus: dict[str, Any] = {"code": "levels", "kind": "unilevel", "level_1": "sponsor", "levels": (shares * levels)[:levels]}
    found: dict[str, Any] = {"name": kind, "currency": "EUR", "over_100": True, "bonuses": [bonus]}
    if kind == "ranked":  # six of ten are skipped, and the deeper levels are for who qualifies
        bonus |= {"compress": "unqualified", "needs": [None, None, None, *["leader"] * (levels - 3)][:levels]}
        found["active"] = {"own": "0.01"}
        found["ranks"] = [
            {"code": "member", "percent": None, "needs": {}},
            {"code": "leader", "percent": None, "needs": {"group": "100.00"}},
        ]
    return found


PERSON = (
    "INSERT INTO person (id, username, skeleton, number, name, bank_name, language, zone, email, phone, joined_at, sponsor_id)"
    " VALUES (?1, ?2, ?2, ?2, ?3, ?3, 'de', 'Europe/Berlin', '', '', ?4, ?5)"
)
CUSTOMER = (
    "INSERT INTO customer (id, partner_id, name, email, phone, language, street, postcode, city, country, made_at)"
    " SELECT id, id, 'Maria Huber', '', '', 'de', '', '', '', '', joined_at FROM person WHERE id = 1"
)
ACCOUNT = (
    "INSERT INTO account (id, code, kind, currency, floor, balance, reserved, debt, opened_at)"
    " SELECT ?1 + id - 1, 'wallet:' || id || ':EUR', 'wallet', 'EUR', 0, 0, 0, 0, ?2 FROM person"
)
WALLET = (
    "INSERT INTO wallet (person_id, account_id, currency, opened_at, kind, name, frozen_why)"
    " SELECT id, ?1 + id - 1, 'EUR', joined_at, 'main', '', '' FROM person"
)
ORDERS = """WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :count)
  INSERT INTO orders (id, key, partner_id, customer_id, total, currency, points, made_at, changed_at, paid_at, final_at,
    street, postcode, city, country)
  SELECT n, 'bench:' || n, 1 + n * 48271 % :partners, 1, 1000 + n * 7919 % 9000, 'EUR', 10, at, at, at, at, '', '', '', ''
  FROM (SELECT n, :since + n * :step - 1 AS at FROM c)"""
PLAN = "INSERT INTO commission_plan (id, version, document, digest, note, made_at) VALUES (1, 1, ?, ?, '', ?)"
FORCE = "INSERT INTO commission_plan_force (plan_id, since, alone, proposed_at, agreed_at) VALUES (1, '2020-01-01', 1, ?, ?)"
