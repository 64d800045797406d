"""What bin/banktest runs: many clients move money over HTTP while somebody sums up everything; then the books must say what they were told.

Every sum read must be the constant, no wallet below its floor; what was acknowledged stands in the books exactly once, what was refused not at all.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.storm.attempts import Log, Made, differences
from tests.storm.client import Client
from tests.storm.house import GIFTS, Partner, enter, make
from tests.storm.reader import Reader
from tests.storm.server import Served
from vps.cli.bench import show
from vps.cli.bench.figures import Figures, waits
from vps.kernel.database import connect, database, one, rows

TOLD = 20
"""So many of the problems are printed; their number always is."""


def main(arguments: list[str]) -> int:
    """`python -m tests.storm [--minutes 10] [--workers 8] [--clients 16] [--partners 24] [--seed 1] [--postgres] [--json]`."""
    given = argparse.ArgumentParser(prog="bin/banktest", description="A storm of transfers over HTTP, and a proof that no cent was lost.")
    given.add_argument("--minutes", type=float, default=10)
    for name, usual in (("workers", 8), ("clients", 16), ("partners", 24), ("seed", 1)):
        given.add_argument(f"--{name}", type=int, default=usual)
    given.add_argument("--postgres", action="store_true", help="on PostgreSQL (VPS_TEST_PG_URL, or the one of the test packages)")
    given.add_argument("--json", action="store_true")
    asked = given.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or server and worker would stay behind
    with tempfile.TemporaryDirectory(prefix="vps-storm-") as folder, books(Path(folder), postgres=asked.postgres) as url:
        facts = {"workers": asked.workers, "clients": asked.clients, "partners": asked.partners}
        figures = storm(Path(folder) / "data", url, seconds=60 * asked.minutes, seed=asked.seed, **facts)
    show(figures, asked.json)
    return 1 if figures["problems"] else 0


@contextmanager
def books(folder: Path, *, postgres: bool) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    if not postgres:
        yield f"sqlite:///{folder / 'data' / 'vps.db'}"
        return
    from tests.postgres import Server

    server = Server.start()
    try:
        with server.fresh("storm") as url:
            yield url
    finally:
        server.stop()


def storm(data: Path, url: str, *, workers: int, clients: int, partners: int, seconds: float, seed: int) -> Figures:
    """All of it, and every figure; `problems` is empty when all is well."""
    everybody = make(data, url, partners=partners, clients=clients, at=datetime.now(UTC) - timedelta(minutes=1))
    constants = {currency: minor * sum(currency in each.wallets for each in everybody) for currency, minor in GIFTS.items()}
    # What nobody waits for any more is carried out before the server stops, and looked at before the reader does.
    with Reader(data, url, constants) as reader, Served(data, url, workers=workers) as served:
        begun = time.monotonic()
        log = _all_at_once(everybody, clients, served.port, begun + seconds, str(seed))
        took = time.monotonic() - begun
    audit = served.audit()
    problems = [*log.wrong, *reader.seen.wrong, *([audit] if audit else []), *_proof(data, url, log)]
    acknowledged = sum(bool(attempt.made) for attempt in log.attempts)
    return {
        "engine": url.partition(":")[0],
        "seed": seed,
        "workers": workers,
        "clients": clients,
        "partners": partners,
        "seconds": round(took, 1),
        "acknowledged": acknowledged,
        "per_second": round(acknowledged / took, 1),
        "refused": sum(not attempt.made and not attempt.unanswered for attempt in log.attempts),
        "never_answered": sum(bool(attempt.unanswered) and not attempt.made for attempt in log.attempts),
        "resent": sum(max(len(attempt.answers) + attempt.unanswered - 1, 0) for attempt in log.attempts),
        "acts": dict(log.acts),
        "statuses": {str(status): count for status, count in sorted(log.statuses.items())},
        "refusals": dict(log.refused.most_common()),
        "errors_5xx": sum(count for status, count in log.statuses.items() if status >= 500),
        "preview": waits(log.previewed),
        "confirmation": waits(log.confirmed),
        "reads": reader.seen.reads,
        "longest_read_ms": round(1e3 * reader.seen.longest, 1),
        "constants": constants,
        "audit": "clean" if not audit else "not clean",
        "problems": len(problems),
        "says": problems[:TOLD],
    }


def _all_at_once(everybody: list[Partner], clients: int, port: int, until: float, seed: str) -> Log:
    whole = Log()
    crowd = [Client(number, port, everybody, seed) for number in range(clients)]
    with ThreadPoolExecutor(clients) as threads:
        for log in threads.map(lambda client: client.run(until), crowd):
            whole.add(log)
    return whole


def _proof(data: Path, url: str, log: Log) -> list[str]:
    # What the clients were told against the transfers, and the transfers against their bookings.
    enter(data, url)
    connect()
    made = [Made(*row) for row in rows(TRANSFERS)]
    found = differences(log.attempts, made)
    found += [f"transfer {key} is not what was booked" for (key,) in rows(UNLIKE)]
    (alone,) = one(ALONE)
    database.close()
    return found + ([f"{alone} bookings of transfers that are not there"] if alone else [])


TRANSFERS = "SELECT id, message, sender_id, recipient_id, amount, fee, currency FROM transfer ORDER BY id"
# The amount of a transfer is what leaves beside the fee; with an exchange two bookings carry it.
UNLIKE = """
SELECT t.id FROM transfer t JOIN booking b ON b.id = t.booking LEFT JOIN booking i ON i.id = t.arrival LEFT JOIN booking f ON f.id = t.fee_booking
 WHERE b.debit_id <> t.debit_id OR b.amount <> t.amount OR b.currency <> t.currency
    OR coalesce(i.credit_id, b.credit_id) <> t.credit_id OR coalesce(i.amount, b.amount) <> t.got OR coalesce(i.currency, b.currency) <> t.got_currency
    OR coalesce(f.amount, 0) <> t.fee OR coalesce(f.debit_id, t.debit_id) <> t.debit_id
"""
ALONE = """
SELECT count(*) FROM booking b WHERE b.key LIKE 'transfer:%'
   AND NOT EXISTS (SELECT 1 FROM transfer t WHERE b.id IN (t.booking, t.arrival, t.fee_booking))
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
