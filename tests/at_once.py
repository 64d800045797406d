"""Many threads at one moment, each with a connection of its own: for races."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vps.kernel.database import connect, database


def at_once(count: int, step: Callable[[int], Any]) -> list[Any]:
    """What `step(0)` … `step(count - 1)` answered or raised, in that order, all started together."""
    start = threading.Barrier(count)

    def one(n: int) -> Any:
        connect()
        start.wait()
        try:
            return step(n)
        finally:
            database.close()

    with ThreadPoolExecutor(count) as threads:
        done = [threads.submit(one, n) for n in range(count)]
    return [each.exception() or each.result() for each in done]
