"""The page of one's passkeys: a challenge of its own each time it is opened, worth one answer, in one session, for ten minutes."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from tests.cast import NOON, sheet_of
from tests.security.authenticator import Authenticator
from tests.web.client import Browser, field
from tests.web.refusing import nothing_written, reading, refused
from vps.company.models import LANGUAGES
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.security.actions import NotAPasskey, NotSafeAlone, Site, add_passkey, assertion, creation_options, permit
from vps.security.actions.passkeys import NeedsName
from vps.security.forms import PageTooOld
from vps.security.models import passkeys_of

ORIGIN = "http://localhost"


def opened(browser):
    """The page's signed challenge, and what it asks the browser."""
    page = browser.get("/me/passkeys")
    return field(page, "challenge"), unescape(re.search(r'data-options="([^"]+)"', page.text)[1])


def answered(browser, device=None, *, name="My phone", **more):
    challenge, options = opened(browser)
    answer = (device or Authenticator()).create(options, origin=ORIGIN)
    return browser.post("/me/passkeys", {"challenge": challenge, "name": name, "passkey": answer, **more})


def add(person, name="My phone"):
    site, challenge = Site("localhost", ORIGIN), b"c" * 32
    answer = Authenticator().create(creation_options(person.id, site, challenge), origin=ORIGIN)
    facts = {"challenge": challenge, "site": site, "name": name, "at": NOON}
    return add_passkey(person.id, answer, actor=HOUSE, **facts)


def test_a_passkey_is_added_listed_and_can_be_asked(house):
    anna, device = Browser(house.anna), Authenticator()

    assert answered(anna, device, name="Annas <Telefon>").headers["Location"] == "/me/passkeys"

    page = anna.get("/me/passkeys")
    assert "Annas &lt;Telefon&gt;" in page.text and "Noch nicht verwendet" in page.text
    asked = json.dumps({"rpId": "localhost", "challenge": "Yw"})
    answer = device.get(asked, origin=ORIGIN)
    assert assertion(house.anna.id, answer, challenge=b"c", site=Site("localhost", ORIGIN), at=clock())


def test_each_page_asks_for_another_challenge_and_writes_nothing(house):
    anna = Browser(house.anna)
    with nothing_written():
        first, second = opened(anna), opened(anna)
    assert first[0] != second[0] and json.loads(first[1])["challenge"] != json.loads(second[1])["challenge"]
    assert json.loads(first[1])["rp"]["id"] == "localhost"


def test_the_script_comes_only_with_a_page_that_asks(house):
    anna = Browser(house.anna)
    tag = re.search(r'<script type="module" src="(/static/\w+/passkey\.js)" integrity="sha384-', anna.get("/me/passkeys").text)

    script = anna.get(tag[1])

    assert script.status_code == 200 and len(script.data) <= 1500
    assert "passkey.js" not in anna.get("/me/security").text + anna.get("/wallet").text
    sheet_of(house.anna)
    assert "passkey.js" not in anna.get("/me/passkeys").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_answer_nothing_is_added_and_the_name_stays(house, language):
    anna = reading(house.anna, language)
    with nothing_written():
        page = anna.post("/me/passkeys", {"challenge": opened(anna)[0], "name": "My own phone"})
    refused(page, NotAPasskey.says, language)
    assert 'value="My own phone"' in page.text and 'name="passkey" value=""' in page.text


def test_a_name_is_needed_and_the_answer_is_not_kept(house):
    anna = Browser(house.anna)
    page = answered(anna, name="")
    assert page.status_code == 422 and 'class="wrong" id="name-wrong"' in page.text and 'name="passkey" value=""' in page.text
    assert field(page, "challenge") and passkeys_of(house.anna.id) == []


def test_a_page_is_answered_within_ten_minutes(house):
    with time_machine.travel(NOON, tick=False):
        anna = Browser(house.anna)
        challenge, options = opened(anna)
    data = {"challenge": challenge, "name": "x", "passkey": Authenticator().create(options, origin=ORIGIN)}

    for late in (timedelta(minutes=10), timedelta(seconds=-1)):
        with time_machine.travel(NOON + late, tick=False), nothing_written():
            refused(anna.post("/me/passkeys", data), PageTooOld.says, "de", status=409)
    with time_machine.travel(NOON + timedelta(minutes=10, seconds=-1), tick=False):
        assert anna.post("/me/passkeys", data).status_code == 303


def test_a_challenge_is_worth_nothing_in_another_session_or_when_it_was_edited(house):
    anna, other = Browser(house.anna), Browser(house.anna)
    challenge, options = opened(anna)
    data = {"name": "x", "passkey": Authenticator().create(options, origin=ORIGIN)}

    for browser, text in ((other, challenge), (anna, challenge[:-3] + "abc"), (anna, ""), (anna, "x.y")):
        refused(browser.post("/me/passkeys", {**data, "challenge": text}), PageTooOld.says, "de", status=409)
    assert passkeys_of(house.anna.id) == []
    assert anna.post("/me/passkeys", {**data, "challenge": challenge}).status_code == 303


def test_an_answer_to_another_page_adds_nothing(house):
    anna = Browser(house.anna)
    page = answered(anna, challenge=opened(anna)[0])
    refused(page, NotAPasskey.says, "de")


def test_an_answer_that_is_too_long_is_not_looked_at(house):
    page = answered(Browser(house.anna), passkey="x" * 8193)
    assert page.status_code == 422 and passkeys_of(house.anna.id) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_a_way_is_told_to_ask_the_office(house, language):
    anna = reading(house.anna, language)
    challenge, options = opened(anna)
    sheet_of(house.anna)

    page = anna.get("/me/passkeys")
    refused(page, NotSafeAlone.says, language, status=200)
    assert 'name="challenge"' not in page.text
    data = {"challenge": challenge, "name": "x", "passkey": Authenticator().create(options, origin=ORIGIN)}
    refused(anna.post("/me/passkeys", data), NotSafeAlone.says, language)
    assert passkeys_of(house.anna.id) == []


def test_at_an_address_of_numbers_no_passkey_is_offered(house):
    anna = Browser(house.anna)
    anna.client.set_cookie("vps", anna.token, domain="127.0.0.1")
    page = anna.get("/me/passkeys", headers={"Host": "127.0.0.1:8000"})
    refused(page, NeedsName.says, "de", status=200)
    assert 'name="challenge"' not in page.text


def test_one_ends_ones_own_passkeys_and_nobody_elses(house):
    key, anna, boris = add(house.anna), Browser(house.anna), Browser(house.boris)

    assert boris.post(f"/me/passkeys/{key}/end").status_code == 303
    assert [each.id for each in passkeys_of(house.anna.id)] == [key]
    assert anna.post(f"/me/passkeys/{key}/end").headers["Location"] == "/me/passkeys"

    assert passkeys_of(house.anna.id) == []
    assert 'name="challenge"' not in anna.get("/me/passkeys").text, "the password alone replaces no way by another"
    permit(house.anna.id, "office", actor=HOUSE, at=clock())
    assert 'name="challenge"' in anna.get("/me/passkeys").text
    history = anna.get("/me/history").text
    assert history.count("My phone") == 2, "added and ended, each with its name"


def test_the_page_says_from_when_a_passkey_works_and_when_it_was_used(house):
    key = add(house.anna, name="Used")
    permit(house.anna.id, "office", actor=HOUSE, at=NOON)
    add(house.anna, name="Later")
    with time_machine.travel(NOON, tick=False):
        anna = Browser(house.anna)
        run("UPDATE passkey SET used_at = made_at WHERE id = ?", key)
        text = anna.get("/me/passkeys").text
    assert "Verwendbar ab" in text and "Zuletzt verwendet" in text and "Noch nicht verwendet" not in text


def test_an_answer_is_not_kept_for_after_signing_in(house):
    page = Browser().post("/me/passkeys", {"challenge": "x", "name": "x", "passkey": "{}"})
    assert page.status_code == 401 and "kept." not in page.text
    assert one("SELECT count(*) FROM passkey")[0] == 0
