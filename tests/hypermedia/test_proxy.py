"""Whose word about an address is believed: only that of a proxy that was named, and only when it is whole."""

import pytest

from vps.hypermedia.proxy import CLAIMS, PROOF_LIFE, SEEN, Proxies, is_proof, proof
from vps.kernel.settings import Settings

STANDARD = Settings.proxy_peers
LIES = {
    "HTTP_X_FORWARDED_FOR": "9.9.9.9",
    "HTTP_X_FORWARDED_HOST": "evil",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_FORWARDED": "for=9.9.9.9",
}


def arrived(*, hops=1, peers=STANDARD, peer="127.0.0.1", **headers):
    """The environ as the app behind the proxies gets it."""
    got = {}

    def app(environ, _):
        got.update(environ)
        return []

    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:8000", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", **headers}
    Proxies(app, hops=hops, peers=peers)(environ | ({} if peer is None else {"REMOTE_ADDR": peer}), lambda *_: None)
    return got


def seen(said, **more):
    return arrived(HTTP_X_FORWARDED_FOR=said, **more)[SEEN]


def test_a_named_proxy_says_address_scheme_and_host():
    got = arrived(HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_HOST="wallet.example")
    assert (got[SEEN], got["wsgi.url_scheme"], got["HTTP_HOST"]) == ("192.0.2.7", "https", "wallet.example")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.1.1", "::1", "::ffff:127.0.0.1", "", None])
def test_without_a_word_this_machine_and_its_sockets_are_the_proxy(peer):
    assert seen("192.0.2.7", peer=peer) == "192.0.2.7"


@pytest.mark.parametrize("peer", ["192.0.2.99", "10.0.0.5", "2001:db8::1", "fe80::1%lo", "junk"])
def test_of_everybody_else_the_claims_are_dropped_and_his_own_address_counts(peer):
    got = arrived(peer=peer, HTTP_X_REAL_IP="9.9.9.9", **LIES)
    assert got[SEEN] == ("" if peer in ("junk", "fe80::1%lo") else peer)
    assert not set(CLAIMS) & set(got)
    assert (got["wsgi.url_scheme"], got["HTTP_HOST"]) == ("http", "127.0.0.1:8000")


@pytest.mark.parametrize(
    ("peers", "peer", "believed"),
    [
        ("10.0.0.5", "10.0.0.5", True),
        ("10.0.0.5", "10.0.0.6", False),
        ("10.0.0.5", "127.0.0.1", False),
        ("10.0.0.5", "", False),
        ("unix", "", True),
        ("unix", "127.0.0.1", False),
        (" 10.0.0.0/8 , fd00::/8,, ", "fd00::9", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("caddy, 10.0.0.5/99", "10.0.0.5", False),
    ],
)
def test_the_proxies_are_those_that_are_named(peers, peer, believed):
    assert (seen("192.0.2.7", peers=peers, peer=peer) == "192.0.2.7") is believed


def test_what_cannot_be_read_of_the_proxies_is_known():
    assert Proxies(lambda *_: [], hops=1, peers="caddy, 10.0.0.5,10.0.0.0/99").peers.unreadable == ("caddy", "10.0.0.0/99")
    assert Proxies(lambda *_: [], hops=1, peers=STANDARD).peers.unreadable == ()


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:DB8::7", "2001:db8::7"),
        ("", ""),
        (",", ""),
        ("192.0.2.7,", ""),
        ("9.9.9.9, 192.0.2.7", ""),
        (", ".join(["9.9.9.9"] * 50), ""),
        ("unknown", ""),
        ("192.0.2.7:4711", ""),
        ("[2001:db8::7]", ""),
        ("fe80::1%eth0", ""),
        ("_hidden", ""),
        ("x" * 2_000, ""),
    ],
)
def test_behind_one_proxy_its_one_entry_counts_or_nothing(said, address):
    assert seen(said) == address


def test_a_proxy_that_says_nothing_leaves_the_address_unknown():
    assert arrived()[SEEN] == ""


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("192.0.2.7, 10.0.0.1", "192.0.2.7"),
        ("192.0.2.7", ""),
        ("9.9.9.9, 192.0.2.7, 10.0.0.1", ""),
        ("192.0.2.7, unknown", ""),
        ("unknown, 10.0.0.1", ""),
    ],
)
def test_behind_two_proxies_there_are_two_entries(said, address):
    assert seen(said, hops=2) == address


def test_without_a_proxy_the_visitors_own_address_counts():
    assert arrived(hops=0, peer="::ffff:192.0.2.7")[SEEN] == "192.0.2.7"
    assert arrived(hops=0, peer="")[SEEN] == ""


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_where_no_proxy_was_named_makes_the_address_unknown(claim):
    got = arrived(hops=0, **{claim: "192.0.2.7"})
    assert (got[SEEN], got["wsgi.url_scheme"], got["HTTP_HOST"]) == ("", "http", "127.0.0.1:8000")


def test_the_word_of_the_doctor_is_ours_and_young(monkeypatch):
    word = proof()
    assert is_proof(word)
    for other in ("", "x", word + "x", word[:-1], word.swapcase()):
        assert not is_proof(other)
    monkeypatch.setattr("vps.hypermedia.proxy.PROOF_LIFE", -1)
    assert not is_proof(word)
    assert PROOF_LIFE <= 60
