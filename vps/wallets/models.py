"""A partner's wallet: whose account it is, and the questions he asks about its lines."""

from typing import NamedTuple

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.rows import Instant, Row, columns, currency_field, key_to, made_of
from vps.ledger.models import Account
from vps.people.models import Person


class Wallet(Row):
    """Which ledger account holds what the company owes a partner, in one currency."""

    person = key_to(Person)
    account = key_to(Account, unique=True)
    account_id: int
    currency = currency_field()
    opened_at = Instant()

    class Meta:
        immutable = True
        indexes = ((("person", "currency"), True),)

    @classmethod
    def of(cls, person: int, currency: str) -> "Wallet | None":
        """The wallet with its account, in one query."""
        row = one(OF, person, currency)
        if row is None:
            return None
        own = len(Wallet._meta.sorted_fields)
        wallet = made_of(Wallet, row[:own])
        wallet.account = made_of(Account, row[own:])
        return wallet


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


class Purse(NamedTuple):
    """A wallet at the moment of paying. `tell_from`: bookings of so many minor units or more are told to its owner, None: none."""

    account: int
    available: Money
    tell_from: int | None


def purse(person: int, currency: str) -> Purse | None:
    """What must be known of a wallet to book on it, in one question."""
    row = one(PURSE, person, currency)
    return Purse(int(row[0]), Money(int(row[1]), currency), row[2]) if row else None


OF = (
    f"SELECT {columns(Wallet, 'w')}, {columns(Account, 'a')} FROM wallet w JOIN account a ON a.id = w.account_id"  # noqa: S608
    " WHERE w.person_id = ? AND w.currency = ?"
)
PURSE = (
    "SELECT a.id, a.balance - a.reserved - a.floor, p.notify_from FROM wallet w JOIN account a ON a.id = w.account_id"
    " JOIN person p ON p.id = w.person_id WHERE w.person_id = ? AND w.currency = ?"
)


def questions_about(person: int, booking: int) -> list[Question]:
    """What a partner asked about a line, oldest first."""
    return list(Question.select().where(Question.person == person, Question.booking == booking).order_by(Question.id))


def open_questions(limit: int = 100) -> list[Question]:
    """Questions without an answer, the oldest first, with who asks."""
    return list(
        Question.select(Question, Person).join(Person).where(Question.answered_at.is_null()).order_by(Question.asked_at).limit(limit)
    )


def balances(people: list[int], currency: str) -> dict[int, Money]:
    """What several partners have, in one query."""
    found = rows(BALANCES.format(", ".join("?" * len(people))), currency, *people) if people else []
    return {person: Money(minor, currency) for person, minor in found}


BALANCES = "SELECT w.person_id, a.balance FROM wallet w JOIN account a ON a.id = w.account_id WHERE w.currency = ? AND w.person_id IN ({})"
