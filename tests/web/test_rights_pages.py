"""The pages of who manages: colleagues and what they may do. And the page on which a partner chooses his mails."""

import pytest

from tests.cast import NOON, eur
from tests.web.client import Browser, forms, plain
from tests.web.refusing import READERS, nothing_written, reading, refused
from vps.kernel.amounts import NotPositive, TooMuch, WrongAmount
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one
from vps.people.actions import LastManager, NotYourOwnRights, grant
from vps.people.models import Person
from vps.wallets.actions import tell_from
from vps.wallets.forms import CouldMean


def test_what_a_colleague_may_do_is_ticked_and_can_be_changed(house):
    elena, path = Browser(house.elena), f"/office/people/{house.dragan.id}/rights"
    ((address, fields),) = forms(elena.get(path))
    assert address == path and {name for name in fields if name.startswith("may_")} == {"may_read", "may_book"}

    answer = elena.post(path, {"may_manage": "y"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/staff")
    assert house.dragan.rights() == {"read", "manage"}, "who manages has to see the office"


def test_nothing_ticked_takes_every_right(house):
    assert Browser(house.elena).post(f"/office/people/{house.dragan.id}/rights", {}).status_code == 303
    assert house.dragan.rights() == frozenset()
    assert Browser(house.dragan).get("/office/orders").status_code == 404


def test_the_list_says_what_everybody_may_and_offers_it_for_others_only(house):
    page = plain(reading(house.elena, "en").get("/office/staff").text)

    assert "<td>May read</td>" in page and "<td>May book, May read</td>" in page and "<td>May book, May manage, May read</td>" in page
    assert f'href="/office/people/{house.dragan.id}/rights"' in page and f"/office/people/{house.elena.id}/rights" not in page


@pytest.mark.parametrize("language", READERS)
def test_ones_own_rights_and_the_last_who_manages_stay(house, language):
    elena = reading(house.elena, language)
    for ask in (elena.get, elena.post):
        with nothing_written():
            refused(ask(f"/office/people/{house.elena.id}/rights"), NotYourOwnRights.says, language, status=409)
    grant(house.dragan, {"read", "book"}, actor=HOUSE, at=NOON)
    grant(house.clara, {"read", "manage"}, actor=HOUSE, at=NOON)
    clara = reading(house.clara, language)
    assert clara.post(f"/office/people/{house.elena.id}/rights", {"may_read": "y"}).status_code == 303
    with nothing_written():  # Elena's session is open still, her right is not
        assert elena.get("/office/staff").status_code == 403
    grant(house.elena, {"manage", "read"}, actor=HOUSE, at=NOON)
    grant(house.clara, {"read"}, actor=HOUSE, at=NOON)
    with pytest.raises(LastManager):
        grant(house.elena, {"read"}, actor=Actor(house.clara.id), at=NOON)


@pytest.mark.parametrize("key", ["anna", None])
def test_who_is_no_colleague_has_no_rights_to_change(house, key):
    person = getattr(house, key).id if key else 999_999
    elena = Browser(house.elena)
    with nothing_written():
        assert elena.get(f"/office/people/{person}/rights").status_code == 404
        assert elena.post(f"/office/people/{person}/rights", {"may_manage": "y"}).status_code == 404


@pytest.mark.parametrize(("who", "links"), [("clara", 0), ("dragan", 0), ("elena", 1)])
def test_only_who_manages_is_led_to_staff_and_trail(house, who, links):
    browser = Browser(getattr(house, who))
    for path in ("/office/staff", "/office/trail"):
        assert browser.get("/more").text.count(f'href="{path}"') == links
    assert browser.get(f"/office/partners/{house.anna.number}").text.count("/office/trail?") == links


@pytest.mark.parametrize(("language", "typed", "minor"), [("en", "1,000.50", 1_000_50), ("de", "50", 50_00), ("ru", "0,01", 1)])
def test_a_partner_chooses_from_which_amount_on_he_is_told(house, language, typed, minor):
    anna = reading(house.anna, language)

    assert anna.post("/me/notices", {"amount": typed}).status_code == 303

    assert Person.get_by_id(house.anna.id).notify_from == minor
    ((_, fields),) = [form for form in forms(anna.get("/me/notices")) if form[0] == "/me/notices"]
    assert anna.client.post("/me/notices", data=fields).status_code == 303
    assert Person.get_by_id(house.anna.id).notify_from == minor, "sent as it stands, it stays"


def test_an_empty_field_ends_the_mails(house):
    tell_from(house.anna.id, eur(50_00), actor=HOUSE, at=NOON)
    anna = reading(house.anna, "en")
    assert "€50.00 or more" in plain(anna.get("/me/notices").text)

    assert anna.post("/me/notices", {"amount": " "}).status_code == 303

    assert one("SELECT notify_from FROM person WHERE id = ?", house.anna.id) == (None,)
    assert "You get no mails about bookings." in anna.get("/me/notices").text


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize(
    ("typed", "refusal"), [("0", NotPositive), ("-5", WrongAmount), ("ten", WrongAmount), ("9" * 20, TooMuch), ("5 EUR", WrongAmount)]
)
def test_what_is_no_amount_is_said_at_the_field_and_changes_nothing(house, language, typed, refusal):
    with nothing_written():
        refused(reading(house.anna, language).post("/me/notices", {"amount": typed}), refusal.says, language)
    assert one("SELECT notify_from FROM person WHERE id = ?", house.anna.id) == (None,)


def test_an_amount_that_elsewhere_is_another_wants_a_tick(house):
    anna = reading(house.anna, "de")
    refused(anna.post("/me/notices", {"amount": "1.234"}), CouldMean.says, "de")
    assert anna.post("/me/notices", {"amount": "1.234", "sure": "y"}).status_code == 303
    assert one("SELECT notify_from FROM person WHERE id = ?", house.anna.id) == (1_234_00,)


def test_who_has_no_mailbox_is_told_that_nothing_can_reach_him(house):
    sentence = "so no mail can reach you"
    assert sentence in reading(house.boris, "en").get("/me/notices").text
    assert sentence not in reading(house.anna, "en").get("/me/notices").text


def test_the_office_sees_the_choice(house):
    tell_from(house.anna.id, eur(50_00), actor=HOUSE, at=NOON)
    assert "from €50.00 on" in plain(reading(house.clara, "en").get(f"/office/partners/{house.anna.number}").text)
