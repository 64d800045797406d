"""The bytes that digests and seals cover. Text of a fixed order and a version tag, so that they can be recomputed anywhere."""

from hashlib import sha256
from typing import Any

BOOKING = "vps-booking-1" + "\n%s" * 13
"""What a booking's digest covers: a version, and its columns from key to reverses."""


def digest(*facts: object) -> bytes:
    """SHA-256 over a booking's columns from key to reverses, in the table's order without the id (the seal's chain binds that)."""
    return sha256((BOOKING % facts).encode()).digest()


def chain_digest(chain: str, digest: bytes, lines: list[Any]) -> bytes:
    """Fold rows (id first) onto a chain's last digest: a booking gives its own digest, an event all its columns."""
    for line in lines:
        facts = bytes(line[1]) if chain == "booking" else "\n".join(map(_in_one_line, line[1:])).encode()
        digest = sha256(b"%s%d\n%s" % (digest, line[0], facts)).digest()
    return digest


def seal_text(number: int, chain: str, previous: int, upto: int, count: int, digest: bytes, sealed_at: int) -> bytes:
    """The bytes a seal's signature covers: all its other columns, in the table's order."""
    return b"vps-seal-1\n%d\n%s\n%d\n%d\n%d\n%d\n%s" % (number, chain.encode(), previous, upto, count, sealed_at, digest)


def _in_one_line(fact: object) -> str:
    # A line break inside a fact must not look like the break between two facts.
    return str(fact).replace("\\", "\\\\").replace("\n", "\\n")
