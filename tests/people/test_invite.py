"""Invitations: a link for one person, once, for 72 hours; it sets a password and touches no TAN way."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, app_of, sheet_of
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.people.actions import (
    Details,
    LinkOver,
    TooManyTries,
    WrongSignIn,
    accept,
    cannot_sign_in,
    check_password,
    close_person,
    good_password,
    invite,
    invite_by_mail,
    invited,
    live_session,
    open_session,
    register_partner,
)
from vps.people.actions.invite import NotTheSame, PasswordTooLong, TooEasy, TooShort
from vps.post.actions import due
from vps.security.actions import ask

NEW = "quiet river under seven bridges"
HOURS = timedelta(hours=1)


def link(person, *, at=NOON) -> str:
    return invite(person, purpose="join", actor=HOUSE, at=at)


def follow(token: str, *, password: str = NEW, at=NOON):
    return accept(token, password=password, again=password, actor=Actor(None, "192.0.2.1"), at=at)


def mails() -> list[tuple[str, str]]:
    return [(message[3], message[5]["username"]) for message in due(NOON + 99 * HOURS)]


def test_who_follows_the_link_signs_in_with_the_new_password(cast):
    assert follow(link(cast.anna)).id == cast.anna.id

    assert check_password("anna", NEW, browser=None, address="192.0.2.1", at=NOON).id == cast.anna.id


def test_a_link_works_once(cast):
    token = link(cast.anna)
    follow(token)

    with pytest.raises(LinkOver):
        follow(token, password="something else entirely")
    with pytest.raises(LinkOver):
        invited(token, at=NOON)


def test_a_link_followed_in_eight_windows_at_once_works_once(cast):
    token = link(cast.anna)

    answers = at_once(8, lambda n: follow(token, password=f"{NEW} {n}"))

    assert sorted(type(answer).__name__ for answer in answers) == ["LinkOver"] * 7 + ["Person"]


def test_a_link_lives_for_72_hours(house):
    token = link(house.anna)

    assert invited(token, at=NOON + 72 * HOURS - timedelta(seconds=1)).person == house.anna
    with pytest.raises(LinkOver):
        invited(token, at=NOON + 72 * HOURS)


def test_a_newer_link_replaces_the_older_one(house):
    old = link(house.anna)
    others = link(house.boris)

    new = link(house.anna)

    with pytest.raises(LinkOver):
        follow(old)
    assert invited(others, at=NOON).person == house.boris
    assert follow(new).id == house.anna.id


@pytest.mark.parametrize("token", ["", "x", "\x00", "../../"])
def test_a_link_that_was_never_sent_is_over(house, token):
    link(house.anna)

    with pytest.raises(LinkOver):
        invited(token, at=NOON)


def test_a_closed_person_has_no_links(house):
    token = link(house.anna)
    close_person(house.anna, actor=HOUSE, at=NOON)

    with pytest.raises(LinkOver):
        follow(token)


def test_the_database_holds_no_link_that_could_be_followed(house):
    token = link(house.anna)

    assert token.encode() not in bytes(one("SELECT token FROM invitation")[0])


def test_following_a_link_ends_every_session_and_is_in_the_trail(cast):
    session = open_session(cast.anna, browser=None, agent="", actor=Actor(), at=NOON, confirmed=True)

    follow(link(cast.anna))

    assert live_session(session.token) is None
    assert one("SELECT actor, address FROM event WHERE verb = 'password changed' ORDER BY id DESC LIMIT 1") == (cast.anna.id, "192.0.2.1")


def test_a_new_password_touches_no_tan_way(cast):
    app_of(cast.anna)
    sheet_of(cast.anna)
    before = [one("SELECT * FROM app"), *rows("SELECT * FROM tan_sheet"), *rows("SELECT * FROM tan ORDER BY n"), ask(cast.anna.id, at=NOON)]

    cannot_sign_in("anna", address="192.0.2.1", at=NOON)
    follow(next(message[5]["token"] for message in due(NOON) if message[2] == "invitation"))

    assert [
        one("SELECT * FROM app"),
        *rows("SELECT * FROM tan_sheet"),
        *rows("SELECT * FROM tan ORDER BY n"),
        ask(cast.anna.id, at=NOON),
    ] == before
    assert len(CODES) == len(rows("SELECT 1 FROM tan"))


def test_an_invitation_by_mail_names_who_is_invited(house):
    invite_by_mail(house.anna, purpose="join", actor=HOUSE, at=NOON)

    [(_, _, kind, address, language, facts)] = due(NOON)
    assert (kind, address, language) == ("invitation", "anna@example.com", "de")
    assert facts["username"] == house.anna.number
    assert invited(facts["token"], at=NOON).purpose == "join"


def test_who_has_no_mailbox_is_invited_with_a_letter(house):
    token = invite_by_mail(house.boris, purpose="join", actor=HOUSE, at=NOON)

    assert mails() == []
    assert invited(token, at=NOON).person == house.boris


@pytest.mark.parametrize("typed", ["anna", " ANNA", "anna@example.com"])
def test_who_cannot_sign_in_gets_a_link_by_any_of_his_names(cast, typed):
    assert cannot_sign_in(typed, address="192.0.2.1", at=NOON) is None

    assert mails() == [("anna@example.com", cast.anna.number)]


def test_who_is_unknown_or_has_no_mailbox_is_told_just_the_same(cast):
    strangers = ("nobody", "boris", "no@example.com", "", "%", "a\x00")
    for typed in strangers:
        assert cannot_sign_in(typed, address="192.0.2.1", at=NOON) is None

    assert mails() == []
    assert one("SELECT count(*) FROM throttle WHERE scope = 'reset'")[0] == len(strangers)


def test_a_closed_person_gets_no_link(house):
    close_person(house.anna, actor=HOUSE, at=NOON)

    cannot_sign_in("anna", address="192.0.2.1", at=NOON)

    assert mails() == []


def test_two_who_share_a_mailbox_get_a_link_each(house):
    otto = register_partner(Details("Otto Bauer", "de", "UTC", email="anna@example.com"), actor=HOUSE, at=NOON)

    cannot_sign_in("anna@example.com", address="192.0.2.1", at=NOON)

    assert {username for _, username in mails()} == {house.anna.number, otto.number}


@pytest.mark.parametrize("typed", ["anna", "nobody"])
def test_three_links_an_hour_for_one_name_are_enough(house, typed):
    for _ in range(3):
        cannot_sign_in(typed, address="192.0.2.1", at=NOON)

    with pytest.raises(TooManyTries):
        cannot_sign_in(typed, address="198.51.100.1", at=NOON)
    cannot_sign_in(typed, address="192.0.2.1", at=NOON + HOURS)


def test_one_network_cannot_write_to_everybody(house):
    for n in range(50):
        cannot_sign_in(f"partner {n}", address="192.0.2.1", at=NOON)

    with pytest.raises(TooManyTries):
        cannot_sign_in("anna", address="192.0.2.99", at=NOON)
    cannot_sign_in("anna", address="198.51.100.1", at=NOON)
    assert len(mails()) == 1
    with pytest.raises(WrongSignIn):
        check_password("anna", "wrong", browser=None, address="192.0.2.1", at=NOON)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", TooShort),
        ("elevensigns", TooShort),
        ("ﬁﬁﬁﬁﬁ", TooShort),
        ("e\u0301" * 11, TooShort),
        ("x" * 129, PasswordTooLong),
        ("passwordpassword", TooEasy),
        ("aaaaaaaaaaaaaaaa", TooEasy),
        ("123456789012", TooEasy),
        ("anna bauer 85", TooEasy),
        ("bauerbauer12", TooEasy),
        ("alpenkraut123", TooEasy),
    ],
)
def test_a_password_that_is_short_endless_or_easy_is_refused(house, password, refusal):
    change_settings({"name": "Alpenkraut"}, actor=HOUSE, at=NOON)

    with pytest.raises(refusal):
        good_password(password, password, about=house.anna)


@pytest.mark.parametrize(
    "password", ["vx7Kq9!mZp2w", NEW, "тихая река под семью мостами", "vx7Kq9!mZp2w" + "ж" * 116, "correct horse " * 6]
)
def test_a_good_password_of_any_length_and_script_is_kept(house, password):
    assert good_password(password, password, about=house.anna) == password


def test_a_password_is_kept_in_one_spelling(house):
    assert good_password("cafe\u0301 am Rand der Stadt", "caf\u00e9 am Rand der Stadt", about=house.anna) == "caf\u00e9 am Rand der Stadt"


def test_a_password_typed_differently_is_refused_and_the_link_stays(house):
    token = link(house.anna)

    with pytest.raises(NotTheSame):
        accept(token, password=NEW, again=NEW + "!", actor=Actor(), at=NOON)

    assert follow(token).id == house.anna.id
