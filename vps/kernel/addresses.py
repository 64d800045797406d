"""Internet addresses in one spelling each: what two spellings mean is compared, not how they are written."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
MAPPED = IPv6Network("::ffff:0:0/96")
"""IPv4 as a socket for both kinds shows it."""
LONGEST = 45
"""Characters of the longest address; what is longer is not even remembered."""


def plain_address(text: str) -> str:
    """The address in its one spelling, IPv4 inside IPv6 as IPv4; empty for whatever is not an address and nothing else.

    A port, a zone (`fe80::1%eth0` means another machine on every machine), a name or `unknown` is no address.
    """
    return "" if len(text) > LONGEST or "%" in text else _plain(text)


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    try:
        ip = ip_address(text)
    except ValueError:
        return ""
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def read_network(text: str) -> Network:
    """A network as people type it: a prefix, a mask, or one address. IPv4 inside IPv6 becomes IPv4. Raises ValueError."""
    if "%" in text:
        raise ValueError(text)
    found = ip_network(text, strict=False)
    if isinstance(found, IPv6Network) and found.subnet_of(MAPPED):
        return IPv4Network((int(found.network_address) & 0xFFFF_FFFF, found.prefixlen - MAPPED.prefixlen))
    return found


def holds(network: str, address: str) -> bool:
    """Whether a plain address lies in a network; no address lies in none."""
    return bool(address) and ip_address(address) in ip_network(network)
