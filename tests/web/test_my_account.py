"""What a person sees of his own account's safety, and what he does about it himself."""

import re

import pytest

from tests.cast import NOON, PASSWORD, red_order
from tests.web.client import Browser
from tests.web.refusing import nothing_written, reading, refused
from vps.company.models import LANGUAGES
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.people.actions import Details, FreezeLinkOver, WrongPassword, change_person
from vps.people.actions.notices import note
from vps.people.models import Person
from vps.post.actions import due
from vps.security.actions import freeze
from vps.security.models import frozen_since

NEW = "seven purple otters sing"


def test_one_sees_where_one_is_signed_in_and_ends_the_others(house):
    here, there, boris = Browser(house.anna), Browser(house.anna), Browser(house.boris)
    page = here.get("/me/sessions")
    (key,) = set(re.findall(r"/me/sessions/(\d+)/end", page.text))
    assert page.text.count("Firefox") >= 2 and "192.0.2.7" in page.text

    assert boris.post(f"/me/sessions/{key}/end").status_code == 303
    assert there.get("/wallet").status_code == 200, "somebody else's session is not his to end"
    assert here.post(f"/me/sessions/{key}/end").headers["Location"] == "/me/sessions"

    assert (here.get("/wallet").status_code, there.get("/wallet").status_code) == (200, 401)
    assert "/me/sessions/end" not in here.get("/me/sessions").text, "there is no other any more"


def test_all_others_end_in_one_go(house):
    here, there = Browser(house.anna), [Browser(house.anna) for _ in range(2)]
    assert here.post("/me/sessions/end").status_code == 303
    assert [browser.get("/wallet").status_code for browser in (here, *there)] == [200, 401, 401]


def test_another_password_by_showing_the_one_in_force(house):
    here, there = Browser(house.anna), Browser(house.anna)

    page = here.post("/me/password", {"current": PASSWORD, "password": NEW, "again": NEW})

    assert page.status_code == 200 and NEW not in page.text and "/me/password" not in page.text.partition("<main")[2].partition("</main")[0]
    assert (here.get("/wallet").status_code, there.get("/wallet").status_code) == (200, 401)
    assert Browser().post("/sign-in", {"username": "anna", "password": NEW}).status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_present_password_is_said_and_nothing_typed_comes_back(house, language):
    anna = reading(house.anna, language)
    with nothing_written():
        page = anna.post("/me/password", {"current": "not this one", "password": NEW, "again": NEW})
    refused(page, WrongPassword.says, language)
    assert NEW not in page.text and "not this one" not in page.text


def test_ones_own_history_tells_what_happened_when_and_from_where(house):
    for n in range(30):
        note(Actor(house.anna.id, f"198.51.100.{n}"), "signed in", house.anna.id, at=NOON)
    note(Actor(house.dragan.id, "192.0.2.9"), "sheet made", house.anna.id, at=NOON)
    note(HOUSE, "person made", house.anna.id, at=NOON)
    note(Actor(house.boris.id, "203.0.113.5"), "app enrolled", house.boris.id, at=NOON)
    anna = reading(house.anna, "de")

    page = anna.get("/me/history")
    older = anna.get(re.search(r'href="(/me/history\?before=\d+)"', page.text)[1])

    assert "TAN-Bogen erstellt" in page.text and "das Büro" in page.text and "das System" in page.text
    assert "198.51.100.29" in page.text and "198.51.100.0" not in page.text and "198.51.100.0" in older.text
    assert "192.0.2.9" not in page.text + older.text, "where the office sits is nobody's business"
    assert "203.0.113.5" not in page.text + older.text


def link_of(person):
    note(HOUSE, "app removed", person.id, at=clock())
    return next(facts["link"] for *_, facts in due(clock()) if facts.get("verb") == "app removed")


def test_the_link_of_a_notice_freezes_by_a_press_and_not_by_a_look(house):
    link, anybody = link_of(house.anna), Browser()
    with nothing_written():
        page = anybody.get(f"/freeze/{link}")
    assert page.status_code == 200 and house.anna.number in page.text and "Anna" not in page.text

    assert anybody.post(f"/freeze/{link}").status_code == 200

    assert frozen_since(house.anna.id)
    assert one("SELECT frozen_by FROM wallet_freeze")[0] == house.anna.id


def test_a_link_that_is_none_freezes_nothing(house):
    anybody = Browser()
    for method in (anybody.get, anybody.post):
        with nothing_written():
            refused(method("/freeze/x"), FreezeLinkOver.says, "en", status=410)


def test_whoever_is_on_the_line_with_a_partner_can_freeze_and_only_who_may_book_lifts_it(house):
    clara, path = Browser(house.clara), f"/office/partners/{house.anna.number}"
    assert f'action="{path}/freeze"' in clara.get(path).text

    assert clara.post(f"{path}/freeze").status_code == 303
    assert frozen_since(house.anna.id)
    assert clara.post(f"{path}/freeze/end").status_code == 403
    assert frozen_since(house.anna.id)
    assert Browser(house.dragan).post(f"{path}/freeze/end").status_code == 303
    assert frozen_since(house.anna.id) is None


def test_a_frozen_wallet_is_not_offered_to_be_frozen_again(house):
    freeze(house.anna.id, actor=HOUSE, at=NOON)
    page = Browser(house.clara).get(f"/office/partners/{house.anna.number}")
    assert f'action="/office/partners/{house.anna.number}/freeze"' not in page.text


def test_the_office_reads_a_partners_history_with_names_and_what_changed(house):
    run("UPDATE person SET language = 'de' WHERE id = ?", house.clara.id)
    anna = Person.get_by_id(house.anna.id)
    facts = {key: getattr(anna, key) for key in ("name", "zone", "phone", "bank_name")}
    own, desk = Actor(anna.id, "198.51.100.1"), Actor(house.dragan.id, "192.0.2.9")
    change_person(anna, Details(**facts, language="en", email="new@example.com"), actor=desk, at=NOON)
    note(own, "session ended", anna.id, at=NOON, after="Firefox")
    note(HOUSE, "person made", anna.id, at=NOON)

    page = Browser(Person.get_by_id(house.clara.id)).get(f"/office/partners/{anna.number}/history").text

    assert "E-Mail: anna@example.com → new@example.com" in page and "Sprache: Deutsch → English" in page
    assert f"{house.dragan.name} · 192.0.2.9" in page and "Anna Bauer · 198.51.100.1" in page and "das System" in page
    assert "Firefox" in page and "Account" not in page


def test_whoever_closes_an_account_is_told_what_is_still_in_it(house):
    path, dragan = f"/office/partners/{house.anna.number}", reading(house.dragan, "en")
    assert "In the wallet: €250.00. Orders not paid: 0." in dragan.get(path).text.replace("\xa0", " ")
    red_order(house)
    assert "Orders not paid: 1." in dragan.get(path).text
