"""Wallets and what moves between them: kinds with their rules, a partner's wallets, transfers, and questions about lines."""

import json
from typing import Any

from peewee import SQL, BigIntegerField, BooleanField, Check, IntegerField, TextField

from vps.kernel.database import one
from vps.kernel.rows import Instant, Row, columns, currency_field, key_to, made_of
from vps.ledger.models import HIDDEN, Account, Booking
from vps.people.models import Person

MAIN = "main"
"""The kind of wallet that everybody has. What no row says otherwise about, it may do."""
WHOSE = ("own", "partner")
"""Whose wallets a transfer goes between: one's own, or two partners'."""
KINDS = (*WHOSE, "office")


class WalletKind(Row):
    """What wallets of a kind may do: pay orders, be paid out, send, receive, receive commission; and how far they may fall.

    `names` is JSON by language; an account keeps the floor (minor units, not more than nothing) that its kind had when it was opened.
    """

    code = TextField(unique=True)
    names = TextField()
    pays = BooleanField()
    paid_out = BooleanField()
    sends = BooleanField()
    receives = BooleanField()
    commission = BooleanField()
    floor = BigIntegerField(constraints=[Check("floor <= 0")])
    position = IntegerField()
    ended_at = Instant(null=True)

    class Meta:
        table_name = "wallet_kind"
        immutable = ("id", "code")

    @property
    def named(self) -> dict[str, str]:
        """Its name by language."""
        found: dict[str, str] = json.loads(self.names)
        return found


class Wallet(Row):
    """Which ledger account holds what the company owes a partner, in one currency. One open wallet of each kind and currency."""

    person = key_to(Person)
    person_id: int
    account = key_to(Account, unique=True)
    account_id: int
    currency = currency_field()
    opened_at = Instant()
    rules = key_to(WalletKind, field="code", column_name="kind", object_id_name="kind")
    kind: str
    name = TextField(default="")
    """What its owner calls it, or nothing."""
    frozen_at = Instant(null=True)
    frozen_by = BigIntegerField(null=True)
    frozen_why = TextField(default="")
    closed_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "account_id", "currency", "opened_at", "kind")
        constraints = (Check("frozen_at IS NOT NULL OR frozen_by IS NULL"),)

    @classmethod
    def of(cls, person: int, currency: str) -> "Wallet | None":
        """The main wallet with its account, in one query."""
        return _read(OF, person, currency)

    @classmethod
    def with_id(cls, person: int, key: int) -> "Wallet | None":
        """One of a person's wallets, open or closed, with its account: another person's is not there."""
        return _read(WITH_ID, key, person)


Wallet.add_index(Wallet.person, Wallet.rules, Wallet.currency, unique=True, where=SQL("closed_at IS NULL"), name="wallet_open")
Wallet.add_index(Wallet.person, name="wallet_person")


class TransferRule(Row):
    """What transfers from wallets of a kind must keep to, and cost. The newest of a kind, between whom, and currency is in force.

    Amounts in minor units; `fee_bp` basis points. `on_top`: the fee is taken besides the amount, not out of it.
    """

    kind = TextField()
    whose = TextField(constraints=[Check("whose IN ('own', 'partner')")])
    currency = currency_field()
    least = BigIntegerField(constraints=[Check("least >= 1")])
    most = BigIntegerField(null=True, constraints=[Check("most >= 1")])
    multiple = BigIntegerField(default=1, constraints=[Check("multiple >= 1")])
    fee = BigIntegerField(default=0, constraints=[Check("fee >= 0")])
    fee_bp = BigIntegerField(default=0, constraints=[Check("fee_bp BETWEEN 0 AND 10000")])
    on_top = BooleanField(default=True)
    since = Instant()
    by = BigIntegerField(null=True)

    class Meta:
        table_name = "transfer_rule"
        immutable = True


TransferRule.add_index(TransferRule.kind, TransferRule.whose, TransferRule.currency, TransferRule.id, name="transfer_rule_of")


class Transfer(Row):
    """Money that went from one wallet to another, or between a wallet and the company by the office.

    `amount` left the debited account, besides a fee on top; `got` arrived. They differ by a fee out of the amount, or by an exchange
    at `rate`. A person is missing where the company's own account is that side.
    """

    key = TextField(unique=True)
    kind = TextField(constraints=[Check(f"kind IN ({', '.join(repr(word) for word in KINDS)})")])
    sender = key_to(Person, null=True)
    sender_id: int | None
    recipient = key_to(Person, null=True)
    recipient_id: int | None
    debit = key_to(Account)
    credit = key_to(Account)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    fee = BigIntegerField(constraints=[Check("fee >= 0")])
    got = BigIntegerField(constraints=[Check("got > 0")])
    got_currency = TextField(constraints=[Check("length(got_currency) = 3")])
    rate = TextField(default="")
    message = TextField(default="")
    reason = TextField(default="")
    made_at = Instant()
    booking = BigIntegerField(unique=True)
    arrival = BigIntegerField(null=True)
    fee_booking = BigIntegerField(null=True)
    reversed_at = Instant(null=True)
    reversed_by = BigIntegerField(null=True)

    class Meta:
        depends_on = (Booking,)  # by the keys below, which peewee does not see: its table is made first
        immutable = (
            *("id", "key", "kind", "sender_id", "recipient_id", "debit_id", "credit_id", "amount", "currency", "fee"),
            *("got", "got_currency", "rate", "message", "reason", "made_at", "booking", "arrival", "fee_booking"),
        )
        constraints = (
            Check("debit_id <> credit_id"),
            Check("(fee > 0) = (fee_booking IS NOT NULL)"),
            Check("(currency <> got_currency) = (arrival IS NOT NULL)"),
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (arrival) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (fee_booking) REFERENCES booking (id)"),
        )


Transfer.add_index(Transfer.sender, Transfer.recipient, Transfer.id, name="transfer_sender")
Transfer.add_index(Transfer.recipient, Transfer.id, name="transfer_recipient")
Transfer.add_index(Transfer.arrival, unique=True, where=SQL("arrival IS NOT NULL"), name="transfer_arrival")
Transfer.add_index(Transfer.sender, Transfer.id, name="transfer_sent")


class Question(Row):
    """A question of a partner to the office about one line of his statement, and its answer."""

    person = key_to(Person)
    booking = BigIntegerField()
    text = TextField(constraints=[Check("length(text) > 0")])
    asked_at = Instant()
    answer = TextField(null=True)
    answered_at = Instant(null=True)
    answered_by = BigIntegerField(null=True)

    class Meta:
        immutable = ("id", "person_id", "booking", "text", "asked_at")
        constraints = (Check("(answer IS NULL) = (answered_at IS NULL)"), SQL("FOREIGN KEY (booking) REFERENCES booking (id)"))


Question.add_index(Question.asked_at, where=SQL("answered_at IS NULL"), name="question_open")
Question.add_index(Question.person, Question.booking, name="question_line")


def _read(sql: str, *values: Any) -> Wallet | None:
    row = one(sql, *values)
    if row is None:
        return None
    own = len(Wallet._meta.sorted_fields)
    wallet = made_of(Wallet, row[:own])
    wallet.account = made_of(Account, row[own:-1])
    wallet.account.hidden = row[-1]
    return wallet


_BOTH = f"SELECT {columns(Wallet, 'w')}, {columns(Account, 'a')}, {HIDDEN.format('a.id', '')} FROM wallet w JOIN account a ON a.id = w.account_id"
OF = f"{_BOTH} WHERE w.person_id = ? AND w.kind = 'main' AND w.currency = ? AND w.closed_at IS NULL"
WITH_ID = f"{_BOTH} WHERE w.id = ? AND w.person_id = ?"
