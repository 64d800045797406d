"""Passkeys (WebAuthn): enrolled with a signature over a fresh challenge, used by a signature over what is confirmed.

The library that reads the answers takes 5 MB of memory; it is loaded when the first answer comes, not with the house.
"""

import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, database, locked, one
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import NoName, clean_text
from vps.people.actions import note
from vps.people.models import Person
from vps.security.actions.permits import begins_at
from vps.security.models import Passkey, passkey_mac, usable_passkey, usable_passkeys

MOST_PASSKEYS = 10
LONGEST_NAME = 40
LONGEST_ANSWER = 8192
"""Characters. A browser's answer has less than two thousand."""
WAITS = 300_000
"""Milliseconds for which a browser asks its user."""
ALGORITHMS = (-7, -8, -257)
"""ES256, EdDSA and RS256 by their COSE numbers: what every authenticator knows one of."""
ODD = (ValueError, TypeError, LookupError, RecursionError)
"""What the library lets through of Python's own, besides its own exceptions, when an answer makes no sense."""


class NotAPasskey(Refused):
    says = N_("The passkey was not added: this browser cannot make one, or its answer does not fit. Please try again.")


class TooManyPasskeys(Refused):
    """Facts: most."""

    says = N_("You have %(most)s passkeys, and more are not kept. Remove one that you do not use any more.")


class NeedsName(Refused):
    """Browsers make passkeys for names of hosts only."""

    says = N_("Passkeys do not work at an address of numbers. Please open this site by its name.")


class Site(NamedTuple):
    """Where we are reached, as browsers say it. A passkey belongs to the host's name and works nowhere else."""

    host: str
    origin: str

    @classmethod
    def at(cls, url: str) -> "Site":
        """The site of our public address."""
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        port = "" if parts.port in (None, usual) else f":{parts.port}"
        return cls(host, f"{parts.scheme}://{host}{port}")

    @property
    def has_name(self) -> bool:
        """Whether the host is more than an address of numbers."""
        return ":" not in self.host and not self.host.rpartition(".")[2].isdigit()


def creation_options(person: int, site: Site, challenge: bytes) -> str:
    """What the browser is asked to make a passkey with, as JSON. Raises NeedsName."""
    if not site.has_name:
        raise NeedsName
    whose = Person.get_by_id(person)
    # Kept by the authenticator, and shown to whoever holds it: it says nothing about our rows.
    handle = keys().keyed("passkey user", str(person))
    return json.dumps(
        {
            "rp": {"id": site.host, "name": company().name},
            "user": {"id": _text(handle), "name": whose.number or whose.username, "displayName": whose.name},
            "challenge": _text(challenge),
            "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
            "timeout": WAITS,
            "excludeCredentials": _named([bytes(row.credential) for row in _live(person)]),
            "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
            "attestation": "none",
        }
    )


def request_options(person: int, site: Site, challenge: bytes, *, at: datetime) -> str:
    """What the browser is asked to sign with one of his usable passkeys, as JSON. Ask only who has one: no name would mean any."""
    return json.dumps(
        {
            "rpId": site.host,
            "challenge": _text(challenge),
            "timeout": WAITS,
            "allowCredentials": _named(usable_passkeys(person, at)),
            "userVerification": "required",
        }
    )


def add_passkey(person: int, answer: str, *, challenge: bytes, site: Site, name: str, actor: Actor, at: datetime) -> int:
    """Keep the public key that a browser made for this challenge; answers its id. It is the first way, or rests like any further one.

    Raises NotAPasskey, TooManyPasskeys, NoName, NotSafeAlone.
    """
    called = clean_text(name, LONGEST_NAME)
    if not called:
        raise NoName
    credential, public, count = _made(answer, challenge, site)  # before the transaction: loading the library takes its time
    return _keep(person, credential, public, count, name=called, actor=actor, at=at)


def assertion(person: int, answer: str, *, challenge: bytes, site: Site, at: datetime) -> tuple[int, int] | None:
    """Whether one of this person's usable passkeys signed exactly this challenge: its id and its count of signatures, or None.

    It writes nothing; `use_passkey` takes the count in the transaction of what was confirmed.
    """
    if len(answer) > LONGEST_ANSWER:
        return None
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        given = parse_authentication_credential_json(answer)
        stored = usable_passkey(person, given.raw_id, at)
        if stored is None:
            return None
        signed = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=stored.public_key,
            credential_current_sign_count=0,  # the count is compared where it is taken, in one statement
            require_user_verification=True,
        )
    except (WebAuthnException, *ODD):
        return None
    return stored.id, signed.new_sign_count


def use_passkey(passkey: int, sign_count: int, at: datetime) -> bool:
    """Take the count of a signature, once, in the caller's transaction. False: an older one, so a replay or a cloned authenticator.

    Passkeys that are copied between their owner's devices do not count at all; they say zero always.
    """
    assert database.in_transaction(), "the count is taken with what was confirmed, or not at all"
    return one(USE, sign_count, micros(at), passkey, micros(at), sign_count, sign_count) is not None


@action
def end_passkey(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """Its owner, or the office, ends a passkey; the last one too. Somebody else's, or one that has ended, is left as it is."""
    ended = one(END, micros(at), key, person)
    if ended:
        note(actor, "passkey ended", person, at=at, after=ended[0])


def _made(answer: str, challenge: bytes, site: Site) -> tuple[bytes, bytes, int]:
    # Credential, public key and count. We ask for no attestation, so what an authenticator says about its maker is not read.
    if len(answer) > LONGEST_ANSWER:
        raise NotAPasskey
    from webauthn import verify_registration_response
    from webauthn.helpers import (
        decode_credential_public_key,
        decoded_public_key_to_cryptography,
        encode_cbor,
        parse_cbor,
        parse_registration_credential_json,
    )
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        given = parse_registration_credential_json(answer)
        said = parse_cbor(given.response.attestation_object)["authData"]
        given.response.attestation_object = encode_cbor({"fmt": "none", "attStmt": {}, "authData": bytes(said)})
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))  # or it could never be used
    except (WebAuthnException, *ODD) as wrong:
        raise NotAPasskey from wrong
    if not (16 <= len(made.credential_id) <= 1023 and len(made.credential_public_key) <= 1024):
        raise NotAPasskey
    return made.credential_id, made.credential_public_key, made.sign_count


@action
def _keep(person: int, credential: bytes, public: bytes, count: int, *, name: str, actor: Actor, at: datetime) -> int:
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # two at once would both be the tenth
    found = Passkey.get_or_none(Passkey.credential == credential)
    if found:
        if found.person_id != person or found.ended_at is not None:
            raise NotAPasskey
        return int(found.id)  # the same answer sent twice adds one
    if len(_live(person)) >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)
    row = Passkey.create(
        person=person,
        credential=credential,
        public_key=public,
        sign_count=count,
        name=name,
        made_at=at,
        usable_from=begins_at(person, at),
        mac=passkey_mac(person, credential, public),
    )
    note(actor, "passkey added", person, at=at, after=name)
    return int(row.id)


def _live(person: int) -> list[Passkey]:
    return list(Passkey.select().where(Passkey.person == person, Passkey.ended_at.is_null()).order_by(Passkey.id))


def _named(credentials: list[bytes]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": _text(credential)} for credential in credentials]


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


USE = (
    "UPDATE passkey SET sign_count = ?, used_at = ? WHERE id = ? AND ended_at IS NULL AND usable_from <= ?"
    " AND (sign_count < ? OR sign_count = 0 AND ? = 0) RETURNING id"
)
END = "UPDATE passkey SET ended_at = ? WHERE id = ? AND person_id = ? AND ended_at IS NULL RETURNING name"
