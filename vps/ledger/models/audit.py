"""Proof of the books: everything that can be recomputed is recomputed and compared with what stands in the database.

The checks are named as in the security design: A1 file, A2 schema, A5 balances, A6 sums, A7 floors, A8 seals, A11 reversals.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Generator, Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from peewee import DatabaseError

from vps.kernel.clock import day_in, instant, micros, midnight
from vps.kernel.database import is_postgres, one, rows, run
from vps.kernel.keys import keys
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.kernel.schema import differences
from vps.ledger.models.seals import BOOKING, chain_digest, seal_text

FETCH = 20_000
SIDES = ("debit", "credit")
OWED = frozenset({"recall", "commission"})
"""Motives of what is taken from a wallet again even if it was spent: the rest is the wallet's debt. Everything else stops at the floor."""
ONE = 2**64
"""One booking, where a number of bookings and their sum are kept in one whole number: no sum in a database reaches it."""


def audit(zone: str) -> Iterator[Problem]:
    """Every problem of the ledger. `zone` is the company's, in which months were summed."""
    damage = list(_file())
    if damage:
        yield from damage
        return  # what stands in a damaged file proves nothing
    yield from (Problem("A2", N_("The schema differs from the release: %(what)s."), {"what": what}) for what in differences())
    yield from Bookings(zone).problems()
    yield from _events()
    yield from _reversals()
    yield from _holds()
    yield from _usage()


def counts() -> tuple[int, int]:
    """How many bookings and accounts there are."""
    return int(one("SELECT count(*) FROM booking")[0]), int(one("SELECT count(*) FROM account")[0])


class Bookings:
    """One pass over all bookings in the order of their ids: digests, seals, balances after, floors and totals."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.balances: dict[int, int] = defaultdict(int)
        self.floors: dict[int, int] = {row[0]: row[1] for row in rows("SELECT id, floor FROM account WHERE floor IS NOT NULL")}
        self.totals: dict[tuple[str, str], tuple[dict[int, int], dict[int, int]]] = defaultdict(
            lambda: (defaultdict(int), defaultdict(int))
        )
        """By month and motive, what each account was debited and credited: number and sum in one whole number, `ONE` for each booking."""
        self.currencies: dict[int, str] = dict(rows("SELECT id, currency FROM account"))
        self.span = (0, 0, "")

    def problems(self) -> Iterator[Problem]:
        # Seal by seal, then the tail: the chain is compared where each seal says it stands.
        digest, last = b"", 0
        for number, previous, upto, count, sealed, signature, sealed_at in rows(SEALS, "booking"):
            digest, seen = yield from self._walk(previous, upto, digest, totals=True)
            if previous != last or seen != count or digest != bytes(sealed):
                yield Problem("A8", N_("The seal up to booking %(id)s does not match the bookings it covers."), {"id": upto})
                digest = bytes(sealed)
            if not keys().signed(seal_text(number, "booking", previous, upto, count, bytes(sealed), sealed_at), signature):
                yield Problem("A8", N_("The signature of the seal up to booking %(id)s is not valid."), {"id": upto})
            last = upto
        yield from self._walk(last, 2**62, digest, totals=False)
        yield from self._balances()
        yield from self._totals()

    def _walk(self, low: int, high: int, digest: bytes, *, totals: bool) -> Generator[Problem, None, tuple[bytes, int]]:
        seen, count = 0, FETCH
        while count == FETCH:
            digest, low, count, wrong = self._batch(run(ALL, low, high, FETCH), digest, low, totals=totals)
            seen += count
            yield from wrong
        return digest, seen

    def _batch(self, batch: Any, digest: bytes, last: int, *, totals: bool) -> tuple[bytes, int, int, list[Problem]]:
        # The hottest loop of the house: local names, one sha256 for the row and one for the chain, nothing else. Rows are taken
        # one by one: a list of them would keep the garbage collector busy for a quarter of the time.
        wrong: list[Problem] = []
        balances, floors, currencies, hashed, note = self.balances, self.floors, self.currencies, sha256, self.totals
        low, high, month = self.span
        key, count = last, 0
        for row in batch:
            count += 1
            key, _, _, motive, debit, credit, amount, currency, booked_at, _, _, debit_after, credit_after, reverses, kept = row
            own = hashed((BOOKING % row[1:14]).encode()).digest()
            if own != kept:
                wrong.append(Problem("A5", N_("Booking %(id)s was changed: its digest does not match."), {"id": key}))
            digest = hashed(b"%s%d\n%s" % (digest, key, own)).digest()
            if currencies.get(debit) != currency or currencies.get(credit) != currency:
                wrong.append(Problem("A6", N_("Booking %(id)s is in another currency than its accounts."), {"id": key}))
            if debit in floors:
                balances[debit] = after = balances[debit] - amount
                if after != debit_after:
                    wrong.append(Problem("A5", N_("Booking %(id)s carries a wrong balance after it."), {"id": key}))
                if after < floors[debit] and reverses is None and motive not in OWED:
                    wrong.append(Problem("A7", N_("Booking %(id)s took its wallet below the floor."), {"id": key}))
            if credit in floors:
                balances[credit] = after = balances[credit] + amount
                if after != credit_after:
                    wrong.append(Problem("A5", N_("Booking %(id)s carries a wrong balance after it."), {"id": key}))
            if totals:
                if not low <= booked_at < high:
                    low, high, month = self._month(booked_at)
                debits, credits = note[month, motive]
                debits[debit] += ONE + amount
                credits[credit] += ONE + amount
        self.span = (low, high, month)
        return digest, key, count, wrong

    def _month(self, booked_at: int) -> tuple[int, int, str]:
        # Bookings come nearly in the order of time, so a month's bounds are asked for once and not per row.
        first = day_in(instant(booked_at), self.zone).replace(day=1)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return micros(midnight(first, self.zone)), micros(midnight(after, self.zone)), first.strftime("%Y-%m")

    def _balances(self) -> Iterator[Problem]:
        for account, stored in rows("SELECT id, balance FROM account WHERE floor IS NOT NULL"):
            if self.balances.get(account, 0) != stored:
                yield Problem("A5", N_("Account %(id)s shows a balance that its bookings do not give."), {"id": account})

    def _totals(self) -> Iterator[Problem]:
        wrong = set()
        for account, month, motive, side, count, minor in run("SELECT account_id, month, motive, side, count, minor FROM total"):
            sums = self.totals[month, motive][SIDES.index(side)]
            if sums.pop(account, None) != count * ONE + minor:
                wrong.add((account, month, motive, side))
        # What is left has no total at all.
        for (month, motive), sides in self.totals.items():
            wrong |= {(account, month, motive, side) for side, sums in zip(SIDES, sides, strict=True) for account in sums}
        for account, month, _, _ in sorted(wrong):
            says = N_("The total of account %(account)s for %(month)s does not match its bookings.")
            yield Problem("A6", says, {"account": account, "month": month})


def _file() -> Iterator[Problem]:
    try:
        words = ["ok"] if is_postgres() else [word for (word,) in rows("PRAGMA quick_check")]
    except (DatabaseError, sqlite3.DatabaseError) as trouble:  # the second one while its rows are fetched
        words = [str(trouble)]
    for word in words:
        if word != "ok":
            yield Problem("A1", N_("The database file is damaged: %(what)s."), {"what": word})


def _events() -> Iterator[Problem]:
    digest, last = b"", 0
    for number, previous, upto, count, sealed, signature, sealed_at in rows(SEALS, "event"):
        lines = rows(
            "SELECT id, actor, subject, verb, before, after, address, at FROM event WHERE id > ? AND id <= ? ORDER BY id", previous, upto
        )
        digest = chain_digest("event", digest, lines)
        if previous != last or len(lines) != count or digest != bytes(sealed):
            yield Problem("A8", N_("The seal up to line %(id)s of the trail does not match the lines it covers."), {"id": upto})
            digest = bytes(sealed)
        if not keys().signed(seal_text(number, "event", previous, upto, count, bytes(sealed), sealed_at), signature):
            yield Problem("A8", N_("The signature of the seal up to line %(id)s of the trail is not valid."), {"id": upto})
        last = upto


def _reversals() -> Iterator[Problem]:
    for (booking,) in rows(NO_MIRROR):
        yield Problem("A11", N_("Booking %(id)s does not mirror the booking it reverses."), {"id": booking})


def _holds() -> Iterator[Problem]:
    for (account,) in rows(WRONG_HOLDS):
        yield Problem("A5", N_("Account %(id)s reserves something else than its holds say."), {"id": account})
    for (account,) in rows(WRONG_DEBT):
        yield Problem("A7", N_("Account %(id)s carries a debt that is not what it lacks up to its floor."), {"id": account})


def _usage() -> Iterator[Problem]:
    kept = {(account, kind): facts for account, kind, *facts in rows(USED)}
    booked = {(account, kind): facts for account, kind, *facts in rows(MOVED)}
    for account, kind in sorted(kept.keys() | booked.keys()):
        if kept.get((account, kind)) != booked.get((account, kind)):
            yield Problem(
                "A13", N_("The running sums of account %(id)s (%(kind)s) do not match its bookings."), {"id": account, "kind": kind}
            )


SEALS = "SELECT id, previous, upto, count, digest, signature, sealed_at FROM seal WHERE chain = ? ORDER BY upto"
ALL = (
    "SELECT id, key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest FROM booking WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
)
NO_MIRROR = (
    "SELECT r.id FROM booking r LEFT JOIN booking b ON b.id = r.reverses WHERE r.reverses IS NOT NULL AND (b.id IS NULL"
    " OR b.debit_id <> r.credit_id OR b.credit_id <> r.debit_id OR b.amount <> r.amount OR b.currency <> r.currency OR b.motive <> r.motive)"
)
WRONG_HOLDS = "SELECT a.id FROM account a WHERE a.reserved <> coalesce((SELECT sum(h.amount) FROM hold h WHERE h.account_id = a.id AND h.released_at IS NULL), 0)"
WRONG_DEBT = "SELECT id FROM account WHERE debt <> CASE WHEN floor - (balance - reserved) > 0 THEN floor - (balance - reserved) ELSE 0 END"
USED = (
    "SELECT u.account_id, u.kind, u.seq, u.cum_count, u.cum_minor FROM usage u"
    " JOIN (SELECT account_id, kind, max(seq) AS seq FROM usage GROUP BY account_id, kind) newest"
    " ON newest.account_id = u.account_id AND newest.kind = u.kind AND newest.seq = u.seq"
)
# What the newest running sum must say: a row per movement; a reversal takes one movement, and its amount, off again.
MOVED = (
    "SELECT account, kind, count(*), CAST(sum(step) AS bigint), CAST(sum(step * amount) AS bigint) FROM ("
    "SELECT debit_id AS account, 'out:' || motive AS kind, 1 AS step, amount FROM booking WHERE debit_after IS NOT NULL AND reverses IS NULL"
    " UNION ALL SELECT credit_id, 'in:' || motive, 1, amount FROM booking WHERE credit_after IS NOT NULL AND reverses IS NULL"
    " UNION ALL SELECT credit_id, 'out:' || motive, -1, amount FROM booking WHERE credit_after IS NOT NULL AND reverses IS NOT NULL"
    " UNION ALL SELECT debit_id, 'in:' || motive, -1, amount FROM booking WHERE debit_after IS NOT NULL AND reverses IS NOT NULL"
    ") AS moves GROUP BY account, kind"
)
