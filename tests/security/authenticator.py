"""An authenticator made of software: it makes passkeys and signs with them as a browser's does, and lies where a test wants it to."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from itertools import count
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
_serial = count(1)


class Authenticator:
    """One credential of one device. `counts` is what it says of its signatures; None for one that does not count."""

    def __init__(self, *, counts: int | None = 0) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = sha256(f"credential {next(_serial)}".encode()).digest()
        self.counts = counts

    def create(self, options: str, *, origin: str, **lies: Any) -> str:
        """The answer to `creation_options`."""
        asked = json.loads(options)
        authenticated = self.data(lies.get("host", asked["rp"]["id"]), lies.get("flags", PRESENT | VERIFIED | ATTESTED))
        credential = lies.get("credential", self.credential)
        authenticated += bytes(16) + len(credential).to_bytes(2, "big") + credential + cbor2.dumps(lies.get("public", self.public()))
        statement = {"fmt": lies.get("fmt", "none"), "attStmt": lies.get("statement", {}), "authData": authenticated}
        client = self.client("webauthn.create", asked["challenge"], origin, lies)
        return self.answer({"clientDataJSON": text(client), "attestationObject": text(cbor2.dumps(lies.get("attestation", statement)))})

    def get(self, options: str, *, origin: str, **lies: Any) -> str:
        """The answer to `request_options`."""
        asked = json.loads(options)
        if self.counts is not None:
            self.counts += 1
        authenticated = self.data(lies.get("host", asked["rpId"]), lies.get("flags", PRESENT | VERIFIED))
        client = self.client("webauthn.get", asked["challenge"], origin, lies)
        signature = self.key.sign(authenticated + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self.answer({"clientDataJSON": text(client), "authenticatorData": text(authenticated), "signature": text(signature)})

    def public(self) -> dict[int, Any]:
        """The public key as COSE writes it: EC2, ES256, P-256, x, y."""
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def data(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + (self.counts or 0).to_bytes(4, "big")

    def client(self, kind: str, challenge: str, origin: str, lies: dict[str, Any]) -> bytes:
        said = {"type": lies.get("kind", kind), "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def answer(self, response: dict[str, str]) -> str:
        key = text(self.credential)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def binary(value: str) -> bytes:
    return urlsafe_b64decode(value + "===")
