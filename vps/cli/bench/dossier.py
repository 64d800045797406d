"""A dossier over many bookings of one partner: how long its archive takes, and how much memory, against only fetching the same rows."""

import resource
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed
from vps.cli.bench.scratch import add_payers, new_house, scratch_folder
from vps.home.actions import open_dossier
from vps.home.discovery.archive import write_archive
from vps.home.discovery.asked import asked_by
from vps.home.discovery.building import about, words_of
from vps.home.models import Dossier
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import database, one, reading, run
from vps.ledger.actions import company_account
from vps.ledger.models.seals import digest

PARTNERS = 12
"""Of the bookings one in twenty-five goes to or comes from another of these."""
SPAN = timedelta(days=360)


def measure(*, folder: Path | None, bookings: int, rounds: int) -> Figures:
    """Seconds and megabytes of whole archives over so many bookings."""
    with scratch_folder(folder) as scratch:
        now = clock()
        new_house(scratch, at=now - SPAN - timedelta(days=1))
        person = _fill(bookings, now)
        before = _peak_mb()
        ours, theirs, sizes = [], [], []
        for n in range(rounds):
            key = open_dossier(person, from_day=None, to_day=None, reason=f"bench {n}", queue=False, actor=Actor(person), at=clock())
            dossier = Dossier.get_by_id(key)
            theirs.append(timed(lambda: sum(1 for _ in run("SELECT * FROM booking b JOIN voucher v ON v.id = b.voucher_id ORDER BY b.id"))))
            with tempfile.TemporaryFile(dir=scratch) as file:
                ours.append(timed(lambda dossier=dossier, file=file: _write(dossier, file)))  # type: ignore[misc]
                sizes.append(file.tell())
        return {
            "bench": "dossier",
            "disk": disk_of(scratch),
            "bookings": one(
                "SELECT count(*) FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) WHERE w.person_id = ?", person
            )[0],
            "seconds": middle(ours),
            "fetch_seconds": middle(theirs),
            "ratio": middle(ratios(ours, theirs), 1),
            "archive_mb": round(max(sizes) / 2**20, 3),
            "peak_mb": _peak_mb(),
            "peak_before_mb": before,
            "raw": {"seconds": [round(each, 3) for each in ours]},
        }


def _write(dossier: Dossier, file: object) -> None:
    with reading():
        write_archive(file, asked_by(dossier), about(dossier), words_of(dossier))  # type: ignore[arg-type]


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _fill(bookings: int, now: datetime) -> int:
    # By SQL, true to the last digest, as the bench of growing books does; only balances in rows that nobody reads here are left out.
    payers = add_payers(PARTNERS, at=now - SPAN)
    connection: sqlite3.Connection = database.connection()
    with connection:
        connection.execute("BEGIN")
        first = one("SELECT coalesce(max(id), 0) + 1 FROM voucher")[0]
        day = now.date().isoformat()
        kinds = (("order payment", "bank line", "pay-out")[n % 3] for n in range(bookings))
        connection.executemany(VOUCHER, ((first + n, kind, f"{1001 + n}:{n}", day) for n, kind in enumerate(kinds)))
        connection.executemany(BOOKING, _movements(bookings, first, [payer.account for payer in payers], now))
    return payers[0].person


def _movements(bookings: int, voucher: int, wallets: list[int], now: datetime) -> Iterator[tuple[object, ...]]:
    (his, *others), purchases, clarify = wallets, company_account("purchases", "EUR"), company_account("clarify", "EUR")
    commission = company_account("commission", "EUR")
    begin, step, day = micros(now - SPAN), SPAN // timedelta(microseconds=1) // bookings, now.date().isoformat()
    balance = 10**9
    for n in range(bookings):
        other, amount = others[n % len(others)], 500 + n * 7919 % 9_500
        debit, credit, motive = (
            (his, other, "transfer") if n % 50 == 7
            else (other, his, "transfer") if n % 50 == 32
            else (his, purchases, "purchase") if n % 4
            else (commission if n % 8 else clarify, his, "commission" if n % 8 else "top-up")
        )  # fmt: skip
        balance += amount if credit == his else -amount
        after = (
            balance if debit == his else 10**9 if debit == other else None,
            balance if credit == his else 10**9 if credit == other else None,
        )
        facts = (f"bench:{n}", voucher + n, motive, debit, credit, amount, "EUR", begin + n * step, day, None, *after, None)
        yield (*facts, digest(*facts))


VOUCHER = "INSERT INTO voucher (id, kind, ref, day, text, \"by\") VALUES (?, ?, ?, ?, 'Maria Huber', NULL)"
BOOKING = (
    "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
