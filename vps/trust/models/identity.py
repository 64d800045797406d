"""Steps by which somebody shows who he is, and the documents he shows. What state a step is in follows from dated facts."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from peewee import SQL, BigIntegerField, BlobField, Check, IntegerField, TextField

from vps.company.models import company
from vps.kernel.clock import day_in, instant
from vps.kernel.database import one, rows
from vps.kernel.refusals import N_
from vps.kernel.rows import Day, Instant, Row, columns, key_to, made_of
from vps.kernel.vault import SecretField
from vps.people.models import Person
from vps.trust.models.levels import STEPS

EMAIL, MOBILE, ADDRESS, BIRTH, DOCUMENT, IBAN, CONTRACT = STEPS
BY_CODE = (EMAIL, MOBILE)
"""Steps that a code proves which came back."""
BY_STAFF = (ADDRESS, BIRTH, DOCUMENT, CONTRACT)
"""Steps that somebody of the office looks at."""
PAPERS = ("passport", "id-card", "licence", CONTRACT)
"""Kinds of documents."""
CODE_LIFE = timedelta(minutes=30)
"""How long a code that proves an address is good, from when it was last sent."""


class State(Enum):
    """What a step is, in words."""

    MISSING = N_("Missing")
    WAITING = N_("Waiting")
    ACCEPTED = N_("Accepted")
    REJECTED = N_("Not accepted")
    EXPIRED = N_("Expired")

    @property
    def css(self) -> str:
        """Its colour, which always stands beside its word."""
        return {"WAITING": "yellow", "ACCEPTED": "green", "REJECTED": "red", "EXPIRED": "red"}.get(self.name, "")


class IdentityDocument(Row):
    """A document that was shown by pictures. They can be forgotten; that there was one stays."""

    person = key_to(Person)
    person_id: int
    kind = TextField(constraints=[Check(f"kind IN ({', '.join(repr(word) for word in PAPERS)})")])
    added_at = Instant()
    forgotten_at = Instant(null=True)
    forgotten_by = BigIntegerField(null=True)
    forgotten_why = TextField(default="")

    class Meta:
        table_name = "identity_document"
        immutable = ("id", "person_id", "kind", "added_at")
        constraints = (Check("(forgotten_at IS NULL) = (forgotten_why = '')"),)


class IdentityPicture(Row):
    """A file in the folder of documents: its bytes on the disk, and the key to it, which is gone once it is forgotten."""

    document = key_to(IdentityDocument)
    document_id: int
    n = IntegerField(constraints=[Check("n BETWEEN 1 AND 3")])
    name = TextField(unique=True)
    size = IntegerField(constraints=[Check("size > 0")])
    sha256 = BlobField(constraints=[Check("length(sha256) = 32")])
    secret = SecretField(null=True)

    class Meta:
        table_name = "identity_picture"
        immutable = ("id", "document_id", "n", "name", "size", "sha256")


IdentityPicture.add_index(IdentityPicture.document, IdentityPicture.n, unique=True, name="identity_picture_n")


class IdentityStep(Row):
    """One claim of a person about himself, and what became of it. Of a step one claim waits at most, and one is in force."""

    person = key_to(Person)
    person_id: int
    step = TextField(constraints=[Check(f"step IN ({', '.join(repr(word) for word in STEPS)})")])
    value = TextField()
    """What he claims: the address, the number, the birth date; the kind of a document; a note of the office."""
    asked_at = Instant()
    tries = IntegerField(default=0, constraints=[Check("tries BETWEEN 0 AND 3")])
    sends = IntegerField(default=0, constraints=[Check("sends BETWEEN 0 AND 3")])
    sent_at = Instant(null=True)
    """When the code was sent last. The code itself follows from the pepper and this row, and is stored nowhere."""
    document = key_to(IdentityDocument, null=True)
    document_id: int | None
    seen_at = Instant(null=True)
    """When the first of two accepted it, where the company wants two."""
    seen_by = BigIntegerField(null=True)
    accepted_at = Instant(null=True)
    accepted_by = BigIntegerField(null=True)
    """Who of the office accepted it; none, where a code or a coded cent proved it."""
    rejected_at = Instant(null=True)
    rejected_by = BigIntegerField(null=True)
    reason = TextField(default="")
    """Why it was not accepted, or does not count any more; its owner reads it."""
    expires_on = Day(null=True)
    """The last day on which it counts."""
    told_at = Instant(null=True)
    """When its owner was told that it will expire."""
    expired_at = Instant(null=True)
    replaced_at = Instant(null=True)
    withdrawn_at = Instant(null=True)

    class Meta:
        table_name = "identity_step"
        immutable = ("id", "person_id", "step", "asked_at", "document_id")
        constraints = (
            Check("accepted_at IS NULL OR rejected_at IS NULL"),
            Check("accepted_at IS NOT NULL OR (expired_at IS NULL AND replaced_at IS NULL)"),
            Check("(seen_at IS NULL) = (seen_by IS NULL)"),
            Check("seen_by IS NULL OR accepted_by IS NULL OR seen_by <> accepted_by"),
            Check("accepted_by IS NULL OR accepted_by <> person_id"),
            Check("rejected_at IS NULL OR reason <> ''"),
        )

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self.accepted_at is None and self.rejected_at is None and self.withdrawn_at is None


WAITS = "accepted_at IS NULL AND rejected_at IS NULL AND withdrawn_at IS NULL"
LASTS = "accepted_at IS NOT NULL AND expired_at IS NULL AND replaced_at IS NULL AND withdrawn_at IS NULL"
_FOR_STAFF = f"step IN ({', '.join(repr(word) for word in BY_STAFF)})"
IdentityStep.add_index(IdentityStep.person, IdentityStep.step, IdentityStep.id, name="identity_step_person")
IdentityStep.add_index(IdentityStep.person, IdentityStep.step, unique=True, where=SQL(WAITS), name="identity_step_waits")
IdentityStep.add_index(IdentityStep.person, IdentityStep.step, unique=True, where=SQL(LASTS), name="identity_step_lasts")
IdentityStep.add_index(IdentityStep.id, where=SQL(f"{WAITS} AND {_FOR_STAFF}"), name="identity_step_queue")
IdentityStep.add_index(IdentityStep.expires_on, where=SQL(f"{LASTS} AND expires_on IS NOT NULL"), name="identity_step_expires")


class Stand(NamedTuple):
    """A step of a person: its state, the claim it follows from, and the claim that waits beside one in force."""

    step: str
    state: State
    claim: IdentityStep | None
    waiting: IdentityStep | None


class Waiting(NamedTuple):
    """A line of the office's queue."""

    id: int
    step: str
    asked_at: datetime
    number: str
    name: str
    seen: bool
    """Whether the first of two has accepted it."""


def accepted_steps(person: int, on: date) -> frozenset[str]:
    """The steps that count on a day. What has expired does not, whether or not anybody noticed; nor an e-mail address that is not his any more."""
    return frozenset(step for (step,) in rows(COUNTING, person, on.isoformat()))


def steps_of(person: int, at: datetime, *, zone: str = "") -> list[Stand]:
    """All steps as they stand, in their order. `zone`: the company's, where it is known already."""
    found = rows(CLAIMS, person)
    claims, email = [made_of(IdentityStep, row[:-1]) for row in found], found[0][-1] if found else ""
    today = day_in(at, zone or company().zone)
    return [_stand(step, [claim for claim in claims if claim.step == step], email, today, at) for step in STEPS]


def queue(after: int, limit: int) -> list[Waiting]:
    """What waits for the office, the oldest first; of accounts that are closed, nothing."""
    return [
        Waiting(key, step, instant(at), number, name, seen is not None) for key, step, at, number, name, seen in rows(QUEUE, after, limit)
    ]


def waiting_count(most: int) -> int:
    """How much waits for the office, counted up to `most`."""
    return int(one(QUEUED, most)[0])


def pictures_of(document: int) -> list[tuple[int, str, bytes]]:
    """The pictures of a document that are not forgotten: (n, name of the file, encrypted key)."""
    return [(n, name, bytes(secret)) for n, name, secret in rows(PICTURES, document)]


def _stand(step: str, claims: list[IdentityStep], email: str, today: date, at: datetime) -> Stand:
    """What the newest claims of one step, the newest first, come to."""
    waiting = next((claim for claim in claims if claim.is_open and not _ran_out(claim, at)), None)
    lasting = next(
        (claim for claim in claims if claim.accepted_at and not (claim.expired_at or claim.replaced_at or claim.withdrawn_at)), None
    )
    if lasting and step == EMAIL and lasting.value != email:
        lasting = None
    newest = claims[0] if claims else None
    if lasting and (lasting.expires_on is None or lasting.expires_on >= today):
        return Stand(step, State.ACCEPTED, lasting, waiting)
    if waiting:
        return Stand(step, State.WAITING, waiting, waiting)
    if newest and newest.rejected_at:
        return Stand(step, State.REJECTED, newest, None)
    if lasting or (newest and newest.expired_at):
        return Stand(step, State.EXPIRED, lasting or newest, None)
    return Stand(step, State.MISSING, newest, None)


def _ran_out(claim: IdentityStep, at: datetime) -> bool:
    # A code that is too old proves nothing; who typed an address has to ask for another.
    return claim.step in BY_CODE and claim.sent_at is not None and at >= claim.sent_at + CODE_LIFE


COUNTING = (
    f"SELECT s.step FROM identity_step s JOIN person p ON p.id = s.person_id WHERE s.person_id = ? AND {LASTS}"
    " AND (s.expires_on IS NULL OR s.expires_on >= ?) AND (s.step <> 'email' OR s.value = lower(p.email))"
)
CLAIMS = (
    f"SELECT {columns(IdentityStep, 's')}, lower(p.email) FROM identity_step s JOIN person p ON p.id = s.person_id WHERE s.person_id = ? AND (({WAITS}) OR ({LASTS})"
    " OR s.id = (SELECT max(n.id) FROM identity_step n WHERE n.person_id = s.person_id AND n.step = s.step)) ORDER BY s.id DESC"
)
QUEUE = (
    "SELECT s.id, s.step, s.asked_at, coalesce(p.number, p.username), p.name, s.seen_at FROM identity_step s JOIN person p ON p.id = s.person_id"
    f" WHERE {WAITS} AND {_FOR_STAFF} AND p.closed_at IS NULL AND s.id > ? ORDER BY s.id LIMIT ?"
)
QUEUED = f"SELECT count(*) FROM (SELECT 1 FROM identity_step WHERE {WAITS} AND {_FOR_STAFF} LIMIT ?) AS waiting"
PICTURES = "SELECT n, name, secret FROM identity_picture WHERE document_id = ? AND secret IS NOT NULL ORDER BY n"
