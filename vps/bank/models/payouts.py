"""Pay-outs: where a partner's money goes, what he asked for, what became of it, and the files that took it to the bank.

A pay-out has no status: it was asked, approved, put into a file, executed, returned, refused or withdrawn at a moment. What was
authorised is what is paid: the account's data are copied into it.
"""

from datetime import datetime
from typing import Any

from peewee import SQL, BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.bank.accounts import PayeeAccount as PayeeIs
from vps.bank.accounts import masked
from vps.bank.models.rows import PAY_FORMATS, BankAccount
from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, columns, currency_field, key_to, made_of
from vps.ledger.models import Booking
from vps.people.models import Person
from vps.security.models import Batch, Intent

ACCOUNT_KINDS = ("iban", "rs", "ru")
"""An IBAN, a Serbian account of 18 digits, a Russian one of 20 digits with its bank's BIC of 9."""


def _one_of(column: str, words: tuple[str, ...]) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def _booking(name: str, **options: Any) -> Any:
    return key_to(Booking, column_name=name, object_id_name=f"{name}_id", backref="+", null=True, **options)


class PayeeAccount(Row):
    """A bank account of a partner, with its holder as the bank knows him. It rests before it is used, and is never changed, only ended."""

    person = key_to(Person)
    person_id: int
    kind = TextField(constraints=[_one_of("kind", ACCOUNT_KINDS)])
    number = TextField()
    bic = TextField()
    country = TextField(constraints=[Check("length(country) = 2")])
    holder = TextField(constraints=[Check("holder <> ''")])
    made_at = Instant()
    made_by = BigIntegerField()
    usable_from = Instant()
    ended_at = Instant(null=True)

    class Meta:
        table_name = "payee_account"
        immutable = ("id", "person_id", "kind", "number", "bic", "country", "holder", "made_at", "made_by", "usable_from")
        constraints = (Check("usable_from >= made_at"),)


IN_USE = SQL("ended_at IS NULL")
PayeeAccount.add_index(PayeeAccount.person, PayeeAccount.number, unique=True, where=IN_USE, name="payee_account_person")
PayeeAccount.add_index(PayeeAccount.number, where=IN_USE, name="payee_account_number")


class PayoutRule(Row):
    """A standing order: whatever is above `above` in the wallet goes out on every `weekday` (1 Monday … 7 Sunday)."""

    person = key_to(Person)
    person_id: int
    payee = key_to(PayeeAccount)
    payee_id: int
    above = BigIntegerField(constraints=[Check("above >= 0")])
    currency = currency_field()
    weekday = IntegerField(constraints=[Check("weekday BETWEEN 1 AND 7")])
    made_at = Instant()
    intent = key_to(Intent, unique=True)
    ended_at = Instant(null=True)
    skipped_on = Day(null=True)
    """The last day on which it was not carried out because a limit stood in the way."""

    class Meta:
        table_name = "payout_rule"
        immutable = ("id", "person_id", "payee_id", "above", "currency", "weekday", "made_at", "intent_id")


PayoutRule.add_index(PayoutRule.person, PayoutRule.currency, unique=True, where=IN_USE, name="payout_rule_person")
PayoutRule.add_index(PayoutRule.weekday, PayoutRule.id, where=IN_USE, name="payout_rule_weekday")


class PayoutFile(Row):
    """A file that takes pay-outs to the bank, as it was authorised, byte for byte. The bank books it, or it is voided."""

    bank_account = key_to(BankAccount)
    format = TextField(constraints=[_one_of("format", PAY_FORMATS)])
    message_id = TextField(unique=True)
    day = Day()
    count = IntegerField(constraints=[Check("count > 0")])
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    content = BlobField()
    digest = BlobField(constraints=[Check("length(digest) = 32")])
    batch = key_to(Batch, unique=True)
    made_at = Instant()
    made_by = BigIntegerField()
    voided_at = Instant(null=True)
    voided_by = BigIntegerField(null=True)
    void_reason = TextField(default="")
    executed_at = Instant(null=True)

    class Meta:
        table_name = "payout_file"
        immutable = (
            *("id", "bank_account_id", "format", "message_id", "day", "count", "amount", "currency", "content", "digest", "batch_id"),
            *("made_at", "made_by"),
        )
        constraints = (
            Check("voided_at IS NULL OR executed_at IS NULL"),
            Check("(voided_at IS NULL) = (voided_by IS NULL)"),
            Check("(voided_at IS NULL) = (void_reason = '')"),
        )


PayoutFile.add_index(
    PayoutFile.bank_account, PayoutFile.amount, where=SQL("voided_at IS NULL AND executed_at IS NULL"), name="payout_file_open"
)


class Payout(Row):
    """Money on its way out of a wallet; without a person, money that is sent back to whom it came from, or a refund to a customer.

    `amount` reaches the account, `fee` is taken besides. `booking` took the amount to transit, `ended_booking` brought it back.
    `text` is what the payee reads on his statement. Both follow from the row's number, so they are written right after it.
    """

    person = key_to(Person, null=True)
    person_id: int | None
    payee = key_to(PayeeAccount, null=True)
    holder = TextField()
    kind = TextField(constraints=[_one_of("kind", ACCOUNT_KINDS)])
    number = TextField()
    bic = TextField()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    fee = BigIntegerField(constraints=[Check("fee >= 0")])
    currency = currency_field()
    text = TextField(default="")
    asked_at = Instant()
    day = Day()
    """The pay day it was asked for; what was held by then goes with a later file."""
    intent = key_to(Intent, null=True, unique=True)
    rule = key_to(PayoutRule, null=True)
    booking = _booking("booking", unique=True)
    booking_id: int | None
    fee_booking = _booking("fee_booking")
    fee_booking_id: int | None
    held_at = Instant(null=True)
    held_by = BigIntegerField(null=True)
    held_reason = TextField(default="")
    approved_at = Instant(null=True)
    approved_by = BigIntegerField(null=True)
    file = key_to(PayoutFile, null=True)
    file_id: int | None
    executed_at = Instant(null=True)
    returned_at = Instant(null=True)
    return_reason = TextField(default="")
    """The bank's code for why it came back, like AC04."""
    refused_at = Instant(null=True)
    refused_by = BigIntegerField(null=True)
    refuse_reason = TextField(default="")
    withdrawn_at = Instant(null=True)
    ended_booking = _booking("ended_booking")
    ended_booking_id: int | None
    cause = TextField(null=True, unique=True)
    """What a customer gets it for: the key of the booking that took it out of the sales."""

    class Meta:
        immutable = (
            *("id", "person_id", "payee_id", "holder", "kind", "number", "bic", "amount", "fee", "currency", "asked_at"),
            *("day", "intent_id", "rule_id", "cause"),
        )
        constraints = (
            Check("(person_id IS NULL) = (payee_id IS NULL)"),
            # A partner's pay-out was confirmed by him, or follows from a rule that he confirmed.
            Check(
                "CASE WHEN person_id IS NULL THEN intent_id IS NULL AND rule_id IS NULL ELSE (intent_id IS NULL) <> (rule_id IS NULL) END"
            ),
            Check("held_at IS NULL OR file_id IS NULL"),
            Check("(held_at IS NULL) = (held_reason = '')"),
            Check("(file_id IS NULL AND executed_at IS NULL) OR approved_at IS NOT NULL"),
            Check("(refused_at IS NULL) = (refuse_reason = '')"),
            Check("(refused_at IS NULL AND withdrawn_at IS NULL) OR (file_id IS NULL AND executed_at IS NULL)"),
            Check("refused_at IS NULL OR withdrawn_at IS NULL"),
            Check("returned_at IS NULL OR executed_at IS NOT NULL OR file_id IS NOT NULL"),
            Check("(ended_booking IS NULL) = (returned_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL)"),
            Check("person_id IS NULL OR cause IS NULL"),
        )

    @property
    def total(self) -> Money:
        """What leaves the wallet."""
        return Money(self.amount + self.fee, self.currency)

    @property
    def money(self) -> Money:
        """What reaches the account."""
        return Money(self.amount, self.currency)

    @property
    def masked(self) -> str:
        """The account in short, for who knows it."""
        return masked(PayeeIs(self.kind, self.number, country_of(self.kind, self.number)))

    def happened(self) -> list[tuple[str, datetime]]:
        """What became of it so far, each with its moment, in the order in which things can happen."""
        facts = [(word, self.sent_at if word == "sent" else getattr(self, f"{word}_at")) for word in HAPPENS]
        return [(word, at) for word, at in facts if at is not None]

    @property
    def sent_at(self) -> datetime | None:
        """When the file was made that took it to the bank."""
        row = one("SELECT made_at FROM payout_file WHERE id = ?", self.file_id) if self.file_id else None
        return instant(row[0]) if row else None

    @property
    def state(self) -> str:
        """The last of it, in one word of HAPPENS."""
        ended = next((word for word in ("withdrawn", "refused", "returned", "executed") if getattr(self, f"{word}_at")), None)
        return ended or ("sent" if self.file_id else "held" if self.held_at else "approved" if self.approved_at else "asked")

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it is still here."""
        return self.file_id is None and self.executed_at is None and self.ended_booking_id is None and not one(BY_HAND, self.id)

    @classmethod
    def of(cls, person: int, key: int) -> "Payout | None":
        """A partner's own."""
        found: Payout | None = cls.get_or_none(cls.id == key, cls.person == person)
        return found

    @classmethod
    def listed(cls, person: int, *, before: int | None = None, limit: int = 25) -> list["Payout"]:
        """A partner's, newest first."""
        return [made_of(Payout, row) for row in rows(LISTED, person, before or 2**62, limit)]


class PaidByHand(Row):
    """A pay-out that somebody made in the bank's own program, by the bank's number and day; its debit is still to come. Ended, it waits again."""

    payout = key_to(Payout)
    payout_id: int
    number = TextField(constraints=[Check("number <> ''")])
    day = Day()
    made_at = Instant()
    made_by = BigIntegerField()
    ended_at = Instant(null=True)

    class Meta:
        table_name = "payout_by_hand"
        immutable = ("id", "payout_id", "number", "day", "made_at", "made_by")


PaidByHand.add_index(PaidByHand.payout, unique=True, where=IN_USE, name="payout_by_hand_live")

HAPPENS = ("asked", "held", "approved", "sent", "executed", "returned", "refused", "withdrawn")


def country_of(kind: str, number: str) -> str:
    """Where an account is."""
    return {"rs": "RS", "ru": "RU"}.get(kind, number[:2])


GIVEN_BACK = "refused_at IS NULL AND withdrawn_at IS NULL"
Payout.add_index(Payout.person, Payout.id, where=SQL("person_id IS NOT NULL"), name="payout_person")
Payout.add_index(Payout.rule, Payout.day, unique=True, where=SQL("rule_id IS NOT NULL"), name="payout_rule_day")
Payout.add_index(Payout.day, Payout.id, where=SQL(f"file_id IS NULL AND executed_at IS NULL AND {GIVEN_BACK}"), name="payout_to_send")
Payout.add_index(Payout.file, Payout.id, where=SQL("file_id IS NOT NULL"), name="payout_in_file")
Payout.add_index(Payout.id, where=SQL("cause IS NOT NULL AND ended_booking IS NOT NULL"), name="payout_customer_ended")
Payout.add_index(Payout.currency, Payout.amount, where=SQL(f"executed_at IS NULL AND {GIVEN_BACK}"), name="payout_in_transit")

BY_HAND = "SELECT 1 FROM payout_by_hand h WHERE h.payout_id = ? AND h.ended_at IS NULL"
LISTED = f"SELECT {columns(Payout, 'p')} FROM payout p WHERE p.person_id = ? AND p.id < ? ORDER BY p.id DESC LIMIT ?"
