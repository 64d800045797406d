"""A dossier is put together: at once where that takes a moment, by the worker where it takes longer."""

import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from hashlib import file_digest
from typing import IO

from vps.company.models import company
from vps.home.actions import keep_dossier, must_be_done, open_dossier, owner
from vps.home.discovery.archive import About, write_archive
from vps.home.discovery.asked import asked_by
from vps.home.discovery.flows import Traced
from vps.home.models import Dossier
from vps.hypermedia.languages import Words
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, reading, rows
from vps.kernel.jobs import Taken, job_done, job_progress
from vps.kernel.keys import keys
from vps.kernel.refusals import NotFound

AT_ONCE = 2_000
"""Bookings up to which nobody has to wait for the worker."""
LINES_AT_ONCE = 20_000
"""Lines of commissions up to which nobody has to: nothing is walked over for them, so more are written in the same time."""
PART = 256 * 2**10
"""Bytes of the file that are encrypted, kept and sent at a time."""


def make_dossier(person: int, *, from_day: date | None, to_day: date | None, reason: str, actor: Actor, at: datetime) -> int:
    """Open a dossier and put it together, or let the worker do it. Answers its id. Raises what `open_dossier` raises."""
    (bookings,), (lines,) = one(COUNT, person, person, AT_ONCE + 1), one(LINES, person)
    large = bookings > AT_ONCE or lines > LINES_AT_ONCE
    dossier = open_dossier(person, from_day=from_day, to_day=to_day, reason=reason, queue=large, actor=actor, at=at)
    if not large:
        build(dossier, at=at)
    return dossier


def make_queued(job: Taken, *, at: datetime) -> None:
    """What the worker does with a large one."""
    job_progress(job.id, "writing")
    build(job.args["dossier"], at=at)
    job_done(job.id, at=at)


def build(key: int, *, at: datetime) -> None:
    """Write the file of a dossier from one moment's facts, and keep it."""
    dossier = Dossier.get_by_id(key)
    with tempfile.TemporaryFile() as file:
        with reading():
            traced = write_archive(file, asked_by(dossier), about(dossier), words_of(dossier))
        size = file.tell()
        file.seek(0)
        digest = file_digest(file, "sha256").digest()
        flows = json.dumps(traced.as_json(), ensure_ascii=False)
        keep_dossier(key, parts=partial(_parts, file), flows=flows, digest=digest, size=size, at=at)


def file_of(dossier: Dossier) -> Iterator[bytes]:
    """The file, part by part. Raises NotReady, NotFound, before anything of it is sent."""
    must_be_done(dossier)
    numbers = [n for (n,) in rows("SELECT n FROM dossier_part WHERE dossier_id = ? ORDER BY n", dossier.id)]
    if not numbers:
        raise NotFound
    return (_part(dossier.id, n) for n in numbers)


def about(dossier: Dossier) -> About:
    """Its head, as papers say it."""
    (by,) = one("SELECT name FROM person WHERE id = ?", dossier.made_by)
    from_day, to_day = (str(day) if day else "" for day in (dossier.from_day, dossier.to_day))
    made: datetime = dossier.made_at
    return About(str(dossier.reason), from_day, to_day, made, by, company().zone)


def words_of(dossier: Dossier) -> Words:
    """The language of whoever made it: that is who takes it further."""
    return Words(one("SELECT language FROM person WHERE id = ?", dossier.made_by)[0])


def flows_of(dossier: Dossier) -> Traced:
    """The flows that were found when it was made."""
    return Traced.of_json(json.loads(str(dossier.flows)))


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from iter(partial(file.read, PART), b"")


def _part(dossier: int, n: int) -> bytes:
    (content,) = one("SELECT content FROM dossier_part WHERE dossier_id = ? AND n = ?", dossier, n)
    return keys().decrypt(bytes(content), owner=owner(dossier, n))


COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM wallet w JOIN booking b ON b.debit_id = w.account_id WHERE w.person_id = ?"
    " UNION ALL SELECT 1 FROM wallet w JOIN booking b ON b.credit_id = w.account_id WHERE w.person_id = ? LIMIT ?) AS few"
)
LINES = "SELECT CAST(coalesce(sum(lines), 0) AS bigint) FROM commission_share WHERE payee = ?"
