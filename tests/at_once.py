"""Many threads at one moment, each with a connection of its own: for races."""

import threading
from collections.abc import Callable
from typing import Any

from vps.kernel.database import connect, database


def at_once(count: int, step: Callable[[int], Any]) -> list[Any]:
    """What `step(0)` … `step(count - 1)` answered or raised, in that order, all started together."""
    answers: list[Any] = [None] * count
    start = threading.Barrier(count)

    def one(n: int) -> None:
        connect()
        start.wait()
        try:
            answers[n] = step(n)
        except Exception as raised:
            answers[n] = raised
        finally:
            database.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
