"""The three rights: who gives them, who is told, and that somebody always manages. SECURITY, the rogue administrator."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.company.models import LANGUAGES
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.settings import Settings
from vps.people.actions import Details, LastManager, NotYourOwnRights, change_rights, close_person, grant, register_staff
from vps.people.models import RIGHTS, Person
from vps.post.actions import due

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def farah(cast):
    """A second person who manages, with a mailbox, as has Elena."""
    run("UPDATE person SET email = 'elena@example.com' WHERE id = ?", cast.elena.id)
    details = Details("Farah Yıldız", "de", "Europe/Berlin", username="farah", email="farah@example.com")
    made = register_staff(details, set(RIGHTS), actor=HOUSE, at=NOON)
    run("UPDATE outbox SET sent_at = 0 WHERE kind = 'rights'")
    return made


def told():
    """Who is told of which change of rights: address, colleague, by whom, before, after."""
    mails = [(message[3], message[5]) for message in due(LATER, limit=100) if message[2] == "rights"]
    return [(address, facts["colleague"], facts["by"], facts["before"], facts["after"]) for address, facts in mails]


def test_each_right_is_given_by_itself(cast):
    for right in RIGHTS:
        change_rights(cast.clara, {right}, actor=Actor(cast.elena.id), at=NOON)
        assert cast.clara.rights() == {right}


def test_everybody_else_who_manages_is_told_of_a_change(cast, farah):
    change_rights(cast.dragan, {"read", "manage"}, actor=Actor(cast.elena.id), at=NOON)

    assert told() == [("farah@example.com", "Dragan Ilić", "Елена Крылова", ["book", "read"], ["manage", "read"])]


def test_who_loses_the_right_to_manage_is_told_as_well(cast, farah):
    change_rights(farah, {"read"}, actor=Actor(cast.elena.id), at=LATER)

    assert [mail[0] for mail in told()] == ["farah@example.com"]


def test_a_new_colleague_is_told_of_to_all_who_manage_and_to_nobody_who_cannot_be_reached(cast, farah):
    run("UPDATE person SET closed_at = 1 WHERE id = ?", farah.id)
    register_staff(Details("Goran Horvat", "hr", "Europe/Zagreb", username="goran"), {"read"}, actor=HOUSE, at=NOON)

    assert told() == [("elena@example.com", "Goran Horvat", "", [], ["read"])]


def test_what_changes_nothing_is_not_told(cast, farah):
    change_rights(cast.dragan, {"read", "book"}, actor=Actor(cast.elena.id), at=NOON)

    assert told() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_says_whose_rights_and_which_in_the_readers_language(house, tmp_path, language):
    run("UPDATE person SET language = ?, email = 'elena@example.com' WHERE id = ?", language, house.elena.id)
    grant(house.clara, set(), actor=Actor(house.dragan.id), at=NOON)
    grant(house.clara, {"read", "book"}, actor=HOUSE, at=NOON)
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")

    for message in due(NOON, limit=100):
        text = render(settings, message[2], key=message[1], address=message[3], language=message[4], facts=message[5]).get_content()
        assert "Clara Stein" in text and "–" in text and "%(" not in text
        assert ("Dragan Ilić" in text) == (message[5]["by"] != "")


def test_nobody_changes_his_own_rights(cast):
    with pytest.raises(NotYourOwnRights):
        change_rights(cast.elena, set(RIGHTS), actor=Actor(cast.elena.id), at=NOON)


def test_only_staff_have_rights_to_change(cast):
    with pytest.raises(NotFound):
        change_rights(cast.anna, {"read"}, actor=Actor(cast.elena.id), at=NOON)
    assert cast.anna.rights() == frozenset()


def test_the_last_who_manages_keeps_the_right_and_the_account(cast, farah):
    close_person(farah, actor=Actor(cast.elena.id), at=NOON)

    for last in (lambda: grant(cast.elena, {"read", "book"}, actor=HOUSE, at=NOON), lambda: close_person(cast.elena, actor=HOUSE, at=NOON)):
        with pytest.raises(LastManager):
            last()

    assert cast.elena.rights() == set(RIGHTS)
    assert one("SELECT closed_at FROM person WHERE id = ?", cast.elena.id) == (None,)


def test_who_is_not_the_last_can_go(cast, farah):
    grant(cast.elena, {"read"}, actor=Actor(farah.id), at=NOON)
    close_person(cast.elena, actor=Actor(farah.id), at=NOON)

    assert rows("SELECT person_id FROM person_right WHERE granted = 'manage' AND withdrawn_at IS NULL") == [(farah.id,)]


def test_the_last_can_lose_everything_but_that(cast):
    grant(cast.elena, {"manage"}, actor=HOUSE, at=NOON)

    assert Person.get_by_id(cast.elena.id).rights() == {"manage"}


def test_two_who_take_the_right_from_each_other_at_once_leave_one_who_has_it(cast, farah):
    pair = (cast.elena, farah)

    done = at_once(2, lambda n: grant(pair[n], {"read"}, actor=Actor(pair[1 - n].id), at=LATER) or "done")

    assert sorted(type(each).__name__ for each in done) == ["LastManager", "str"]
    assert one("SELECT count(*) FROM person_right WHERE granted = 'manage' AND withdrawn_at IS NULL") == (1,)
