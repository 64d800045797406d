"""Addresses in one spelling each, and whether one lies in a network."""

import pytest

from vps.kernel.addresses import holds, plain_address, read_network


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::FFFF:0A00:0001", "10.0.0.1"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
    ],
)
def test_an_address_has_one_spelling(typed, plain):
    assert plain_address(typed) == plain_address(typed) == plain


@pytest.mark.parametrize(
    "typed",
    ["", " ", "unknown", "192.0.2.7:443", "[2001:db8::7]", "fe80::1%eth0", "fe80::1%", "010.0.0.1", "10.0.0", "1", "١٩٢.0.2.7", "192.0.2.7 ", "192.0.2.0/24",
     "a" * 100, "::ffff:10.0.0.1%2"],
)  # fmt: skip
def test_what_is_not_an_address_alone_is_none(typed):
    assert plain_address(typed) == ""


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("192.0.2.7/255.255.255.0", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8::7/48", "2001:db8::/48"),
        ("::ffff:10.0.0.1/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
    ],
)
def test_a_network_has_one_spelling(typed, network):
    assert str(read_network(typed)) == network


@pytest.mark.parametrize("typed", ["", "fe80::%eth0/64", "192.0.2.0/33", "192.0.2.0/", "home", "192.0.2.0/24/24"])
def test_what_is_not_a_network_is_said(typed):
    with pytest.raises(ValueError, match=r".*"):
        read_network(typed)


def test_an_address_lies_in_its_network_and_no_address_in_none():
    assert holds("192.0.2.0/24", "192.0.2.255")
    assert not holds("192.0.2.0/24", "192.0.3.0")
    assert not holds("192.0.2.0/24", "2001:db8::7")
    assert not holds("0.0.0.0/0", "")
