"""The key file: pepper, encryption keys, seal key and the web's secret. It stands beside, never inside, the database."""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from vps.kernel.refusals import N_, Refused


class NoKeys(Refused):
    """Facts: path, why."""

    says = N_("The key file %(path)s cannot be read (%(why)s). Without it nobody can sign in; restore it from where it was put away.")


class MistypedKeys(NoKeys):
    """It is no key file, or its own check does not fit: a letter is another than when it was made. Facts: path."""

    says = N_("The key file %(path)s is damaged, or was typed wrongly. Compare it letter by letter with what was put away.")


class NotOurs(Refused):
    """A sealed secret that was made with other keys, or for another row."""

    says = N_("This secret cannot be opened with the keys of this installation.")


@dataclass(frozen=True)
class Keys:
    """Every secret of one installation. The first Fernet key encrypts; all of them decrypt."""

    pepper: bytes
    fernet: tuple[str, ...]
    seal: bytes
    web: str

    @classmethod
    def fresh(cls) -> "Keys":
        private = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return cls(secrets.token_bytes(32), (Fernet.generate_key().decode(),), private, secrets.token_urlsafe(48))

    @property
    def check(self) -> str:
        """A few letters in the key file itself that tell a key typed wrongly; they tell nothing about the keys."""
        whole = (self.pepper, *(key.encode() for key in self.fernet), self.seal, self.web.encode())
        return sha256(b"\n".join(whole)).hexdigest()[:8]

    @property
    def fingerprint(self) -> str:
        """What the books keep of these keys, to know them again: of pepper, first Fernet key and seal key, which never change."""
        return self.keyed("fingerprint", self.fernet[-1], self.public).hex()

    def keyed(self, *parts: str) -> bytes:
        """HMAC-SHA256 of the parts under the pepper: useless to whoever has only the database."""
        return hmac.digest(self.pepper, "\n".join(parts).encode(), sha256)

    def encrypt(self, secret: bytes, *, owner: str) -> bytes:
        """Encrypt a secret so that it opens only for `owner` ('totp:12'): a copied row is worth nothing."""
        return self._box.encrypt(owner.encode() + b"\n" + secret)

    def decrypt(self, token: bytes, *, owner: str) -> bytes:
        try:
            named, _, secret = self._box.decrypt(bytes(token)).partition(b"\n")
        except InvalidToken as wrong:
            raise NotOurs from wrong
        if named != owner.encode():
            raise NotOurs
        return secret

    def sign(self, text: bytes) -> bytes:
        """An Ed25519 signature of 64 bytes."""
        return self._private.sign(text)

    def signed(self, text: bytes, signature: bytes) -> bool:
        try:
            self._public.verify(bytes(signature), text)
        except InvalidSignature:
            return False
        return True

    @property
    def public(self) -> str:
        """The seal's public key, to be put away with the seals."""
        return b64encode(self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    @cached_property
    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.fernet])

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seal)

    @cached_property
    def _public(self) -> Ed25519PublicKey:
        return self._private.public_key()


_current: list[Keys] = []


def keys() -> Keys:
    """The keys in use; `use_keys` or `read_keys` gave them."""
    assert _current, "the key file was not read"
    return _current[-1]


def use_keys(given: Keys) -> None:
    _current[:] = [given]


def read_keys(path: Path) -> Keys:
    """Read the key file and use it. Raises NoKeys, MistypedKeys."""
    try:
        found = json.loads(path.read_text())
        given = Keys(b64decode(found["pepper"]), tuple(found["fernet"]), b64decode(found["seal"]), found["web"])
        given.sign(given.encrypt(given.pepper, owner=given.web))  # a damaged key shows now, not with the first payment
        if found.get("check", given.check) != given.check:
            raise MistypedKeys(path=str(path))
    except (ValueError, KeyError, TypeError, AttributeError) as damage:
        raise MistypedKeys(path=str(path)) from damage
    except OSError as trouble:
        raise NoKeys(path=str(path), why=trouble.strerror) from trouble
    use_keys(given)
    return given


def write_keys(path: Path, given: Keys) -> None:
    """Write a new key file that only its owner can read; never over an old one."""
    text = {
        "pepper": b64encode(given.pepper).decode(),
        "fernet": list(given.fernet),
        "seal": b64encode(given.seal).decode(),
        "web": given.web,
        "check": given.check,
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(text, file, indent=1)
