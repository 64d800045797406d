"""Security levels: what the partner chose, what the company asks for at least, and which ways suffice.

Source: SECURITY, security levels; the seed: partners choose among levels.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import BigIntegerField, Check, IntegerField

from vps.company.models import company, matrix
from vps.kernel.clock import instant, micros
from vps.kernel.database import one
from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import YOUNG, Person
from vps.security.models.questions import ENROLLED
from vps.security.models.rows import APP, PASSKEY, SHEET, SMS

VIEW, BASIC, STANDARD, HIGH, MAXIMUM = range(5)
LEVELS = (VIEW, BASIC, STANDARD, HIGH, MAXIMUM)
PURCHASE, PAY_OUT, CHANGE, RENEWAL, PRACTICE = "purchase", "pay-out", "change", "renewal", "practice"
"""Beside those of the company's matrix: a renewal replaces what was there and needs no more than the partner's own level; practice moves
nothing and needs any way. A change weakens one's own security, or could."""
MOVES = (PURCHASE, "transfer", PAY_OUT)
"""What moves money; without an amount of its own, as a standing order, it may move any."""
BOUND = (PASSKEY, SMS)
"""Ways that are bound to amount and payee: the passkey signs them, the SMS shows them."""


class SecurityLevel(Row):
    """The level a person chose, from a moment on. The newest that has begun is in force; a lower one begins after a rest."""

    person = key_to(Person)
    level = IntegerField(constraints=[Check("level BETWEEN 0 AND 4")])
    since = Instant()
    chosen_at = Instant()
    by = BigIntegerField(null=True)

    class Meta:
        table_name = "security_level"
        immutable = True


SecurityLevel.add_index(SecurityLevel.person, SecurityLevel.id, name="security_level_person")


def level_of(person: int, at: datetime) -> int:
    """The level in force: the one chosen, or the company's own for who chose none."""
    row = one(IN_FORCE, person, micros(at))
    return int(row[0]) if row else company().security_level


class Payer(NamedTuple):
    """What of a person every payment asks: his level, whether he has one way and nothing beside it, whether he is held to small purchases."""

    level: int
    one_way: bool
    held: bool


def payer(person: int, at: datetime) -> Payer:
    """All three in one look: every payment pays for it."""
    now = micros(at)
    level, one_way, held = one(PAYER, person, now, person, *(person,) * 4, person, now)
    return Payer(company().security_level if level is None else int(level), bool(one_way), bool(held))


class Standing(NamedTuple):
    """How a person stands: frozen since when, how many recovery codes are left, which level is in force, whether a browser is new."""

    frozen: datetime | None
    codes_left: int
    level: int
    new_browser: bool


def standing(person: int, at: datetime) -> Standing:
    """What pages show together, in one look."""
    frozen, left, level, new = one(STANDING, person, person, person, micros(at), person, micros(at - YOUNG))
    return Standing(instant(frozen) if frozen else None, left, company().security_level if level is None else level, bool(new))


def coming_level(person: int, at: datetime) -> tuple[int, datetime] | None:
    """A lower level that was chosen and still rests: (level, since when it will count)."""
    row = one(NEWEST, person)
    return (row[0], instant(row[1])) if row and row[1] > micros(at) else None


def least(motive: str, minor: int | None) -> int:
    """The company's minimum for a movement of this motive and amount. A change needs a bound way whatever the company says (rule R1)."""
    rules = matrix(company().security_matrix)
    found = max((rule.level for rule in rules if rule.motive == motive and (minor or 0) >= rule.amount), default=BASIC)
    return max(found, HIGH) if motive == CHANGE else found


def suffices(level: int, ways: Iterable[str]) -> bool:
    """Whether codes of all these ways together are enough for a level."""
    given = set(ways)
    if level >= MAXIMUM:
        return PASSKEY in given or (SMS in given and bool(given & {SHEET, APP}))
    if level == HIGH:
        return bool(given & set(BOUND))
    return level > VIEW and bool(given)


def choices(level: int, ways: tuple[str, ...]) -> list[tuple[str, str]]:
    """What may be asked at a level of who can use these ways: (way, and also this one or ""), what is offered first first."""
    if level >= MAXIMUM:
        pairs = [(way, SMS) for way in (SHEET, APP) if way in ways and SMS in ways]
        return [*([(PASSKEY, "")] if PASSKEY in ways else []), *pairs]
    return [(way, "") for way in ways if suffices(level, [way])]


PAYER = (
    "SELECT (SELECT level FROM security_level WHERE person_id = ? AND since <= ? ORDER BY id DESC LIMIT 1),"
    " CASE WHEN EXISTS (SELECT 1 FROM recovery_sheet WHERE person_id = ? AND ended_at IS NULL) THEN 0"
    f" WHEN (SELECT count(*) FROM ({ENROLLED}) AS enrolled) = 1 THEN 1 ELSE 0 END,"
    " EXISTS (SELECT 1 FROM recovery WHERE person_id = ? AND until > ? AND approved_at IS NOT NULL AND cancelled_at IS NULL)"
)
STANDING = (
    "SELECT (SELECT frozen_at FROM wallet_freeze WHERE person_id = ? AND lifted_at IS NULL),"
    " (SELECT count(*) FROM recovery_code c JOIN recovery_sheet s ON s.id = c.sheet_id"
    " WHERE s.person_id = ? AND s.ended_at IS NULL AND c.used_at IS NULL),"
    " (SELECT level FROM security_level WHERE person_id = ? AND since <= ? ORDER BY id DESC LIMIT 1),"
    " EXISTS (SELECT 1 FROM browser WHERE person_id = ? AND first_at > ? AND accepted_at IS NULL AND ended_at IS NULL)"
)
IN_FORCE = "SELECT level FROM security_level WHERE person_id = ? AND since <= ? ORDER BY id DESC LIMIT 1"
NEWEST = "SELECT level, since FROM security_level WHERE person_id = ? ORDER BY id DESC LIMIT 1"
