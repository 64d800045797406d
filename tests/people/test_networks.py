"""From which addresses somebody may act: how a list is read, who may change it, and what an unknown address is worth."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import database, one, rows, run
from vps.people.actions import (
    AddressNotAllowed,
    SignInNotAllowed,
    add_network,
    address_changes,
    allows,
    end_elsewhere,
    end_network,
    end_networks,
    live_session,
    must_be_allowed,
    must_be_let_in,
    networks_of,
    open_session,
    owner_may,
)
from vps.people.actions.networks import (
    MOST,
    AddressNotSeen,
    AlreadyListed,
    ListFull,
    NotANetwork,
    OnlyTheOffice,
    SignInNotSeen,
    TooWide,
    WouldShutOut,
    WouldShutOutUnseen,
)
from vps.people.actions.notices import note

HERE = "198.51.100.7"


def own(person, address=HERE):
    return Actor(person.id, address)


def desk(cast):
    return Actor(cast.dragan.id, "192.0.2.9")


def listed(person):
    return [each.cidr for each in networks_of(person.id)]


def verbs(person):
    return [verb for (verb,) in rows("SELECT verb FROM event WHERE subject = ? ORDER BY id", f"person:{person.id}")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 198.51.100.7 ", "198.51.100.7/32"),
        ("198.51.100.7/24", "198.51.100.0/24"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:DB8:7::1", "2001:db8:7::/64"),
        ("2001:db8:7::1/128", "2001:db8:7::1/128"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:198.51.100.7", "198.51.100.7/32"),
        ("::ffff:198.51.100.7/120", "198.51.100.0/24"),
    ],
)
def test_a_network_is_kept_in_one_spelling(cast, typed, kept):
    assert add_network(cast.anna.id, typed, actor=desk(cast), at=NOON) == kept
    assert listed(cast.anna) == [kept]


@pytest.mark.parametrize(
    "typed", ["", "home", "198.51.100", "198.51.100.7:80", "fe80::1%eth0", "fe80::%1/64", "198.51.100.0/33", "10.0.0.0 /8", "1/8", "/24"]
)
def test_nonsense_is_no_network(house, typed):
    with pytest.raises(NotANetwork):
        add_network(house.anna.id, typed, actor=desk(house), at=NOON)


@pytest.mark.parametrize("typed", ["0.0.0.0/0", "10.0.0.0/7", "10.0.0.0/0.0.0.0", "::/0", "2001::/31", "::ffff:0.0.0.0/96"])
def test_a_network_that_keeps_nobody_out_is_refused(house, typed):
    with pytest.raises(TooWide):
        add_network(house.anna.id, typed, actor=desk(house), at=NOON)
    assert listed(house.anna) == []


def test_the_same_network_is_not_listed_twice_but_again_after_it_ended(cast):
    add_network(cast.anna.id, HERE, actor=desk(cast), at=NOON)
    with pytest.raises(AlreadyListed):
        add_network(cast.anna.id, f"{HERE}/32", actor=desk(cast), at=NOON)

    end_network(cast.anna.id, networks_of(cast.anna.id)[0].id, actor=desk(cast), at=NOON)
    add_network(cast.anna.id, HERE, actor=desk(cast), at=NOON)

    assert listed(cast.anna) == [f"{HERE}/32"]


def test_a_list_has_an_end(house):
    for n in range(MOST):
        add_network(house.anna.id, f"10.0.0.{n}", actor=desk(house), at=NOON)
    with pytest.raises(ListFull):
        add_network(house.anna.id, HERE, actor=desk(house), at=NOON)
    assert len(listed(house.anna)) == MOST


def test_who_has_no_list_may_act_from_everywhere_and_who_has_one_from_there_only(cast):
    assert allows(cast.anna.id, HERE) and allows(cast.anna.id, "")

    add_network(cast.anna.id, "198.51.100.0/24", actor=desk(cast), at=NOON)
    add_network(cast.anna.id, "2001:db8:7::1", actor=desk(cast), at=NOON)

    assert allows(cast.anna.id, HERE) and allows(cast.anna.id, f"::ffff:{HERE}") and allows(cast.anna.id, "2001:db8:7::ffff")
    for elsewhere in ("198.51.101.7", "2001:db8:8::1", "", "unknown", "fe80::1%eth0"):
        assert not allows(cast.anna.id, elsewhere), elsewhere
    assert allows(cast.boris.id, "198.51.101.7"), "a list is one person's"


def test_an_entry_that_ended_counts_no_more(cast):
    add_network(cast.anna.id, "10.0.0.1", actor=desk(cast), at=NOON)
    add_network(cast.anna.id, HERE, actor=desk(cast), at=NOON)
    end_network(cast.anna.id, networks_of(cast.anna.id)[0].id, actor=desk(cast), at=NOON)
    assert allows(cast.anna.id, HERE) and not allows(cast.anna.id, "10.0.0.1")


def test_a_payment_from_elsewhere_is_told_from_where_it_came(house):
    must_be_allowed(house.anna.id, "")
    add_network(house.anna.id, HERE, actor=desk(house), at=NOON)

    must_be_allowed(house.anna.id, HERE)
    with pytest.raises(AddressNotAllowed) as elsewhere:
        must_be_allowed(house.anna.id, "203.0.113.5")
    assert (elsewhere.value.status, elsewhere.value.facts) == (403, {"address": "203.0.113.5"})
    with pytest.raises(AddressNotSeen):
        must_be_allowed(house.anna.id, "")


def test_staff_come_in_from_their_list_only_and_the_trail_knows_who_was_turned_away(cast):
    must_be_let_in(cast.dragan, address="203.0.113.5", at=NOON)
    add_network(cast.dragan.id, HERE, actor=HOUSE, at=NOON)

    must_be_let_in(cast.dragan, address=HERE, at=NOON)
    for address, refusal in (("203.0.113.5", SignInNotAllowed), ("", SignInNotSeen)):
        with pytest.raises(refusal):
            must_be_let_in(cast.dragan, address=address, at=NOON)

    assert rows("SELECT actor, subject, address FROM event WHERE verb = 'sign-in refused: address' ORDER BY id") == [
        (cast.dragan.id, f"person:{cast.dragan.id}", "203.0.113.5"),
        (cast.dragan.id, f"person:{cast.dragan.id}", ""),
    ]


def test_a_partner_always_comes_in(house):
    add_network(house.anna.id, HERE, actor=HOUSE, at=NOON)
    must_be_let_in(house.anna, address="203.0.113.5", at=NOON)
    assert "sign-in refused: address" not in verbs(house.anna)


def test_the_owner_begins_his_list_and_the_office_does_the_rest(cast):
    assert owner_may(cast.anna.id, "add") and not owner_may(cast.anna.id, "end")
    add_network(cast.anna.id, HERE, actor=own(cast.anna), at=NOON)
    assert not owner_may(cast.anna.id, "add")

    (first,) = networks_of(cast.anna.id)
    assert first.own and first.made_at == NOON
    with pytest.raises(OnlyTheOffice):
        add_network(cast.anna.id, "10.0.0.1", actor=own(cast.anna), at=NOON)
    with pytest.raises(OnlyTheOffice):
        end_network(cast.anna.id, first.id, actor=own(cast.anna), at=NOON)
    assert listed(cast.anna) == [f"{HERE}/32"]

    add_network(cast.anna.id, "10.0.0.1", actor=desk(cast), at=NOON)
    end_network(cast.anna.id, first.id, actor=desk(cast), at=NOON)
    assert [(each.cidr, each.own) for each in networks_of(cast.anna.id)] == [("10.0.0.1/32", False)]


def test_of_two_lists_that_are_begun_at_once_there_is_one(cast):
    begun = at_once(6, lambda n: add_network(cast.anna.id, f"10.0.0.{n}", outside=True, actor=own(cast.anna), at=NOON))
    assert sum(isinstance(each, OnlyTheOffice) for each in begun) == 5
    assert listed(cast.anna) == [each for each in begun if isinstance(each, str)]


def test_staff_do_not_change_their_own_list_by_the_offices_right(cast):
    add_network(cast.dragan.id, "192.0.2.9", actor=desk(cast), at=NOON)
    with pytest.raises(OnlyTheOffice):
        add_network(cast.dragan.id, HERE, actor=desk(cast), at=NOON)


def test_who_would_shut_himself_out_says_that_he_means_it(cast):
    for address, refusal in (("203.0.113.5", WouldShutOut), ("", WouldShutOutUnseen)):
        with pytest.raises(refusal) as refused:
            add_network(cast.anna.id, HERE, actor=own(cast.anna, address), at=NOON)
        assert refused.value.field == "outside"
    assert listed(cast.anna) == []

    add_network(cast.anna.id, HERE, outside=True, actor=own(cast.anna, "203.0.113.5"), at=NOON)
    assert listed(cast.anna) == [f"{HERE}/32"]


def test_one_entry_ends_once_and_only_on_its_owners_list(cast):
    add_network(cast.anna.id, HERE, actor=HOUSE, at=NOON)
    (entry,) = networks_of(cast.anna.id)

    end_network(cast.boris.id, entry.id, actor=desk(cast), at=NOON)
    assert listed(cast.anna)
    for _ in range(2):
        end_network(cast.anna.id, entry.id, actor=desk(cast), at=NOON)

    assert verbs(cast.anna).count("network ended") == 1 and "network ended" not in verbs(cast.boris)


def test_whoever_shut_himself_out_is_unlocked_in_one_go(cast):
    add_network(cast.dragan.id, "10.0.0.1", actor=HOUSE, at=NOON)
    add_network(cast.dragan.id, "10.0.0.2", actor=HOUSE, at=NOON)

    assert [end_networks(cast.dragan.id, actor=HOUSE, at=NOON) for _ in range(2)] == [2, 0]

    assert listed(cast.dragan) == []
    assert rows("SELECT before FROM event WHERE verb = 'network ended'") == [("10.0.0.1/32, 10.0.0.2/32",)]


def test_the_owner_is_told_of_every_change(cast):
    add_network(cast.anna.id, HERE, actor=desk(cast), at=NOON)
    end_networks(cast.anna.id, actor=HOUSE, at=NOON)
    told = rows("SELECT facts FROM outbox WHERE kind = 'notice' ORDER BY id")
    assert ["network added" in told[0][0], "network ended" in told[1][0], len(told)] == [True, True, 2]


def test_a_session_knows_whether_there_is_a_list_and_ends_once(cast):
    token = open_session(cast.dragan, browser=None, agent="Firefox", actor=own(cast.dragan), at=NOON, confirmed=True).token
    assert not live_session(token).listed
    add_network(cast.dragan.id, HERE, actor=HOUSE, at=NOON)
    live = live_session(token)
    assert live.listed and live.staff

    for _ in range(2):
        end_elsewhere(live.id, actor=own(cast.dragan, "203.0.113.5"), at=NOON)

    assert live_session(token) is None
    assert verbs(cast.dragan).count("session ended: address") == 1
    end_networks(cast.dragan.id, actor=HOUSE, at=NOON)
    token = open_session(cast.dragan, browser=None, agent="Firefox", actor=own(cast.dragan), at=NOON, confirmed=True).token
    assert not live_session(token).listed, "a list that ended is none"


def test_restless_addresses_are_counted_from_ones_own_lines_of_a_month(cast):
    def came(address, *, days=0, actor=None):
        note(Actor(actor or cast.anna.id, address), "signed in", cast.anna.id, at=NOON - timedelta(days=days))

    came("10.9.9.9", days=31)
    came("10.9.9.8", days=30)
    for address in (HERE, HERE, "203.0.113.5", HERE, "", "2001:db8:7::1"):
        came(address, days=3)
    came("192.0.2.9", actor=cast.dragan.id)
    came("2001:db8:7::2")

    assert address_changes(cast.anna.id, NOON) == 3, "to and fro, then to IPv6, whose /64 counts as one"
    assert address_changes(cast.boris.id, NOON) == 0


def test_the_database_keeps_who_allowed_what(cast):
    add_network(cast.anna.id, HERE, actor=desk(cast), at=NOON)
    for lie in ("UPDATE network SET cidr = '0.0.0.0/0'", "UPDATE network SET made_by = NULL", "DELETE FROM network"):
        with pytest.raises(Exception, match="immutable"), database.atomic():
            run(lie)
    assert one("SELECT made_by FROM network")[0] == cast.dragan.id
