"""Proof of the manual provisions (A9): lines stand as they were handed in, sums are theirs, and what was taken back was booked back."""

from collections.abc import Iterator
from hashlib import sha256

from vps.kernel.database import rows, run
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_

FETCH = 20_000


def audit() -> Iterator[Problem]:
    """Every problem of manual provisions. Facts: id of the run, number of the partner."""
    for key, digest in rows(RUNS):
        if given_digest(key) != digest:
            yield Problem("A9", N_("The lines of manual provisions no. %(id)s are not those that were handed in."), {"id": key})
    for key, number in rows(WRONG_SUM):
        yield Problem(
            "A9", N_("Manual provisions no. %(id)s: the sum of partner %(number)s is not that of his lines."), {"id": key, "number": number}
        )
    for key, number in rows(WRONG_BACK):
        yield Problem(
            "A9",
            N_("Manual provisions no. %(id)s: what partner %(number)s got was not taken back as written down."),
            {"id": key, "number": number},
        )


def given_digest(key: int) -> str:
    """SHA-256 over a run's lines as they stand; `digest_of` made it of them when they were handed in."""
    digest, cursor = sha256(BEGIN), run(LINES, key)
    while found := cursor.fetchmany(FETCH):
        digest.update("".join(LINE.format(*row) for row in found).encode())
    return digest.hexdigest()


BEGIN, LINE = b"vps-provisions-1\n", "{};{};{};{};{}\n"
"""How lines are written for their digest: partner, kind, currency, amount, text."""
RUNS = "SELECT id, lines_digest FROM commission_run WHERE kind = 'manual' ORDER BY id"
LINES = "SELECT person_id, kind, currency, amount, text FROM manual_provision WHERE run_id = ? ORDER BY n"
WRONG_SUM = (
    "SELECT s.run_id, p.number FROM commission_share s JOIN commission_run r ON r.id = s.run_id AND r.kind = 'manual'"
    " JOIN person p ON p.id = s.payee LEFT JOIN (SELECT run_id, person_id, kind, currency, sum(amount) AS minor, count(*) AS n"
    " FROM manual_provision GROUP BY run_id, person_id, kind, currency) l ON l.run_id = s.run_id AND l.person_id = s.payee"
    " AND l.kind = s.kind AND l.currency = s.currency WHERE l.minor IS NULL OR l.minor <> s.amount OR l.n <> s.lines ORDER BY 1, 2"
)
WRONG_BACK = (
    "SELECT t.run_id, p.number FROM manual_provision_back t JOIN person p ON p.id = t.person_id LEFT JOIN booking b ON b.id = t.booking"
    " AND b.amount = t.amount AND b.currency = t.currency LEFT JOIN booking r ON r.id = t.reversal AND r.reverses = t.booking"
    " WHERE b.id IS NULL OR (t.reversal IS NOT NULL AND r.id IS NULL) ORDER BY 1, 2"
)
