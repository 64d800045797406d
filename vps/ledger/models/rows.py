"""The ledger's rows. One row is one movement: one account debited, one credited, for ever.

`credits − debits` is the one sign convention: a wallet (what the company owes) grows by credits.
Words for people, "you have" or "we owe", are chosen where they are shown.
"""

from functools import cached_property
from typing import Any

from peewee import SQL, BigIntegerField, BlobField, Check, CompositeKey, IntegerField, TextField

from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.ledger.models.bulks import hidden_in

MOST = 10**11
"""The largest amount of one booking, in minor units."""

COMPANY_KINDS = ("bank", "purchases", "commission", "fees", "exchange", "transit", "clarify", "opening", "debts", "own", "withheld")
"""The company's own accounts, one of each in every currency. Withheld is what it owes the tax office for its partners."""
EVERYDAY = "order paid"
"""The verb that every payment writes into the trail: no payment waits for the index of verbs, and its lines are found without one."""
MOTIVES = (
    "purchase",
    "top-up",
    "pay-out",
    "commission",
    "transfer",
    "fee",
    "exchange",
    "refund",
    "opening",
    "receipt",
    "recall",
    "write-off",
    "own",
    "move",
    "debt",
    "tax withheld",
)
"""Why money moves. A move is one between a person's own wallets; a debt goes out of a wallet into a plan, and back in instalments."""


def _one_of(column: str, words: tuple[str, ...]) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def _either(column: str, words: tuple[str, ...]) -> Any:
    # Not IN: SQLite would make a table of the words for each row it writes, a third of what writing a booking costs.
    return Check(" OR ".join(f"{column} = {word!r}" for word in words))


class Account(Row):
    """A place where money stands. Only accounts with a floor keep a running balance; company accounts are summed.

    `debt` is the part of a shortfall that the office knowingly booked: the database lets the balance stand that far under
    the floor, and no further.
    """

    code = TextField(unique=True)
    kind = TextField(constraints=[_one_of("kind", ("wallet", *COMPANY_KINDS))])
    currency = currency_field()
    floor = BigIntegerField(null=True)
    balance = BigIntegerField(default=0)
    reserved = BigIntegerField(default=0, constraints=[Check("reserved >= 0")])
    debt = BigIntegerField(default=0, constraints=[Check("debt >= 0")])
    opened_at = Instant()

    class Meta:
        immutable = ("id", "code", "kind", "currency", "opened_at")
        constraints = (
            Check("(kind = 'wallet') = (floor IS NOT NULL)"),
            Check("floor IS NULL OR balance - reserved >= floor - debt"),
            Check("floor IS NOT NULL OR (balance = 0 AND reserved = 0)"),
        )

    @property
    def booked(self) -> Money:
        return Money(self.balance - self.hidden, self.currency)

    @property
    def held(self) -> Money:
        return Money(self.reserved - self.hidden, self.currency)

    @cached_property
    def hidden(self) -> int:
        """Minor units that an open bulk has credited already; asked once, of the moment like the balance."""
        return hidden_in(self.id)

    @property
    def available(self) -> Money:
        """What may be spent now: never less than nothing, even while there is a debt."""
        return Money(max(0, self.balance - self.reserved - (self.floor or 0)), self.currency)

    @property
    def shortfall(self) -> Money:
        """What is missing up to the floor, as a positive amount."""
        return Money(max(0, (self.floor or 0) - self.balance), self.currency)


class Voucher(Row):
    """The document a booking rests on (Beleg): an order's payment, a bank line, a receipt. No booking without one."""

    kind = TextField()
    ref = TextField()
    day = Day(constraints=[Check("length(day) = 10")])
    text = TextField(default="")
    by = BigIntegerField(null=True)

    class Meta:
        immutable = True
        indexes = ((("kind", "ref"), True),)


Voucher.add_index(Voucher.day, where=SQL("kind = 'receipt'"), name="voucher_receipt_day")


class Booking(Row):
    """One immutable movement. `debit_after` and `credit_after` are kept for accounts that keep a balance."""

    voucher = key_to(Voucher)
    key = TextField(unique=True)
    motive = TextField(constraints=[_either("motive", MOTIVES)])
    debit = key_to(Account)
    credit = key_to(Account)
    amount = BigIntegerField(constraints=[Check(f"amount BETWEEN 1 AND {MOST}")])
    currency = currency_field()
    booked_at = Instant()
    value_date = Day(constraints=[Check("length(value_date) = 10")])
    actor = BigIntegerField(null=True)
    debit_after = BigIntegerField(null=True)
    credit_after = BigIntegerField(null=True)
    reverses = BigIntegerField(null=True)
    digest = BlobField(constraints=[Check("length(digest) = 32")])

    class Meta:
        immutable = True
        constraints = (Check("debit_id <> credit_id"), SQL("FOREIGN KEY (reverses) REFERENCES booking (id)"))


Booking.add_index(Booking.debit, Booking.id, name="booking_debit")
Booking.add_index(Booking.credit, Booking.id, name="booking_credit")
Booking.add_index(Booking.reverses, unique=True, where=SQL("reverses IS NOT NULL"), name="booking_reverses")
# What is watched among partners: the newest of these on a wallet, however many commissions and purchases lie between them.
Booking.add_index(Booking.debit, Booking.id, where=SQL("motive = 'transfer'"), name="booking_transfer_out")
Booking.add_index(Booking.credit, Booking.id, where=SQL("motive = 'transfer'"), name="booking_transfer_in")
Booking.add_index(Booking.credit, Booking.id, where=SQL("motive = 'top-up'"), name="booking_top_up")


class Bulk(Row):
    """Bookings written in chunks, so that no payment waits for all of them: until it is closed, nobody sees any of them.

    One at a time is open. All of them rest on its one voucher and came after the booking `after`.
    """

    voucher = key_to(Voucher, unique=True)
    kind = TextField(default="bulk", constraints=[Check("kind = 'bulk'")])
    after = BigIntegerField()
    opened_at = Instant(unique=True)
    closed_at = Instant(null=True)

    class Meta:
        table_name = "bulk"
        immutable = ("id", "voucher_id", "kind", "after", "opened_at")


Bulk.add_index(Bulk.kind, unique=True, where=SQL("closed_at IS NULL"), name="bulk_open")


class Hold(Row):
    """Money that is booked but reserved. An expired hold is released by the next action on that account.

    One of a bulk is held until the bulk is closed, whatever its time.
    """

    account = key_to(Account)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    reason = TextField()
    key = TextField(unique=True)
    held_at = Instant()
    until = Instant(null=True)
    released_at = Instant(null=True)
    bulk = key_to(Bulk, null=True)

    class Meta:
        immutable = ("id", "account_id", "amount", "reason", "key", "held_at", "until", "bulk_id")


Hold.add_index(Hold.account, where=SQL("released_at IS NULL"), name="hold_open")
Hold.add_index(Hold.until, Hold.account, where=SQL("released_at IS NULL AND until IS NOT NULL"), name="hold_until")


class Usage(Row):
    """Running sums per account and kind of movement: any moving window is the difference of two rows, at flat cost."""

    id = None
    account = key_to(Account)
    kind = TextField()
    seq = IntegerField()
    at = Instant()
    cum_minor = BigIntegerField()
    cum_count = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("account", "kind", "seq")
        indexes = ((("account", "kind", "at", "seq"), False),)
        immutable = True


class Event(Row):
    """The trail: who did what to what, from where. Append-only, sealed like the bookings."""

    actor = BigIntegerField(null=True)
    subject = TextField()
    verb = TextField()
    before = TextField(default="")
    after = TextField(default="")
    address = TextField(default="")
    at = Instant()

    class Meta:
        immutable = True


Event.add_index(Event.subject, Event.id, name="event_subject")
Event.add_index(Event.actor, Event.id, name="event_actor")
Event.add_index(Event.verb, Event.id, where=SQL(f"verb <> '{EVERYDAY}'"), name="event_verb")


class Seal(Row):
    """One link: all rows of a chain up to `upto`, chained to the seal before and signed. Bookings carry no seal column."""

    chain = TextField(constraints=[_one_of("chain", ("booking", "event"))])
    previous = BigIntegerField()
    upto = BigIntegerField()
    count = BigIntegerField()
    digest = BlobField()
    signature = BlobField()
    sealed_at = Instant()

    class Meta:
        immutable = True
        indexes = ((("chain", "previous"), True), (("chain", "upto"), True))
        constraints = (Check("upto > previous"),)


class Total(Row):
    """Sealed bookings summed: account × month (in the company's zone) × motive × side. Reports and charts read these."""

    id = None
    account = key_to(Account)
    month = TextField(constraints=[Check("length(month) = 7")])
    motive = TextField()
    side = TextField(constraints=[_one_of("side", ("debit", "credit"))])
    count = BigIntegerField()
    minor = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("account", "month", "motive", "side")
