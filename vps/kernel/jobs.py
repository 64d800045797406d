"""Work that takes too long for a page: written down with what it is about, done by the worker, and looked at until it is done."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import SQL, Check, IntegerField, TextField

from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.refusals import Refused
from vps.kernel.rows import Instant, Row

LEASE = timedelta(minutes=10)
"""How long a worker has a job for itself; afterwards it must have died, and another one begins anew."""


class Job(Row):
    """One piece of work. `args` and `error` are JSON; `error` is a refusal's sentence and its facts. Done jobs stay, refused ones too."""

    kind = TextField()
    key = TextField(unique=True)
    args = TextField()
    due = Instant()
    lease_until = Instant(null=True)
    tries = IntegerField(default=0, constraints=[Check("tries >= 0")])
    progress = TextField(default="")
    error = TextField(null=True)
    done_at = Instant(null=True)

    class Meta:
        immutable = ("id", "kind", "key")


Job.add_index(Job.due, Job.id, where=SQL("done_at IS NULL"), name="job_open")


class Taken(NamedTuple):
    """A job that this worker has for itself."""

    id: int
    kind: str
    key: str
    args: dict[str, Any]


class Standing(NamedTuple):
    """How far a job is. `error`: the sentence and the facts of what refused it."""

    progress: str
    done: bool
    error: tuple[str, dict[str, Any]] | None


@action
def enqueue(kind: str, key: str, args: dict[str, Any], *, at: datetime) -> None:
    """Let the worker do this, once per key; what was refused may be tried again with other facts."""
    run(ENQUEUE, kind, key, json.dumps(args), micros(at))


@action
def take_job(kinds: tuple[str, ...], *, at: datetime) -> Taken | None:
    """The oldest job of these kinds that nobody works on; it is this worker's until its lease is over."""
    marks = ", ".join("?" * len(kinds))
    row = one(TAKE.format(marks), micros(at + LEASE), micros(at), micros(at), *kinds, micros(at))
    return Taken(row[0], row[1], row[2], json.loads(row[3])) if row else None


@action
def job_progress(job: int, words: str) -> None:
    """Say how far it is, for whoever looks."""
    run("UPDATE job SET progress = ? WHERE id = ?", words, job)


@action
def job_done(job: int, *, at: datetime, refusal: Refused | None = None) -> None:
    """It is done, or was refused for good."""
    error = None if refusal is None else json.dumps([refusal.says, {name: str(fact) for name, fact in refusal.facts.items()}])
    run("UPDATE job SET done_at = ?, error = ?, lease_until = NULL WHERE id = ?", micros(at), error, job)


def standing_of(key: str) -> Standing | None:
    """How far the job with this key is; None when there is none."""
    row = one("SELECT progress, done_at, error FROM job WHERE key = ?", key)
    if row is None:
        return None
    error = None if row[2] is None else tuple(json.loads(row[2]))
    return Standing(row[0], row[1] is not None, error)


ENQUEUE = (
    "INSERT INTO job (kind, key, args, due, tries, progress) VALUES (?, ?, ?, ?, 0, '') ON CONFLICT (key) DO UPDATE"
    " SET args = excluded.args, due = excluded.due, progress = '', error = NULL, done_at = NULL WHERE job.error IS NOT NULL"
)
# What is tested again outside is what another worker may have changed while this one waited for the row.
TAKE = (
    "UPDATE job SET lease_until = ?, tries = tries + 1 WHERE done_at IS NULL AND (lease_until IS NULL OR lease_until <= ?) AND id ="
    " (SELECT id FROM job WHERE done_at IS NULL AND due <= ? AND kind IN ({}) AND (lease_until IS NULL OR lease_until <= ?)"
    " ORDER BY due, id LIMIT 1) RETURNING id, kind, key, args"
)
