"""Comparing what people type with what was printed or what an app shows."""

import hmac
from datetime import datetime

import pyotp

from vps.kernel.database import one
from vps.kernel.hashing import matches
from vps.kernel.keys import keys

STEP = 30
"""Seconds a code of an app is shown (RFC 6238)."""


def tan_secret(person: int, serial: str, n: int, code: str) -> str:
    """What is hashed for one TAN: keyed with the pepper and bound to owner, sheet and index."""
    return keys().keyed("tan", str(person), serial, str(n), code).hex()


def sheet_code_matches(person: int, sheet: int | None, n: int | None, code: str) -> bool:
    """Whether `code` is TAN number `n` of this person's sheet. Slow on purpose; runs outside every transaction."""
    row = one(HASH, sheet, n, person)
    return matches(row[0] if row else None, tan_secret(person, row[1] if row else "", n or 0, code))


def app_step(person: int, code: str, at: datetime) -> tuple[int | None, int]:
    """(the time step whose code this is, the newest step used before). This step and the one before count (RFC 6238, 5.2)."""
    row = one("SELECT secret, last_step FROM app WHERE person_id = ? AND confirmed_at IS NOT NULL", person)
    if not row:
        return None, 0
    secret = keys().decrypt(row[0], owner=f"app:{person}").decode()
    return matching_step(secret, code, at), row[1]


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The current or the previous 30-second step whose code equals `code`, the newer first."""
    now = int(at.timestamp()) // STEP
    generator = pyotp.TOTP(secret)
    for step in (now, now - 1):
        if hmac.compare_digest(generator.at(step * STEP), code):
            return step
    return None


def seconds_to_next(at: datetime) -> int:
    """Whole seconds until an app shows its next code."""
    return STEP - int(at.timestamp()) % STEP


HASH = "SELECT t.hash, s.serial FROM tan t JOIN tan_sheet s ON s.id = t.sheet_id WHERE t.sheet_id = ? AND t.n = ? AND s.person_id = ?"
SPEND_STEP = "UPDATE app SET last_step = ? WHERE person_id = ? AND last_step < ? RETURNING id"
