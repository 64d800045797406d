"""The proof that VPS sees its visitors' own addresses, whatever they claim: every list of addresses rests on it.

The question goes the whole way that visitors come: out to the public address, through the proxies, and in again.
"""

import socket
from http.client import HTTPException
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from vps.cli.findings import Findings, ill, well
from vps.hypermedia.proxy import Peers, proof
from vps.kernel.addresses import plain_address
from vps.kernel.refusals import N_
from vps.kernel.settings import Settings

FORGED = "203.0.113.77"
"""An address that nobody has (RFC 5737)."""
CLAIM = {"X-Forwarded-For": FORGED, "X-Real-IP": FORGED, "Forwarded": f"for={FORGED}"}
UNKNOWN = "–"


class Seen(NamedTuple):
    """The address that VPS saw: of a visitor who claims nothing, and of one who claims to be at FORGED."""

    plain: str
    claiming: str


def peers(settings: Settings) -> Findings:
    """Whether VPS_PROXY_PEERS names proxies."""
    for word in Peers.read(settings.proxy_peers).unreadable:
        yield ill(N_("VPS_PROXY_PEERS names something that is neither an address nor a network: %(word)s"), word=word[:60])


def chain(settings: Settings) -> Findings:
    """Ask for the address that is seen, once plainly and once with a forged claim: both must be the same true one."""
    url = settings.public_url
    try:
        seen = Seen(_ask(url, {}), _ask(url, CLAIM))
        here = _is_here(url)
    except (OSError, ValueError, HTTPException) as trouble:
        yield ill(
            N_("Which addresses VPS sees could not be asked at %(url)s (%(why)s), so lists of addresses are not safe."),
            url=url,
            why=trouble,
        )
        return
    if seen.plain == seen.claiming and _plausible(seen.plain, here):
        yield well(N_("VPS sees its visitors' own addresses, whatever they claim; this machine's is %(address)s."), address=seen.plain)
    else:
        yield ill(
            N_(
                "Lists of addresses are not safe: VPS sees %(plain)s, and %(claiming)s when a visitor claims to be at %(forged)s. Both must be his"
                " own address. Look at VPS_PROXY_HOPS and VPS_PROXY_PEERS. Caddy needs nothing but docs/deploy/Caddyfile; for nginx:"
                " proxy_set_header X-Forwarded-For $remote_addr;"
            ),
            plain=seen.plain or UNKNOWN,
            claiming=seen.claiming or UNKNOWN,
            forged=FORGED,
        )


def _ask(url: str, headers: dict[str, str]) -> str:
    # Straight there: what stands in http_proxy would be a proxy that no visitor comes through.
    with build_opener(ProxyHandler({})).open(Request(f"{url}/seen/{proof()}", headers=headers), timeout=10) as answer:  # noqa: S310 - our own address
        said = answer.read(100).decode("ascii").strip()
    if said and plain_address(said) != said:
        raise ValueError(said[:40])
    return str(said)


def _is_here(url: str) -> bool:
    """Whether the public name leads to this machine by the shortest way, so that it visits itself from loopback."""
    found = socket.getaddrinfo(urlsplit(url).hostname, None, type=socket.SOCK_STREAM)
    return all(ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def _plausible(address: str, here: bool) -> bool:
    if not address or address == FORGED:
        return False
    ip = ip_address(address)
    return here if ip.is_loopback else not (ip.is_unspecified or ip.is_multicast)
