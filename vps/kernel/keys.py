"""The key file: pepper, encryption keys, seal key and the web's secret. It stands beside, never inside, the database."""

import fcntl
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
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


PRESENT = "2:"
"""How a fingerprint of the present kind begins."""


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
        """What the books keep of these keys, to know them again: of pepper and seal key, which never change."""
        return PRESENT + self.keyed("books", self.public).hex()

    @property
    def first_fingerprint(self) -> str:
        """What books kept before a Fernet key could be dropped: it holds the oldest one, too."""
        return self.keyed("fingerprint", self.fernet[-1], self.public).hex()

    def keyed(self, *parts: str) -> bytes:
        """HMAC-SHA256 of the parts under the pepper: useless to whoever has only the database."""
        return hmac.digest(self.pepper, "\n".join(parts).encode(), sha256)

    def encrypt(self, secret: bytes, *, owner: str) -> bytes:
        """Encrypt a secret so that it opens only for `owner` ('totp:12'): a copied row is worth nothing."""
        return _as_on_disk(self)._box.encrypt(owner.encode() + b"\n" + secret)

    def decrypt(self, token: bytes, *, owner: str) -> bytes:
        try:
            named, _, secret = _as_on_disk(self)._box.decrypt(bytes(token)).partition(b"\n")
        except InvalidToken as wrong:
            raise NotOurs from wrong
        if named != owner.encode():
            raise NotOurs
        return secret

    def age(self, token: bytes) -> int:
        """Which of the Fernet keys a token was made with: 0 is the one that encrypts now. Raises NotOurs."""
        for age, key in enumerate(self.fernet):
            with suppress(InvalidToken):
                Fernet(key).decrypt(bytes(token))
                return age
        raise NotOurs

    def renewed(self, token: bytes) -> bytes:
        """The same secret of the same owner, encrypted with the first key."""
        return self._box.rotate(bytes(token))

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
"""The keys in use, last; before them, what they were before the file changed: somebody may still hold those."""
_file: list[tuple[Path, "Stamp"]] = []
"""Where the keys in use were read from, and how that file looked."""


def keys() -> Keys:
    """The keys in use; `use_keys` or `read_keys` gave them."""
    assert _current, "the key file was not read"
    return _current[-1]


def use_keys(given: Keys) -> None:
    _current[:] = [given]
    _file.clear()


def read_keys(path: Path) -> Keys:
    """Read the key file and use it. Raises NoKeys, MistypedKeys."""
    given, stamp = _read(path)
    _current[:], _file[:] = [given], [(path, stamp)]
    return given


def _as_on_disk(given: Keys) -> Keys:
    """The keys in use with the Fernet keys that the file holds by now.

    A change of keys needs no restart by this: whoever has the key file open for long, the pages and the worker, sees it before
    the next secret. What else may have happened to the file is told by whoever starts next; here the keys in use go on serving.
    """
    if not _file or not any(given is held for held in _current):
        return given
    path, stamp = _file[-1]
    with suppress(NoKeys, OSError):
        if _stamp(path.stat()) != stamp:
            found, stamp = _read(path)
            if (found.pepper, found.seal) == (given.pepper, given.seal):
                _current.append(replace(given, fernet=found.fernet))
                _file[:] = [(path, stamp)]
    return keys()


def _read(path: Path) -> tuple[Keys, "Stamp"]:
    try:
        with path.open() as file:
            stamp, found = _stamp(os.fstat(file.fileno())), json.load(file)
        given = Keys(b64decode(found["pepper"]), tuple(found["fernet"]), b64decode(found["seal"]), found["web"])
        given.sign(given._box.encrypt(given.pepper))  # a damaged key shows now, not with the first payment
        if found.get("check", given.check) != given.check:
            raise MistypedKeys(path=str(path))
    except (ValueError, KeyError, TypeError, AttributeError) as damage:
        raise MistypedKeys(path=str(path)) from damage
    except OSError as trouble:
        raise NoKeys(path=str(path), why=trouble.strerror) from trouble
    return given, stamp


Stamp = tuple[int, int, int]


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_ino, found.st_mtime_ns, found.st_size


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
        file.flush()
        os.fsync(file.fileno())


def replace_keys(path: Path, given: Keys) -> None:
    """Exchange what the key file holds and use it. Who reads the file meanwhile, or after a power cut, finds the old keys or the new ones.

    The file keeps its owner; nothing of the old one is left.
    """
    place = path.resolve()
    part = place.with_name(f".{place.name}.new")
    part.unlink(missing_ok=True)  # of a change that was broken off
    try:
        write_keys(part, given)
        owner = place.stat()
        os.chown(part, owner.st_uid, owner.st_gid)
        part.rename(place)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    with _opened(place.parent) as folder:
        os.fsync(folder)
    read_keys(path)


@contextmanager
def changing_keys(path: Path) -> Iterator[Keys]:
    """The keys of the file, read while nobody else can change it: of two changes at once the second begins where the first ended."""
    with _opened(path.resolve().parent) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield read_keys(path)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)
