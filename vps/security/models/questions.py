"""What is asked of whom: ways that can be used, the TAN that comes next, what is blocked or frozen."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.security.models.rows import SHEET, WAYS


class Ask(NamedTuple):
    """What will be asked: a sheet's TAN by index, a code of the app or by SMS, a passkey; and `also` a second code on another channel."""

    way: str
    sheet: int | None = None
    n: int | None = None
    serial: str = ""
    left: int = 0
    also: str = ""


class Block(NamedTuple):
    """A way that is blocked after too many wrong answers, and when that ends by itself, if it does."""

    way: str
    opens_at: datetime | None


class Enrolled(NamedTuple):
    """A way that was enrolled, and from when on it can be used where it rests first."""

    way: str
    usable_from: datetime | None


def ways_of(person: int, at: datetime) -> tuple[str, ...]:
    """The ways this person can use now, in the order in which they are offered."""
    found = {way for (way,) in rows(USABLE, person, *(person, micros(at)) * 3)}
    return tuple(way for way in WAYS if way in found)


def enrolled(person: int) -> list[Enrolled]:
    """Every way this person has enrolled, those that still rest too."""
    found = dict(rows(ENROLLED, *(person,) * 4))
    return [Enrolled(way, instant(found[way]) if found[way] else None) for way in WAYS if way in found]


def lowest_unused(person: int) -> Ask | None:
    """The TAN the server asks for: the lowest unused index of the active sheet, the same until it is used or burned."""
    row = one(LOWEST, person)
    return Ask(SHEET, row[0], row[1], row[2], row[3]) if row else None


def is_frozen(person: int) -> bool:
    return one("SELECT 1 FROM wallet_freeze WHERE person_id = ? AND lifted_at IS NULL", person) is not None


def blocks_of(person: int, at: datetime) -> list[Block]:
    """The ways of this person that are blocked at this moment."""
    return [Block(way, None if opens is None else instant(opens)) for way, opens in rows(BLOCKED, person, micros(at))]


def frozen_since(person: int) -> datetime | None:
    row = one("SELECT frozen_at FROM wallet_freeze WHERE person_id = ? AND lifted_at IS NULL", person)
    return instant(row[0]) if row else None


def is_serial_of(person: int, serial: str) -> bool:
    """Whether a sheet with this serial number was made for this person. Its TANs open for no other serial number."""
    return serial.startswith(f"{person}-")


def unready_sheets() -> list[int]:
    """Sheets whose TANs still have to be hashed."""
    return [int(sheet) for (sheet,) in rows("SELECT id FROM tan_sheet WHERE ready_at IS NULL AND ended_at IS NULL ORDER BY made_at")]


def intent_digest(nonce: str, kind: str, subject: str, minor: int | None, currency: str | None, payee: str) -> bytes:
    """SHA-256 of what was shown and confirmed: kept in the intent's row, and proved by the audit."""
    shown = (nonce, kind, subject, "" if minor is None else minor, currency or "", payee)
    return sha256(("vps-intent-1\n" + "\n".join(map(str, shown))).encode()).digest()


USABLE = (
    "SELECT 'sheet' AS way FROM tan_sheet WHERE person_id = ? AND activated_at IS NOT NULL AND ended_at IS NULL"
    " UNION ALL SELECT 'app' FROM app WHERE person_id = ? AND confirmed_at IS NOT NULL AND (usable_from IS NULL OR usable_from <= ?)"
    " UNION ALL SELECT 'passkey' FROM passkey WHERE person_id = ? AND ended_at IS NULL AND usable_from <= ?"
    " UNION ALL SELECT 'sms' FROM phone WHERE person_id = ? AND ended_at IS NULL AND usable_from <= ?"
)
ENROLLED = (
    "SELECT 'sheet' AS way, NULL AS since FROM tan_sheet WHERE person_id = ? AND activated_at IS NOT NULL AND ended_at IS NULL"
    " UNION ALL SELECT 'app', usable_from FROM app WHERE person_id = ? AND confirmed_at IS NOT NULL"
    " UNION ALL SELECT 'passkey', min(usable_from) FROM passkey WHERE person_id = ? AND ended_at IS NULL HAVING min(usable_from) IS NOT NULL"
    " UNION ALL SELECT 'sms', min(usable_from) FROM phone WHERE person_id = ? AND ended_at IS NULL AND verified_at IS NOT NULL"
    " HAVING min(usable_from) IS NOT NULL"
)
BLOCKED = (
    "SELECT way, opens_at FROM way WHERE person_id = ? AND blocked_at IS NOT NULL AND (opens_at IS NULL OR opens_at > ?) ORDER BY way DESC"
)
LOWEST = (
    "SELECT t.sheet_id, t.n, s.serial, (SELECT count(*) FROM tan u WHERE u.sheet_id = s.id AND u.used_at IS NULL AND u.burned_at IS NULL)"
    " FROM tan_sheet s JOIN tan t ON t.sheet_id = s.id WHERE s.person_id = ? AND s.activated_at IS NOT NULL AND s.ended_at IS NULL"
    " AND t.used_at IS NULL AND t.burned_at IS NULL ORDER BY s.id, t.n LIMIT 1"
)
