"""Everybody pays at once: several processes on one file, with our way of asking for the write lock and with SQLite's own.

Both variants run the same payments on copies of the same file, in turn, in processes that stay alive over all rounds.
"""

import shutil
import time
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from peewee import OperationalError, SqliteDatabase

from vps.cli.bench.bare import copied, pragmas
from vps.cli.bench.figures import Figures, middle, ratios, waits
from vps.cli.bench.presses import Press, press, several
from vps.cli.bench.scratch import Payer, open_house
from vps.kernel.database import configure, database, one
from vps.kernel.engines import Lite
from vps.kernel.locks import is_locked

VARIANTS = ("ours", "sqlite_handler")
MOST = 250
"""Payments a second that one of the processes is given orders for: more than it gets done."""


class Done(NamedTuple):
    """What one process did in one round: seconds that each payment took, and how many failed."""

    waited: list[float]
    errors: int


def rush(scratch: Path, payers: list[Payer], started: datetime, *, seconds: float, rounds: int, processes: int) -> Figures:
    """Waiting times of `processes` payers at once, ours against SQLite's own busy handler."""
    given = several(int(MOST * seconds) * processes, payers, started + timedelta(days=30))
    stocked, settings = copied(scratch, "stocked.db"), pragmas()
    crowd = [Crowd(scratch, given[n::processes], settings) for n in range(processes)]
    found: dict[str, list[list[Done]]] = {name: [] for name in VARIANTS}
    lost = 0
    for turn in range(rounds):
        for name in VARIANTS if turn % 2 else reversed(VARIANTS):
            done, missing = _round(crowd, stocked, name, seconds)
            found[name].append(done)
            lost += missing
    for each in crowd:
        each.leave()
    longest = {name: [max(wait for done in each for wait in done.waited) for each in found[name]] for name in VARIANTS}
    return {
        "processes": processes,
        **{name: _figures(found[name], seconds) for name in VARIANTS},
        "max_wait_ratio": round(max(longest["ours"]) / max(longest["sqlite_handler"]), 4),
        "max_wait_ratio_by_round": middle(ratios(longest["ours"], longest["sqlite_handler"])),
        "lost": lost,
        "raw": {f"{name}_max_ms": [round(1e3 * each, 1) for each in longest[name]] for name in VARIANTS},
    }


class Patient(Lite):
    """What peewee does by itself: the write lock asked for at once, and SQLite's own waiting for it."""

    def connect(self, reuse_if_open: bool = False) -> bool:
        return bool(SqliteDatabase.connect(self, reuse_if_open))

    def begin(self, lock_type: str | None = None) -> None:
        SqliteDatabase.begin(self, lock_type)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        return SqliteDatabase.execute_sql(self, sql, params)  # type: ignore[no-untyped-call]


class Crowd:
    """One process that pays when it is told to."""

    def __init__(self, scratch: Path, given: list[Press], settings: dict[str, object]) -> None:
        context = get_context("spawn")  # a forked process would inherit an open SQLite connection
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_live, args=(other, scratch, given, settings), daemon=True)
        self.process.start()
        other.close()

    def leave(self) -> None:
        self.pipe.send(None)
        self.process.join()


def _round(crowd: list[Crowd], stocked: Path, variant: str, seconds: float) -> tuple[list[Done], int]:
    path = Path(shutil.copyfile(stocked, stocked.with_name("round.db")))
    for each in crowd:
        each.pipe.send((path.name, variant))
    for each in crowd:
        each.pipe.recv()  # has opened the file
    begin = time.monotonic() + 0.05
    for each in crowd:
        each.pipe.send((begin, begin + seconds))
    done: list[Done] = [each.pipe.recv() for each in crowd]
    return done, sum(len(each.waited) - each.errors for each in done) - _paid(path, stocked)


def _paid(path: Path, stocked: Path) -> int:
    # Payments that stand in the file now and did not before; the file and its log are removed.
    counts = []
    for each in (path, stocked):
        configure(f"sqlite:///{each}")
        database.connect()
        counts.append(int(one("SELECT count(*) FROM order_payment")[0]))
        database.close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink(missing_ok=True)  # whoever closes the books last takes the other two away himself
    return counts[0] - counts[1]


def _live(pipe: Connection, scratch: Path, given: list[Press], settings: dict[str, object]) -> None:
    while order := pipe.recv():
        name, variant = order
        open_house(scratch, name)
        if variant != "ours":
            database.close()
            database.initialize(Patient(str(scratch / name), lock_type="IMMEDIATE", timeout=5, pragmas=settings))
            database.connect()
        pipe.send("ready")
        done = _pay(given, *pipe.recv())
        # Closed before anybody hears of it: whoever closes last removes the log by its name, which the next file has, too.
        database.close()
        pipe.send(done)


def _pay(given: list[Press], begin: float, end: float) -> Done:
    waited, errors = [], 0
    time.sleep(max(0.0, begin - time.monotonic()))
    for each in given:
        asked = time.monotonic()
        if asked >= end:
            break
        try:
            press(each)
        except OperationalError as trouble:
            if not is_locked(trouble):
                raise
            errors += 1
        waited.append(time.monotonic() - asked)
    return Done(waited, errors)


def _figures(found: list[list[Done]], seconds: float) -> Figures:
    every = [wait for done in found for each in done for wait in each.waited]
    speeds = [sum(len(each.waited) for each in done) / seconds for done in found]
    return {
        **waits(every),
        "errors": sum(each.errors for done in found for each in done),
        "per_second": middle(speeds, 1),
        "payments": len(every),
    }
