"""Requests that no page of ours sends: SECURITY, bad inputs 34, 35, 42, 43, 46 and 50."""

import pytest

from tests.cast import red_order
from tests.web.client import Browser
from tests.web.refusing import nothing_written, reading, refused
from vps.app import WORDS
from vps.kernel.database import one

LANGUAGES = ("en", "de", "sr", "ru")
NEXTS = ("//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "/\t/evil.example", "https:evil.example", "https://evil.example/wallet",
         "javascript:alert(1)", "@evil.example", "/@evil.example", "", "wallet", "/nix", "/wallet\r\nSet-Cookie: a=b", "/static/x/app.css", "/sign-out", "/wallet\0")  # fmt: skip


@pytest.mark.parametrize("onward", NEXTS)
def test_after_signing_in_nobody_is_sent_elsewhere(house, onward):
    answer = Browser().post("/sign-in", {"username": "anna", "password": "four words that rhyme", "next": onward})
    assert answer.status_code == 400 if "\0" in onward else answer.headers["Location"] == "/"


@pytest.mark.parametrize("onward", NEXTS)
def test_after_choosing_a_language_nobody_is_sent_elsewhere(house, onward):
    answer = Browser().get("/language/de", query_string={"next": onward})
    assert answer.status_code == 400 if "\0" in onward else answer.headers["Location"] == "/sign-in"


@pytest.mark.parametrize("onward", ["/wallet", "/orders?colour=green", "/orders/new"])
def test_a_page_of_ours_is_where_one_goes_on(house, onward):
    assert (
        Browser().post("/sign-in", {"username": "anna", "password": "four words that rhyme", "next": onward}).headers["Location"] == onward
    )
    assert Browser().get("/language/de", query_string={"next": onward}).headers["Location"] == onward


def test_an_order_sent_twice_is_entered_once(cast):
    anna, data = Browser(cast.anna), {"key": "0123456789ab", "name": "Maria Huber", "language": "de", f"q-{cast.tea.id}": "2"}

    places = {anna.post("/orders/new", data).headers["Location"] for _ in range(3)}

    assert len(places) == 1
    assert one("SELECT count(*) FROM orders")[0] == one("SELECT count(*) FROM customer")[0] == 1


MONEY = (
    "/orders/{order}/payment",
    "/office/partners/{anna}/wallet/top-up",
    "/office/partners/{anna}/wallet/pay-out",
    "/orders/new",
    "/orders/{order}/end",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_method_has_no_effect(house, language):
    order = red_order(house)
    people = (reading(house.anna, language), reading(house.dragan, language))
    for browser in people:
        for path in (path.format(order=order.number, anna=house.anna.number) for path in MONEY):
            with nothing_written():
                for method in ("PUT", "DELETE", "PATCH", "TRACE"):
                    answer = browser.client.open(path, method=method, data={"csrf_token": browser.csrf(), "confirmed": "1"})
                    refused(answer, WORDS[405], language, status=405)
                for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
                    browser.get(path, headers={name: "POST"}, query_string={"_method": "POST", "confirmed": "1"})
                browser.client.head(path)
                browser.client.options(path)


ELSEWHERE = [{"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://localhost.evil.example"}, {"Origin": "http://localhost:81"},
             {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
             {"Origin": ""}, {"Origin": "file://"}]  # fmt: skip


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_of_another_site_is_refused_even_with_the_right_token(house, headers):
    order = red_order(house)
    for language in ("de", "sr"):
        anna = reading(house.anna, language)
        with nothing_written():
            refused(anna.post(f"/orders/{order.number}/end", headers=headers), WORDS[403], language, status=403)
            refused(Browser(language=language).post("/orders/new", {"name": "x"}, headers=headers), WORDS[403], language, status=403)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_without_its_token_is_refused(house, language):
    order = red_order(house)
    anna, other, nobody = reading(house.anna, language), Browser(house.boris), Browser(language=language)
    with nothing_written():
        for token in (None, "", "x", other.csrf(), Browser(house.anna).csrf(), nobody.csrf()):
            answer = anna.client.post(f"/orders/{order.number}/end", data={"csrf_token": token} if token is not None else {})
            refused(answer, WORDS[403], language, status=403)
        refused(nobody.client.post("/sign-in", data={"username": "anna", "password": "x"}), WORDS[403], language, status=403)


@pytest.mark.parametrize("asked", ["../../etc", "xx", "xx;q=nan", "de;q=0", "*", "", ",,,", "a" * 5_000, "zz-ZZ, qq;q=0.9", "../de"])
def test_a_language_nobody_speaks_is_english(house, asked):
    answer = Browser().get('/sign-in?lang=xx"><', headers={"Accept-Language": asked})
    assert answer.status_code == 200 and '<html lang="en">' in answer.text
    assert 'xx"><' not in answer.text
    cookie = Browser(language="../../etc/passwd")
    assert '<html lang="en">' in cookie.get("/sign-in").text
    assert "Set-Cookie" not in Browser().get("/language/xx%22%3E%3C").headers


JUNK = (
    "%",
    "_",
    "' or 1=1--",
    '" or ""="',
    "x" * 10_000,
    "(x+)+$" * 50,
    "%00",
    "\x00",
    "\\",
    "*",
    "[",
    "NEAR(a b)",
    "-1",
    "1e9",
    "９９９９",
    "9" * 60,
    "\ud7ff",
)


def test_a_search_finds_what_is_meant_and_nothing_else(cast):
    order = red_order(cast)
    assert f"/orders/{order.number}" in Browser(cast.anna).get("/orders?q=mar'").text
    for asked in JUNK:
        find_nothing(cast, order, asked)


def find_nothing(cast, order, asked):
    for browser, path in (
        (Browser(cast.anna), "/orders"),
        (Browser(cast.clara), "/office/orders"),
        (Browser(cast.clara), "/office/partners"),
    ):
        answer = browser.get(path, query_string={"q": asked})
        assert answer.status_code == (400 if "\0" in asked else 200)
        assert f"/orders/{order.number}" not in answer.text and "Борис" not in answer.text
        for name in ("before", "after", "colour", "chart", "way", "done"):
            assert browser.get(path, query_string={name: asked}).status_code == (400 if "\0" in asked else 200)
