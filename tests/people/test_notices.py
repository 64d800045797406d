"""What happens to an account is in the trail in words, and its owner hears of what a stranger might have done."""

import re
from pathlib import Path

import pytest

from tests.cast import NOON, app_of, sheet_of
from vps.company.models import LANGUAGES
from vps.hypermedia.languages import Words
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import run
from vps.kernel.settings import Settings
from vps.people.actions import FreezeLinkOver, change_person, notices, open_session, set_password, who_freezes
from vps.people.actions.notices import HAPPENED, TOLD, note
from vps.people.actions.register import Details
from vps.people.models import Person
from vps.post.actions import due
from vps.security.actions import freeze, lift_freeze, remove_app

SOURCE = Path(__file__).parents[2] / "vps"


def posted():
    """Verb, address, language and facts of the notices in the outbox."""
    found = [(message[3], message[4], message[5]) for message in due(NOON, limit=100) if message[2] == "notice"]
    return [(facts["verb"], address, language, facts) for address, language, facts in found]


def told():
    return [(verb, address) for verb, address, _, _ in posted()]


def sign_in(person, browser=None, agent="Firefox"):
    return open_session(person, browser=browser, agent=agent, actor=Actor(None, "192.0.2.1"), at=NOON, confirmed=True).browser


def test_whatever_the_trail_says_of_a_person_has_words():
    said = set()
    for file in SOURCE.rglob("*.py"):
        text = file.read_text()
        for facts in re.findall(r"note\((.*?), at=", text):
            said |= set(re.findall(r'"([a-z -]+(?:: [a-z]+)?)"', facts))
        said |= set(re.findall(r'"([a-z -]+)", f"person:', text))
    assert said >= {"signed in", "sheet activated", "wallet frozen", "person changed", "sign-in refused: address"}
    assert said <= set(HAPPENED)
    assert set(HAPPENED) >= TOLD


def test_a_browser_that_was_not_used_before_is_told_of(cast):
    known = sign_in(cast.anna)
    sign_in(cast.anna, browser=known)
    assert posted() == [], "the first is the one of the invitation"

    sign_in(cast.anna, agent="Chrome")

    ((verb, address, language, facts),) = posted()
    assert (verb, address, language) == ("new browser", "anna@example.com", "de")
    assert (facts["browser"], facts["address"], who_freezes(facts["link"])) == ("Chrome", "192.0.2.1", cast.anna.id)


def test_every_change_of_what_opens_the_wallet_is_told_of(cast):
    own = Actor(cast.anna.id, "192.0.2.1")
    set_password(Person.get_by_id(cast.anna.id), "hash", actor=own, at=NOON)
    sheet_of(cast.anna)
    app_of(cast.anna)
    remove_app(cast.anna.id, actor=HOUSE, at=NOON)
    freeze(cast.anna.id, actor=own, at=NOON)
    freeze(cast.anna.id, actor=own, at=NOON)
    lift_freeze(cast.anna.id, actor=Actor(cast.dragan.id, "192.0.2.9"), at=NOON)

    assert [verb for verb, _ in told()] == ["password changed", "sheet activated", "app removed", "wallet frozen", "wallet unfrozen"]
    assert "192.0.2.9" not in str(posted()), "where the office sits is nobody's business"


def test_a_first_password_is_no_news(cast):
    run("UPDATE person SET password = NULL WHERE id = ?", cast.anna.id)
    set_password(Person.get_by_id(cast.anna.id), "hash", actor=HOUSE, at=NOON)
    assert posted() == []


def details(person, **changed):
    facts = {key: getattr(person, key) for key in ("name", "language", "zone", "email", "phone", "bank_name")}
    return Details(**{**facts, **changed})


def test_an_address_that_was_his_until_now_hears_of_the_change_too(cast):
    change_person(cast.anna, details(cast.anna, email="other@example.com"), actor=Actor(cast.dragan.id), at=NOON)
    assert told() == [("person changed", "anna@example.com"), ("person changed", "other@example.com")]


def test_what_changes_nothing_or_came_with_a_file_is_not_told(cast):
    change_person(cast.anna, details(cast.anna), actor=Actor(cast.dragan.id), at=NOON)
    change_person(cast.anna, details(cast.anna, phone="+49 89 765432"), actor=HOUSE, at=NOON)
    assert posted() == []


def test_who_has_no_mailbox_is_told_nothing(cast):
    run("UPDATE person SET email = '' WHERE id = ?", cast.anna.id)
    note(HOUSE, "wallet frozen", cast.anna.id, at=NOON)
    assert posted() == []


def test_staff_without_a_wallet_get_no_link_to_freeze_one(cast):
    run("UPDATE person SET email = 'dragan@example.com' WHERE id = ?", cast.dragan.id)
    note(HOUSE, "app removed", cast.dragan.id, at=NOON)
    assert posted()[0][3]["link"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_notice_is_a_mail_in_its_readers_language(cast, tmp_path, language):
    run("UPDATE person SET language = ? WHERE id = ?", language, cast.anna.id)
    for verb in sorted(TOLD):
        note(Actor(cast.anna.id, "192.0.2.1"), verb, cast.anna.id, at=NOON)
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")

    for number, key, kind, address, spoken, facts in due(NOON, limit=100):
        mail = render(settings, kind, key=key, address=address, language=spoken, facts=facts)
        what, text = Words(language).say(HAPPENED[facts["verb"]]), mail.get_content()
        assert number and what in mail["Subject"] and what in text and "192.0.2.1" in text and "%(" not in text
        assert f"https://wallet.example.com/freeze/{facts['link']}" in text.split()


def test_a_link_that_was_bent_or_is_old_freezes_nothing(cast, monkeypatch):
    note(HOUSE, "wallet frozen", cast.anna.id, at=NOON)
    link = posted()[0][3]["link"]
    for bent in ("", "x", link[:-1], link + "x", link.replace(".", ",")):
        with pytest.raises(FreezeLinkOver):
            who_freezes(bent)

    monkeypatch.setattr(notices, "LINK_LIFE", -1)
    with pytest.raises(FreezeLinkOver):
        who_freezes(link)
