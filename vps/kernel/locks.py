"""How several writers share SQLite's one lock: asking in small steps, and letting each other go before."""

import fcntl
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from peewee import OperationalError

PATIENCE = 10.0
"""Seconds a writer on SQLite keeps asking for the write lock before it gives up."""

OLD = 0.05
"""Seconds after which a waiting writer asks as often as it ever does."""

PASSING = 0.02
"""Seconds for which who writes much lets others go before."""

GLANCE = 0.0002
"""Seconds between two looks whether somebody waits."""

T = TypeVar("T")


def ask_until_free(step: Callable[[], T]) -> T:
    """Run `step` until the lock it needs is free, or raise after `PATIENCE` seconds.

    Who has waited for long asks more often than who just came, so that nobody is passed over again and again.
    """
    begun = time.monotonic()
    while True:
        try:
            return step()
        except (OperationalError, sqlite3.OperationalError) as trouble:
            waited = time.monotonic() - begun
            if waited > PATIENCE or not is_locked(trouble):
                raise
            pause = 0.0005 + random.random() * 0.001  # noqa: S311 - spreads the askers, keeps no secret
            time.sleep(pause * max(0.05, 1 - waited / OLD))


def ask_in(queue: int | None, start: Callable[[], Any]) -> None:
    """Take a step for which one waits, and be seen waiting."""
    if queue is not None:
        with suppress(OSError):  # whoever has it whole just looks, or changes keys: one is seen when one asks next
            fcntl.flock(queue, fcntl.LOCK_SH | fcntl.LOCK_NB)
    start()


def is_locked(trouble: Exception) -> bool:
    return "locked" in str(trouble) or "busy" in str(trouble)


@contextmanager
def queue_of(database: Path | str) -> Iterator[int | None]:
    """The lock that those share who wait to write into a database: the system takes it from whoever is killed.

    It is one on the folder, which everybody may take who can read it. Never on the database's own file: closing that would drop
    SQLite's locks. None where nobody can have it: one waits all the same, and is not seen.
    """
    queue = None
    with suppress(OSError):  # a folder that one may write to and not list
        queue = os.open(Path(database).parent, os.O_RDONLY)
    try:
        yield queue
    finally:
        if queue is not None:
            os.close(queue)


def let_pass(queue: int | None) -> None:
    """Wait as long as anybody waits in the queue, at most `PASSING`: he would meet the next one's lock, and the next."""
    until = time.monotonic() + PASSING
    while not is_empty(queue) and time.monotonic() < until:
        time.sleep(GLANCE)


def is_empty(queue: int | None) -> bool:
    """Whether nobody can be seen waiting."""
    if queue is None:
        return True
    try:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without such locks
        return True
    fcntl.flock(queue, fcntl.LOCK_UN)
    return True
