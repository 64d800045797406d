"""Slow hashes: argon2id, one at a time per process, never while a transaction is open."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vps.kernel.database import database

_one_at_a_time = threading.Lock()
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$J+FhzVGgyKbZbTGFXcdR8qqiMt3LXmhuYaOpP1aZpbo"
"""A hash of nothing in particular: checking an unknown name takes as long as checking a known one."""


def slow_hash(secret: str) -> str:
    """The argon2id hash (t=2, m=19 MiB, p=1) of a secret."""
    assert not database.in_transaction(), "everybody else would wait for this hash"
    with _one_at_a_time:
        return _hasher.hash(secret)


def matches(hashed: str | None, secret: str) -> bool:
    """Whether the secret is the one behind the hash. Takes equally long when there is no hash."""
    assert not database.in_transaction(), "everybody else would wait for this hash"
    with _one_at_a_time:
        try:
            return _hasher.verify(hashed or _NOBODY, secret) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False
