"""TAN ways, what they are asked for, and what became of it."""

from typing import Self

from peewee import SQL, BigIntegerField, BlobField, Check, CompositeKey, IntegerField, TextField

from vps.kernel.database import one
from vps.kernel.keys import keys
from vps.kernel.rows import Instant, Row, currency_field, key_to
from vps.kernel.vault import SecretField
from vps.people.models import Person

SHEET, APP, PASSKEY, SMS = "sheet", "app", "passkey", "sms"
WAYS = (SHEET, APP, PASSKEY, SMS)
"""All ways of confirming, in the order in which they are offered. The last two are bound to what is confirmed: one signs it, one shows it."""
ONE_WAY = f"way IN ({', '.join(repr(way) for way in WAYS)})"
WARN_AT = 10
"""TANs left on a sheet from which on its owner is told to ask for a new one."""


class TanSheet(Row):
    """A printed list of indexed TANs. `secret` holds them encrypted until the sheet is activated, so that it can be printed."""

    person = key_to(Person)
    person_id: int
    serial = TextField(unique=True)
    size = IntegerField(constraints=[Check("size BETWEEN 2 AND 200")])
    secret = SecretField(null=True)
    stop_code = BlobField()
    made_at = Instant()
    made_by = BigIntegerField(null=True)
    ready_at = Instant(null=True)
    activated_at = Instant(null=True)
    ended_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "serial", "size", "stop_code", "made_at", "made_by")

    def left(self) -> int:
        """How many TANs can still be used."""
        return int(one("SELECT count(*) FROM tan WHERE sheet_id = ? AND used_at IS NULL AND burned_at IS NULL", self.id)[0])

    def proof(self) -> tuple[int, int]:
        """The two indexes that prove that the right sheet arrived: spread over it, the same until it is activated."""
        first = 1 + int.from_bytes(keys().keyed("activate", self.serial)[:4], "big") % (self.size // 2)
        return first, first + self.size // 2

    @classmethod
    def waiting(cls, person: int) -> Self | None:
        """The newest sheet that was made for this person and not yet activated."""
        found: Self | None = (
            cls.select().where(cls.person == person, cls.activated_at.is_null(), cls.ended_at.is_null()).order_by(cls.id.desc()).first()
        )
        return found

    @classmethod
    def active(cls, person: int) -> Self | None:
        """The sheet whose TANs are asked for."""
        activated = cls.select().where(cls.person == person, cls.activated_at.is_null(False), cls.ended_at.is_null())
        found: Self | None = activated.order_by(cls.id.desc()).first()
        return found


TanSheet.add_index(TanSheet.person, where=SQL("ended_at IS NULL"), name="tan_sheet_person")
TanSheet.add_index(TanSheet.made_at, where=SQL("ready_at IS NULL"), name="tan_sheet_unready")


class Intent(Row):
    """What somebody wants to do, exactly: kind, subject, amount, payee. It never changes; it is posted, cancelled, or runs out."""

    nonce = TextField(unique=True)
    person = key_to(Person)
    kind = TextField()
    subject = TextField()
    amount = BigIntegerField(null=True, constraints=[Check("amount > 0")])
    """Minor units, or nothing where no money moves: a change of one's own security, or practice."""
    currency = currency_field(null=True)
    payee = TextField()
    digest = BlobField(constraints=[Check("length(digest) = 32")])
    opened_at = Instant()
    expires_at = Instant()
    cancelled_at = Instant(null=True)
    posted_at = Instant(null=True)

    class Meta:
        immutable = ("id", "nonce", "person_id", "kind", "subject", "amount", "currency", "payee", "digest", "opened_at", "expires_at")
        constraints = (Check("cancelled_at IS NULL OR posted_at IS NULL"), Check("(amount IS NULL) = (currency IS NULL)"))


Intent.add_index(Intent.kind, Intent.subject, name="intent_subject")
Intent.add_index(Intent.person, where=SQL("posted_at IS NULL AND cancelled_at IS NULL"), name="intent_open")


class Challenge(Row):
    """What was asked for an intent: which way, which TAN, how often it was answered wrongly, and how often a code was sent for it."""

    intent = key_to(Intent)
    way = TextField(constraints=[Check(ONE_WAY)])
    sheet = key_to(TanSheet, null=True)
    n = IntegerField(null=True)
    tries = IntegerField(default=0, constraints=[Check("tries BETWEEN 0 AND 3")])
    used_at = Instant(null=True)
    sends = IntegerField(null=True, constraints=[Check("sends BETWEEN 1 AND 3")])
    sent_at = Instant(null=True)

    class Meta:
        immutable = ("id", "intent_id", "way", "sheet_id", "n")
        constraints = (Check("(way = 'sheet') = (n IS NOT NULL AND sheet_id IS NOT NULL)"), Check("(sends IS NULL) = (sent_at IS NULL)"))
        indexes = ((("intent", "way"), True),)


class Tan(Row):
    """One TAN of a sheet. It is used once, or burned by wrong answers, or neither."""

    id = None
    sheet = key_to(TanSheet)
    n = IntegerField()
    hash = TextField()
    used_at = Instant(null=True)
    burned_at = Instant(null=True)
    intent = key_to(Intent, null=True)

    class Meta:
        primary_key = CompositeKey("sheet", "n")
        constraints = (Check("used_at IS NULL OR burned_at IS NULL"),)


class App(Row):
    """An authenticator app: its secret encrypted for its owner's row, and the newest time step that was used."""

    person = key_to(Person, unique=True)
    secret = SecretField()
    made_at = Instant()
    confirmed_at = Instant(null=True)
    last_step = BigIntegerField(default=0)
    usable_from = Instant(null=True)
    """A way that was added to another one rests first."""

    class Meta:
        immutable = ("id", "person_id")

    @classmethod
    def of(cls, person: int) -> Self | None:
        """The confirmed app of a person."""
        found: Self | None = cls.get_or_none((cls.person == person) & cls.confirmed_at.is_null(False))
        return found


class Way(Row):
    """How a TAN way has been doing since its secret was made: wrong answers in a row and ever, and whether it is blocked.

    The first block ends by itself at `opens_at`, any other only when the office ends it or a new sheet or app is enrolled.
    """

    id = None
    person = key_to(Person)
    way = TextField(constraints=[Check(ONE_WAY)])
    wrong_in_row = IntegerField(default=0)
    wrong_ever = IntegerField(default=0)
    blocks = IntegerField(default=0)
    blocked_at = Instant(null=True)
    opens_at = Instant(null=True)

    class Meta:
        primary_key = CompositeKey("person", "way")
        constraints = (
            Check("opens_at IS NULL OR blocked_at IS NOT NULL AND opens_at > blocked_at"),
            Check("blocked_at IS NULL OR blocks > 0"),
        )


class Freeze(Row):
    """A wallet that its owner or the office stopped. Nothing leaves it until the office lifts the freeze."""

    person = key_to(Person)
    frozen_at = Instant()
    frozen_by = BigIntegerField(null=True)
    lifted_at = Instant(null=True)
    lifted_by = BigIntegerField(null=True)

    class Meta:
        table_name = "wallet_freeze"
        immutable = ("id", "person_id", "frozen_at", "frozen_by")


Freeze.add_index(Freeze.person, unique=True, where=SQL("lifted_at IS NULL"), name="freeze_in_force")
