"""A transfer that went to the wrong partner: asked back by who sent it, given back by who got it, or looked at by the office."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.kernel.rows import Instant, Row, key_to
from vps.security.models import Intent
from vps.wallets.models.rows import Transfer

ASKED_WITHIN = timedelta(days=14)
"""How long after a transfer it can be asked back."""
SILENCE = timedelta(days=7)
"""How long the recipient may keep silent before the office sees the case."""
OUTCOMES = {
    "explained": N_("Explained: it went to whom it was meant for"),
    "settled": N_("Settled between the two"),
    "reversed": N_("Reversed by the office"),
}


class AskedBack(Row):
    """One asking for one transfer. What became of it follows from dated facts; the office looks at what was not given back."""

    transfer = key_to(Transfer, unique=True)
    asked_at = Instant()
    text = TextField(default="")
    agreed_at = Instant(null=True)
    intent = key_to(Intent, null=True, unique=True)
    back = key_to(Transfer, null=True, unique=True)
    declined_at = Instant(null=True)
    looked_at = Instant(null=True)
    looked_by = BigIntegerField(null=True)
    outcome = TextField(null=True, constraints=[Check(f"outcome IN ({', '.join(repr(word) for word in OUTCOMES)})")])
    note = TextField(default="")

    class Meta:
        table_name = "asked_back"
        immutable = ("id", "transfer_id", "asked_at", "text")
        constraints = (
            Check("(agreed_at IS NULL) = (back_id IS NULL)"),
            Check("(agreed_at IS NULL) = (intent_id IS NULL)"),
            Check("(looked_at IS NULL) = (outcome IS NULL)"),
            Check("agreed_at IS NULL OR looked_at IS NULL"),
        )


AskedBack.add_index(AskedBack.asked_at, AskedBack.id, where=SQL("agreed_at IS NULL AND looked_at IS NULL"), name="asked_back_open")


class Answer(Enum):
    """What became of an asking, in words and as a colour."""

    WAITS = N_("Asked back, waits for the recipient")
    GIVEN = N_("Given back")
    DECLINED = N_("The recipient keeps it; the office looks at it")
    SILENT = N_("No answer within a week; the office looks at it")
    CLOSED = N_("Closed by the office")
    REVERSED = N_("Reversed by the office")

    @property
    def css(self) -> str:
        return {"WAITS": "yellow", "GIVEN": "green", "CLOSED": "off", "REVERSED": "off"}.get(self.name, "red")


class Case(NamedTuple):
    """A transfer between two partners, and its asking if there is one, as both sides and the office see it."""

    transfer: int
    sender: int
    sender_name: str
    sender_number: str
    recipient: int
    recipient_name: str
    recipient_number: str
    amount: Money
    got: Money
    message: str
    made_at: datetime
    reversed_at: datetime | None
    key: str
    id: int | None
    asked_at: datetime | None
    text: str
    agreed_at: datetime | None
    back: int | None
    declined_at: datetime | None
    looked_at: datetime | None
    outcome: str | None
    note: str
    origin: int
    target: int

    def answer(self, now: datetime) -> Answer | None:
        """What became of it by now; the office is called by the passing of time."""
        if self.asked_at is None:
            return None
        if self.agreed_at:
            return Answer.GIVEN
        if self.looked_at:
            return Answer.CLOSED
        if self.reversed_at:
            return Answer.REVERSED
        if self.declined_at:
            return Answer.DECLINED
        return Answer.WAITS if now < self.asked_at + SILENCE else Answer.SILENT

    def may_be_asked(self, now: datetime) -> bool:
        """Whether its sender may ask for it now: what was itself given back is not asked back again."""
        young = now < self.made_at + ASKED_WITHIN
        return young and self.asked_at is None and self.reversed_at is None and not self.key.startswith("back:")

    def waits(self, now: datetime) -> bool:
        """Whether the office is to look at it now."""
        called = self.declined_at is not None or (self.asked_at is not None and now >= self.asked_at + SILENCE)
        return called and self.agreed_at is None and self.looked_at is None

    @property
    def is_open(self) -> bool:
        """Whether it can still be given back."""
        return self.asked_at is not None and self.agreed_at is None and self.looked_at is None and self.reversed_at is None


def case_of(transfer: int, person: int | None = None) -> Case | None:
    """The case of a transfer between two partners; with `person`, only if he is one of them."""
    row = one(ONE, transfer)
    found = _case(row) if row else None
    return found if found and (person is None or person in (found.sender, found.recipient)) else None


def open_cases(at: datetime, limit: int = 100) -> list[Case]:
    """What the office is to look at, the oldest first: declined, or a week without an answer."""
    return [_case(row) for row in rows(OPEN, micros(at - SILENCE), limit)]


def given_back(transfer: int) -> bool:
    """Whether its recipient has given it back himself: then there is nothing left to reverse."""
    return one("SELECT 1 FROM asked_back WHERE transfer_id = ? AND back_id IS NOT NULL", transfer) is not None


def _case(row: tuple[Any, ...]) -> Case:
    *who, minor, currency, got, got_currency, message, made, undone, key, number, asked, text, agreed, back, declined, looked = row[:22]
    outcome, note, origin, target = row[22:]
    sums = Money(minor, currency), Money(got, got_currency), message, instant(made), _when(undone), key
    facts = number, _when(asked), text or "", _when(agreed), back, _when(declined), _when(looked), outcome, note or "", origin, target
    return Case._make((*who, *sums, *facts))


def _when(at: int | None) -> datetime | None:
    return None if at is None else instant(at)


_WHAT = (
    "SELECT t.id, s.id, s.name, s.number, p.id, p.name, p.number, t.amount, t.currency, t.got, t.got_currency, t.message, t.made_at,"
    " t.reversed_at, t.key, k.id, k.asked_at, k.text, k.agreed_at, k.back_id, k.declined_at, k.looked_at, k.outcome, k.note,"
    " t.debit_id, t.credit_id FROM transfer t JOIN person s ON s.id = t.sender_id JOIN person p ON p.id = t.recipient_id"
)
ONE = f"{_WHAT} LEFT JOIN asked_back k ON k.transfer_id = t.id WHERE t.id = ? AND t.kind = 'partner'"
OPEN = (
    f"{_WHAT} JOIN asked_back k ON k.transfer_id = t.id WHERE k.agreed_at IS NULL AND k.looked_at IS NULL"
    " AND (k.declined_at IS NOT NULL OR k.asked_at <= ?) ORDER BY k.asked_at, k.id LIMIT ?"
)
