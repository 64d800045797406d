"""Coded cents: the smallest payment goes to a partner's account with a code in its text, which only who reads its statements can type."""

from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import SQL, Check, IntegerField

from vps.bank.models.payouts import PayeeAccount, Payout
from vps.kernel.clock import instant, micros
from vps.kernel.codes import six_digits
from vps.kernel.database import one, rows
from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import Person

CENT_TRIES = 3
CENT_LIFE = timedelta(days=30)
"""How long its code can be typed, from when it was asked for."""


class Cent(Row):
    """A pay-out at the company's cost, asked for by the owner of the account. Its code follows from the row and stands in the file alone."""

    person = key_to(Person)
    person_id: int
    payee = key_to(PayeeAccount)
    payee_id: int
    payout = key_to(Payout, unique=True)
    payout_id: int
    asked_at = Instant()
    tries = IntegerField(constraints=[Check(f"tries BETWEEN 0 AND {CENT_TRIES}")])
    confirmed_at = Instant(null=True)
    ended_at = Instant(null=True)

    class Meta:
        table_name = "cent"
        immutable = ("id", "person_id", "payee_id", "payout_id", "asked_at")
        constraints = (Check("confirmed_at IS NULL OR ended_at IS NULL"),)

    @property
    def ends_at(self) -> datetime:
        """From when on its code is too old."""
        ends: datetime = self.asked_at + CENT_LIFE
        return ends


OPEN = "confirmed_at IS NULL AND ended_at IS NULL"
Cent.add_index(Cent.person, Cent.asked_at, name="cent_person")
Cent.add_index(Cent.payee, unique=True, where=SQL(OPEN), name="cent_open")


class CentState(NamedTuple):
    """What a page says of an account: it is confirmed, or a cent is on its way to it."""

    confirmed: bool
    asked: bool


def open_cent(person: int, payee: int, at: datetime) -> Cent | None:
    """The cent whose code can be typed."""
    row = one(BY_PAYEE, person, payee, micros(at - CENT_LIFE))
    found: Cent | None = Cent.get_by_id(row[0]) if row else None
    return found


def cent_states(person: int, at: datetime) -> dict[int, CentState]:
    """Of a partner's accounts, by their ids."""
    found = rows(STATES, micros(at - CENT_LIFE), person)
    return {payee: CentState(bool(confirmed), bool(asked)) for payee, confirmed, asked in found}


def cent_code(cent: int, asked_at: int, number: str) -> str:
    """The six digits in its text."""
    return six_digits("cent", str(cent), str(asked_at), number)


def cent_texts() -> dict[int, str]:
    """Of cents that no file has taken yet: the pay-out, and what its payee is to read."""
    return {payout: f"{TEXT} {cent_code(key, asked, number)}" for payout, key, asked, number in rows(TO_SEND)}


def is_cent(payout: int) -> bool:
    """Whether a pay-out is a coded cent."""
    return one("SELECT 1 FROM cent WHERE payout_id = ?", payout) is not None


def sent_since(person: int, since: datetime) -> list[datetime]:
    """When a partner's cents were asked for, the oldest first."""
    return [
        instant(asked)
        for (asked,) in rows("SELECT asked_at FROM cent WHERE person_id = ? AND asked_at > ? ORDER BY id", person, micros(since))
    ]


TEXT = "VPS"
"""What stands before the code; all that is kept of the text."""
BY_PAYEE = f"SELECT id FROM cent WHERE person_id = ? AND payee_id = ? AND asked_at > ? AND {OPEN}"
STATES = (
    "SELECT k.id, EXISTS (SELECT 1 FROM identity_step s WHERE s.person_id = k.person_id AND s.step = 'iban' AND s.value = k.number"
    " AND s.accepted_at IS NOT NULL AND s.expired_at IS NULL AND s.replaced_at IS NULL AND s.withdrawn_at IS NULL),"
    f" EXISTS (SELECT 1 FROM cent c WHERE c.payee_id = k.id AND c.asked_at > ? AND {OPEN})"
    " FROM payee_account k WHERE k.person_id = ? AND k.ended_at IS NULL"
)
TO_SEND = (
    "SELECT c.payout_id, c.id, c.asked_at, p.number FROM cent c JOIN payout p ON p.id = c.payout_id WHERE p.file_id IS NULL"
    " AND p.executed_at IS NULL AND p.ended_booking IS NULL"
)
