"""When ways are lost: recovery codes that only let a new way be enrolled, and the desk, where two of the office look at documents.

Source: SECURITY, enrolment and recovery.
"""

import secrets
from base64 import b32encode
from datetime import datetime, timedelta

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.people.actions import note, tell
from vps.security.actions.apps import renew_app
from vps.security.actions.confirm import ByTan
from vps.security.actions.permits import permit
from vps.security.actions.sheets import Printout, freeze_digest, freeze_word
from vps.security.models import Recovery

CODES = 10
DAILY = timedelta(hours=24)


class NotThisCode(Refused):
    says = N_("This is not one of your recovery codes, or it was used already.")
    field = "code"


class SawNothing(Refused):
    says = N_("Please write which document you saw, with its number.")
    field = "document"


class NeedsAnother(Refused):
    says = N_("Somebody else of the office must see the documents too: whoever opened this cannot approve it.")
    status = 403


class NothingToApprove(Refused):
    says = N_("There is nothing to approve any more.")
    status = 409


class NotOnesOwn(Refused):
    says = N_("Nobody restores his own ways of confirming.")
    status = 403


@action
def make_recovery_sheet(authorisation: ByTan, *, at: datetime) -> Printout:
    """New recovery codes and a freeze code, shown once; those made before end. Confirmed by a way in force."""
    person = authorisation.changing("recovery")
    authorisation.use_up(subject="recovery", amount=None, at=at)
    return renew_recovery_sheet(person, actor=authorisation.actor, at=at)


@action
def renew_recovery_sheet(person: int, *, actor: Actor, at: datetime) -> Printout:
    """The same where nothing has to be confirmed: the caller has proved who it is."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    run("UPDATE recovery_sheet SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL", micros(at), person)
    word = freeze_word()
    codes = [b32encode(secrets.token_bytes(15)).decode() for _ in range(CODES)]
    (sheet,) = one(MAKE, person, freeze_digest(person, word), micros(at))
    for n, code in enumerate(codes, 1):
        run("INSERT INTO recovery_code (sheet_id, n, digest) VALUES (?, ?, ?)", sheet, n, code_digest(person, code))
    note(actor, "recovery codes made", person, at=at)
    return Printout(f"{person}-R{sheet}", [" ".join(code[i : i + 6] for i in range(0, 24, 6)) for code in codes], word)


@action
def use_recovery_code(person: int, code: str, *, actor: Actor, at: datetime) -> None:
    """A recovery code lets one way be added, and nothing else. Raises NotThisCode."""
    if not one(USE, micros(at), code_digest(person, code), person):
        raise NotThisCode
    note(actor, "recovery code used", person, at=at)
    permit(person, "recovery", actor=actor, at=at)


@action
def open_recovery(person: int, document: str, *, actor: Actor, at: datetime) -> Recovery:
    """The office saw the documents of somebody who lost every way. Two must have; in an office of one it counts at once, with a mark."""
    assert actor.person is not None
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    if person == actor.person:
        raise NotOnesOwn
    seen = clean_text(document, most=200)
    if not seen:
        raise SawNothing
    found = Recovery.open(person)
    if found is None:
        found = Recovery.create(person=person, document=seen, opened_at=at, opened_by=actor.person)
        note(actor, "recovery opened", person, at=at, after=seen)
    if company().recovery_staff < 2:
        _approve(found, actor=actor, at=at, alone=True)
    return found


@action
def approve_recovery(person: int, *, actor: Actor, at: datetime) -> None:
    """The second of the office saw them too: what was enrolled ends, and small purchases are possible with a new sheet. Raises NeedsAnother."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # of two at once the second finds nothing any more
    found = Recovery.open(person)
    if found is None:
        raise NothingToApprove
    if actor.person in (found.opened_by, person):
        raise NeedsAnother
    _approve(found, actor=actor, at=at, alone=False)


@action
def cancel_recovery(person: int, *, actor: Actor, at: datetime) -> None:
    """Somebody stops it: the partner from a notice, or the office. What it allowed ends with it: the wallet is frozen by the caller."""
    if run(
        "UPDATE recovery SET cancelled_at = ? WHERE person_id = ? AND cancelled_at IS NULL AND (until IS NULL OR until > ?)",
        micros(at),
        person,
        micros(at),
    ).rowcount:
        note(actor, "recovery cancelled", person, at=at)


@action
def tell_recoveries(*, at: datetime) -> int:
    """Tell everybody whose ways were restored once a day until it is over, at every address known; a job calls this."""
    told = rows(TELL, micros(at), micros(at), micros(at - DAILY))
    for (person,) in told:
        tell(person, "recovery opened", actor=Actor(), at=at)
    return len(told)


def code_digest(person: int, code: str) -> bytes:
    """What is kept of a recovery code; typed in small letters and with or without spaces it is the same, and worth nothing to anybody else."""
    return keys().keyed("recovery", str(person), "".join(filter(str.isalnum, code.upper())))


def _approve(found: Recovery, *, actor: Actor, at: datetime, alone: bool) -> None:
    person, now = found.person_id, micros(at)
    until = at + timedelta(hours=company().recovery_hours)
    run(APPROVE, now, actor.person, int(alone), micros(until), found.id)
    for statement in END_WAYS:
        run(statement, now, person)
    renew_app(person, at=at)
    run("DELETE FROM way WHERE person_id = ?", person)
    note(actor, "recovery approved alone" if alone else "recovery approved", person, at=at)


MAKE = "INSERT INTO recovery_sheet (person_id, stop_code, made_at) VALUES (?, ?, ?) RETURNING id"
USE = (
    "UPDATE recovery_code SET used_at = ? WHERE digest = ? AND used_at IS NULL"
    " AND sheet_id IN (SELECT id FROM recovery_sheet WHERE person_id = ? AND ended_at IS NULL) RETURNING n"
)
APPROVE = "UPDATE recovery SET approved_at = ?, approved_by = ?, alone = ?, until = ? WHERE id = ?"
END_WAYS = (
    "UPDATE tan_sheet SET ended_at = ?, secret = NULL WHERE person_id = ? AND ended_at IS NULL",
    "UPDATE passkey SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL",
    "UPDATE phone SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL",
    "UPDATE recovery_sheet SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL",
)
TELL = (
    "UPDATE recovery SET told_at = ? WHERE until > ? AND approved_at IS NOT NULL AND cancelled_at IS NULL"
    " AND coalesce(told_at, approved_at) <= ? RETURNING person_id"
)
