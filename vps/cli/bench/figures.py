"""Medians, percentiles and rates, rounded for people; and which disk was written to."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TypedDict

Figures = dict[str, object]
"""What a measurement answers: fixed keys, numbers, texts, lists and further figures."""


class Waits(TypedDict):
    """How long callers waited, in milliseconds."""

    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float


def waits(seconds: Sequence[float]) -> Waits:
    """Percentiles of waiting times that are given in seconds."""
    ordered = sorted(seconds) or [0.0]
    return {
        "p50_ms": round(1e3 * _at(ordered, 0.5), 3),
        "p99_ms": round(1e3 * _at(ordered, 0.99), 3),
        "p999_ms": round(1e3 * _at(ordered, 0.999), 3),
        "max_ms": round(1e3 * ordered[-1], 3),
    }


def middle(values: Sequence[float], digits: int = 3) -> float:
    """The median, rounded."""
    return round(median(values), digits) if values else 0.0


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours over theirs, round by round."""
    return [round(mine / other, 4) for mine, other in zip(ours, theirs, strict=True) if other]


def timed(act: Callable[[], object]) -> float:
    """Seconds that something takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def worked(act: Callable[[], object]) -> float:
    """Seconds of processor time that something takes in this process: what other programs do at the same time hardly shows."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def disk_of(folder: Path) -> str:
    """Device and file system that a folder lies on, as far as the system tells."""
    best = ("", "unknown")
    mounts = Path("/proc/mounts")
    for line in mounts.read_text().splitlines() if mounts.exists() else []:
        device, place, kind = line.split()[:3]
        if os.path.commonpath([place, folder.resolve()]) == place and len(place) >= len(best[0]):
            best = (place, f"{device} ({kind})")
    return best[1]


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
