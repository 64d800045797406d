"""Transfers that are made by themselves: what their owner confirmed once, and what became of each of its days."""

import json
from datetime import date
from typing import Any, NamedTuple

from peewee import SQL, BigIntegerField, Check, IntegerField, TextField

from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.people.models import Person
from vps.security.models import Intent
from vps.wallets.models.rows import Transfer, Wallet
from vps.wallets.rhythm import EVERY, Rhythm


class StandingTransfer(Row):
    """What a partner confirmed by a code: so much, to whom, how often. It changes in two ways only: its next day comes, and it ends.

    Without `to_wallet` it goes where the recipient gets this currency. Day 31 of a month is its last one.
    """

    person = key_to(Person)
    from_wallet = key_to(Wallet)
    recipient = key_to(Person)
    to_wallet = key_to(Wallet, null=True)
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    message = TextField(default="")
    every = TextField(constraints=[Check(f"every IN ({', '.join(repr(word) for word in EVERY)})")])
    day_of_month = IntegerField(null=True, constraints=[Check("day_of_month BETWEEN 1 AND 31")])
    weekday = IntegerField(null=True, constraints=[Check("weekday BETWEEN 1 AND 7")])
    first_on = Day(constraints=[Check("length(first_on) = 10")])
    last_on = Day(null=True)
    next_on = Day(null=True)
    """The day on which it is made next; none when it is over."""
    intent = key_to(Intent, unique=True)
    made_at = Instant()
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)

    class Meta:
        table_name = "standing_transfer"
        immutable = (
            *("id", "person_id", "from_wallet_id", "recipient_id", "to_wallet_id", "amount", "currency", "message", "every"),
            *("day_of_month", "weekday", "first_on", "last_on", "intent_id", "made_at"),
        )
        constraints = (
            Check("(every = 'month') = (day_of_month IS NOT NULL)"),
            Check("(every = 'week') = (weekday IS NOT NULL)"),
            Check("last_on IS NULL OR last_on >= first_on"),
            Check("(to_wallet_id IS NOT NULL) = (recipient_id = person_id)"),
        )


StandingTransfer.add_index(
    StandingTransfer.next_on, StandingTransfer.id, where=SQL("ended_at IS NULL AND next_on IS NOT NULL"), name="standing_due"
)
StandingTransfer.add_index(StandingTransfer.person, StandingTransfer.id, name="standing_person")


class StandingRun(Row):
    """What became of one day of a standing transfer: the transfer that was made, or why none was (a sentence and its facts as JSON)."""

    standing = key_to(StandingTransfer)
    day = Day()
    transfer = key_to(Transfer, null=True, unique=True)
    refusal = TextField(null=True)
    at = Instant()

    class Meta:
        table_name = "standing_run"
        immutable = True
        constraints = (Check("(transfer_id IS NULL) = (refusal IS NOT NULL)"),)


StandingRun.add_index(StandingRun.standing, StandingRun.day, unique=True, name="standing_run_day")


class Run(NamedTuple):
    """One day of a standing transfer: `refusal` is what `kept` made of it."""

    day: date
    transfer: int | None
    refusal: dict[str, Any] | None


class Standing(NamedTuple):
    """A standing transfer with whom it goes to; its last day that has come, if one has."""

    id: int
    person: int
    from_wallet: int
    recipient: int
    to_wallet: int | None
    amount: Money
    message: str
    rhythm: Rhythm
    next_on: date | None
    name: str
    number: str
    ended: bool
    last: Run | None

    @property
    def own(self) -> bool:
        """Whether it goes to another wallet of the same person."""
        return self.person == self.recipient


def standing_transfer(key: int, person: int | None = None) -> Standing | None:
    """One by its id; with `person`, only this person's."""
    row = one(ONE, key)
    return _standing(row) if row and person in (None, row[1]) else None


def standing_transfers(person: int, limit: int = 100) -> list[Standing]:
    """A person's standing transfers, those that go on first, then the newest."""
    return [_standing(row) for row in rows(MINE, person, limit)]


def runs_of(standing: int, limit: int = 25) -> list[Run]:
    """What became of its newest days."""
    return [_run(*row) for row in rows(RUNS, standing, limit)]


def _standing(row: tuple[Any, ...]) -> Standing:
    key, person, origin, recipient, to, minor, currency, message, every, of_month, first, last, following, name, number, ended, *run = row
    rhythm = Rhythm(every, date.fromisoformat(first), _day(last), of_month)
    made = Money(minor, currency), message, rhythm, _day(following), name, number or "", ended is not None
    return Standing(key, person, origin, recipient, to, *made, _run(*run) if run[0] else None)


def _run(day: str, transfer: int | None, refusal: str | None) -> Run:
    return Run(date.fromisoformat(day), transfer, json.loads(refusal) if refusal else None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_WHAT = (
    "SELECT s.id, s.person_id, s.from_wallet_id, s.recipient_id, s.to_wallet_id, s.amount, s.currency, s.message, s.every, s.day_of_month,"
    " s.first_on, s.last_on, s.next_on, p.name, p.number, s.ended_at, r.day, r.transfer_id, r.refusal FROM standing_transfer s"
    " JOIN person p ON p.id = s.recipient_id LEFT JOIN standing_run r ON r.standing_id = s.id"
    " AND r.day = (SELECT max(day) FROM standing_run WHERE standing_id = s.id)"
)
ONE = f"{_WHAT} WHERE s.id = ?"
MINE = f"{_WHAT} WHERE s.person_id = ? ORDER BY CASE WHEN s.ended_at IS NULL AND s.next_on IS NOT NULL THEN 0 ELSE 1 END, s.id DESC LIMIT ?"
RUNS = "SELECT day, transfer_id, refusal FROM standing_run WHERE standing_id = ? ORDER BY day DESC LIMIT ?"
