"""The seal: what was booked is chained, summed and signed after the fact, so that no payment waits for another's.

One pass serves proof and reports. Source: RECIPES on the horizon: an id at or below it can never appear later.
"""

from collections import defaultdict
from datetime import datetime

from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import action, database, is_postgres, one, run
from vps.kernel.keys import keys
from vps.ledger.models.seals import chain_digest, seal_text

BATCH = 5_000


def seal(*, at: datetime, zone: str) -> int:
    """Seal everything up to a horizon, bookings and trail, and answer how many rows were covered.

    `zone` is the company's: totals are kept by its months.
    """
    covered = 0
    for chain in ("booking", "event"):
        top = _horizon(chain)
        while count := _seal_batch(chain, top, at=at, zone=zone):
            covered += count
    return covered


def _horizon(chain: str) -> int:
    # A short lock of its own on PostgreSQL: INSERT takes its table lock before its id, so no smaller id can commit later.
    with database.atomic():
        if is_postgres():
            run("SET LOCAL lock_timeout = '500ms'")
            run(f"LOCK TABLE {chain} IN SHARE MODE")
        top = int(one(f"SELECT coalesce(max(id), 0) FROM {chain}")[0])  # noqa: S608 - one of two constant names
        # What nobody may see yet is not added to the totals that everybody reads.
        unseen = one("SELECT after FROM bulk WHERE closed_at IS NULL") if chain == "booking" else None
        return min(top, unseen[0]) if unseen else top


@action
def _seal_batch(chain: str, top: int, *, at: datetime, zone: str) -> int:
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(7285)")  # exactly one sealer
    previous, digest = one(NEWEST, chain) or (0, b"")
    lines = run(LINES[chain], previous, top, BATCH).fetchall()
    if not lines:
        return 0
    digest = chain_digest(chain, bytes(digest), lines)
    upto, count = lines[-1][0], len(lines)
    number = one("SELECT coalesce(max(id), 0) + 1 FROM seal")[0]
    signature = keys().sign(seal_text(number, chain, previous, upto, count, digest, micros(at)))
    run(INSERT, number, chain, previous, upto, count, digest, signature, micros(at))
    if chain == "booking":
        _add_totals(previous, upto, zone)
    return count


def _add_totals(previous: int, upto: int, zone: str) -> None:
    sums: dict[tuple[int, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for debit, credit, motive, booked_at, amount in run(MOVES, previous, upto).fetchall():
        month = month_of(booked_at, zone)
        for account, side in ((debit, "debit"), (credit, "credit")):
            entry = sums[account, month, motive, side]
            entry[0] += 1
            entry[1] += amount
    for (account, month, motive, side), (count, minor) in sorted(sums.items()):
        run(ADD, account, month, motive, side, count, minor)


def month_of(booked_at: int, zone: str) -> str:
    """'YYYY-MM' of epoch microseconds in a zone."""
    return day_in(instant(booked_at), zone).strftime("%Y-%m")


NEWEST = "SELECT upto, digest FROM seal WHERE chain = ? ORDER BY upto DESC LIMIT 1"
LINES = {
    "booking": "SELECT id, digest FROM booking WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
    "event": "SELECT id, actor, subject, verb, before, after, address, at FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
}
MOVES = "SELECT debit_id, credit_id, motive, booked_at, amount FROM booking WHERE id > ? AND id <= ?"
INSERT = "INSERT INTO seal (id, chain, previous, upto, count, digest, signature, sealed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
ADD = (
    "INSERT INTO total (account_id, month, motive, side, count, minor) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (account_id, month, motive, side) DO UPDATE SET minor = total.minor + excluded.minor, count = total.count + excluded.count"
)
