"""Where a request comes from. What is said about it is believed only from the proxies that stand before us, and only in full.

An address that is not known for sure is unknown, and an unknown address passes no rule. Source: SECURITY, trap 12 and 3.6.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from vps.kernel.addresses import Network, plain_address, read_network
from vps.kernel.keys import keys

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SEEN = "vps.address"
"""Where the environ carries the address; empty when it is unknown."""
SAYS = "HTTP_X_FORWARDED_FOR"
CLAIMS = (SAYS, "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED", "HTTP_X_REAL_IP")  # fmt: skip
SOCKET = "unix"
"""How a proxy is named that comes by a socket of this machine, which has no address."""
PROOF_LIFE = 60
"""Seconds for which `vps doctor` may ask what address is seen."""


class Peers(NamedTuple):
    """The proxies that are believed, and what of the setting could not be read: that makes nobody believed."""

    networks: tuple[Network, ...]
    socket: bool
    unreadable: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Peers":
        """VPS_PROXY_PEERS: addresses and networks, and `unix`, with commas between them."""
        networks, unreadable, words = [], [], [word.strip() for word in text.split(",")]
        for word in words:
            try:
                networks += [read_network(word)] if word not in ("", SOCKET) else []
            except ValueError:
                unreadable.append(word)
        return cls(tuple(networks), SOCKET in words, tuple(unreadable))

    def hold(self, peer: str) -> bool:
        """Whether this is one of them; `peer` is REMOTE_ADDR, which is empty for a socket of this machine."""
        if not peer:
            return self.socket
        plain = plain_address(peer)
        return bool(plain) and any(ip_address(plain) in each for each in self.networks)


class Proxies:
    """WSGI: puts the visitor's address into the environ, and lets trusted proxies say scheme and host."""

    def __init__(self, app: "WSGIApplication", *, hops: int, peers: str) -> None:
        self.app, self.hops, self.peers = app, hops, Peers.read(peers)
        self.believing = ProxyFix(app, x_for=0, x_proto=hops, x_host=hops)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR") or ""
        claims = [name for name in CLAIMS if name in environ]
        if not self.hops:
            # A claim where no proxy was named is a proxy nobody told us about: every visitor would seem to be that proxy.
            environ[SEEN] = "" if claims else plain_address(peer)
            return self.app(environ, start_response)
        if self.peers.hold(peer):
            environ[SEEN] = self._said(environ.get(SAYS, ""))
            return self.believing(environ, start_response)
        for name in claims:
            del environ[name]
        environ[SEEN] = plain_address(peer)
        return self.app(environ, start_response)

    def _said(self, header: str) -> str:
        # One entry for each proxy, all lines taken together. More of them means that a visitor began the list himself.
        entries = [plain_address(entry.strip()) for entry in header.split(",", self.hops)]
        return entries[0] if len(entries) == self.hops and all(entries) else ""


def proof() -> str:
    """A word with which `vps doctor` may ask for the address that is seen."""
    return _signer().dumps("seen")


def is_proof(word: str) -> bool:
    """Whether this word was made here within the last minute."""
    try:
        return bool(_signer().loads(word, max_age=PROOF_LIFE) == "seen")
    except BadSignature:
        return False


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().web, salt="seen")
