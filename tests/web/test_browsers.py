"""Known browsers as a person sees them: the cookie that changes, the list, names, and removing one."""

import re

import pytest

from tests.cast import PASSWORD
from tests.web.client import Browser, forms, known_device
from tests.web.refusing import nothing_written, reading, refused
from vps.company.models import LANGUAGES
from vps.kernel.clock import clock
from vps.kernel.database import one, rows, run
from vps.kernel.text import HiddenCharacters
from vps.people.actions import live_session
from vps.post.actions import due

DAY = 86_400_000_000
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
EDGE = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}


def sign_in(device=None, *, agent=FIREFOX):
    """A browser that shows this cookie, and its answer to the right password."""
    browser = Browser()
    if device:
        browser.client.set_cookie("vpsdev", device)
    answer = browser.post("/sign-in", {"username": "anna", "password": PASSWORD}, headers=agent)
    assert answer.status_code == 303
    return browser, browser.client.get_cookie("vpsdev").value


def new_browsers():
    return [facts["browser"] for *_, kind, _, _, facts in due(clock()) if kind == "notice" and facts["verb"] == "new browser"]


def test_each_sign_in_changes_the_cookie_and_the_first_page_takes_the_old_one_back(house):
    device = known_device(house.anna)
    _, lost = sign_in(device)
    browser, came = sign_in(device)
    assert len({device, lost, came}) == 3, "an answer that was lost did no harm"
    assert one("SELECT previous IS NOT NULL FROM browser")[0]

    assert browser.get("/wallet").status_code == 200

    assert one("SELECT previous IS NULL, spent IS NOT NULL FROM browser") == (True, True)
    assert one("SELECT count(*) FROM session WHERE device IS NOT NULL")[0] == 1, "of the answer that was lost"
    sign_in(came)
    assert one("SELECT count(*) FROM browser")[0] == 1 and new_browsers() == []


def test_only_the_first_page_of_a_session_writes_that_the_cookie_came(house):
    browser, _ = sign_in(known_device(house.anna))
    browser.get("/wallet")
    before = one("SELECT token, previous, spent FROM browser")
    sign_in(browser.client.get_cookie("vpsdev").value)

    browser.get("/wallet")

    assert one("SELECT previous FROM browser")[0] == before[0], "the session before says nothing about the new cookie"


def test_a_cookie_that_is_shown_again_days_later_ends_its_browser_and_signs_it_out(house):
    stolen = known_device(house.anna)
    owner, _ = sign_in(stolen)
    assert owner.get("/wallet").status_code == 200
    run("UPDATE browser SET seen_at = seen_at - ?", DAY)

    thief, _ = sign_in(stolen)

    assert owner.get("/wallet").status_code == 401 and thief.get("/wallet").status_code == 200
    verbs = [facts["verb"] for *_, kind, _, _, facts in due(clock()) if kind == "notice"]
    assert verbs == ["browser copied", "new browser"]


def test_the_same_cookie_in_another_family_is_a_new_browser(house):
    device = known_device(house.anna)

    sign_in(device, agent=EDGE)

    assert new_browsers() == ["Edge"]
    assert rows("SELECT family, ended_at FROM browser ORDER BY id") == [("Firefox", None), ("Edg", None)]
    sign_in(device)
    assert new_browsers() == ["Edge"], "the one whose cookie it is knows nothing of it"


def test_one_sees_ones_browsers_names_one_and_removes_another(house):
    here, there, boris = Browser(house.anna), Browser(house.anna), Browser(house.boris)
    page = here.get("/me/browsers")
    (other,) = set(re.findall(r"/me/browsers/(\d+)/end", page.text))
    assert int(other) == live_session(there.token).browser, "the one in use is not offered"
    assert page.text.count("Firefox") >= 2 and "dieser hier" in page.text

    for method in (boris.get, boris.post):
        assert method(f"/me/browsers/{other}/name").status_code == 404
    assert boris.post(f"/me/browsers/{other}/end").status_code == 303
    assert there.get("/wallet").status_code == 200, "somebody else's browser is not his to end"

    assert here.post(f"/me/browsers/{other}/name", {"name": "Мой <телефон>"}).headers["Location"] == "/me/browsers"
    assert "Мой &lt;телефон&gt;" in here.get("/me/browsers").text
    assert [here.post(f"/me/browsers/{other}/end").headers["Location"] for _ in range(2)] == ["/me/browsers"] * 2
    assert (here.get("/wallet").status_code, there.get("/wallet").status_code) == (200, 401)
    history = here.get("/me/history").text
    assert "Browser entfernt" in history and "Firefox → Мой &lt;телефон&gt;" in history


def test_the_browser_in_use_is_not_removed(house):
    anna = Browser(house.anna)
    assert anna.post(f"/me/browsers/{live_session(anna.token).browser}/end").status_code == 303
    assert anna.get("/me/browsers").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_hides_something_is_refused_and_comes_back(house, language):
    anna = reading(house.anna, language)
    path = f"/me/browsers/{live_session(anna.token).browser}/name"
    with nothing_written():
        page = anna.post(path, {"name": "my\u202e phone"})
        refused(anna.post(path, {"name": "x" * 41}), "This is too long.", language)
    refused(page, HiddenCharacters.says, language)
    ((_, fields),) = forms(page)
    assert fields["name"] == "my\u202e phone"
    assert one("SELECT count(*) FROM browser WHERE name <> ''")[0] == 0


def test_an_emptied_name_is_the_familys_again(house):
    anna = Browser(house.anna)
    path = f"/me/browsers/{live_session(anna.token).browser}/name"
    anna.post(path, {"name": "Phone"})
    assert 'value="Phone"' in anna.get(path).text

    anna.post(path, {"name": " "})

    assert "Firefox" in anna.get("/me/browsers").text and "Phone" not in anna.get("/me/browsers").text
