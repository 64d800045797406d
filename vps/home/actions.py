"""Discovery leaves its own trail: what kind of thing was looked for, which dossier was made and why, and who read it.

None of these lines is about the person himself, so his own history stays silent.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from vps.company.models import company
from vps.home.models import Dossier
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, one, run
from vps.kernel.jobs import enqueue
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import looked_lately, record
from vps.people.models.holds import HELD

JOB = "dossier"
"""The kind of job that puts a large dossier together."""
AGAIN = timedelta(minutes=15)
"""Reading the same part of a dossier again within so long is one line of the trail."""
KEPT = timedelta(days=30)
"""How long a dossier's file is kept; it can be made anew at any time."""


class NoReasonForDossier(Refused):
    says = N_("Please say what this is needed for, with a file number if there is one.")
    field = "reason"


class EndsBeforeItBegins(Refused):
    says = N_("The last day is before the first one.")
    field = "to_day"


class NotYetOver(Refused):
    says = N_("This day is still to come.")
    field = "to_day"


class NotReady(Refused):
    says = N_("This dossier is still being put together. Please look again in a minute.")
    status = 409


@action
def note_search(kind: str, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody looked for a person, and by what kind of thing; not by which."""
    record(actor, "discovery", f"discovery:{kind}", at=at, after=kind)


@action
def open_dossier(person: int, *, from_day: date | None, to_day: date | None, reason: str, queue: bool, actor: Actor, at: datetime) -> int:
    """Begin a dossier, and with `queue` let the worker put it together. Answers its id.

    Source: customer's wish, full discovery: making one is a logged act with a reason. Raises NoReasonForDossier, EndsBeforeItBegins,
    NotYetOver.
    """
    why = clean_text(reason, most=500)
    if not why:
        raise NoReasonForDossier
    if from_day and to_day and to_day < from_day:
        raise EndsBeforeItBegins
    if to_day and to_day > day_in(at, company().zone):
        raise NotYetOver
    (upto,) = one("SELECT coalesce(max(id), 0) FROM booking")
    days = (day.isoformat() if day else None for day in (from_day, to_day))
    dossier = insert(OPEN, person, *days, why, upto, micros(at), actor.person)
    (called,) = one("SELECT coalesce(number, username) FROM person WHERE id = ?", person)
    record(actor, "dossier made", f"dossier:{dossier}", at=at, before="", after=f"{called} · {why}")
    if queue:
        enqueue(JOB, f"dossier:{dossier}", {"dossier": dossier}, at=at)
    return dossier


@action
def keep_dossier(dossier: int, *, parts: Callable[[], Iterable[bytes]], flows: str, digest: bytes, size: int, at: datetime) -> None:
    """Keep a dossier's file, encrypted part by part. Made twice, because a worker died over it, the last one counts.

    `parts` begins anew each time it is called, because an action may be tried again.
    """
    run("DELETE FROM dossier_part WHERE dossier_id = ?", dossier)
    for n, part in enumerate(parts()):
        run("INSERT INTO dossier_part (dossier_id, n, content) VALUES (?, ?, ?)", dossier, n, keys().encrypt(part, owner=owner(dossier, n)))
    run("UPDATE dossier SET flows = ?, digest = ?, size = ?, done_at = ? WHERE id = ?", flows, digest, size, micros(at), dossier)


@action
def read_dossier(dossier: int, part: str, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody read a part of a dossier, unless he did so a moment ago."""
    assert actor.person is not None
    if not looked_lately(actor.person, f"dossier:{dossier}", "dossier read", part, since=at - AGAIN):
        record(actor, "dossier read", f"dossier:{dossier}", at=at, after=part)


@action
def forget_dossiers(*, at: datetime) -> None:
    """Forget files of dossiers that were made long ago, unless a legal hold keeps them. That and why they were made stays."""
    run(FORGET, micros(at - KEPT))


def owner(dossier: int, n: int) -> str:
    """For which place a part is encrypted."""
    return f"dossier:{dossier}:{n}"


def must_be_done(dossier: Dossier) -> None:
    """Raise NotReady while it is being put together."""
    if dossier.done_at is None:
        raise NotReady


OPEN = "INSERT INTO dossier (person_id, from_day, to_day, reason, upto, made_at, made_by, flows) VALUES (?, ?, ?, ?, ?, ?, ?, '')"
FORGET = f"DELETE FROM dossier_part WHERE dossier_id IN (SELECT id FROM dossier WHERE made_at < ? AND person_id NOT IN ({HELD}))"  # noqa: S608
