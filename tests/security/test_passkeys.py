"""Passkeys: added by a signature over a fresh challenge, kept for their owner alone, ended whenever he likes."""

import json
from datetime import timedelta

import pytest
from peewee import IntegrityError
from webauthn.helpers import parse_registration_options_json

from tests.at_once import at_once
from tests.cast import NOON, app_of, sheet_of
from tests.security.authenticator import ATTESTED, PRESENT, VERIFIED, Authenticator, binary
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, run
from vps.kernel.text import HiddenCharacters, NoName, TooLong
from vps.post.actions import due
from vps.security.actions import (
    NotAPasskey,
    NotSafeAlone,
    Site,
    TooManyPasskeys,
    add_passkey,
    creation_options,
    end_passkey,
    must_be_permitted,
    permit,
)
from vps.security.actions.passkeys import LONGEST_ANSWER, NeedsName
from vps.security.models import Passkey, enrolled, passkeys_of

SITE = Site("wallet.example.com", "https://wallet.example.com")
CHALLENGE = bytes(range(32))


def add(person, device=None, *, answer=None, name="My phone", challenge=CHALLENGE, site=SITE, usable_from=NOON, actor=None, **lies):
    """Add a passkey of a device to a person, with an answer that may lie."""
    device = device or Authenticator()
    said = answer or device.create(creation_options(person.id, SITE, CHALLENGE), **{"origin": SITE.origin, **lies})
    at = usable_from
    if enrolled(person.id):  # a further way is allowed first, and rests
        at -= timedelta(hours=24)
        permit(person.id, "office", actor=HOUSE, at=at)
    facts = {"challenge": challenge, "site": site, "name": name, "at": at}
    return add_passkey(person.id, said, actor=actor or Actor(person.id), **facts)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://wallet.example.com", SITE),
        ("https://Wallet.Example.com:443/", SITE),
        ("http://localhost:8000", Site("localhost", "http://localhost:8000")),
        ("http://localhost", Site("localhost", "http://localhost")),
        ("https://bücher.example:8443", Site("xn--bcher-kva.example", "https://xn--bcher-kva.example:8443")),
    ],
)
def test_the_site_is_named_as_browsers_name_it(address, site):
    assert Site.at(address) == site


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://192.0.2.7"])
def test_an_address_of_numbers_has_no_passkeys(house, address):
    with pytest.raises(NeedsName):
        creation_options(house.anna.id, Site.at(address), CHALLENGE)


def test_a_browser_is_asked_for_a_verified_passkey_without_attestation(cast):
    add(cast.anna, device := Authenticator())

    asked = creation_options(cast.anna.id, SITE, CHALLENGE)

    options = parse_registration_options_json(asked)
    assert (options.rp.id, options.rp.name, options.challenge) == ("wallet.example.com", "Alpenkraut", CHALLENGE)
    assert (options.user.name, options.user.display_name) == (cast.anna.number, "Anna Bauer")
    assert [each.id for each in options.exclude_credentials] == [device.credential], "the same device is not asked twice"
    selection = json.loads(asked)["authenticatorSelection"]
    assert (selection, options.attestation) == ({"residentKey": "preferred", "userVerification": "required"}, "none")


def test_what_an_authenticator_keeps_of_a_person_says_nothing_about_our_rows(house):
    anna, dragan = (json.loads(creation_options(person.id, SITE, CHALLENGE))["user"] for person in (house.anna, house.dragan))

    assert len(binary(anna["id"])) == 32 and anna["id"] != dragan["id"]
    assert json.loads(creation_options(house.anna.id, SITE, b"another"))["user"] == anna
    assert dragan["name"] == "dragan", "who has no number is known by his name"


def test_an_answer_adds_a_passkey_that_is_listed_and_told_of(cast):
    key = add(cast.anna, usable_from=NOON + timedelta(days=1), name="  Annas   Telefon ")

    assert passkeys_of(cast.anna.id) == [(key, "Annas Telefon", NOON + timedelta(days=1), NOON + timedelta(days=1), None)]
    assert one("SELECT subject, after FROM event WHERE verb = 'passkey added'") == (f"person:{cast.anna.id}", "Annas Telefon")
    assert [message[5]["verb"] for message in due(NOON + timedelta(days=1), limit=9)] == ["passkey added"]
    assert passkeys_of(cast.boris.id) == []


def test_the_same_answer_sent_twice_adds_one(cast):
    answer = Authenticator().create(creation_options(cast.anna.id, SITE, CHALLENGE), origin=SITE.origin)

    assert add(cast.anna, answer=answer) == add(cast.anna, answer=answer)

    assert len(passkeys_of(cast.anna.id)) == 1
    assert one("SELECT count(*) FROM event WHERE verb = 'passkey added'")[0] == 1


def test_the_same_answer_in_four_windows_at_once_adds_one(cast):
    answer = Authenticator().create(creation_options(cast.anna.id, SITE, CHALLENGE), origin=SITE.origin)

    assert len(set(at_once(4, lambda _: add(cast.anna, answer=answer)))) == 1
    assert len(passkeys_of(cast.anna.id)) == 1


def test_a_credential_is_nobody_elses_and_does_not_come_back(cast):
    device = Authenticator()
    key = add(cast.anna, device)

    with pytest.raises(NotAPasskey):
        add(cast.boris, device)
    end_passkey(cast.anna.id, key, actor=Actor(cast.anna.id), at=NOON)
    with pytest.raises(NotAPasskey):
        add(cast.anna, device)
    assert passkeys_of(cast.anna.id) == passkeys_of(cast.boris.id) == []


WRONG = {
    "another origin": {"origin": "https://wallet.example.com.evil.example"},
    "another host": {"host": "evil.example"},
    "another challenge": {"challenge": b"another"},
    "a signature instead": {"kind": "webauthn.get"},
    "the user was not verified": {"flags": PRESENT | ATTESTED},
    "nobody was there": {"flags": VERIFIED | ATTESTED},
    "no credential": {"flags": PRESENT | VERIFIED},
    "a credential too short": {"credential": b"short"},
    "a credential too long": {"credential": bytes(1024)},
    "an algorithm nobody asked for": {"public": {1: 2, 3: -47, -1: 8, -2: bytes(32), -3: bytes(32)}},
    "a point on no curve": {"public": {1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\1" * 32}},
    "a number for a point": {"public": {1: 2, 3: -7, -1: 1, -2: 1, -3: 1}},
    "half a key": {"public": {1: 2}},
    "no key": {"public": 7},
    "a key too long": {"public": {1: 3, 3: -257, -1: b"\xff" * 1100, -2: b"\1\0\1"}},
    "an attestation that is a list": {"attestation": [1, 2]},
    "an attestation without data": {"attestation": {"fmt": "none"}},
    "an attestation whose data is text": {"attestation": {"fmt": "none", "authData": "x"}},
    "an attestation that is cut off": {"attestation": {"fmt": "none", "authData": b"short"}},
}


@pytest.mark.parametrize("lies", WRONG.values(), ids=WRONG)
def test_an_answer_that_does_not_fit_adds_nothing(house, lies):
    with pytest.raises(NotAPasskey):
        add(house.anna, **lies)

    assert passkeys_of(house.anna.id) == []


@pytest.mark.parametrize("answer", ["x", "{}", "[]", "null", "7", '{"id": "\\ud800"}', "[" * 8000, "x" * (LONGEST_ANSWER + 1)])
def test_what_is_no_answer_adds_nothing(house, answer):
    with pytest.raises(NotAPasskey):
        add(house.anna, answer=answer)


def test_an_answer_of_more_than_eight_thousand_characters_is_not_even_read(house):
    answer = Authenticator().create(creation_options(house.anna.id, SITE, CHALLENGE), origin=SITE.origin)

    with pytest.raises(NotAPasskey):
        add(house.anna, answer=answer + " " * LONGEST_ANSWER)
    assert add(house.anna, answer=answer + " " * 100)


def test_what_a_device_says_about_its_maker_is_not_read(house):
    assert add(house.anna, fmt="packed", statement={"alg": -7, "sig": b"of whomever"})


def test_a_name_is_cleaned_and_needed(house):
    for name, refusal in ((" ", NoName), ("x" * 41, TooLong), ("a\u202eb", HiddenCharacters)):
        with pytest.raises(refusal):
            add(house.anna, name=name)


def test_nobody_has_more_than_ten(cast):
    keys = [add(cast.anna, name=f"Device {n}") for n in range(10)]

    with pytest.raises(TooManyPasskeys) as refused:
        add(cast.anna)
    assert refused.value.facts == {"most": 10}

    end_passkey(cast.anna.id, keys[3], actor=Actor(cast.anna.id), at=NOON)
    assert add(cast.anna), "those that were ended are not counted"
    assert add(cast.boris), "nor somebody else's"


def test_who_has_no_way_yet_may_add_a_passkey_that_works_at_once(house):
    must_be_permitted(house.anna.id, NOON)
    add(house.anna)
    assert passkeys_of(house.anna.id)[0].usable_from == NOON


@pytest.mark.parametrize("way", [sheet_of, app_of, add])
def test_a_password_alone_adds_nothing_for_who_has_a_way(cast, way):
    way(cast.anna)

    with pytest.raises(NotSafeAlone):
        must_be_permitted(cast.anna.id, NOON)
    must_be_permitted(cast.boris.id, NOON)


def test_the_owner_ends_his_last_way_and_is_told_of_it(cast):
    key = add(cast.anna)

    end_passkey(cast.anna.id, key, actor=Actor(cast.anna.id), at=NOON)
    end_passkey(cast.anna.id, key, actor=Actor(cast.anna.id), at=NOON)

    assert passkeys_of(cast.anna.id) == []
    assert one("SELECT count(*), min(after) FROM event WHERE verb = 'passkey ended'") == (1, "My phone")
    assert [message[5]["verb"] for message in due(NOON, limit=9)] == ["passkey added", "passkey ended"]
    with pytest.raises(NotSafeAlone):
        must_be_permitted(cast.anna.id, NOON)  # or the password alone would replace the last way by another


def test_somebody_elses_passkey_is_left_as_it_is(cast):
    key = add(cast.anna)

    end_passkey(cast.boris.id, key, actor=Actor(cast.boris.id), at=NOON)

    assert [each.id for each in passkeys_of(cast.anna.id)] == [key]
    assert one("SELECT count(*) FROM event WHERE verb = 'passkey ended'")[0] == 0


def test_the_database_keeps_a_passkey_as_it_was_added(cast):
    add(cast.anna, actor=HOUSE)

    for change in ("person_id = 2", "credential = mac", "public_key = mac", "name = 'x'", "usable_from = 0", "mac = credential"):
        with pytest.raises(IntegrityError, match="immutable"):
            run(f"UPDATE passkey SET {change}")
    with pytest.raises(IntegrityError, match="immutable"):
        run("DELETE FROM passkey")
    with pytest.raises(IntegrityError):
        run("UPDATE passkey SET sign_count = -1")
    assert Passkey.select().count() == 1
