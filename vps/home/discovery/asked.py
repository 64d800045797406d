"""What a dossier is asked about: whom, from when until when, and up to which booking."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

from vps.company.models import company
from vps.home.models import Dossier
from vps.kernel.clock import micros, midnight
from vps.kernel.database import is_postgres, one, rows, run

FETCH = 2_000
"""Rows that are in memory at a time."""
_names = count(1)


class Asked(NamedTuple):
    """One person and a period, `since` counted and `until` not any more, in microseconds; bookings up to `upto`."""

    dossier: int
    person: int
    number: str
    name: str
    email: str
    since: int
    until: int
    upto: int
    accounts: dict[int, str]
    """The ledger accounts of all his wallets, each with its currency."""

    @property
    def called(self) -> str:
        return f"{self.number} {self.name}"


def asked_by(dossier: Dossier) -> Asked:
    """What a dossier is about. Its days are the company's, whatever the clocks did on them."""
    zone = company().zone
    since = micros(midnight(date.fromisoformat(str(dossier.from_day)), zone)) if dossier.from_day else 0
    until = micros(midnight(date.fromisoformat(str(dossier.to_day)) + timedelta(days=1), zone)) if dossier.to_day else 2**62
    number, name, email = one("SELECT coalesce(number, username), name, email FROM person WHERE id = ?", dossier.person_id)
    accounts = dict(rows("SELECT account_id, currency FROM wallet WHERE person_id = ? ORDER BY id", dossier.person_id))
    made = micros(dossier.made_at) + 1
    return Asked(dossier.id, dossier.person_id, number, name, email, since, min(until, made), dossier.upto, accounts)


def streamed(sql: str, *values: object) -> Iterator[list[Any]]:
    """The rows of a statement some thousand at a time, inside `reading()`: a driver would otherwise take all of them into memory."""
    if is_postgres():
        name = f"discovery_{next(_names)}"
        run(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", *values)
        while batch := run(f"FETCH {FETCH} FROM {name}").fetchall():
            yield batch
        run(f"CLOSE {name}")
        return
    cursor = run(sql, *values)
    while batch := cursor.fetchmany(FETCH):
        yield batch
