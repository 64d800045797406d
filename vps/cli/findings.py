"""One line of the doctor: what his checks answer with, and what several of them look at."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

LATE = timedelta(minutes=15)
"""A worker that works has sent and sealed by then."""
EXAMPLE = "example.com"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Finding(NamedTuple):
    """One line: a sentence, its facts, and whether all is well."""

    well: bool
    says: str
    facts: dict[str, object]


Findings = Iterator[Finding]


def well(says: str, **facts: object) -> Finding:
    return Finding(True, says, facts)


def ill(says: str, **facts: object) -> Finding:
    return Finding(False, says, facts)


def parts_of(url: str) -> SplitResult | None:
    """An address with a host and, if any, a port that can be; else None."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def is_example(parts: SplitResult) -> bool:
    return f".{parts.hostname}".endswith(f".{EXAMPLE}")
