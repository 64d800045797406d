"""What somebody claims about himself: an address, a birth date, a document; a code proves an e-mail address or a phone."""

from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.people.actions import note
from vps.trust import files
from vps.trust.actions.forgetting import forget
from vps.trust.models import ADDRESS, BIRTH, CONTRACT, DOCUMENT, IdentityStep
from vps.trust.models.identity import WAITS

LONGEST = 400
OLDEST = 120
"""Years."""
LONGEST_VALIDITY = 30
"""Years for which a document counts at most."""


class NotABirthDate(Refused):
    says = N_("This cannot be a date of birth. Please write year, month and day as they stand in your document.")
    field = "birth"


class NoAddress(Refused):
    says = N_("Please enter street, postcode, town and country.")
    field = "street"


class DocumentExpired(Refused):
    says = N_("This document is no longer valid, so it cannot be taken. Please choose another one.")
    field = "expires_on"


class NotAnEnd(Refused):
    says = N_("Please enter until when the document is valid, as it stands on it.")
    field = "expires_on"


@action
def claim_address(person: int, parts: tuple[str, str, str, str], *, actor: Actor, at: datetime) -> int:
    """Claim to live there: street, postcode, town, country. Raises NoAddress, and what cleaning raises."""
    street, postcode, town, country = (clean_text(part, most=80) for part in parts)
    if not (street and town and country):
        raise NoAddress
    return claim_step(person, ADDRESS, f"{street}\n{postcode} {town}".replace("\n ", "\n") + f"\n{country}", actor=actor, at=at)


@action
def claim_birth(person: int, born: date, *, actor: Actor, at: datetime) -> int:
    """Claim to be born on that day. Raises NotABirthDate."""
    today = day_in(at, company().zone)
    if not date(today.year - OLDEST, 1, 1) <= born < today:
        raise NotABirthDate
    return claim_step(person, BIRTH, born.isoformat(), actor=actor, at=at)


@action
def claim_step(person: int, step: str, value: str, *, actor: Actor, at: datetime) -> int:
    """Claim something that others accept; what waited of this step is withdrawn. Pressed twice, it is one claim. Answers its id."""
    assert step != DOCUMENT
    lock(person)
    waiting = open_claim(person, step)
    if waiting and waiting.value == value:
        return int(waiting.id)
    if waiting:
        end_claim(waiting, at)
    return write_claim(person, step, value, actor=actor, at=at)


def claim_document(
    person: int, kind: str, pictures: list[bytes], *, actor: Actor, at: datetime, expires_on: date | None = None, note: str = ""
) -> int:
    """Show a document by pictures that were made anew; what waited is withdrawn, and its pictures go. Answers the claim's id.

    With the kind CONTRACT it is the office's own claim: a note, and pictures or none. Raises DocumentExpired, NotAnEnd.
    """
    kept: list[files.Kept] = []
    done = False
    try:
        kept += [files.keep(picture) for picture in pictures]
        claim, gone = _claim_document(person, kind, kept, expires_on, note, actor=actor, at=at)
        done = True
    finally:
        if not done:
            files.remove([each.name for each in kept])
    files.remove(gone)
    return claim


def withdraw_step(person: int, step: str, *, actor: Actor, at: datetime) -> None:
    """Its owner takes back what waits; doing it twice changes nothing. Pictures go with it."""
    files.remove(_withdraw(person, step, actor=actor, at=at))


def must_be_valid(expires_on: date | None, at: datetime) -> None:
    """Raise DocumentExpired or NotAnEnd."""
    today = day_in(at, company().zone)
    if expires_on is None or expires_on.year > today.year + LONGEST_VALIDITY:
        raise NotAnEnd
    if expires_on <= today:
        raise DocumentExpired


def lock(person: int) -> None:
    """One after another, whatever happens to a person's steps. Raises NotFound."""
    if one(locked("SELECT id FROM person WHERE id = ?"), person) is None:
        raise NotFound


def open_claim(person: int, step: str) -> IdentityStep | None:
    """What waits of a step."""
    row = one(OPEN, person, step)
    found: IdentityStep | None = IdentityStep.get_by_id(row[0]) if row else None
    return found


def write_claim(
    person: int, step: str, value: str, *, actor: Actor, at: datetime, document: int | None = None, expires_on: date | None = None
) -> int:
    """Inside an action: write a new claim down. Nothing of what is claimed goes into the trail."""
    claim = insert(CLAIM, person, step, value, micros(at), document, expires_on.isoformat() if expires_on else None)
    note(actor, "step claimed", person, at=at, after=step)
    return claim


def end_claim(claim: IdentityStep, at: datetime) -> list[str]:
    """Inside an action: a claim that waited does so no more. Answers the files that can go once this is committed."""
    run("UPDATE identity_step SET withdrawn_at = ? WHERE id = ?", micros(at), claim.id)
    return forget(claim.document_id, claim.person_id, "withdrawn", by=None, at=at) if claim.document_id else []


@action
def _claim_document(
    person: int, kind: str, kept: list[files.Kept], expires_on: date | None, text: str, *, actor: Actor, at: datetime
) -> tuple[int, list[str]]:
    lock(person)
    step = CONTRACT if kind == CONTRACT else DOCUMENT
    if step == DOCUMENT:
        must_be_valid(expires_on, at)
    waiting = open_claim(person, step)
    gone = end_claim(waiting, at) if waiting else []
    document = None
    if kept:
        document = insert(
            "INSERT INTO identity_document (person_id, kind, added_at, forgotten_why) VALUES (?, ?, ?, '')", person, kind, micros(at)
        )
        for n, file in enumerate(kept, 1):
            run(PICTURE, document, n, *file)
    value = clean_text(text, most=LONGEST, lines=True) if step == CONTRACT else kind
    return write_claim(person, step, value, actor=actor, at=at, document=document, expires_on=expires_on), gone


@action
def _withdraw(person: int, step: str, *, actor: Actor, at: datetime) -> list[str]:
    lock(person)
    waiting = open_claim(person, step)
    if waiting is None:
        return []
    note(actor, "step withdrawn", person, at=at, after=step)
    return end_claim(waiting, at)


OPEN = f"SELECT id FROM identity_step WHERE person_id = ? AND step = ? AND {WAITS}"  # noqa: S608
CLAIM = "INSERT INTO identity_step (person_id, step, value, asked_at, document_id, expires_on, tries, sends, reason) VALUES (?, ?, ?, ?, ?, ?, 0, 0, '')"
PICTURE = "INSERT INTO identity_picture (document_id, n, name, size, sha256, secret) VALUES (?, ?, ?, ?, ?, ?)"
