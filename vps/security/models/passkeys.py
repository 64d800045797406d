"""Passkeys: public keys whose private halves never leave their owner's device."""

from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple

from peewee import SQL, BigIntegerField, BlobField, Check, TextField

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.keys import keys
from vps.kernel.rows import Instant, Row, key_to
from vps.people.models import Person


class Passkey(Row):
    """A public key, and how often its authenticator says it has signed. `mac` binds it to its owner: a copied row is worth nothing."""

    person = key_to(Person)
    person_id: int
    credential = BlobField(unique=True, constraints=[Check("length(credential) BETWEEN 16 AND 1023")])
    public_key = BlobField(constraints=[Check("length(public_key) BETWEEN 1 AND 1024")])
    sign_count = BigIntegerField(constraints=[Check("sign_count >= 0")])
    name = TextField(constraints=[Check("length(name) BETWEEN 1 AND 160")])
    made_at = Instant()
    usable_from = Instant()
    used_at = Instant(null=True)
    ended_at = Instant(null=True)
    mac = BlobField(constraints=[Check("length(mac) = 32")])

    class Meta:
        immutable = ("id", "person_id", "credential", "public_key", "name", "made_at", "usable_from", "mac")


Passkey.add_index(Passkey.person, where=SQL("ended_at IS NULL"), name="passkey_person")


class Listed(NamedTuple):
    """A passkey as its owner sees it."""

    id: int
    name: str
    made_at: datetime
    usable_from: datetime
    used_at: datetime | None


class Stored(NamedTuple):
    """What an answer is checked against."""

    id: int
    public_key: bytes


def passkey_mac(person: int, credential: bytes, public_key: bytes) -> bytes:
    """The keyed digest that binds a public key to its owner."""
    return keys().keyed("passkey", str(person), credential.hex(), public_key.hex())


def passkeys_of(person: int) -> list[Listed]:
    """The passkeys of a person that were not ended, in the order they were added."""
    return [
        Listed(key, name, instant(made), instant(usable), None if used is None else instant(used))
        for key, name, made, usable, used in rows(LISTED, person)
    ]


def usable_passkeys(person: int, at: datetime) -> list[bytes]:
    """The credentials that may answer at this moment."""
    return [bytes(credential) for (credential,) in rows(USABLE, person, micros(at))]


def usable_passkey(person: int, credential: bytes, at: datetime) -> Stored | None:
    """This person's passkey of that credential, if it may answer at this moment and its row is as we wrote it."""
    found = one(ONE_USABLE, credential, person, micros(at))
    if found is None or not compare_digest(passkey_mac(person, credential, bytes(found[1])), bytes(found[2])):
        return None
    return Stored(found[0], bytes(found[1]))


def changed_passkeys() -> list[tuple[int, str]]:
    """Passkeys whose row is not as we wrote it, and whose they are now, for the audit."""
    return [
        (key, name)
        for key, person, name, credential, public, mac in rows(EVERY)
        if passkey_mac(person, bytes(credential), bytes(public)) != bytes(mac)
    ]


LISTED = "SELECT id, name, made_at, usable_from, used_at FROM passkey WHERE person_id = ? AND ended_at IS NULL ORDER BY id"
USABLE = "SELECT credential FROM passkey WHERE person_id = ? AND ended_at IS NULL AND usable_from <= ? ORDER BY id"
EVERY = (
    "SELECT k.id, k.person_id, coalesce(p.number, p.username), k.credential, k.public_key, k.mac"
    " FROM passkey k JOIN person p ON p.id = k.person_id ORDER BY k.id"
)
ONE_USABLE = "SELECT id, public_key, mac FROM passkey WHERE credential = ? AND person_id = ? AND ended_at IS NULL AND usable_from <= ?"
