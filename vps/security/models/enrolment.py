"""What a person enrols beside sheet and app: the number for SMS, recovery codes; and what the office allowed or restored."""

from datetime import datetime
from typing import NamedTuple, Self

from peewee import SQL, BigIntegerField, BlobField, Check, CompositeKey, IntegerField, TextField

from vps.kernel.clock import instant, micros
from vps.kernel.database import one
from vps.kernel.keys import keys
from vps.kernel.rows import Instant, Row, key_to
from vps.kernel.vault import SecretField
from vps.people.models import Person


class Phone(Row):
    """A number that gets TANs by SMS, encrypted for its owner's row. It counts once a code sent to it came back, and after its rest.

    A new number rests beside the old one; the old one ends when the new one counts.
    """

    person = key_to(Person)
    person_id: int
    number = SecretField()
    ending = TextField()
    """The last two digits: enough for its owner to know it, not for anybody else to call it."""
    made_at = Instant()
    tries = IntegerField(default=0, constraints=[Check("tries BETWEEN 0 AND 3")])
    sends = IntegerField(default=0, constraints=[Check("sends BETWEEN 0 AND 3")])
    sent_at = Instant(null=True)
    verified_at = Instant(null=True)
    usable_from = Instant(null=True)
    ended_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "ending", "made_at")
        constraints = (Check("(verified_at IS NULL) = (usable_from IS NULL)"),)

    @property
    def plain(self) -> str:
        """The number, E.164."""
        return keys().decrypt(self.number, owner=phone_owner(self.person_id)).decode()

    @classmethod
    def waiting(cls, person: int) -> Self | None:
        """The number that still has to be confirmed."""
        found: Self | None = (
            cls.select().where(cls.person == person, cls.verified_at.is_null(), cls.ended_at.is_null()).order_by(cls.id.desc()).first()
        )
        return found

    @classmethod
    def verified(cls, person: int) -> list[Self]:
        """The numbers that were confirmed and have not ended: the one in force, and one that rests, the newest first."""
        confirmed = cls.select().where(cls.person == person, cls.verified_at.is_null(False), cls.ended_at.is_null())
        return list(confirmed.order_by(cls.id.desc()))

    @classmethod
    def in_force(cls, person: int, at: datetime) -> Self | None:
        """The number to which a TAN goes now."""
        return next((phone for phone in cls.verified(person) if phone.usable_from <= at), None)


Phone.add_index(Phone.person, where=SQL("ended_at IS NULL"), name="phone_person")


class RecoverySheet(Row):
    """Printed once: codes that let a new way be enrolled and never pay, and a freeze code. A newer sheet ends the one before."""

    person = key_to(Person)
    person_id: int
    stop_code = BlobField()
    made_at = Instant()
    ended_at = Instant(null=True)

    class Meta:
        table_name = "recovery_sheet"
        immutable = ("id", "person_id", "stop_code", "made_at")


RecoverySheet.add_index(RecoverySheet.person, unique=True, where=SQL("ended_at IS NULL"), name="recovery_sheet_in_force")


class RecoveryCode(Row):
    """One code of a recovery sheet: 120 random bits, so a plain keyed digest is enough (ASVS 6.5.2)."""

    id = None
    sheet = key_to(RecoverySheet)
    n = IntegerField()
    digest = BlobField(unique=True)
    used_at = Instant(null=True)

    class Meta:
        table_name = "recovery_code"
        primary_key = CompositeKey("sheet", "n")


class Permit(Row):
    """That one way may be added: the office said so, a bound way did, or a recovery code. Used once, soon, or never."""

    person = key_to(Person)
    source = TextField(constraints=[Check("source IN ('office', 'way', 'recovery')")])
    made_at = Instant()
    made_by = BigIntegerField(null=True)
    expires_at = Instant()
    used_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "source", "made_at", "made_by", "expires_at")


Permit.add_index(Permit.person, where=SQL("used_at IS NULL"), name="permit_open")


class Recovery(Row):
    """A partner who lost every way was seen with his documents by two of the office, or by one where the company says so."""

    person = key_to(Person)
    person_id: int
    document = TextField()
    """What was seen: kind and number of the document, as the office writes it."""
    opened_at = Instant()
    opened_by = BigIntegerField()
    approved_at = Instant(null=True)
    approved_by = BigIntegerField(null=True)
    alone = IntegerField(default=0, constraints=[Check("alone IN (0, 1)")])
    """The mark of an office of one: nobody else looked."""
    until = Instant(null=True)
    """Until when only purchases up to a cap are possible."""
    spent = BigIntegerField(default=0)
    """Minor units paid while held to the cap."""
    cancelled_at = Instant(null=True)
    told_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "document", "opened_at", "opened_by")
        constraints = (
            Check("approved_at IS NULL OR cancelled_at IS NULL OR cancelled_at >= approved_at"),
            Check("alone = 1 OR approved_by IS NULL OR approved_by <> opened_by"),
            Check("(approved_at IS NULL) = (until IS NULL)"),
        )

    @classmethod
    def open(cls, person: int) -> Self | None:
        """The one that waits for a second person."""
        found: Self | None = cls.get_or_none((cls.person == person) & cls.approved_at.is_null() & cls.cancelled_at.is_null())
        return found


Recovery.add_index(Recovery.person, unique=True, where=SQL("approved_at IS NULL AND cancelled_at IS NULL"), name="recovery_open")
Recovery.add_index(Recovery.person, Recovery.until, where=SQL("approved_at IS NOT NULL AND cancelled_at IS NULL"), name="recovery_in_force")


def phone_owner(person: int) -> str:
    """For whom a number is encrypted: copied to another row it opens for nobody."""
    return f"phone:{person}"


def has_permit(person: int, at: datetime) -> bool:
    """Whether a way may be added now."""
    return one("SELECT 1 FROM permit WHERE person_id = ? AND used_at IS NULL AND expires_at > ?", person, micros(at)) is not None


def had_passkey(person: int) -> bool:
    """Whether a passkey of this person was removed: its owner can do that with the password alone."""
    return one("SELECT 1 FROM passkey WHERE person_id = ? AND ended_at IS NOT NULL LIMIT 1", person) is not None


def has_recovery_sheet(person: int) -> bool:
    return one("SELECT 1 FROM recovery_sheet WHERE person_id = ? AND ended_at IS NULL", person) is not None


class Held(NamedTuple):
    """What holds somebody to small purchases after the office restored his ways: minor units spent since, and until when."""

    recovery: int
    spent: int
    until: datetime


def held(person: int, at: datetime) -> Held | None:
    """Whether a person is held to small purchases now."""
    row = one(HELD, person, micros(at))
    return Held(row[0], row[1], instant(row[2])) if row else None


HELD = "SELECT id, spent, until FROM recovery WHERE person_id = ? AND approved_at IS NOT NULL AND cancelled_at IS NULL AND until > ? ORDER BY until DESC LIMIT 1"
