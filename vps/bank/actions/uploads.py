"""The office uploads a file, sees what it would become, and books exactly that with one code of the app.

Source: DESIGN, "staff authorise one previewed batch with one code".
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from vps.bank.actions.booking import Outcome, book_plan, outcome_of
from vps.bank.actions.planning import Plan, Planned, checked, plan_of
from vps.bank.archive import shown as fit_to_show
from vps.bank.models import UPLOAD, Upload, booking_key, upload_of
from vps.bank.statement import Statement
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.jobs import Taken, enqueue, job_done, job_progress
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound, Refused
from vps.security.actions import BatchChanged, BatchDone, ByBatch, authorise_batch, open_batch
from vps.security.models import batch_digest

LARGE = 3_000
"""Lines of an upload beyond which booking may take some seconds, so that the worker does it."""
QUEUED = "book upload"
"""The kind of job that books an upload."""
LIFE = timedelta(days=7)
"""How long an upload waits for somebody to book it."""


class Uploaded(NamedTuple):
    """A file that waits to be booked, by its key; without one when all its statements were booked before."""

    key: int | None
    known: int


class Preview(NamedTuple):
    """What is shown before a file is booked: `content` is the canonical text of all of it, `amount` what finds its place."""

    subject: str
    content: str
    lines: int
    amount: Money

    @property
    def digest(self) -> str:
        """In hex, as a form carries it."""
        return batch_digest(UPLOAD, self.subject, self.lines, self.amount.minor, self.amount.currency, self.content).hex()


def upload_file(content: bytes, name: str, *, actor: Actor, at: datetime) -> Uploaded:
    """Read a file and keep it until somebody books it as it is shown, or refuse it whole. Books nothing.

    Raises FileRefused and what reading raises.
    """
    return _keep(content, fit_to_show(name), checked(content, name), actor=actor, at=at)


def book_upload(upload: int, *, shown: str, code: str, actor: Actor, at: datetime) -> Outcome | None:
    """Book an upload as it was shown, by a code of the app; pressed twice, it is booked once. None: the worker books it, as it is large.

    `shown` is the digest of what the page showed, in hex. Would it become something else by now, nothing is booked, and the
    upload is previewed anew. Raises BatchChanged, NotFound, what a code can be refused for, and FileRefused.
    """
    waiting = upload_of(upload)
    if waiting is None:
        raise NotFound
    if waiting.authorised_at is not None:
        return _outcome(waiting)
    if shown != waiting.digest:
        raise BatchChanged
    try:
        by = authorise_batch(waiting.batch, code=code, actor=actor, at=at)
        if waiting.outcome[1] > LARGE:
            return _book_later(waiting, by, at=at)
        return _book_as_shown(waiting, by, at=at)
    except BatchDone:
        return _outcome(waiting)


def book_queued(job: Taken, *, at: datetime) -> None:
    """What the worker does with a large upload: book it as it was authorised, or show it anew when it would become something else."""
    waiting, actor = upload_of(job.args["upload"]), Actor(job.args["person"], job.args["address"])
    if waiting is None or waiting.batch != job.args["batch"]:
        return job_done(job.id, at=at)
    try:
        job_progress(job.id, "reading")
        content = _content(waiting)
        statements = checked(content, waiting.name)
        job_progress(job.id, "booking")
        _book_authorised(job, waiting, content, statements, actor, at=at)
    except BatchChanged as changed:
        job_done(job.id, at=at, refusal=changed)
        _preview_anew(waiting, content, statements, actor=actor, at=at)
    except (BatchDone, NotFound):
        job_done(job.id, at=at)
    except Refused as refusal:
        job_done(job.id, at=at, refusal=refusal)


@action
def forget_uploads(*, at: datetime) -> None:
    """Forget uploads that nobody booked for a week, that they were shown stays written down, and found files that were booked by now."""
    run(FORGET, micros(at - LIFE))
    run(FORGET_FOUND, micros(at - LIFE))


def preview_of(plan: Plan, content: bytes, name: str) -> Preview:
    """What a plan comes to, for people; its text says the same whenever the plan is the same."""
    outcome, subject = outcome_of(plan), sha256(content).hexdigest()
    sums: dict[str, Counter[str]] = {}
    for claim in (claim for planned in plan.statements for line in planned.lines for claim in line.claims):
        sums.setdefault(claim.kind, Counter())[claim.amount.currency] += claim.amount.minor
    facts = {
        **{"file": subject, "name": name, "outcome": outcome, "sums": sums, "plan": _lines_digest(plan)},
        "statements": [_statement(planned) for planned in plan.statements],
    }
    ours = company().currency
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Preview(subject, text, outcome.lines, Money(sum(abs(each[ours]) for each in sums.values()), ours))


@action
def _keep(content: bytes, name: str, statements: list[Statement], *, actor: Actor, at: datetime) -> Uploaded:
    plan = plan_of(statements)
    if not plan.statements:
        return Uploaded(None, plan.known)
    preview = preview_of(plan, content, name)
    batch = _open(preview, actor, at)
    found = one(WAITING, batch)
    return Uploaded(int(found[0]) if found else insert(KEEP, batch, name, content, preview.content), plan.known)


def _book_as_shown(waiting: Upload, by: ByBatch, *, at: datetime) -> Outcome:
    content = _content(waiting)
    statements = checked(content, waiting.name)  # takes seconds for a large file: before the transaction
    try:
        return _book(waiting, content, statements, by, at=at)
    except BatchChanged:
        _preview_anew(waiting, content, statements, actor=by.actor, at=at)
        raise


@action
def _book(waiting: Upload, content: bytes, statements: list[Statement], by: ByBatch, *, at: datetime) -> Outcome:
    # Of two presses the second one waits here, and finds what the first one did.
    if one(locked("SELECT authorised_at FROM batch WHERE id = ?"), waiting.batch)[0] is not None:
        raise BatchDone
    plan = plan_of(statements)
    if not plan.statements:
        # Another file brought all of it meanwhile: there is nothing to authorise, and nothing to keep.
        run("DELETE FROM statement_upload WHERE id = ?", waiting.id)
        return outcome_of(plan)
    preview = preview_of(plan, content, waiting.name)
    by.use_up(subject=preview.digest, amount=preview.amount, at=at)
    outcome = book_plan(plan, content, waiting.name, actor=by.actor, at=at)
    run("UPDATE statement_upload SET content = NULL WHERE batch_id = ?", waiting.batch)
    return outcome


@action
def _book_later(waiting: Upload, by: ByBatch, *, at: datetime) -> None:
    # The code is used up now, for what was shown; the job does exactly that or nothing.
    if one(locked("SELECT authorised_at FROM batch WHERE id = ?"), waiting.batch)[0] is not None:
        raise BatchDone
    by.use_up(subject=waiting.digest, amount=_amount(waiting.batch), at=at)
    args = {"upload": waiting.id, "batch": waiting.batch, "person": by.actor.person, "address": by.actor.address}
    enqueue(QUEUED, booking_key(waiting.id), args, at=at)


@action
def _book_authorised(job: Taken, waiting: Upload, content: bytes, statements: list[Statement], actor: Actor, *, at: datetime) -> None:
    plan = plan_of(statements)
    if not plan.statements:
        # Another file brought all of it meanwhile.
        run("DELETE FROM statement_upload WHERE id = ?", waiting.id)
        return job_done(job.id, at=at)
    if preview_of(plan, content, waiting.name).digest != waiting.digest:
        raise BatchChanged
    book_plan(plan, content, waiting.name, actor=actor, at=at)
    run("UPDATE statement_upload SET content = NULL WHERE batch_id = ?", waiting.batch)
    return job_done(job.id, at=at)


def _outcome(waiting: Upload) -> Outcome | None:
    return None if waiting.job else Outcome(*waiting.outcome)


def _amount(batch: int) -> Money:
    return Money(*one("SELECT amount, currency FROM batch WHERE id = ?", batch))


@action
def _preview_anew(waiting: Upload, content: bytes, statements: list[Statement], *, actor: Actor, at: datetime) -> None:
    preview = preview_of(plan_of(statements), content, waiting.name)
    run(SHOW_ANEW, _open(preview, actor, at), preview.content, waiting.id, waiting.batch)


def _open(preview: Preview, actor: Actor, at: datetime) -> int:
    return open_batch(UPLOAD, preview.subject, preview.content, count=preview.lines, amount=preview.amount, actor=actor, at=at)


def _content(waiting: Upload) -> bytes:
    found = one("SELECT content FROM statement_upload WHERE id = ?", waiting.id)
    if found is None:
        raise NotFound
    if found[0] is None:
        raise BatchDone
    return bytes(found[0])


def _statement(planned: Planned) -> dict[str, Any]:
    statement = planned.statement
    days = planned.days
    return {
        "account": planned.account.number,
        "number": statement.number,
        "currency": statement.currency,
        "first": min(days).isoformat() if days else None,
        "last": max(days).isoformat() if days else None,
        "opening": planned.opening,
        "closing": planned.closing,
        "lines": len(planned.lines),
        "warned": planned.warned,
    }


def _lines_digest(plan: Plan) -> str:
    # Which line goes where: two plans of equal counts and sums can still differ in whose wallet is credited.
    said = [
        [
            planned.statement.identity,
            [[*line.facts, line.n, line.seen.valued.isoformat(), [claim[:3] for claim in line.claims]] for line in planned.lines],
        ]
        for planned in plan.statements
    ]
    return sha256(json.dumps(said, default=str).encode()).hexdigest()


WAITING = "SELECT id FROM statement_upload WHERE batch_id = ? AND content IS NOT NULL"
KEEP = "INSERT INTO statement_upload (batch_id, name, content, shown) VALUES (?, ?, ?, ?)"
SHOW_ANEW = "UPDATE statement_upload SET batch_id = ?, shown = ? WHERE id = ? AND batch_id = ?"
FORGET = "DELETE FROM statement_upload WHERE batch_id IN (SELECT id FROM batch WHERE authorised_at IS NULL AND made_at < ?)"
FORGET_FOUND = "DELETE FROM waiting_file WHERE found_at < ? AND digest IN (SELECT digest FROM bank_file)"
