"""What a passkey confirms: exactly the challenge it was asked, for its owner, on our site, by a user it verified, and once."""

import json
import random
from datetime import timedelta

import pytest
from webauthn.helpers import parse_authentication_options_json

from tests.at_once import at_once
from tests.cast import NOON
from tests.forger import lie, unguard
from tests.security.authenticator import PRESENT, VERIFIED, Authenticator, binary, text
from tests.security.test_passkeys import CHALLENGE, SITE, WRONG, add
from vps.kernel.authorisation import Actor
from vps.kernel.database import action, one, run
from vps.security.actions import Site, assertion, end_passkey, request_options, use_passkey
from vps.security.actions.passkeys import LONGEST_ANSWER
from vps.security.models.audit import audit

DAY = timedelta(days=1)


@pytest.fixture
def phone(cast):
    """Anna's phone, with a passkey of hers."""
    device = Authenticator()
    cast.key = add(cast.anna, device)
    cast.phone = device
    return cast


def signed(cast, *, device=None, challenge=CHALLENGE, **lies):
    """The phone's answer to what the server asks of Anna."""
    options = request_options(cast.anna.id, SITE, challenge, at=NOON)
    return (device or cast.phone).get(options, **{"origin": SITE.origin, **lies})


def right(cast, answer, *, person=None, challenge=CHALLENGE, site=SITE, at=NOON):
    return assertion((person or cast.anna).id, answer, challenge=challenge, site=site, at=at)


@action
def use(key, count, at=NOON):
    return use_passkey(key, count, at)


def test_his_passkey_over_this_challenge_is_right(phone):
    assert right(phone, signed(phone)) == (phone.key, 1)
    assert one("SELECT sign_count, used_at FROM passkey") == (0, None), "looking at an answer writes nothing"


def test_only_his_usable_passkeys_are_asked_for(cast):
    mine = [Authenticator() for _ in range(3)]
    first, ended, _ = (add(cast.anna, device, usable_from=NOON + n * DAY) for device, n in zip(mine, (0, 0, 1), strict=True))
    add(cast.boris)
    end_passkey(cast.anna.id, ended, actor=Actor(cast.anna.id), at=NOON)

    today, tomorrow = (request_options(cast.anna.id, SITE, CHALLENGE, at=NOON + n * DAY) for n in range(2))

    options = parse_authentication_options_json(today)
    assert (options.challenge, options.rp_id, options.user_verification) == (CHALLENGE, "wallet.example.com", "required")
    assert [each.id for each in options.allow_credentials] == [mine[0].credential] and first
    assert [each["id"] for each in json.loads(tomorrow)["allowCredentials"]] == [text(mine[0].credential), text(mine[2].credential)]
    assert options.timeout == 300_000


LIES = {name: lies for name, lies in WRONG.items() if name in ("another origin", "another host", "the user was not verified")} | {
    "nobody was there": {"flags": VERIFIED},
    "the user was not verified": {"flags": PRESENT},
    "a creation instead": {"kind": "webauthn.create"},
    "another challenge": {"challenge": b"another"},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_a_signature_over_anything_else_is_none(phone, lies):
    assert right(phone, signed(phone, **lies)) is None


def test_a_signature_is_right_on_our_site_only(phone):
    answer = signed(phone)

    assert right(phone, answer, site=Site("wallet.example.com", "http://wallet.example.com")) is None
    assert right(phone, answer, site=Site("example.com", SITE.origin)) is None
    assert right(phone, answer) == (phone.key, 1)


def test_another_device_with_the_same_name_is_none(phone):
    stranger = Authenticator()
    stranger.credential = phone.phone.credential

    assert right(phone, signed(phone, device=stranger)) is None


def test_somebody_elses_passkey_is_none(phone):
    add(phone.boris, theirs := Authenticator())

    assert right(phone, signed(phone, device=theirs)) is None
    assert right(phone, signed(phone), person=phone.boris) is None
    assert right(phone, signed(phone, device=Authenticator())) is None, "nor one that nobody added"


def test_a_passkey_answers_from_its_day_on_until_it_is_ended(cast):
    cast.phone = Authenticator()
    key = add(cast.anna, cast.phone, usable_from=NOON + DAY)
    answer = signed(cast)

    assert right(cast, answer, at=NOON + DAY - timedelta(microseconds=1)) is None
    assert right(cast, answer, at=NOON + DAY) == (key, 1)
    assert not use(key, 1, at=NOON)
    end_passkey(cast.anna.id, key, actor=Actor(cast.anna.id), at=NOON + DAY)
    assert right(cast, answer, at=NOON + DAY) is None
    assert not use(key, 1, at=NOON + DAY)


def test_a_row_that_was_copied_to_another_person_or_edited_is_worth_nothing(phone):
    answer, foreign = signed(phone), Authenticator()
    add(phone.boris, foreign)
    unguard()

    run("UPDATE passkey SET person_id = ? WHERE id = ?", phone.boris.id, phone.key)
    assert right(phone, answer, person=phone.boris) is None
    run("UPDATE passkey SET person_id = ? WHERE id = ?", phone.anna.id, phone.key)
    assert right(phone, answer) == (phone.key, 1)

    run(
        "UPDATE passkey SET public_key = (SELECT p.public_key FROM passkey p WHERE p.person_id = ?) WHERE id = ?", phone.boris.id, phone.key
    )
    foreign.credential = phone.phone.credential
    assert right(phone, signed(phone, device=foreign)) is None


EDITS = ("public_key = mac", "mac = credential", "credential = mac")


def test_the_audit_names_every_row_that_is_not_as_it_was_added(phone):
    add(phone.boris)
    assert list(audit()) == []
    unguard()

    for edit, person in ((f"person_id = {phone.boris.id}", phone.boris), *((edit, phone.anna) for edit in EDITS)):
        says = [f"Passkey {phone.key} of {person.number} does not fit: it was not made for this account."]
        assert lie(audit, f"UPDATE passkey SET {edit} WHERE id = {phone.key}") == says
    run("UPDATE passkey SET mac = credential WHERE id = ?", phone.key)
    assert [(problem.check, problem.facts) for problem in audit()] == [("A15", {"id": phone.key, "person": phone.anna.number})]


def test_a_count_is_taken_once_and_never_an_older_one(phone):
    assert [use(phone.key, count) for count in (5, 5, 4, 0, 6)] == [True, False, False, False, True]
    assert one("SELECT sign_count FROM passkey")[0] == 6


def test_a_count_taken_in_eight_windows_at_once_is_taken_once(phone):
    assert sorted(at_once(8, lambda _: use(phone.key, 1))) == [False] * 7 + [True]


def test_the_moment_of_the_last_use_is_kept(phone):
    assert use(phone.key, 1, at=NOON + DAY)
    assert one("SELECT used_at FROM passkey")[0] == (NOON + DAY).timestamp() * 1_000_000


def test_a_passkey_that_does_not_count_is_used_again_and_again(cast):
    cast.phone = Authenticator(counts=None)
    key = add(cast.anna, cast.phone)

    for challenge in (b"one" * 11, b"two" * 11):
        found = right(cast, signed(cast, challenge=challenge), challenge=challenge)
        assert found == (key, 0) and use(*found)
    assert use(key, 1) and not use(key, 0), "one that began to count does not stop"


def test_a_count_is_taken_with_what_was_confirmed(phone):
    with pytest.raises(AssertionError, match="or not at all"):
        use_passkey(phone.key, 1, NOON)


NONSENSE = [
    *("", "x", "null", "[]", "{}", "7", '"text"', "[" * 8000, '{"id": 1}', '{"id": "\\ud800", "rawId": "\\ud800"}'),
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "é", "authenticatorData": "é", "signature": "é"}}',
    '{"id": "", "rawId": "", "type": "public-key", "response": {"clientDataJSON": "", "authenticatorData": "", "signature": "", "userHandle": "é"}}',
]


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
def test_what_is_no_answer_is_none(phone, answer):
    assert right(phone, answer) is None


def test_an_answer_too_long_is_none_however_right_it_is(phone):
    answer = signed(phone)

    assert right(phone, answer + " " * (LONGEST_ANSWER - len(answer))) == (phone.key, 1)
    assert right(phone, answer + " " * (LONGEST_ANSWER + 1 - len(answer))) is None


def test_no_damage_makes_an_answer_right_or_breaks_anything(phone):
    """One byte of any part is another, or a part is something else altogether."""
    dice, answer = random.Random(7), json.loads(signed(phone))
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        whole = binary(answer["response"][part])
        for place in range(len(whole)):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << dice.randrange(8)
            said = {**answer, "response": {**answer["response"], part: text(bytes(damaged))}}
            assert right(phone, json.dumps(said)) is None, (part, place)
        for other in (None, 1, [], {}, "", "AA", "A", text(whole[: len(whole) // 2]), text(b"[" * 3000), text(b'{"type": []}')):
            said = {**answer, "response": {**answer["response"], part: other}}
            assert right(phone, json.dumps(said)) is None, (part, other)
    for field in ("id", "rawId", "type", "response"):
        for other in (None, 1, [], {}, "", "A", "AA"):
            assert right(phone, json.dumps({**answer, field: other})) is None, (field, other)
    assert right(phone, json.dumps(answer)) == (phone.key, 1)
