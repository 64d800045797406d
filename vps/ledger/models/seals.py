"""The bytes that digests and seals cover. Text of a fixed order and a version tag, so that they can be recomputed anywhere."""

from hashlib import sha256
from typing import Any


def digest(*facts: object) -> bytes:
    """SHA-256 over a booking's columns from key to reverses, in the table's order without the id (the seal's chain binds that)."""
    return sha256(("vps-booking-1\n" + "\n".join(map(str, facts))).encode()).digest()


def chain_digest(chain: str, digest: bytes, lines: list[Any]) -> bytes:
    """Fold rows (id first) onto a chain's last digest: a booking gives its own digest, an event all its columns."""
    for line in lines:
        facts = bytes(line[1]) if chain == "booking" else "\n".join(map(str, line[1:])).encode()
        digest = sha256(b"%s%d\n%s" % (digest, line[0], facts)).digest()
    return digest


def seal_text(chain: str, previous: int, upto: int, count: int, digest: bytes) -> bytes:
    """The bytes a seal's signature covers."""
    return b"vps-seal-1\n%s\n%d\n%d\n%d\n%s" % (chain.encode(), previous, upto, count, digest)
